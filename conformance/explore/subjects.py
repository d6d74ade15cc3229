"""The models that programs are about, and what their data have to look like."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from fitspec.conformance.vocabulary import models

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fitspec.conformance.vocabulary.probes import ModelOf

    Shapes = Mapping[str, tuple[int, ...]]


class Targets(StrEnum):
    """What the targets of a model are."""

    NUMBERS = "numbers"
    #: One of several classes, as columns.
    CLASSES = "classes"
    #: 0 or 1.
    CHANCES = "chances"


@dataclass(frozen=True)
class Subject:
    """A model.

    Args:
        describe: returns its description.
        inputs, outputs: their shapes by name, in order, without the axis of samples.
        layers: the names of its layers with weights.
        targets: what it is trained for.
    """

    describe: Callable[[], ModelOf]
    inputs: Shapes
    outputs: Shapes
    layers: tuple[str, ...]
    targets: Targets = Targets.NUMBERS


#: Name in a program -> model, the simplest first. None has a layer whose formula libraries differ
#: in and no document states, such as a batch normalization.
SUBJECTS: Final[Mapping[str, Subject]] = {
    "linear": Subject(lambda: models.linear(0.5), {"x": (1,)}, {"y": (1,)}, ("y",)),
    "temporal": Subject(lambda: models.temporal(0.5), {"x": (3, 1)}, {"y": (3, 1)}, ("y",)),
    "two": Subject(
        lambda: models.two_in_two_out(0.5, -0.75),
        {"in1": (1,), "in2": (1,)},
        {"a": (1,), "b": (1,)},
        ("a", "b"),
    ),
    "shared": Subject(
        lambda: models.shared_weight(0.5), {"x": (1,)}, {"a": (1,), "b": (1,)}, ("shared",)
    ),
    "mixed": Subject(
        lambda: models.temporal_and_plain(0.5),
        {"in1": (3, 1), "in2": (1,)},
        {"a": (3, 1), "b": (1,)},
        ("a", "b"),
    ),
    "branches": Subject(models.two_branches, {"x": (1,)}, {"o": (2,)}, ("a", "c", "b", "d")),
    "penalized": Subject(lambda: models.penalized(0.5), {"x": (1,)}, {"y": (1,)}, ("y",)),
    "classes": Subject(models.classifier, {"x": (2,)}, {"y": (3,)}, ("h",), Targets.CLASSES),
    "chances": Subject(models.logistic, {"x": (1,)}, {"y": (1,)}, ("h",), Targets.CHANCES),
}
