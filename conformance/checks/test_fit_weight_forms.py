"""`fit`: the forms of class weights and sample weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fitspec.conformance.checks import SGD, Build, answer, clause, expect, outcome, recognise
from fitspec.conformance.vocabulary.models import copies, linear, temporal, two_in_two_out
from fitspec.conformance.vocabulary.samples import column, constant
from fitspec.conformance.worker.answers import loss_of

if TYPE_CHECKING:
    from fitspec.conformance.vocabulary.probes import ModelOf
    from fitspec.conformance.worker.remote import Model

#: Two samples with x = 1. The weight 3 errs by 3 on the first and by 2 on the second.
X, Y = constant(2, 1), column(0, 1)
CLASS_WEIGHT = {0: 1.0, 1: 10.0}


def _frozen(build: Build, description: ModelOf, mode: str | None = None) -> Model:
    """Return a model that does not learn, compiled with `mode` as `sample_weight_mode` if given."""
    model = build(description)
    arguments = {} if mode is None else {"sample_weight_mode": mode}
    model.compile(SGD(0.0), "mse", **arguments)
    return model


@clause("fit.class_weight.one-hot-targets")
def test_the_class_of_a_one_hot_row_is_its_maximum(build: Build) -> None:
    """The class of a one-hot target is the position of its maximum."""
    targets = np.eye(3, dtype=np.float32)[[0, 1, 2, 1]]

    result = _frozen(build, copies(3, 2.0)).fit(
        constant(4, 1), targets, class_weight={0: 1.0, 1: 10.0, 2: 100.0}, epochs=1
    )

    # Predictions 2, 2, 2: each row loses (1 + 4 + 4)/3 = 3, so 3·(1 + 10 + 100 + 10)/4.
    expect(
        result.history.history["loss"],
        equals=[90.75],
        otherwise={
            "class weights had no effect": [3.0],
            "the first column is the class": [3 * (10 + 1 + 1 + 1) / 4],
        },
    )


@clause("fit.class_weight.integer-keys-float-labels")
def test_integer_keys_match_labels_of_any_form(build: Build) -> None:
    """Integer keys match labels that are integers or floats, flat or in a column."""
    forms = {
        f"{name}, {kind.__name__}": labels.astype(kind)
        for name, labels in (("flat", Y.ravel()), ("column", Y))
        for kind in (np.float32, np.int64)
    }

    losses = {
        name: _frozen(build, linear(3.0))
        .fit(X, labels, class_weight=CLASS_WEIGHT, epochs=1)
        .history.history["loss"]
        for name, labels in forms.items()
    }

    # (1·9 + 10·4)/2; unweighted (9 + 4)/2.
    expect(
        losses,
        equals=dict.fromkeys(forms, [24.5]),
        otherwise={"class weights had no effect": dict.fromkeys(forms, [6.5])},
    )


@clause("fit.class_weight.not-a-dict")
def test_class_weights_that_are_no_mapping_are_not_read_by_position(build: Build) -> None:
    """A list, a tuple or an array is never taken for the weights of classes 0, 1, …."""
    cases = {"list": [1.0, 10.0], "tuple": (1.0, 10.0), "array": np.asarray([1.0, 10.0])}

    losses = {
        name: loss_of(answer(_frozen(build, linear(3.0)).fit, X, Y, class_weight=value, epochs=1))
        for name, value in cases.items()
    }

    # (1·9 + 10·4)/2 by position; an exception and the unweighted loss are both within the clause.
    expect(
        {name: loss == [24.5] for name, loss in losses.items()}, equals=dict.fromkeys(cases, False)
    )


def _two_outputs(build: Build, *, epochs: int = 1, **arguments: object) -> object:
    """Train a = 3·x and b = 2·x on the targets 0 and 1; return the loss or the refusal."""
    model = _frozen(build, two_in_two_out(3.0, 2.0))
    return loss_of(answer(model.fit, [X, X], [Y, Y], epochs=epochs, **arguments))


@clause("fit.class_weight.per-output")
def test_class_weights_of_one_of_several_outputs(build: Build) -> None:
    """What `fit` does with class weights for one of two outputs, given by its name."""
    seen = _two_outputs(build, class_weight={"a": CLASS_WEIGHT})

    # Output a loses 9 and 4, output b 4 and 1. Weighted a (1·9 + 10·4)/2, b (1·4 + 10·1)/2;
    # unweighted 6.5 and 2.5.
    recognise(
        seen,
        {
            "they weight the loss of that output": [24.5 + 2.5],
            "they are refused with a ValueError": "ValueError",
            "they have no effect": [6.5 + 2.5],
            "they weight the loss of every output": [24.5 + 7.0],
        },
    )


@clause("fit.sample_weight.multi-output")
def test_sample_weights_of_several_outputs(build: Build) -> None:
    """What `fit` does with sample weights for two outputs: a dict, a list, a list with `None`."""
    first, second = np.asarray([1, 3], np.float32), np.asarray([2, 4], np.float32)
    forms = {"dict": {"b": second, "a": first}, "list": [first, second], "None": [first, None]}

    seen = {name: _two_outputs(build, sample_weight=form) for name, form in forms.items()}

    # Weighted a (1·9 + 3·4)/2 = 10.5, b (2·4 + 4·1)/2 = 6; b unweighted 2.5.
    recognise(
        seen,
        {
            "a dict by name or a list; None leaves an output unweighted": {
                "dict": [16.5],
                "list": [16.5],
                "None": [13.0],
            },
            "a list; None leaves an output unweighted; a dict for listed targets is refused": {
                "dict": "ValueError",
                "list": [16.5],
                "None": [13.0],
            },
            "all three are refused with a ValueError": dict.fromkeys(forms, "ValueError"),
        },
    )


@clause("fit.sample_weight.temporal-2d")
def test_each_time_step_has_a_weight(build: Build) -> None:
    """In temporal mode a 2D array holds one factor for each time step of each sample."""
    x, y = np.ones((2, 3, 1), np.float32), np.arange(6, dtype=np.float32).reshape(2, 3, 1)
    weights = np.asarray([[1, 2, 2], [4, 5, 6]], np.float32)

    result = _frozen(build, temporal(3.0), "temporal").fit(x, y, sample_weight=weights, epochs=1)

    # Errors 3, 2, 1, 0, -1, -2: (1·9 + 2·4 + 2·1 + 4·0 + 5·1 + 6·4)/6 = 48/6. No weight is 0, so
    # all readings of the divisor agree.
    expect(
        result.history.history["loss"],
        equals=[8.0],
        ulps=1,
        otherwise={
            "the weights had no effect": [19 / 6],
            "samples and steps are exchanged": [(9 + 4 * 4 + 2 * 1 + 2 * 1 + 6 * 4) / 6],
        },
    )


@clause("fit.sample_weight.temporal-needs-mode")
def test_sample_weights_of_another_rank_than_the_mode_says_are_refused(build: Build) -> None:
    """2D weights without temporal mode, and the mode without 2D weights, are a ValueError."""
    sequences = np.ones((2, 3, 1), np.float32)
    flat, by_step = np.ones(2, np.float32), np.ones((2, 3), np.float32)
    cases = {
        "2D weights without the mode": (temporal(3.0), None, sequences, by_step),
        "1D weights with the mode": (temporal(3.0), "temporal", sequences, flat),
        "the mode for targets without steps": (linear(3.0), "temporal", X, flat),
    }

    outcomes = {
        name: outcome(
            _frozen(build, description, mode).fit, data, data, sample_weight=weights, epochs=1
        )
        for name, (description, mode, data, weights) in cases.items()
    }

    expect(outcomes, equals=dict.fromkeys(cases, "ValueError"))
