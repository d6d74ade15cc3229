"""`compile`: the optimizer."""

from __future__ import annotations

from fitspec.conformance.checks import SGD, Build, clause, expect, outcome, recognise, refusal
from fitspec.conformance.vocabulary.models import linear
from fitspec.conformance.vocabulary.samples import column

ONE = column(1)


def _growth(build: Build, name: str) -> str:
    """Return how the first step of an optimizer of its default settings goes with the gradient."""
    steps = []
    for target in (1, 100):
        model = build(linear(0.0))
        model.compile(name, "mse")
        model.train_on_batch(column(1), column(target))
        steps.append(model.weight("y"))
    small, large = steps
    # Steps that are equal to the mathematician differ by rounding, either way.
    if not 0 < small <= large * (1 + 1e-6):
        return f"not downhill: from 0 to {small:g} and {large:g}"
    return "as the gradient" if large > 10 * small else "not at all"


@clause("compile.optimizer.string-name")
def test_an_optimizer_is_chosen_by_name(build: Build) -> None:
    """`sgd`, `rmsprop` and `adam` are names of optimizers."""
    growth = {name: _growth(build, name) for name in ("sgd", "rmsprop", "adam")}

    # The gradients at w = 0 are -2·1 and -2·100. Plain descent goes rate·gradient, a hundred
    # times as far with the second. The others divide by the root of a mean of squares of the
    # gradient, and so go equally far, whatever their settings.
    expect(
        growth,
        equals={"sgd": "as the gradient", "rmsprop": "not at all", "adam": "not at all"},
        otherwise={
            "every name means plain descent": dict.fromkeys(growth, "as the gradient"),
        },
    )


@clause("compile.optimizer.instance")
def test_an_optimizer_is_used_as_it_was_configured(build: Build) -> None:
    """An optimizer object trains with the learning rate it was made with."""
    model = build(linear(3.0))
    model.compile(SGD(0.75), "mse")

    model.train_on_batch(column(1), column(0))

    # Gradient 2·w = 6, so 3 - 0.75·6.
    expect(model.weight("y"), equals=-1.5)


@clause("compile.optimizer.unknown-ValueError")
def test_an_unknown_optimizer_is_refused(build: Build) -> None:
    """What names no optimizer is a ValueError when compiling; for a wrong type, or a TypeError."""
    outcomes = {
        "nope": outcome(build(linear()).compile, "nope", "mse"),
        "3": refusal(build(linear()).compile, 3, "mse"),
        "None": refusal(build(linear()).compile, None, "mse"),
    }

    expect(outcomes, equals={"nope": "ValueError", "3": "refused", "None": "refused"})


@clause("compile.optimizer.adam-step")
def test_how_far_adam_moves_a_weight_at_first(build: Build) -> None:
    """The first update by the optimizer "adam", which tells its learning rate, in several runs."""
    weights = []
    for _ in range(8):
        model = build(linear(1.0))
        model.compile("adam", "mae")
        model.train_on_batch(ONE, column(-8))
        weights.append(model.weight("y"))

    # The gradient is 1. Adam divides it by its own size, so the first step is the learning rate
    # less about a ten millionth of it.
    rates = (0.0001, 0.0003, 0.001, 0.002, 0.003, 0.01, 0.1)
    # Its means begin at 0, for which the first step is corrected by sqrt(1 - 0.999)/(1 - 0.9),
    # and the second by sqrt(1 - 0.999²)/(1 - 0.9²) = sqrt(1.999)/1.9 of that.
    recognise(
        max(weights),
        {
            **{f"by {rate}, its learning rate": 1 - rate for rate in rates},
            "by 0.001, its learning rate, or at times by 0.000744, as in a second step": (
                1 - 0.001 * 1.999**0.5 / 1.9
            ),
        },
        ulps=4,
    )
