"""Wrong arguments of every method: each is refused by name, and nothing is changed before that.

A table has one wrong argument a line, with the error and the words that the message must hold: the
argument's name, what came, and what was expected.
"""

import re
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import pytest

from fitspec.reference import Input, Model, Sequential, layers, optimizers

Case: TypeAlias = tuple[dict[str, Any], type[Exception], tuple[str, ...]]

X = np.arange(1, 5, dtype="float32")[:, None]
Y = np.zeros((4, 1), "float32")
NAN = float("nan")
OBJECTS = np.array([[None], ["a"], [1], [2]], dtype=object)
RAGGED = [[1.0], [1.0, 2.0], [3.0], [4.0]]


def state(model: Any) -> dict[str, Any]:
    """Return everything that training or compiling changes about a model, as values or by identity.

    Objects are told apart by identity: what `compile` set must be the very same afterwards.
    """
    optimizer = model.optimizer
    return {
        "weights": [weight.tolist() for weight in model.get_weights()],
        "plan": id(model.plan),
        "optimizer": id(optimizer),
        "settings": (optimizer.learning_rate, optimizer.momentum),
        "iterations": optimizer.iterations,
        "momentum": [
            (variable.name, [array.tolist() for array in memory])
            for variable, memory in optimizer._memory.items()  # noqa: SLF001 - it has no other reader
        ],
        "metrics": [metric.result() for metric in model.plan.all_metrics],
        "names": model.metrics_names,
        "history": id(model.history),
        "epochs": None if model.history is None else list(model.history.epoch),
        "results": None if model.history is None else repr(model.history.history),
        "stop_training": model.stop_training,
    }


@pytest.fixture
def used(linear: Callable[..., Any]) -> Any:
    """Return y = w x after one epoch with momentum and a metric, so that all state is there."""
    model = linear(2.0, optimizer=optimizers.SGD(0.01, momentum=0.5), metrics=["mae"])
    model.fit(X, Y, verbose=0)
    return model


ARRAYS: list[Case] = [
    ({"x": OBJECTS}, ValueError, ("x", "object", "expected numbers")),
    ({"x": np.array([["a"]] * 4)}, ValueError, ("x", "U1", "expected numbers")),
    ({"x": RAGGED}, ValueError, ("x", "different lengths")),
    ({"x": 3.0}, ValueError, ("x", "3.0", "array")),
    ({"x": np.zeros((4, 2))}, ValueError, ("x", "(2,)", "(1,)")),
    ({"x": np.zeros((4, 1, 1))}, ValueError, ("x", "(1, 1)", "(1,)")),
    ({"x": np.zeros((0, 1)), "y": np.zeros((0, 1))}, ValueError, ("x", "no samples")),
    ({"x": [X, X]}, ValueError, ("x", "got 2", "takes 1")),
    ({"x": {"zz": X}}, ValueError, ("x", "'zz'", "no entry")),
]
TARGETS: list[Case] = [
    ({"x": None}, ValueError, ("x", "got 0", "takes 1")),
    ({"y": None}, ValueError, ("y", "got 0", "takes 1")),
    ({"y": OBJECTS}, ValueError, ("y", "object", "expected numbers")),
    ({"y": RAGGED}, ValueError, ("y", "different lengths")),
    ({"y": 3.0}, ValueError, ("y", "3.0", "array")),
    ({"y": Y[:3]}, ValueError, ("y", "[3, 4]", "equal numbers")),
    ({"y": np.zeros((4, 2))}, ValueError, ("y", "(2,)", "(1,)")),
    ({"y": {"zz": Y}}, ValueError, ("y", "'zz'", "no entry")),
    ({"sample_weight": np.ones(3)}, ValueError, ("sample_weight", "(3,)", "(4, 1)")),
    ({"sample_weight": np.ones((4, 1))}, ValueError, ("sample_weight", "(4, 1)", "(samples,)")),
    ({"sample_weight": RAGGED}, ValueError, ("sample_weight", "different lengths")),
    ({"sample_weight": np.array(["a"] * 4)}, ValueError, ("sample_weight", "U1", "numbers")),
    ({"sample_weight": {"zz": np.ones(4)}}, ValueError, ("sample_weight", "'zz'", "outputs are")),
]
CLASSES: list[Case] = [
    ({"class_weight": 3}, ValueError, ("class_weight", "int", "dict")),
    ({"class_weight": {5: 1.0}}, ValueError, ("class_weight", "class 0", "no factor")),
    ({"class_weight": {0: "a"}}, ValueError, ("class_weight", "'a'", "factors")),
    ({"class_weight": {0.5: 1.0}}, ValueError, ("class_weight", "0.5", "class indices")),
]
ROUND: list[Case] = [
    ({"batch_size": 0}, ValueError, ("batch_size", "0", "at least 1")),
    ({"batch_size": -1}, ValueError, ("batch_size", "-1", "at least 1")),
    ({"batch_size": 1.5}, TypeError, ("batch_size", "1.5", "integer")),
    ({"batch_size": "a"}, TypeError, ("batch_size", "'a'", "integer")),
    ({"batch_size": NAN}, TypeError, ("batch_size", "nan", "integer")),
    ({"verbose": 3}, ValueError, ("verbose", "3", "0, 1 or 2")),
    ({"verbose": "a"}, ValueError, ("verbose", "'a'", "0, 1 or 2")),
    ({"callbacks": 3}, TypeError, ("callbacks", "3", "Callback")),
    ({"callbacks": [None]}, TypeError, ("callbacks", "None", "Callback")),
    ({"workers": -1}, ValueError, ("workers", "-1", "at least 0")),
    ({"workers": 1.5}, TypeError, ("workers", "1.5", "integer")),
    ({"max_queue_size": 0}, ValueError, ("max_queue_size", "0", "at least 1")),
]
STEPS: list[Case] = [
    ({"steps": 0}, ValueError, ("steps", "0", "at least 1")),
    ({"steps": -1.5}, ValueError, ("steps", "-1", "at least 1")),
    ({"steps": "a"}, TypeError, ("steps", "'a'", "integer")),
    ({"steps": NAN}, ValueError, ("steps", "nan", "number")),
    ({"steps": float("inf")}, ValueError, ("steps", "inf", "number")),
]
FIT: list[Case] = [
    ({"epochs": 1.5}, TypeError, ("epochs", "1.5", "integer")),
    ({"epochs": None}, TypeError, ("epochs", "None", "integer")),
    ({"initial_epoch": -1}, ValueError, ("initial_epoch", "-1", "at least 0")),
    ({"initial_epoch": "a"}, TypeError, ("initial_epoch", "'a'", "integer")),
    ({"validation_split": 1.0}, ValueError, ("validation_split", "1.0", "below 1")),
    ({"validation_split": -0.1}, ValueError, ("validation_split", "-0.1", "at least 0")),
    ({"validation_split": NAN}, ValueError, ("validation_split", "nan", "below 1")),
    ({"validation_split": "a"}, ValueError, ("validation_split", "'a'", "below 1")),
    ({"validation_split": 0.9}, ValueError, ("validation_split", "0.9", "at least one")),
    ({"validation_data": X}, ValueError, ("validation_data", "ndarray", "(inputs, targets)")),
    ({"validation_data": (X,)}, ValueError, ("validation_data", "of 1", "(inputs, targets)")),
    ({"shuffle": "no"}, ValueError, ("shuffle", "'no'", "'batch'")),
    ({"steps_per_epoch": NAN}, ValueError, ("steps_per_epoch", "nan", "number")),
    ({"steps_per_epoch": 0}, ValueError, ("steps_per_epoch", "0", "at least 1")),
    ({"steps_per_epoch": 1, "batch_size": 2}, ValueError, ("batch_size", "steps_per_epoch")),
    ({"validation_freq": 0, "validation_data": (X, Y)}, ValueError, ("validation_freq", "0")),
    ({"validation_steps": 1, "validation_data": (X, Y)}, ValueError, ("steps_per_epoch",)),
    ({"zz": 1}, TypeError, ("'zz'", "fit")),
]
COMPILE: list[Case] = [
    ({"optimizer": 3}, ValueError, ("optimizer", "3", "sgd")),
    ({"loss": "zz"}, ValueError, ("loss", "'zz'", "mse")),
    ({"loss": []}, ValueError, ("loss", "0 entries", "1 outputs")),
    ({"loss": {"zz": "mse"}}, ValueError, ("loss", "'zz'", "outputs are")),
    ({"metrics": [3]}, ValueError, ("metrics", "3", "accuracy")),
    ({"weighted_metrics": {"zz": "mae"}}, ValueError, ("weighted_metrics", "'zz'", "outputs are")),
    ({"loss_weights": 3}, ValueError, ("loss_weights", "3", "list or a dict")),
    ({"loss_weights": ["a"]}, ValueError, ("loss_weights", "'a'", "numbers")),
    ({"loss_weights": [NAN]}, ValueError, ("loss_weights", "nan", "numbers")),
    ({"sample_weight_mode": 3}, ValueError, ("sample_weight_mode", "3", "list or a dict")),
    ({"target_tensors": 3}, TypeError, ("target_tensors", "int", "tensors")),
]
GET_LAYER: list[Case] = [
    ({}, ValueError, ("name", "index")),
    ({"name": "zz"}, ValueError, ("name", "'zz'", "'a'")),
    ({"index": 9}, ValueError, ("index", "9", "3 layers")),
    ({"index": -9}, ValueError, ("index", "-9", "3 layers")),
    ({"index": "a"}, TypeError, ("index", "'a'", "integer")),
    ({"index": NAN}, TypeError, ("index", "nan", "integer")),
]
ONLY_X = [case for case in ARRAYS if "y" not in case[0]]
TABLES: dict[str, tuple[dict[str, Any], list[Case]]] = {
    "compile": ({"optimizer": "sgd", "loss": "mse"}, COMPILE),
    "fit": ({"x": X, "y": Y, "verbose": 0}, [*ARRAYS, *TARGETS, *CLASSES, *ROUND, *FIT]),
    "evaluate": ({"x": X, "y": Y, "verbose": 0}, [*ARRAYS, *TARGETS, *ROUND, *STEPS]),
    "predict": ({"x": X}, [*ONLY_X, *ROUND, *STEPS]),
    "train_on_batch": ({"x": X, "y": Y}, [*ARRAYS, *TARGETS, *CLASSES]),
    "test_on_batch": ({"x": X, "y": Y}, [*ARRAYS, *TARGETS]),
    "predict_on_batch": ({"x": X}, ONLY_X),
    "get_layer": ({}, GET_LAYER),
}
CASES = [
    pytest.param(
        method, {**right, **wrong}, error, words, id=f"{method}-{number}-{'-'.join(wrong)}"
    )
    for method, (right, cases) in TABLES.items()
    for number, (wrong, error, words) in enumerate(cases)
]


@pytest.mark.parametrize(("method", "arguments", "error", "words"), CASES)
def test_wrong_arguments_are_refused_and_change_nothing(  # noqa: PLR0913, PLR0917 - a table's columns
    used: Any,
    log: Any,
    method: str,
    arguments: dict[str, Any],
    error: type[Exception],
    words: tuple[str, ...],
) -> None:
    """The message names argument, what came and what was expected; no state moves, no hook runs."""
    if method in {"fit", "evaluate", "predict"}:
        arguments = {"callbacks": [log], **arguments}
    before = state(used)

    with pytest.raises(error, match="".join(f"(?=.*{re.escape(word)})" for word in words)):
        getattr(used, method)(**arguments)

    assert state(used) == before
    assert log.events == []


TWO: list[Case] = [
    ({"x": [X]}, ValueError, ("x", "got 1", "takes 2")),
    ({"x": X}, ValueError, ("x", "got 1", "takes 2")),
    ({"x": {"in1": X}}, ValueError, ("x", "'in2'", "no entry")),
    ({"x": [X, X[:3]]}, ValueError, ("x", "[3, 4]", "equal numbers")),
    ({"x": [X, np.zeros((4, 2))]}, ValueError, ("x", "(2,)", "(1,)")),
    ({"x": [X, OBJECTS]}, ValueError, ("x", "object", "expected numbers")),
]
TWO_TARGETS: list[Case] = [
    ({"y": [Y]}, ValueError, ("y", "got 1", "takes 2")),
    ({"y": {"a": Y}}, ValueError, ("y", "'b'", "no entry")),
    ({"y": [Y, RAGGED]}, ValueError, ("y", "different lengths")),
    ({"y": [Y, Y[:3]]}, ValueError, ("y", "[3, 4]", "equal numbers")),
    ({"sample_weight": np.ones(4)}, ValueError, ("sample_weight", "list or a dict", "2 outputs")),
    ({"sample_weight": [np.ones(4)]}, ValueError, ("sample_weight", "1 entries", "2 outputs")),
    ({"sample_weight": {"c": np.ones(4)}}, ValueError, ("sample_weight", "'c'", "outputs are")),
    ({"sample_weight": {"b": np.ones(3)}}, ValueError, ("sample_weight", "(3,)", "(4, 1)")),
    ({"sample_weight": [np.ones(4), RAGGED]}, ValueError, ("sample_weight", "different lengths")),
]
TWO_TABLES: dict[str, list[Case]] = {
    "fit": [*TWO, *TWO_TARGETS, ({"class_weight": {"c": {0: 1.0}}}, ValueError, ("class_weight",))],
    "evaluate": [*TWO, *TWO_TARGETS],
    "train_on_batch": [*TWO, *TWO_TARGETS],
    "test_on_batch": [*TWO, *TWO_TARGETS],
    "predict": TWO,
    "predict_on_batch": TWO,
}
TWO_CASES = [
    pytest.param(method, *case, id=f"{method}-{number}-{'-'.join(case[0])}")
    for method, cases in TWO_TABLES.items()
    for number, case in enumerate(cases)
]


@pytest.fixture
def used_two() -> Any:
    """Return a model of two inputs and outputs after one epoch with momentum and a metric."""
    ends = [Input(shape=(1,), name=name) for name in ("in1", "in2")]
    outputs = [layers.Dense(1, name=name)(end) for name, end in zip("ab", ends, strict=True)]
    model = Model(ends, outputs)
    model.compile(optimizers.SGD(0.01, momentum=0.5), "mse", metrics=["mae"])
    model.fit([X, X], [Y, Y], verbose=0)
    return model


@pytest.mark.parametrize(("method", "wrong", "error", "words"), TWO_CASES)
def test_wrong_data_for_several_outputs_are_refused_and_change_nothing(
    used_two: Any,
    method: str,
    wrong: dict[str, Any],
    error: type[Exception],
    words: tuple[str, ...],
) -> None:
    """Lists and dicts are looked at entry by entry, before the first of them is used."""
    right = {"x": [X, X]} if method.startswith("predict") else {"x": [X, X], "y": [Y, Y]}
    before = state(used_two)

    with pytest.raises(error, match="".join(f"(?=.*{re.escape(word)})" for word in words)):
        getattr(used_two, method)(**{**right, **wrong})

    assert state(used_two) == before


WITHOUT_SHAPE: list[tuple[str, dict[str, Any]]] = [
    *[("fit", {"x": X, "y": Y[:3]}), ("fit", {"x": X, "y": Y, "sample_weight": np.ones(3)})],
    *[("fit", {"x": X, "y": Y, "class_weight": 3}), ("fit", {"x": X, "y": Y, "callbacks": 3})],
    ("fit", {"x": X, "y": Y, "validation_data": (np.zeros((4, 2)), Y)}),
    ("fit", {"x": iter([(X, Y[:3])]), "steps_per_epoch": 1}),
    ("evaluate", {"x": iter([(X, Y[:3])]), "steps": 1}),
    ("predict", {"x": iter([OBJECTS]), "steps": 1}),
    ("evaluate", {"x": X, "y": Y[:3]}),
    ("evaluate", {"x": X, "y": Y, "sample_weight": RAGGED}),
    ("predict", {"x": np.zeros((0, 1))}),
    ("predict", {"x": {"zz": X, "yy": X}}),
    *[("train_on_batch", {"x": X, "y": Y[:3]}), ("test_on_batch", {"x": X, "y": Y[:3]})],
    ("predict_on_batch", {"x": OBJECTS}),
]


@pytest.mark.parametrize(
    ("method", "arguments"),
    [pytest.param(*case, id=f"{case[0]}-{number}") for number, case in enumerate(WITHOUT_SHAPE)],
)
def test_data_that_are_refused_do_not_decide_a_shape(
    method: str, arguments: dict[str, Any]
) -> None:
    """A stack without weights has none after a refusal, and takes data of another shape."""
    model = Sequential([layers.Dense(2, name="first"), layers.Dense(1)])
    model.compile("sgd", "mse")

    with pytest.raises((TypeError, ValueError)):
        getattr(model, method)(**arguments)

    assert model.get_layer("first").get_weights() == []
    assert model.fit(np.ones((4, 3)), Y, verbose=0).epoch == [0]
    assert model.get_layer("first").get_weights()[0].shape == (3, 2)


def test_weights_that_were_made_stay_when_a_later_call_is_refused() -> None:
    """Only what the refused data themselves decided is undone."""
    model = Sequential([layers.Dense(1)])
    model.predict(X)
    before = model.get_weights()

    with pytest.raises(ValueError, match="x"):
        model.predict(np.zeros((4, 2)))

    assert [array.tolist() for array in model.get_weights()] == [item.tolist() for item in before]


@pytest.mark.parametrize("name", ["x", "y", "sample_weight"])
def test_a_number_that_is_not_a_number_is_data(used: Any, name: str) -> None:
    """No document forbids it: NaN goes through, and the loss says so."""
    holed = {"x": X.copy(), "y": Y.copy(), "sample_weight": np.ones(4, "float32")}
    holed[name][1] = NAN

    loss, *_ = used.evaluate(**holed, verbose=0)

    assert np.isnan(loss)
