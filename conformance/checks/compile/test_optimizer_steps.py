"""`compile`: how optimizers step that are named and not configured."""

from __future__ import annotations

from typing import Final

from fitspec.conformance.checks import Build, answer, clause, recognise
from fitspec.conformance.vocabulary.models import linear
from fitspec.conformance.vocabulary.samples import column

ONE = column(1)
#: By optimizer, the first step for a gradient of 1 and a rate of 1, by what it begins with.
#:
#: Adagrad divides by the root of a sum of squares, which is 1, or 1.1 if it began at 0.1.
#: Adadelta multiplies by the root of its epsilon over that of a mean of squares, 0.05 + epsilon.
#: Adamax divides by the largest gradient.
#: Nadam's momentum is 0.9·(1 - 0.96^0.004/2) = 0.4501 now and a little more next, so that the step
#: is 1 + 0.4501·0.1/(1 - 0.4501²) = 1.0564; in Keras 3, 0.6 % more.
#: Keras 2.3 on TensorFlow reads the count of updates before it is raised, or after: the mean is
#: then corrected as in a second step, by 0.1/(1 - 0.9²) of what it would be, or, of squares, by
#: the root of (1 - 0.999²)/0.001 = 1.999.
_BEGUN: Final[dict[str, dict[str, tuple[float, ...]]]] = {
    "adagrad": {"": (1.0,), ", on squares that begin at 0.1": (1.1**-0.5,)},
    "adadelta": {"": ((1e-7 / (0.05 + 1e-7)) ** 0.5,)},
    "adamax": {"": (1.0, 0.1 / 0.19)},
    "nadam": {"": (1.06, 1.0565 * 1.999**0.5)},
}
_RATES: Final = (1.0, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001, 0.0001)
_NEAR: Final = 0.01


def _rate(build: Build, name: str) -> str:
    """Return the rate of an optimizer, in words, or how its name was refused."""
    model = build(linear(0.0))
    ended = answer(model.compile, name, "mae")
    if not isinstance(ended, str):
        ended = answer(model.train_on_batch, ONE, column(8))
    if isinstance(ended, str):
        return ended
    step = model.weight("y")
    known = (
        f"{rate:g}{how}"
        for how, factors in _BEGUN[name].items()
        for factor in factors
        for rate in _RATES
        if abs(step / (rate * factor) - 1) < _NEAR
    )
    return next(known, f"a first step of {step:g}")


@clause("compile.optimizer.first-steps")
def test_how_far_optimizers_move_a_weight_at_first(build: Build) -> None:
    """The first update by each optimizer that is named, which tells its learning rate."""
    rates = {name: _rate(build, name) for name in _BEGUN}

    at_0_1 = "0.001, on squares that begin at 0.1"
    recognise(
        rates,
        {
            "adagrad by 0.01, adadelta by 1, adamax and nadam by 0.002": {
                "adagrad": "0.01",
                "adadelta": "1",
                "adamax": "0.002",
                "nadam": "0.002",
            },
            "all by 0.001, adagrad on squares that begin at 0.1": {
                **dict.fromkeys(rates, "0.001"),
                "adagrad": at_0_1,
            },
            "none of these names is taken": dict.fromkeys(rates, "ValueError"),
        },
    )


@clause("compile.optimizer.small-gradients")
def test_how_far_rmsprop_moves_a_weight_by_a_small_gradient(build: Build) -> None:
    """Whether what keeps the divisor from 0 is added to the root of the mean of squares."""
    model = build(linear(0.0))
    model.compile("rmsprop", "mae")

    model.train_on_batch(column(1e-4), column(8))

    # The gradient is 1e-4 and the mean of squares a tenth of 1e-8. To its root, 3.162e-5, comes
    # 1e-7, or to itself: the divisor is then the root of 1.01e-7.
    gradient, mean, least = 1e-4, 1e-9, 1e-7
    step = model.weight("y") / 0.001
    known = {
        "epsilon is added to the root of the mean of squares": gradient / (mean**0.5 + least),
        "epsilon is added to the mean of squares, before the root": gradient
        / (mean + least) ** 0.5,
    }
    near = [words for words, value in known.items() if abs(step / value - 1) < _NEAR]
    recognise(near or step, {words: [words] for words in known})
