"""`compile`: compiling again."""

from __future__ import annotations

from typing import Any

from fitspec.conformance.arrangements.taken import taken
from fitspec.conformance.checks import SGD, Build, clause, expect, recognise
from fitspec.conformance.vocabulary.models import linear, two_in_two_out
from fitspec.conformance.vocabulary.samples import column

ONE, ZERO = column(1), column(0)


@clause("compile.recompile.keeps-weights")
def test_compiling_again_keeps_the_weights(build: Build) -> None:
    """Compiling a trained model again leaves its weights as training left them."""
    seen: dict[str, float] = {}
    data: dict[str, tuple[Any, Any]] = {"y": (ONE, ZERO), "ab": ([ONE] * 2, [ZERO] * 2)}
    for names, (x, y) in data.items():
        model = build(linear(1.0) if names == "y" else two_in_two_out(1.0, 1.0))
        model.compile(SGD(0.25), "mse")
        if names == "y":
            model.train_on_batch(x, y)
        elif not taken(model.train_on_batch, x, y):
            continue  # whether there may be several outputs is another clause
        model.compile(SGD(0.5), "mae")
        seen |= {name: model.weight(name) for name in names}

    # Gradient 2·w = 2, so 1 - 0.25·2 = 0.5.
    expect(
        seen,
        equals=dict.fromkeys(seen, 0.5),
        otherwise={"the weights were initialised again": dict.fromkeys(seen, 1.0)},
    )


@clause("compile.recompile.optimizer-state")
def test_what_an_optimizer_remembers_when_a_model_is_compiled_again(build: Build) -> None:
    """Whether momentum and the count of updates outlive a second `compile` with the optimizer."""
    model, descent = build(linear(1.0)), SGD(0.125, momentum=0.5)
    for _ in range(2):
        model.compile(descent, "mae")
        model.fit(ONE, column(-8))

    # The gradient is 1. The first update is -1/8; the second -1/8 too without momentum, and
    # -1/8 - 1/16 with it.
    kept, lost = 1 - 2 / 8 - 1 / 16, 1 - 2 / 8
    recognise(
        {"weight": model.weight("y"), "updates": model.iterations()},
        {
            "momentum and the count of updates are kept": {"weight": kept, "updates": 2},
            "momentum is lost; the count of updates goes on": {"weight": lost, "updates": 2},
            "both start anew": {"weight": lost, "updates": 1},
            "momentum is kept; the count of updates starts anew": {"weight": kept, "updates": 1},
        },
    )
