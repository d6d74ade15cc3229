"""What works here but is promised by no document, as a table.

Every rule names a clause that says that implementations differ.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from fitspec.reference.data import columns, iterables, sources
from fitspec.reference.tensor.autodiff import Tensor

Given: TypeAlias = Mapping[str, Any]


class Rule(NamedTuple):
    """Something that is refused in strict mode.

    Attributes:
        clause: The clause that says that implementations differ.
        methods: Whose arguments it is about.
        what: What is refused.
        instead: What to write instead.
        is_broken: Whether arguments break the rule.

    """

    clause: str
    methods: tuple[str, ...]
    what: str
    instead: str
    is_broken: Callable[[Given], bool]


def leaves(value: object) -> Iterator[Any]:
    """Give the arrays of one argument: those of a dict or list, or the argument itself."""
    if isinstance(value, Mapping):
        yield from value.values()
    elif isinstance(value, (list, tuple)) and any(hasattr(one, "shape") for one in value):
        yield from value
    elif value is not None:
        yield value


def is_stream(given: Given) -> bool:
    """Whether batches come from a generator, Sequence or iterable."""
    return sources.yields_batches(given.get("x"))


def arrays(given: Given) -> list[Any]:
    """Return all arrays of inputs and targets."""
    if is_stream(given):
        return []
    return [*leaves(given.get("x")), *leaves(given.get("y"))]


def has_steps(given: Given, name: str) -> bool:
    """Whether a number of steps is given together with arrays."""
    return given[name] is not None and bool(arrays(given))


def has_extra_name(given: Given) -> bool:
    """Whether a dict of data names what the model does not have."""
    model = given["self"]
    pairs = ((given.get("x"), "input_names"), (given.get("y"), "output_names"))
    return any(
        isinstance(value, Mapping) and not set(value) <= set(getattr(model, names))
        for value, names in pairs
    )


def is_foreign(value: Any) -> bool:
    """Whether an array is neither NumPy's nor read from a file."""
    return (
        hasattr(value, "shape")
        and not isinstance(value, (np.ndarray, Tensor))
        and not columns.is_read_lazily(value)
    )


def outputs(given: Given) -> int:
    """Return how many outputs the model has."""
    return len(given["self"].output_names)


def validation_arrays(given: Given) -> list[Any]:
    """Return the arrays to validate on."""
    value = given["validation_data"]
    return [*leaves(value)] if isinstance(value, (list, tuple)) else []


def is_plain(value: object, kind: type) -> bool:
    """Whether an argument is left out, or of exactly one type."""
    return value is None or type(value) is kind


def metrics_of(given: Given, name: str) -> list[Any]:
    """Return all metrics that an argument asks for at once."""
    value = given[name]
    if isinstance(value, Mapping):
        value = list(value.values())
    return list(value) if isinstance(value, (list, tuple)) else [value] if value else []


def repeats(given: Given) -> bool:
    """Whether a metric is asked for twice in one list."""
    asked = metrics_of(given, "metrics")
    lists = [one for one in asked if isinstance(one, (list, tuple))]
    groups = lists or ([] if isinstance(given["metrics"], Mapping) else [asked])
    return any(count > 1 for group in groups for count in Counter(map(str, group)).values())


def is_generator(given: Given) -> bool:
    """Whether data come from something that can be drawn from only once."""
    return hasattr(given.get("x"), "__next__")


FIT = ("fit",)
TRAINING = ("fit", "train_on_batch")
ON_DATA = ("fit", "evaluate", "predict", "train_on_batch", "test_on_batch", "predict_on_batch")

RULES = (
    Rule(
        "fit.x.python-lists",
        ON_DATA,
        "a list of numbers in place of an array",
        "write numpy.array(...)",
        lambda given: any(isinstance(one, (list, tuple)) for one in arrays(given)),
    ),
    Rule(
        "fit.x.foreign-tensors",
        ON_DATA,
        "a tensor or table of another library",
        "write numpy.asarray(...)",
        lambda given: any(map(is_foreign, arrays(given))),
    ),
    Rule(
        "fit.x.dict-extra-key",
        ON_DATA,
        "a dict with a name that the model does not have",
        "leave the entry out",
        has_extra_name,
    ),
    Rule(
        "fit.x.iterable",
        ("fit", "evaluate", "predict"),
        "an object that can be iterated over",
        "write a Sequence, or a generator and its number of steps",
        lambda given: iterables.is_iterable(given["x"]),
    ),
    Rule(
        "fit.batch_size.number-types",
        ("fit", "evaluate", "predict"),
        "a batch_size that is no int",
        "write int(...)",
        lambda given: not is_plain(given["batch_size"], int),
    ),
    Rule(
        "fit.epochs.number-types",
        FIT,
        "epochs that are no int",
        "write int(...)",
        lambda given: not is_plain(given["epochs"], int),
    ),
    Rule(
        "fit.kwargs.nb_epoch",
        FIT,
        "the older spelling nb_epoch",
        "write epochs=...",
        lambda given: "nb_epoch" in given["kwargs"],
    ),
    Rule(
        "fit.callbacks.single",
        ("fit", "evaluate", "predict"),
        "callbacks that are no list",
        "write callbacks=[...]",
        lambda given: not is_plain(given["callbacks"], list),
    ),
    Rule(
        "fit.shuffle.other-values",
        FIT,
        "shuffle that is neither a bool nor 'batch'",
        "write True or False",
        lambda given: given["shuffle"] != "batch" and type(given["shuffle"]) is not bool,
    ),
    Rule(
        "fit.steps_per_epoch.with-arrays",
        FIT,
        "steps_per_epoch together with arrays",
        "write batch_size=..., or a generator",
        lambda given: has_steps(given, "steps_per_epoch"),
    ),
    Rule(
        "evaluate.steps.with-arrays",
        ("evaluate",),
        "steps together with arrays",
        "write batch_size=..., or a generator",
        lambda given: has_steps(given, "steps"),
    ),
    Rule(
        "predict.steps.with-arrays",
        ("predict",),
        "steps together with arrays",
        "write batch_size=..., or a generator",
        lambda given: has_steps(given, "steps"),
    ),
    Rule(
        "fit.validation_steps.with-arrays",
        FIT,
        "validation_steps together with validation arrays",
        "leave validation_steps out, or validate on a generator",
        lambda given: given["validation_steps"] is not None and bool(validation_arrays(given)),
    ),
    Rule(
        "fit.validation_split.none",
        FIT,
        "None as validation_split",
        "write 0.0",
        lambda given: given["validation_split"] is None,
    ),
    Rule(
        "fit.validation_split.hdf5",
        FIT,
        "validation_split with data in a file",
        "give validation_data",
        lambda given: (
            bool(given["validation_split"]) and any(map(columns.is_read_lazily, arrays(given)))
        ),
    ),
    Rule(
        "fit.class_weight.per-output",
        TRAINING,
        "class_weight for a model with several outputs",
        "give sample weights with the batches of a generator",
        lambda given: given["class_weight"] is not None and outputs(given) > 1,
    ),
    Rule(
        "fit.sample_weight.multi-output",
        ("fit", "evaluate", "train_on_batch", "test_on_batch"),
        "sample_weight for a model with several outputs",
        "give weights with the batches of a generator",
        lambda given: given["sample_weight"] is not None and outputs(given) > 1,
    ),
    Rule(
        "fit.sample_weight.not-numbers",
        ("fit", "evaluate", "train_on_batch", "test_on_batch"),
        "sample_weight that is no array",
        "write numpy.array(...)",
        lambda given: any(isinstance(one, (list, tuple)) for one in leaves(given["sample_weight"])),
    ),
    Rule(
        "fit_generator.workers.plain-generator-thread-safety",
        ("fit", "evaluate", "predict"),
        "a generator with several workers",
        "write workers=1, or a Sequence",
        lambda given: is_generator(given) and given["workers"] > 1,
    ),
    Rule(
        "fit_generator.use_multiprocessing.generator-duplicates",
        ("fit", "evaluate", "predict"),
        "a generator with use_multiprocessing",
        "write a Sequence",
        lambda given: is_generator(given) and bool(given["use_multiprocessing"]),
    ),
    Rule(
        "fit_generator.sequence.short-epoch-continuation",
        FIT,
        "fewer steps than the Sequence has batches",
        "leave steps_per_epoch out",
        lambda given: (
            sources.is_sequence(given["x"])
            and given["steps_per_epoch"] is not None
            and given["steps_per_epoch"] < len(given["x"])
        ),
    ),
    Rule(
        "predict_on_batch.no-compile-needed",
        ("predict_on_batch",),
        "a model that was not compiled",
        "compile it, or use predict",
        lambda given: not given["self"].is_compiled,
    ),
    Rule(
        "compile.loss.none",
        ("compile",),
        "no loss",
        "write loss=...",
        lambda given: given["loss"] is None,
    ),
    Rule(
        "compile.loss.dict-leaves-output-out",
        ("compile",),
        "a dict of losses that leaves out an output",
        "give a loss for every output",
        lambda given: (
            isinstance(given["loss"], Mapping)
            and not set(given["self"].output_names) <= set(given["loss"])
        ),
    ),
    Rule(
        "compile.metrics.none-in-dict",
        ("compile",),
        "None as the metrics of an output",
        "leave the entry out",
        lambda given: isinstance(given["metrics"], Mapping) and None in given["metrics"].values(),
    ),
    Rule(
        "compile.metrics.duplicates",
        ("compile",),
        "a metric that is asked for twice",
        "ask for it once",
        repeats,
    ),
    Rule(
        "compile.weighted_metrics.same-metric",
        ("compile",),
        "a metric that is asked for with weights and without",
        "ask for it once",
        lambda given: any(
            one in metrics_of(given, "metrics") for one in metrics_of(given, "weighted_metrics")
        ),
    ),
    Rule(
        "compile.recompile.optimizer-state",
        ("compile",),
        "an optimizer that has trained already",
        "make a new one",
        lambda given: bool(getattr(given["optimizer"], "iterations", 0)),
    ),
    Rule(
        "get_layer.negative-index",
        ("get_layer",),
        "a negative index",
        "count from 0",
        lambda given: given["index"] is not None and given["index"] < 0,
    ),
    Rule(
        "get_layer.index-types",
        ("get_layer",),
        "an index that is no int",
        "write int(...)",
        lambda given: not is_plain(given["index"], int),
    ),
)
