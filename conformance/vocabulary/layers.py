"""Layers of models, described as data: which kinds there are, and what a check may ask of each."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True)
class LayerKind:
    """A kind of layer, in words; `docs/adapters.md` has a table of all.

    Args:
        computes: what comes of its inputs.
        settings: further arguments of its constructor, each with what it means.
        weights: what the arrays are that are injected, in order; empty if it has none.
    """

    computes: str
    settings: Mapping[str, str] = field(default_factory=dict)
    weights: str = ""


#: Every kind of layer, by its name. There are no others, and no other settings.
KINDS: Mapping[str, LayerKind] = {
    "input": LayerKind(
        "what the model is given, of the `shape` of a sample: a kind without inputs or weights",
        {
            "batch_size": "the size of every batch, fixed",
            "tensor": "a tensor of the library's own, which feeds it",
        },
    ),
    "dense": LayerKind(
        "inputs · kernel + bias, over the last axis",
        {
            "units": "number of features that it gives",
            "use_bias": "whether there is a bias (checks ask for none)",
            "kernel_regularizer": '`"l2"`: a penalty of 0.01 · the sum of the squared kernel',
        },
        "kernel, a row for each input; bias, if there is one",
    ),
    "dropout": LayerKind(
        "in training, features are dropped and the others scaled up; else nothing",
        {"rate": "the share that is dropped"},
    ),
    "activation": LayerKind(
        "a function of the features",
        {"activation": "`linear`, `sigmoid` or `softmax`, which is over the last axis"},
    ),
    "concatenate": LayerKind("several inputs side by side, along the last axis"),
    "batch_normalization": LayerKind(
        "features less their mean, divided by the root of their variance and epsilon",
        {
            "epsilon": "what is added to the variance",
            "momentum": "the share of the old in the moving statistics, not of the new",
        },
        "gamma, beta, moving mean, moving variance",
    ),
    "simple_rnn": LayerKind(
        "over the steps of a sequence, inputs · kernel + state · recurrent kernel",
        {
            "units": "number of features that it gives",
            "activation": "`linear`",
            "use_bias": "whether there is a bias (checks ask for none)",
            "stateful": "whether the state stays from one batch to the next",
        },
        "kernel, recurrent kernel",
    ),
    "masking": LayerKind("its input; steps whose features are all 0 do not count from there on"),
    "times_first": LayerKind("each row of a batch times its first row"),
    "again": LayerKind(
        "the same as another layer, on other inputs: with the weights of that one",
        {"layer": "its name"},
    ),
}


@dataclass(frozen=True)
class Layer:
    """One layer of a model.

    Args:
        kind: one of `KINDS`.
        name: unique within its model.
        inputs: names of the layers it takes; a Sequential needs none.
        shape: of an ``input``, without the batch axis.
        settings: further arguments of the layer's constructor, of those of its kind.
        weights: arrays to inject once the model is built.

    Raises:
        ValueError: there is no such kind, or it has no such setting.
    """

    kind: str
    name: str
    inputs: Sequence[str] = ()
    shape: Sequence[int] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    weights: Sequence[Any] | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"kind: expected one of {', '.join(KINDS)}, got {self.kind!r}")
        known = KINDS[self.kind].settings
        for name in self.settings:
            if name not in known:
                expected = ", ".join(known) or "none"
                raise ValueError(f"settings of {self.kind}: expected {expected}, got {name!r}")

    def description(self) -> dict[str, Any]:
        """Return what travels."""
        return {item.name: getattr(self, item.name) for item in fields(self)}
