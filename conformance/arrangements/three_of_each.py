"""Three inputs and three outputs: the weights tell after an update which data each was given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.conformance.vocabulary.models import three_in_three_out
from fitspec.conformance.vocabulary.probes import SGD
from fitspec.conformance.vocabulary.samples import constant

if TYPE_CHECKING:
    from fitspec.conformance.arrangements.compiled import Build

#: The values that belong to inputs and outputs, in the order of the model.
VALUES = (2.0, 3.0, 1.0)
INPUTS, OUTPUTS = ("in2", "in3", "in1"), ("b", "c", "a")
#: Places in the order of the model: an order of keys that leaves none where it was and is neither
#: that of the alphabet nor the reverse of one.
_KEYS = (1, 2, 0)
#: How dicts are mistaken: the values that inputs or outputs get, in the order of the model.
MISTAKES = {
    "the order of the dict decided": (3.0, 1.0, 2.0),
    "the order of the alphabet decided": (1.0, 2.0, 3.0),
}


def listed(values: tuple[float, ...] = VALUES) -> list[Any]:
    """Return a list of arrays of two samples."""
    return [constant(2, value) for value in values]


def by_name(names: tuple[str, ...]) -> dict[str, Any]:
    """Return a dict of arrays in an order that is neither the model's nor the alphabet's."""
    return {names[place]: constant(2, VALUES[place]) for place in _KEYS}


def after_inputs(build: Build, x: Any) -> dict[str, float]:
    """Return the weights after an update on `x`, of weights of 1 and targets of 0."""
    return _after(build, 1.0, x, listed((0.0, 0.0, 0.0)))


def after_targets(build: Build, y: Any) -> dict[str, float]:
    """Return the weights after an update towards `y`, of weights of 0 and inputs of 1."""
    return _after(build, 0.0, listed((1.0, 1.0, 1.0)), y)


def of_inputs(values: tuple[float, ...] = VALUES) -> dict[str, float]:
    """Return the weights when the inputs got `values`: the gradient is 2·1·x², the rate 1/32."""
    return {name: 1 - x**2 / 16 for name, x in zip(OUTPUTS, values, strict=True)}


def of_targets(values: tuple[float, ...] = VALUES) -> dict[str, float]:
    """Return the weights when the outputs got `values`: the gradient is -2·y, the rate 1/32."""
    return {name: y / 16 for name, y in zip(OUTPUTS, values, strict=True)}


def _after(build: Build, weight: float, x: Any, y: Any) -> dict[str, float]:
    model = build(three_in_three_out(weight, weight, weight))
    model.compile(SGD(2.0**-5), "mse")
    model.fit(x, y, batch_size=2, epochs=1)
    return {name: model.weight(name) for name in OUTPUTS}
