"""`evaluate`: what is returned."""

from __future__ import annotations

import numpy as np

from fitspec.conformance.arrangements.labels import EACH_ITS_OWN, labelled
from fitspec.conformance.arrangements.returned import loss_in, numbers
from fitspec.conformance.arrangements.taken import takes_sequences, tried
from fitspec.conformance.checks import SGD, Build, Generator, clause, expect, recognise
from fitspec.conformance.vocabulary.models import linear, penalized, two_in_two_out
from fitspec.conformance.vocabulary.probes import SequenceOf
from fitspec.conformance.vocabulary.samples import ascending, column, constant
from fitspec.conformance.worker.remote import class_of


@clause("evaluate.returns.scalar")
def test_one_output_without_metrics_gives_a_scalar(build: Build) -> None:
    """The loss of one output without metrics is returned bare."""
    model = build(linear())
    model.compile(SGD(0.0), "mse")

    value = model.evaluate(ascending(2), constant(2, 0)).value

    values = {"arrays": value}
    if takes_sequences(build, "evaluate"):
        values["a Sequence"] = model.evaluate(SequenceOf([(ascending(2), constant(2, 0))])).value

    # (1 + 4)/2
    seen = {
        source: {"bare": np.ndim(value) == 0, "loss": np.ravel(value)}
        for source, value in values.items()
    }
    expect(
        seen,
        equals=dict.fromkeys(seen, {"bare": True, "loss": [2.5]}),
        otherwise={"a list of one": dict.fromkeys(seen, {"bare": False, "loss": [2.5]})},
    )


@clause("evaluate.returns.list")
def test_metrics_or_several_outputs_give_a_list(build: Build) -> None:
    """With metrics, or several outputs, a list is returned, the total loss first."""
    one, two = build(linear()), build(two_in_two_out(2.0, 3.0))
    one.compile(SGD(0.0), "mae", metrics=["mse"])
    two.compile(SGD(0.0), "mse")

    with_metric = one.evaluate(ascending(2), constant(2, 0)).value
    with_outputs = two.evaluate([column(1)] * 2, [column(0)] * 2).value
    types = [class_of(with_metric), class_of(with_outputs)]
    if takes_sequences(build, "evaluate"):
        pair = ascending(2), constant(2, 0)
        types.append(class_of(one.evaluate(SequenceOf([pair])).value))
    # So is whether a generator of two inputs is.
    of_two = [column(1)] * 2, [column(0)] * 2
    if (of_items := tried(two.evaluate, Generator([of_two]), steps=1)) is not None:
        types.append(class_of(of_items.value))

    # Errors 1 and 2: (1 + 2)/2 and (1 + 4)/2. Outputs 2 and 3 for 0: 4 + 9, 4 and 9.
    seen = {
        "types": types,
        "one metric": with_metric,
        "two outputs": with_outputs,
    }
    expect(
        seen,
        equals={
            "types": ["list"] * len(types),
            "one metric": [1.5, 2.5],
            "two outputs": [13.0, 4.0, 9.0],
        },
        otherwise={
            "the losses of the outputs are left out": {
                "types": ["list", "float", *["list"] * (len(types) - 2)],
                "one metric": [1.5, 2.5],
                "two outputs": 13.0,
            },
        },
    )


@clause("evaluate.returns.metrics_names-labels")
def test_metrics_names_labels_what_is_returned(build: Build) -> None:
    """`metrics_names` holds a name for each value, in their order, once a model is compiled."""
    _, labels = labelled(build, lambda model: model.evaluate)
    model = build(two_in_two_out(2.0, 3.0))
    model.compile(SGD(0.0), "mae", metrics={"a": "mse"})
    after_compile = model.attribute("metrics_names")
    model.evaluate([column(1)] * 2, [column(0)] * 2)
    after_call = model.attribute("metrics_names")

    expect(
        {**labels, "right after compile": after_compile},
        equals={**EACH_ITS_OWN, "right after compile": after_call},
        otherwise={
            "there are none before the first call": {**EACH_ITS_OWN, "right after compile": []}
        },
    )


@clause("evaluate.returns.number-type")
def test_the_types_of_the_numbers_that_evaluate_returns(build: Build) -> None:
    """Whether `evaluate` returns Python's floats or NumPy's, bare and in a list."""
    seen = {}
    for form, metrics in (("bare", None), ("list", ["mse"])):
        model = build(linear())
        model.compile(SGD(0.0), "mse", metrics=metrics)
        value = model.evaluate(column(1, 2), column(0, 0)).value
        each = value if isinstance(value, list) else [value]
        seen[form] = [(class_of(number), *numbers(number)) for number in each]

    # Errors 1 and 2: (1 + 4)/2.
    def alike(kind: str) -> dict[str, list[tuple[str, float]]]:
        return {"bare": [(kind, 2.5)], "list": [(kind, 2.5), (kind, 2.5)]}

    recognise(
        seen,
        {
            "Python's floats": alike("float"),
            "NumPy's 64 bit floats": alike("float64"),
            "NumPy's 32 bit floats": alike("float32"),
        },
    )


@clause("evaluate.returns.penalties")
def test_penalties_in_the_loss_of_evaluate(build: Build) -> None:
    """Whether what a layer's weights cost is part of the loss, in training and in testing."""
    model = build(penalized(10.0))
    model.compile(SGD(0.0), "mse")

    trained, evaluated = (
        loss_in(method(column(1), column(8)).value)
        for method in (model.train_on_batch, model.evaluate)
    )

    # (10 - 8)² = 4, and 0.01·10² = 1, where 0.01 and the product round.
    recognise(
        {"train_on_batch": trained, "evaluate": evaluated},
        {
            "they are in both": {"train_on_batch": 5.0, "evaluate": 5.0},
            "they are in that of training alone": {"train_on_batch": 5.0, "evaluate": 4.0},
            "they are in neither": {"train_on_batch": 4.0, "evaluate": 4.0},
        },
        ulps=2,
    )
