"""Three inputs and three outputs: the weights tell after an update which data each was given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.conformance.arrangements.taken import tried
from fitspec.conformance.claims.expect import expect
from fitspec.conformance.vocabulary.models import three_in_three_out
from fitspec.conformance.vocabulary.probes import SGD, Generator, SequenceOf
from fitspec.conformance.vocabulary.samples import constant

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

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


def expect_inputs(build: Build, x: Any, mistakes: Mapping[str, tuple[float, ...]]) -> None:
    """Claim that each input gets its own of `VALUES`, in all batches of arrays and of items.

    Args:
        build: builds a model.
        x: the inputs.
        mistakes: the values that inputs get by mistake, by what it is called.

    Raises:
        ExpectationFell: it gets another.
    """

    def moved(values: tuple[float, ...]) -> dict[str, float]:
        # The gradient is 2·w·x², the rate 1/32: each of four updates takes a part of w = 1.
        return {name: (1 - x**2 / 16) ** 4 for name, x in zip(OUTPUTS, values, strict=True)}

    targets = listed((0.0, 0.0, 0.0))
    seen = {"arrays": _after(build, 1.0, x, targets, batch_size=1)}
    _expect_each(build, seen, 1.0, (x, targets), moved, mistakes)


def expect_targets(build: Build, y: Any, mistakes: Mapping[str, tuple[float, ...]]) -> None:
    """Claim that each output gets its own of `VALUES`, as `expect_inputs` does of inputs.

    Raises:
        ExpectationFell: it gets another.
    """

    def moved(values: tuple[float, ...]) -> dict[str, float]:
        # The gradient is 2·(w - y), the rate 1/32: each of four updates leaves 15/16 of the error.
        left = (15 / 16) ** 4
        return {name: y * (1 - left) for name, y in zip(OUTPUTS, values, strict=True)}

    inputs = listed((1.0, 1.0, 1.0))
    seen = {"arrays": _after(build, 0.0, inputs, y, batch_size=1)}
    _expect_each(build, seen, 0.0, (inputs, y), moved, mistakes)


def _expect_each(  # noqa: PLR0913, PLR0917  what both kinds of data have
    build: Build,
    seen: dict[str, dict[str, float]],
    weight: float,
    item: tuple[Any, Any],
    moved: Callable[[tuple[float, ...]], dict[str, float]],
    mistakes: Mapping[str, tuple[float, ...]],
) -> None:
    # Whether `fit` takes Sequences, and generators, are other clauses.
    streams: dict[str, tuple[Any, dict[str, int]]] = {
        "a Sequence": (SequenceOf([item] * 2), {}),
        "a generator": (Generator([item]), {"steps_per_epoch": 2}),
    }
    for name, (source, steps) in streams.items():
        if (of_items := tried(_after, build, weight, source, **steps)) is not None:
            seen[name] = of_items
    expect(
        seen,
        equals=dict.fromkeys(seen, moved(VALUES)),
        # Factors of 1/16 are exact, their products and sums rounded in each of four updates.
        ulps=16,
        otherwise={
            **{words: dict.fromkeys(seen, moved(values)) for words, values in mistakes.items()},
            **{
                f"{words}, in {name}": {**dict.fromkeys(seen, moved(VALUES)), name: moved(values)}
                for name in seen.keys() - {"arrays"}
                for words, values in mistakes.items()
            },
        },
    )


def _after(build: Build, weight: float, *data: Any, **arguments: int) -> dict[str, float]:
    """Return the weights after two epochs of two batches."""
    model = build(three_in_three_out(weight, weight, weight))
    model.compile(SGD(2.0**-5), "mse")
    model.fit(*data, epochs=2, **arguments)
    return {name: model.weight(name) for name in OUTPUTS}
