"""`evaluate` and `predict`: what the documents leave open about the types of results."""

from __future__ import annotations

import numpy as np

from fitspec.conformance.checks import SGD, Build, clause, recognise
from fitspec.conformance.vocabulary.models import linear
from fitspec.conformance.vocabulary.samples import column


@clause("evaluate.returns.number-type")
def test_the_types_of_the_numbers_that_evaluate_returns(build: Build) -> None:
    """Whether `evaluate` returns Python's floats or NumPy's, bare and in a list."""
    seen = {}
    for form, metrics in (("bare", None), ("list", ["mae"])):
        model = build(linear())
        model.compile(SGD(0.0), "mse", metrics=metrics)
        value = model.evaluate(column(1, 2), column(0, 0)).value
        each = value if isinstance(value, list) else [value]
        seen[form] = [type(number).__name__ for number in each]

    def alike(kind: str) -> dict[str, list[str]]:
        return {"bare": [kind], "list": [kind, kind]}

    recognise(
        seen,
        {
            "Python's floats": alike("float"),
            "NumPy's 64 bit floats": alike("float64"),
            "NumPy's 32 bit floats": alike("float32"),
        },
    )


@clause("predict.returns.dtype")
def test_the_types_of_predictions(build: Build) -> None:
    """What type the predictions for inputs of several types have."""
    model = build(linear(0.5))

    seen = {
        name: np.asarray(model.predict(column(1, 2).astype(name)).value).dtype.name
        for name in ("float32", "float64", "int64")
    }

    recognise(
        seen,
        {
            "that of the weights, 32 bit floats, whatever the inputs are": dict.fromkeys(
                seen, "float32"
            ),
            "that of 64 bit floats, whatever the inputs are": dict.fromkeys(seen, "float64"),
            "that of the inputs where they are floats, and 64 bit floats for integers": {
                "float32": "float32",
                "float64": "float64",
                "int64": "float64",
            },
        },
    )
