"""What a recorded step depends on besides the arrays that it reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitspec.reference import constraints
from fitspec.reference.config.configuration import Configurable, argument_names
from fitspec.reference.network.network import Network

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fitspec.reference.training.plan import OutputPlan

#: Decides in each layer, whether or not the constructor takes it.
_PENALTY = "activity_regularizer"


def settings(network: Network, outputs: Sequence[OutputPlan]) -> list[object]:
    """Return all settings of layers, penalties and losses, in an order of their own.

    Metrics see what comes out, and an optimizer's settings are looked at before each update.
    """
    limits = [constraints.of(weight) for weight in network.variables]
    penalties = [weight.regularizer for weight in network.variables]
    losses = [output.loss for output in outputs]
    return list(_of([network, *penalties, *limits, *losses]))


def _of(value: object) -> Iterator[object]:
    if isinstance(value, Network):
        value = value.layers
    if isinstance(value, (list, tuple)):
        yield len(value)
        for each in value:
            yield from _of(each)
        return
    yield value
    if isinstance(value, Configurable):
        for name in sorted(argument_names(type(value)) | {_PENALTY}):
            yield from _of(getattr(value, name, None))


def are_same(one: Sequence[object], other: Sequence[object]) -> bool:
    """Whether settings are those of before: the same objects, or equal numbers and words."""
    return len(one) == len(other) and all(map(_is_same, one, other))


def _is_same(one: object, other: object) -> bool:
    plain = type(one) is type(other) and isinstance(one, (int, float, str))
    return one is other or (plain and one == other)
