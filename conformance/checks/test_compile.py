"""`compile`: its signature, the optimizer, and what a second `compile` leaves alone."""

from __future__ import annotations

from fitspec.conformance.checks import SGD, Build, clause, expect, outcome, refusal
from fitspec.conformance.vocabulary.models import linear
from fitspec.conformance.vocabulary.samples import column

#: The parameters of `compile` in document 004 and their defaults.
DEFAULTS = {
    "optimizer": "required",
    "loss": None,
    "metrics": None,
    "loss_weights": None,
    "sample_weight_mode": None,
    "weighted_metrics": None,
    "target_tensors": None,
}


@clause("compile.signature.defaults")
def test_the_optimizer_alone_is_mandatory(build: Build) -> None:
    """`compile` demands an optimizer, and every other documented argument is `None` by default."""
    parameters = {item.name: item for item in build(linear()).compile.parameters()}

    found = {
        name: "missing"
        if name not in parameters
        else "required"
        if parameters[name].required
        else parameters[name].default
        for name in DEFAULTS
    }

    expect(found, equals=DEFAULTS)


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


@clause("compile.kwargs.backend")
def test_an_unknown_keyword_is_for_the_backend_to_refuse(build: Build) -> None:
    """`compile` hands on keywords it does not know; the backend, which gets them, refuses them."""
    plain, with_keyword = build(linear()), build(linear())
    plain.compile(SGD(0.0), "mse")

    compiling = outcome(with_keyword.compile, SGD(0.0), "mse", of_no_backend=1)
    trained = [
        outcome(model.train_on_batch, column(1), column(0)) == "returned"
        for model in (plain, with_keyword)
    ]

    # Training without the keyword shows that it is the keyword that is refused.
    seen = {"compiled": compiling == "returned", "trained without and with it": trained}
    expect(
        seen,
        equals={"compiled": True, "trained without and with it": [True, False]},
        otherwise={
            "the keyword is dropped": {
                "compiled": True,
                "trained without and with it": [True, True],
            },
            "compile looks at the keyword itself": {
                "compiled": False,
                "trained without and with it": [True, False],
            },
        },
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
