"""`compile`: what training is configured with."""

from __future__ import annotations

from fitspec.conformance.checks import SGD, Build, clause, expect, outcome
from fitspec.conformance.models import linear, two_in_two_out
from fitspec.conformance.samples import ascending, column, constant


@clause("compile.optimizer.instance")
def test_an_optimizer_is_used_as_it_was_configured(build: Build) -> None:
    """An optimizer object trains with the learning rate it was made with."""
    model = build(linear(3.0))
    model.compile(SGD(0.1), "mse")

    model.train_on_batch(column(1), column(0))

    # Gradient 2·w = 6, so 3 - 0.1·6 = 2.4; a product and a difference are rounded.
    expect(model.weight("y"), equals=2.4, ulps=2, otherwise={"a rate of 0.01 was used": 2.94})


@clause("compile.optimizer.unknown-ValueError")
def test_an_unknown_optimizer_is_refused(build: Build) -> None:
    """What names no optimizer is a ValueError when compiling."""
    outcomes = {str(bad): outcome(build(linear()).compile, bad, "mse") for bad in ("nope", 3, None)}

    expect(outcomes, equals={"nope": "ValueError", "3": "ValueError", "None": "ValueError"})


@clause("compile.loss.string")
def test_a_loss_is_chosen_by_name(build: Build) -> None:
    """`mse` is the mean squared error and `mae` the mean absolute error."""
    losses = {}
    for name in ("mse", "mae"):
        model = build(linear(2.0))
        model.compile(SGD(0.0), name)
        losses[name] = model.evaluate(column(1), column(0)).value

    # The only prediction is 2·1 for 0.
    expect(losses, equals={"mse": 4.0, "mae": 2.0})


@clause("compile.loss_weights.list")
def test_loss_weights_multiply_the_losses_of_the_outputs(build: Build) -> None:
    """A list of loss weights multiplies the outputs' losses, by position, before they are added."""
    model = build(two_in_two_out(2.0, 3.0))
    model.compile(SGD(0.0), ["mse", "mae"], loss_weights=[1.0, 10.0])

    result = model.fit([column(1), column(1)], [column(0), column(0)])

    # (2·1)² = 4 and |3·1| = 3, so 1·4 + 10·3.
    expect(
        result.history.history["loss"],
        equals=[34.0],
        otherwise={"the weights had no effect": [7.0], "they were exchanged": [43.0]},
    )


@clause("compile.metrics.list")
def test_metrics_follow_the_loss_in_the_order_of_the_list(build: Build) -> None:
    """A list of metrics is reported after the loss, in its order."""
    model = build(linear())
    model.compile(SGD(0.0), "mse", metrics=["mse", "mae"])

    values = model.evaluate(ascending(2), constant(2, 0)).value

    # Errors 1 and 2: squares average 2.5, absolute values 1.5.
    expect(
        values,
        equals=[2.5, 2.5, 1.5],
        otherwise={"the metrics are in alphabetical order": [2.5, 1.5, 2.5]},
    )


@clause("compile.recompile.keeps-weights")
def test_compiling_again_keeps_the_weights(build: Build) -> None:
    """Compiling a trained model again leaves its weights as training left them."""
    model = build(linear(1.0))
    model.compile(SGD(0.25), "mse")
    model.train_on_batch(column(1), column(0))

    model.compile(SGD(0.5), "mae")

    # Gradient 2·w = 2, so 1 - 0.25·2 = 0.5.
    expect(model.weight("y"), equals=0.5, otherwise={"the weights were initialised again": 1.0})
