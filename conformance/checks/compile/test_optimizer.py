"""`compile`: the optimizer."""

from __future__ import annotations

import numpy as np

from fitspec.conformance.arrangements.taken import takes_lists
from fitspec.conformance.checks import SGD, Build, clause, expect, outcome, recognise, refusal
from fitspec.conformance.vocabulary.models import copies, linear, two_in_two_out
from fitspec.conformance.vocabulary.probes import LimitedSGD
from fitspec.conformance.vocabulary.samples import column, constant

ONE = column(1)


def _steps(build: Build, name: str, target: float) -> list[float]:
    """Return the first two steps of an optimizer of its default settings, from the weight 0."""
    model = build(linear(0.0))
    model.compile(name, "mse")
    weights = [0.0]
    for _ in range(2):
        model.fit(ONE, column(target), epochs=1)
        weights.append(model.weight("y"))
    return [weights[1], weights[2] - weights[1]]


def _manner(build: Build, name: str) -> str:
    """Return how the steps of an optimizer go with the gradient, and with each other."""
    (small, _), (large, next_one) = (_steps(build, name, target) for target in (1, 100))
    # Steps that are equal to the mathematician differ by rounding, either way.
    if not 0 < small <= large * (1 + 1e-6):
        return f"not downhill: from 0 to {small:g} and {large:g}"
    if large > 10 * small:
        return "as long as the gradient"
    # A step of 0.1 from 0 to 100 makes the gradient smaller by a thousandth.
    return "the next one is shorter" if next_one < 0.95 * large else "all are as long"


@clause("compile.optimizer.string-name")
def test_an_optimizer_is_chosen_by_name(build: Build) -> None:
    """`sgd`, `rmsprop` and `adam` are names of optimizers."""
    manners = {name: _manner(build, name) for name in ("sgd", "rmsprop", "adam")}

    # The gradients at w = 0 are -2·1 and -2·100. Plain descent goes rate·gradient, a hundred
    # times as far with the second. The others divide by the root of a mean of squares of the
    # gradient, and so go equally far, whatever their settings. The mean begins at 0: after a
    # second gradient g it is (1 - rho²)·g², where it was (1 - rho)·g², and so RMSprop's second
    # step is 1/sqrt(1 + rho) of the first, at most 0.82 of it for a decay rho of a half or more.
    # Adam corrects for that beginning.
    expect(
        manners,
        equals={
            "sgd": "as long as the gradient",
            "rmsprop": "the next one is shorter",
            "adam": "all are as long",
        },
        otherwise={
            "every name means plain descent": dict.fromkeys(manners, "as long as the gradient"),
        },
    )


@clause("compile.optimizer.instance")
def test_an_optimizer_is_used_as_it_was_configured(build: Build) -> None:
    """An optimizer object trains with the learning rate and the momentum it was made with."""
    weights = {}
    for name, optimizer in {"plain": SGD(0.75), "momentum": SGD(0.75, momentum=0.5)}.items():
        model = build(linear(3.0))
        model.compile(optimizer, "mae")
        # Gradients of less than 1: some libraries cut longer ones if nothing is said.
        model.fit(constant(5, 0.5), constant(5, -99), batch_size=5, epochs=3)
        weights[name] = model.weight("y")
    # Whether there may be several outputs, and so several weights, is another clause.
    if takes_lists(build):
        two = build(two_in_two_out(3.0, 3.0))
        two.compile(SGD(0.75, momentum=0.5), "mae")
        two.fit([constant(5, 0.5)] * 2, [constant(5, -99)] * 2, batch_size=5, epochs=3)
        weights["momentum of a second weight"] = two.weight("b")

    # The gradient is 0.5 in each of three epochs of one batch, and the step 0.375: 3 - 3·0.375.
    # With momentum the steps are 1, 1 + 1/2 and 1 + (1 + 1/2)/2 of that: 3 - 4.25·0.375.
    expect(
        weights,
        equals={name: 1.875 if name == "plain" else 1.40625 for name in weights},
        otherwise={"the momentum is lost": dict.fromkeys(weights, 1.875)},
    )


@clause("compile.optimizer.instance-limits")
def test_an_optimizer_limits_gradients_as_it_was_configured(build: Build) -> None:
    """An optimizer object cuts off gradients at the norm, or at the value, it was made with."""
    weights = {}
    for limit, most in {"clipnorm": 2.5, "clipvalue": 3.5}.items():
        model = build(copies(2, 0.0))
        model.compile(LimitedSGD(0.125, limit, most), "mse")
        # The same five times: a library may keep some of it for validation.
        model.fit(constant(5, 1), np.tile(column(-3, -4).T, (5, 1)), batch_size=5, epochs=2)
        (kernel,) = model.weights()["y"]
        weights[limit] = kernel.ravel()

    # Squares are averaged over two columns, so the gradient is the errors: 3 and 4, with the norm
    # 5. By the norm it is halved, by the value the second is cut. An eighth of that is the step.
    # In the second epoch the errors are 2.8125 and 3.75, in the same proportion, which leaves the
    # same step; or 2.625 and 3.5625, of which the second is cut once more.
    unlimited = [-0.703125, -0.9375]
    expect(
        weights,
        equals={"clipnorm": [-0.375, -0.5], "clipvalue": [-0.703125, -0.875]},
        otherwise={
            "the limits are lost": dict.fromkeys(weights, unlimited),
            "the first update alone is limited": {
                "clipnorm": [-0.1875 - 2.8125 / 8, -0.25 - 3.75 / 8],
                "clipvalue": [-0.703125, -0.4375 - 3.5625 / 8],
            },
        },
        ulps=8,
    )


@clause("compile.optimizer.unknown-ValueError")
def test_an_unknown_optimizer_is_refused(build: Build) -> None:
    """What names no optimizer is a ValueError when compiling; for a wrong type, or a TypeError."""
    outcomes = {
        "sgd": outcome(build(linear()).compile, "sgd", "mse"),
        "nope": outcome(build(linear()).compile, "nope", "mse"),
        "sgdnope": outcome(build(linear()).compile, "sgdnope", "mse"),
        "3": refusal(build(linear()).compile, 3, "mse"),
        "None": refusal(build(linear()).compile, None, "mse"),
    }

    expect(
        outcomes,
        equals={
            "sgd": "returned",
            "nope": "ValueError",
            "sgdnope": "ValueError",
            "3": "refused",
            "None": "refused",
        },
    )


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
