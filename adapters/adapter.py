"""What a worker needs of an adapter: the translation of names, never of behaviour."""

from __future__ import annotations

import inspect
import multiprocessing
import os
import re
import tempfile
from collections.abc import MutableMapping
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.adapters import data_objects, probes, streams

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fitspec.adapters.events import EventLog


class NotOffered(Exception):  # noqa: N818  it says what an implementation lacks, not that it erred
    """The implementation has no such method, argument, attribute, signature or kind of object.

    Args:
        kind: ``"method"``, ``"argument"``, ``"attribute"``, ``"signature"`` or ``"probe"``.
        name: its documented name.
        reason: one line for the reader of the report, where the name alone does not say it.
    """

    def __init__(self, kind: str, name: str, reason: str = "") -> None:
        super().__init__("no %s `%s`%s" % (kind, name, ": " + reason if reason else ""))
        self.kind = kind
        self.name = name
        self.reason = reason


#: Documented method -> the names of its arguments that a check may give by position.
POSITIONAL = {
    "compile": ("optimizer", "loss"),
    "fit": ("x", "y"),
    "evaluate": ("x", "y"),
    "predict": ("x",),
    "train_on_batch": ("x", "y"),
    "test_on_batch": ("x", "y"),
    "predict_on_batch": ("x",),
    "fit_generator": ("generator",),
    "evaluate_generator": ("generator",),
    "predict_generator": ("generator",),
    "get_layer": ("name",),
}


class Adapter:
    """Drives one implementation. A subclass fills in the names and the calls of its own API.

    The worker asks for objects with ``build_KIND(**fields)``, one method for each kind of the
    vocabulary: ``model``, ``sgd``, ``recorder``, ``generator``, ``sequence``. A kind whose method
    is missing is not offered, and the clauses that need it are `absent`.
    """

    #: Documented method -> the implementation's own name for it, where they differ.
    methods: Mapping[str, str] = {}
    #: (documented method, documented argument) -> the implementation's own name for it.
    arguments: Mapping[tuple[str, str], str] = {}
    #: Documented attribute of a model -> the implementation's own name for it.
    attributes: Mapping[str, str] = {}
    #: Documented hook, such as ``epoch_begin`` -> the method of a callback that is called for it,
    #: where that is not ``on_`` with the hook's name.
    hooks: Mapping[str, str] = {}
    #: Documented method that the adapter itself defines -> the callable of the implementation that
    #: it stands for, whose signature is the one that a clause is about: a class for its
    #: constructor, a function, or a method as its class has it.
    signatures: Mapping[str, Any] = {}
    #: Whether the implementation orders its positional arguments in its own way, so that all have
    #: to be given by name.
    by_name = False
    #: Class of a returned object -> documented attribute -> its own name there. These are read.
    reveals: Mapping[str, Mapping[str, str]] = {
        "History": {"epoch": "epoch", "history": "history"},
        "Layer": {"name": "name"},
    }

    #: The dialect of Keras in which programs for the implementation are written, so that a report
    #: can show a deviation in a program of its own words: ``"keras-2"``, ``"keras-3"``,
    #: ``"tf-keras"`` or ``"reference"``. Empty where its API is another one.
    dialect = ""
    #: With a dialect, the import statements of such a program: they make `keras` known, and for
    #: ``"tf-keras"`` also `tensorflow`.
    imports = ""

    #: The implementation's base classes for callbacks and for Sequences.
    callback_class: type | None = None
    sequence_class: type | None = None

    log: EventLog

    def versions(self) -> dict[str, str]:
        """Return the version of every library that matters, by name."""
        raise NotImplementedError

    def members(self) -> dict[str, str]:
        """Return the public names of a model, to what `members_of` says of each.

        None at all where that is not known: then nobody is told what it has or lacks.
        """
        return {}

    def weights(self, model: Any) -> dict[str, list[Any]]:
        """Return the weights of `model` as arrays, by the name of the layer that holds them."""
        raise NotImplementedError

    def iterations(self, model: Any) -> int:  # noqa: ARG002  a subclass needs it
        """Return how many updates the optimizer of `model` has made."""
        raise NotOffered("attribute", "optimizer.iterations")

    def set_trainable(self, model: Any, layer: str, value: bool) -> None:  # noqa: ARG002  a subclass needs them
        """Set whether a layer of `model` is trained, as a user's program does."""
        raise NotOffered("attribute", "trainable")

    def stop(self, model: Any) -> None:
        """Ask for the end of the training of `model`, as a user's callback does."""
        setattr(model, self.attributes.get("stop_training", "stop_training"), True)

    def told(
        self,
        callback: Any,
        hook: str,
        args: tuple[Any, ...],
        kwargs: Mapping[str, Any],
    ) -> tuple[str, Any, Any]:
        """Return the hook that was called, its index and its logs.

        A subclass whose library calls hooks with something else than these reads them from what it
        calls with, and sets the `model` of `callback` where the library does not.

        Args:
            callback: whose hook was called.
            hook: as the documents call it.
            args: what it was called with by position: the index, if the hook has one, and logs.
            kwargs: what it was called with by name.
        """
        index = args[0] if probes.HOOKS[hook] else None
        return hook, index, self.own_logs(callback, hook, args, kwargs)

    def own_logs(
        self,
        callback: Any,  # noqa: ARG002  a subclass needs it
        hook: str,
        args: tuple[Any, ...],
        kwargs: Mapping[str, Any],
    ) -> Any:
        """Return the library's own logs, never a copy: what a callback adds, it adds to these.

        What `told` returns is read and may be another dict, with other names in it. A subclass
        whose library calls hooks with something else returns what a user's callback would put an
        entry into. Where that is no dict, a recorder that adds entries is not offered.

        Args:
            callback: as for `told`.
            hook: as for `told`.
            args: as for `told`.
            kwargs: as for `told`.
        """
        rest = args[1:] if probes.HOOKS[hook] else args
        return rest[0] if rest else kwargs.get("logs")

    def add_to_logs(
        self,
        entries: Mapping[str, Any],
        callback: Any,
        hook: str,
        args: tuple[Any, ...],
        kwargs: Mapping[str, Any],
    ) -> None:
        """Put `entries` into the library's own logs; the rest is as for `told`.

        Raises:
            NotOffered: there are none.
        """
        logs = self.own_logs(callback, hook, args, kwargs)
        if not isinstance(logs, MutableMapping):
            raise NotOffered("probe", "recorder that adds to logs", "%s has no dict of them" % hook)
        logs.update(entries)

    def reset(self) -> None:
        """Forget all models.

        Nothing is seeded: a clause about shuffling has to hold without, and checks of it allow for
        no accident that is likelier than one in 100 000.
        """

    def method(self, target: Any, name: str) -> Any:
        """Return the method of `target` that the documents call `name`.

        Raises:
            NotOffered: there is none.
        """
        found = getattr(target, self.methods.get(name, name), None)
        if not callable(found):
            raise NotOffered("method", name)
        return found

    def signature(self, target: Any, name: str) -> inspect.Signature:
        """Return the signature that the implementation has for the documented method `name`.

        Raises:
            NotOffered: there is no such method, or nothing of the implementation's own has its
                signature.
        """
        method = self.method(target, name)
        found = inspect.signature(self.signatures.get(name, method))
        # A method as a class has it: nobody gives it the object that it is called on.
        rest = [item for item in found.parameters.values() if item.name != "self"]
        return found.replace(parameters=rest)

    def call(self, target: Any, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        """Call the documented method `name` of `target` and return what it returns.

        Raises:
            NotOffered: the method, or one of the arguments, does not exist.
        """
        method = self.method(target, name)
        if self.by_name:
            kwargs = dict(zip(POSITIONAL[name], args), **kwargs)
            args = ()
        named = {self.arguments.get((name, key), key): (key, item) for key, item in kwargs.items()}
        parameters = inspect.signature(method).parameters
        swallowed = [own for own in named if own not in parameters]
        if swallowed and not _takes_any_keyword(parameters):
            raise NotOffered("argument", named[swallowed[0]][0])
        try:
            return method(*args, **{own: item for own, (_, item) in named.items()})
        except TypeError as error:
            # A method with **kwargs says only when called that it does not know an argument.
            for own in swallowed:
                if re.search(r"\b%s\b" % re.escape(own), str(error)):
                    # Whose method it was that refused it is no matter of the library's.
                    reason = re.sub(r"[\w.]+\(\) (?=got )", "", str(error))
                    raise NotOffered("argument", named[own][0], reason) from error
            raise

    def build_recorder(self, key: str, weights: bool, **interference: Any) -> Any:
        """Build a callback that logs every hook, with the model's weights if `weights`.

        Args:
            key: what its events are logged under.
            weights: whether to log the model's weights as well.
            interference: the other arguments that `probes.recorder_class` lists.
        """
        if self.callback_class is None:
            raise NotOffered("probe", "recorder")
        return probes.recorder_class(self.callback_class, self)(key, weights, **interference)

    def build_numpy_seed(self, number: int) -> int:
        """Seed NumPy's global generator, as a user's program would."""
        np.random.seed(number)  # noqa: NPY002  the global one is the point
        return number

    def build_array(self, values: Any) -> Any:
        """Build an array of NumPy's, which is the same one whenever it is asked for."""
        return values

    def build_foreign_tensor(self, values: Any, attached: bool) -> Any:
        """Build an array of a library that nobody knows.

        Args:
            values: what it holds.
            attached: whether it has to be detached before NumPy can have them.
        """
        kind = data_objects.AttachedTensor if attached else data_objects.ForeignTensor
        return kind(values)

    def build_iterable(self, key: str, items: Sequence[Any], sized: bool) -> Any:
        """Build an object that gives `items` each time it is iterated.

        Args:
            key: what its events are logged under.
            items: what it gives.
            sized: whether it knows how many these are.
        """
        kind = data_objects.SizedReiterable if sized else data_objects.Reiterable
        return kind(self.log, key, items)

    def build_generator(self, key: str, items: Sequence[Any], repeats: bool, **conduct: Any) -> Any:
        """Build a generator over `items`, from the first again after the last if `repeats`.

        Args:
            key: what its events are logged under.
            items: what it gives.
            repeats: whether it never ends.
            conduct: the arguments of `streams.Conduct`.
        """
        return streams.generate(self.log, key, items, repeats, streams.Conduct(**conduct))

    def build_locked_iterator(self, **generator: Any) -> Any:
        """Build an iterator with a lock around what `build_generator` makes of the arguments."""
        return streams.Locked(self.build_generator(**generator))

    def build_file_reader(self, key: str, lines: Sequence[str]) -> Any:
        """Build the generator of the documents' example, over a file with `lines`.

        Args:
            key: what its events are logged under.
            lines: each of three numbers.
        """
        descriptor, path = tempfile.mkstemp(".txt", dir=os.path.dirname(self.log.path), text=True)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.writelines(line + "\n" for line in lines)
        return streams.read_lines(self.log, key, path)

    def build_sequence(
        self,
        key: str,
        items: Sequence[Any],
        lengths: Sequence[int] = (),
        endless: bool = False,
        picklable: bool = True,
        **conduct: Any,
    ) -> Any:
        """Build a Sequence over `items`.

        Args:
            key: what its events are logged under.
            items: what it gives.
            lengths: its length in each epoch, where that changes.
            endless: whether an index beyond its length gives an item, up to 100 more.
            picklable: whether it can be sent to another process.
            conduct: the arguments of `streams.Conduct`.
        """
        if self.sequence_class is None:
            raise NotOffered("probe", "sequence")
        kind = streams.sequence_class(self.sequence_class)
        behaviour = streams.Conduct(**conduct)
        return kind(self.log, key, items, lengths, endless, picklable, behaviour)

    def build_start_method(self, name: str) -> str:
        """Have Python start further processes by the method `name`, as a user's program would."""
        multiprocessing.set_start_method(name, force=True)
        return name


def _takes_any_keyword(parameters: Mapping[str, inspect.Parameter]) -> bool:
    return any(item.kind is inspect.Parameter.VAR_KEYWORD for item in parameters.values())
