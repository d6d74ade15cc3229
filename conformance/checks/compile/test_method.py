"""`compile`: its signature, and keywords for the backend."""

from __future__ import annotations

from fitspec.conformance.checks import SGD, Build, clause, expect, outcome
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
