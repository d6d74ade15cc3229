"""What a check can hand to an implementation: probes, described as data.

A description is built by the worker in the implementation's own classes when it first travels;
the same description object means the same built object for the rest of the check. A model
alone is another one each time a check builds it.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, ClassVar

from fitspec.conformance.vocabulary.layers import Layer  # noqa: TC001  programs import it from here

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_keys = (f"p{number}" for number in itertools.count(1))


def _next_key() -> str:
    return next(_keys)


@dataclass(frozen=True, eq=False)
class Probe:
    """An object for the worker to build; its other fields are the builder's arguments."""

    kind: ClassVar[str]
    #: Whether the built object logs events under its key.
    watched: ClassVar[bool] = False

    key: str = field(default_factory=_next_key, init=False, repr=False)

    def settings(self) -> dict[str, Any]:
        """Return the builder's arguments."""
        return {item.name: getattr(self, item.name) for item in fields(self) if item.init}


#: What a probe waits for: arguments of `EventLog.wait`.
Wait = dict[str, Any]


def until(
    kind: str, count: int, *, of: Probe | None = None, within: float = 10.0, quiet: float = 0.0
) -> Wait:
    """Describe what a probe shall wait for: that another has seen enough.

    The probe that waits logs `came`, with whether it did `in_time`.

    Args:
        kind: kind of event.
        count: how many of them since the check began.
        of: the probe that sees them; None for the one that waits.
        within: for how long at most, in s.
        quiet: how long no further one must come after that, in s; for a claim that nothing more
            happens, which no event can tell.
    """
    probe = None if of is None else of.key
    return {"kind": kind, "probe": probe, "count": count, "within": within, "quiet": quiet}


@dataclass(frozen=True, eq=False)
class SGD(Probe):
    """Plain stochastic gradient descent."""

    kind: ClassVar[str] = "sgd"

    rate: float
    momentum: float = 0.0


@dataclass(frozen=True, eq=False)
class LimitedSGD(Probe):
    """Plain stochastic gradient descent whose object limits gradients.

    Args:
        rate: the learning rate.
        limit: ``clipnorm``, the largest Euclidean norm of a gradient, or ``clipvalue``, the largest
            absolute value of an element of it.
        most: that.
    """

    kind: ClassVar[str] = "limited_sgd"

    rate: float
    limit: str
    most: float


@dataclass(frozen=True, eq=False)
class Recorder(Probe):
    """A callback that logs every hook with its index and logs, and the weights if asked to.

    Args:
        weights: whether to log the model's weights at each hook.
        stops_at: hook and index, such as ``("train_batch_end", 1)``, at which it sets the model's
            `stop_training`.
        raises_at: hook and index at which it raises an exception.
        error: name of the built-in exception that it raises.
        waits: hook and index -> what it waits for there; see `until`.
        adds: entries that it puts into the logs at the end of every epoch.
        history: whether to log at the end of an epoch, as `recorded`, which epochs the model's
            History holds by then.
        validation_data: whether to log there, as `validation_rows`, how many rows the first array
            of its attribute `validation_data` has; None where there is none.
        params: whether to log as training begins, as `params`, which entries its attribute of that
            name has; None where there is none.
    """

    kind: ClassVar[str] = "recorder"
    watched: ClassVar[bool] = True

    weights: bool = False
    stops_at: tuple[str, int] | None = None
    raises_at: tuple[str, int] | None = None
    error: str = "ArithmeticError"
    waits: Mapping[tuple[str, int | None], Wait] = field(default_factory=dict)
    adds: Mapping[str, float] = field(default_factory=dict)
    history: bool = False
    validation_data: bool = False
    params: bool = False


@dataclass(frozen=True, eq=False, kw_only=True)
class Source(Probe):
    """What generators and Sequences have in common: what they do besides giving batches.

    Args:
        waits: index of an item -> what to wait for before it is given; see `until`.
        raises_at: index of the item in whose place it raises.
        error: name of the built-in exception that it raises.
        message: text of that exception.
        kills_at: index of the item in whose place it kills its process, if that is a child.
    """

    watched: ClassVar[bool] = True

    waits: Mapping[int, Wait] = field(default_factory=dict)
    raises_at: int | None = None
    error: str = "ArithmeticError"
    message: str = "raised by the source of batches"
    kills_at: int | None = None


@dataclass(frozen=True, eq=False)
class Generator(Source):
    """A Python generator over `items`, which starts again after the last if it `repeats`.

    It logs `pull` as an item is asked for, `give` as it is handed over, `end` and `close`.
    """

    kind: ClassVar[str] = "generator"

    items: Sequence[Any]
    repeats: bool = True


@dataclass(frozen=True, eq=False)
class LockedIterator(Generator):
    """A `Generator` behind a lock: an iterator that several threads may draw from."""

    kind: ClassVar[str] = "locked_iterator"


@dataclass(frozen=True, eq=False)
class FileReader(Probe):
    """The documents' example: a generator that reads a text file line by line, over and over.

    A line holds three numbers: the inputs ``input_1`` and ``input_2`` and the target of
    ``output``, a batch of one sample. It logs `file_open` and `file_close`.
    """

    kind: ClassVar[str] = "file_reader"
    watched: ClassVar[bool] = True

    lines: Sequence[str]


@dataclass(frozen=True, eq=False)
class SequenceOf(Source):
    """A Sequence whose element i is `items[i]`.

    It logs `get_item` as an item is asked for, `give` as it is handed over, and
    `sequence_epoch_end`.

    Args:
        items: its elements.
        lengths: its length in each epoch, where that is not the number of items: the last one
            stays.
        endless: whether it gives an item, the first again after the last, for an index beyond its
            length, in place of the IndexError; after 100 more it ends all the same.
        picklable: whether it can be sent to another process.
    """

    kind: ClassVar[str] = "sequence"

    items: Sequence[Any]
    lengths: Sequence[int] = ()
    endless: bool = False
    picklable: bool = True


@dataclass(frozen=True, eq=False)
class IterableOf(Probe):
    """An object that gives `items` each time it is iterated, as loaders of data do.

    It logs `iterate` as an iteration begins and `give` as an item is handed over.

    Args:
        items: what it gives.
        sized: whether it knows how many these are.
    """

    kind: ClassVar[str] = "iterable"
    watched: ClassVar[bool] = True

    items: Sequence[Any]
    sized: bool = True


@dataclass(frozen=True, eq=False)
class NumPySeed(Probe):
    """A seed of NumPy's global generator, in effect once it travelled."""

    kind: ClassVar[str] = "numpy_seed"

    number: int


@dataclass(frozen=True, eq=False)
class StartMethod(Probe):
    """Python's way of starting processes, ``fork`` or ``spawn``; in effect once it travelled."""

    kind: ClassVar[str] = "start_method"

    name: str


@dataclass(frozen=True, eq=False)
class GeneratorFunction(Source):
    """A function without arguments that returns the next of `items` each time it is called.

    It logs as `Generator` does.
    """

    kind: ClassVar[str] = "generator_function"

    items: Sequence[Any]
    repeats: bool = True


@dataclass(frozen=True, eq=False)
class RSession(Probe):
    """The surroundings of a call in R; in effect once it travelled, in the place of any before.

    It logs `plot` when a live plot is shown.

    Args:
        rstudio: whether the session runs in RStudio.
        knitr: whether knitr renders a document.
        server: whether this is a server for distributed training.
        options: the options that a user has set, by name.
    """

    kind: ClassVar[str] = "r_session"
    watched: ClassVar[bool] = True

    rstudio: bool = False
    knitr: bool = False
    server: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class LossObject(Probe):
    """A loss object: `name` is ``mse`` or ``mae``."""

    kind: ClassVar[str] = "loss"

    name: str


@dataclass(frozen=True, eq=False)
class SummedLoss(LossObject):
    """A `LossObject` that was made to add up the losses of a batch, and not to average them."""

    kind: ClassVar[str] = "summed_loss"


@dataclass(frozen=True, eq=False)
class UnreducedLoss(LossObject):
    """A `LossObject` that was made to give all losses of a batch."""

    kind: ClassVar[str] = "unreduced_loss"


@dataclass(frozen=True, eq=False)
class MetricObject(Probe):
    """A metric object: `name` is ``precision``."""

    kind: ClassVar[str] = "metric"

    name: str


@dataclass(frozen=True, eq=False)
class UserFunction(Probe):
    """A user's own function of (targets, predictions), for a loss or a metric.

    Args:
        form: ``absolute_error``, |p - t|, ``prediction_less_twice_target``, p - 2·t, or
            ``prediction_times_first_target``, p times the target of the first sample of the
            batch; of the first output column, one value for each sample.
    """

    kind: ClassVar[str] = "function"

    form: str


@dataclass(frozen=True, eq=False)
class NativeTensor(Probe):
    """A constant tensor of the implementation's own framework."""

    kind: ClassVar[str] = "tensor"

    values: Any


@dataclass(frozen=True, eq=False)
class HeldArray(Probe):
    """A NumPy array that can be read again afterwards, to see whether it was changed."""

    kind: ClassVar[str] = "array"

    values: Any


@dataclass(frozen=True, eq=False)
class ForeignTensor(Probe):
    """An array of a library that nobody knows, which gives NumPy's array on demand.

    Args:
        values: what it holds.
        attached: whether it first has to be detached from gradients and brought to the CPU.
    """

    kind: ClassVar[str] = "foreign_tensor"

    values: Any
    attached: bool = False


@dataclass(frozen=True, eq=False)
class HDF5(Probe):
    """A data set in an HDF5 file on disk."""

    kind: ClassVar[str] = "hdf5"

    values: Any


@dataclass(frozen=True)
class MadeBy:
    """The call that made a description: the name of a function, and its arguments."""

    name: str
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class ModelOf(Probe):
    """A model of `layers` in order; ``functional`` with `outputs`, or ``sequential``.

    `recipe` does not travel: it is how a person would write the model.
    """

    kind: ClassVar[str] = "model"

    layers: Sequence[Layer]
    outputs: Sequence[str] = ()
    style: str = "functional"
    recipe: MadeBy | None = None

    def settings(self) -> dict[str, Any]:
        """Return the builder's arguments."""
        layers = [layer.description() for layer in self.layers]
        return {"layers": layers, "outputs": list(self.outputs), "style": self.style}
