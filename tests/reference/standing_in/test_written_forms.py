"""Names and written forms of losses, metrics, optimizers and what layers are given."""

from __future__ import annotations

from typing import Any

import pytest

import fitspec.reference

keras: Any = fitspec.reference


def twice(x: Any) -> Any:
    return x * 2


@pytest.mark.parametrize(
    ("module", "name", "attribute"),
    [
        ("losses", "mse", "mean_squared_error"),
        ("losses", "MeanSquaredError", "MeanSquaredError"),
        ("metrics", "mae", "mean_absolute_error"),
        ("metrics", "binary_accuracy", "binary_accuracy"),
        ("activations", "relu", "relu"),
    ],
)
def test_a_name_stands_for_a_function_or_class(module: str, name: str, attribute: str) -> None:
    """In modules of functions."""
    found = getattr(keras, module)

    assert found.get(name) is getattr(found, attribute)
    assert found.deserialize(name) is getattr(found, attribute)


@pytest.mark.parametrize(
    ("module", "name", "kind"),
    [
        ("optimizers", "adam", "Adam"),
        ("optimizers", "SGD", "SGD"),
        ("initializers", "ones", "Ones"),
        ("initializers", "he_normal", "VarianceScaling"),
        ("regularizers", "l2", "L1L2"),
    ],
)
def test_a_name_stands_for_an_object(module: str, name: str, kind: str) -> None:
    """In modules of classes."""
    found = getattr(keras, module)

    assert isinstance(found.get(name), getattr(found, kind))


@pytest.mark.parametrize(
    ("module", "thing", "attribute"),
    [
        ("losses", keras.losses.Huber(2.0), "delta"),
        ("metrics", keras.metrics.Precision(0.25, name="p"), "thresholds"),
        ("optimizers", keras.optimizers.SGD(0.5), "lr"),
        ("initializers", keras.initializers.Constant(3.0), "value"),
        ("regularizers", keras.regularizers.l1(0.5), "l1"),
    ],
)
def test_an_object_is_made_of_what_was_written(module: str, thing: Any, attribute: str) -> None:
    """With what it was made with."""
    found = getattr(keras, module)
    again = found.get(found.serialize(thing))

    assert type(again) is type(thing)
    assert again is not thing
    assert getattr(again, attribute) == getattr(thing, attribute)


@pytest.mark.parametrize("module", ["losses", "metrics", "activations"])
def test_functions_of_ones_own_are_known_by_name(module: str) -> None:
    """Given as custom objects, or in a scope of them; and returned as they are by `get`."""
    found = getattr(keras, module)

    assert found.serialize(twice) == "twice"
    assert found.deserialize("twice", custom_objects={"twice": twice}) is twice
    with keras.utils.custom_object_scope({"twice": twice}):
        assert found.get("twice") is twice
    assert found.get(twice) is twice


def test_classes_of_ones_own_need_no_from_config() -> None:
    """They are called with what they wrote down."""

    class Scaled:
        def __init__(self, factor: float) -> None:
            self.factor = factor

        def __call__(self, y_true: Any, y_pred: Any) -> Any:
            return keras.losses.mse(y_true, y_pred) * self.factor

        def get_config(self) -> dict[str, float]:
            return {"factor": self.factor}

    written = keras.losses.serialize(Scaled(3.0))

    assert written == {"class_name": "Scaled", "config": {"factor": 3.0}}
    assert keras.losses.deserialize(written, {"Scaled": Scaled}).factor == 3.0


def test_none_stands_for_nothing() -> None:
    """Where layers take it."""
    assert keras.losses.get(None) is None
    assert keras.regularizers.get(None) is None
    assert keras.activations.get(None) is keras.activations.linear
    assert keras.losses.serialize(None) is None


@pytest.mark.parametrize(
    "module", ["losses", "metrics", "activations", "optimizers", "initializers", "regularizers"]
)
@pytest.mark.parametrize("wrong", ["nonsense", 5, {"class_name": "Nonsense", "config": {}}, {}])
def test_what_is_not_known_is_refused(module: str, wrong: object) -> None:
    """With a message that has it."""
    found = getattr(keras, module)

    with pytest.raises(ValueError, match=r"nonsense|5|Nonsense|\{\}"):
        found.get(wrong)


@pytest.mark.parametrize("module", ["losses", "initializers", "layers", "metrics"])
def test_only_classes_can_be_asked_for(module: str) -> None:
    """And not what a module imports, such as a module that opens files."""
    forms = getattr(keras, module)
    config = {"class_name": "resolve", "config": {"identifier": "zeros"}}

    if module == "layers":
        with pytest.raises(ValueError, match="resolve"):
            keras.models.model_from_config(config)
    else:
        with pytest.raises(ValueError, match="resolve"):
            forms.deserialize(config)


def test_optimizers_have_names_in_lower_case() -> None:
    """As in Keras 2.3."""
    optimizers = keras.optimizers

    assert [optimizers.sgd, optimizers.adam, optimizers.rmsprop, optimizers.adagrad] == [
        optimizers.SGD,
        optimizers.Adam,
        optimizers.RMSprop,
        optimizers.Adagrad,
    ]


def test_reductions_have_names() -> None:
    """`losses.Reduction` has them."""
    reduction = keras.losses.Reduction
    y_true, y_pred = [[0.0], [0.0]], [[1.0], [3.0]]

    # Squares 1 and 9.
    assert float(keras.losses.MeanSquaredError(reduction.SUM)(y_true, y_pred)) == 10
    assert float(keras.losses.MeanSquaredError(reduction.SUM_OVER_BATCH_SIZE)(y_true, y_pred)) == 5
    each = keras.losses.MeanSquaredError(reduction.NONE)(y_true, y_pred).numpy()
    assert each.tolist() == [1, 9]
