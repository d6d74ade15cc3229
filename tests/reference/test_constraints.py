"""Constraints worked out by hand, on a kernel of (3, -4), whose norm is 5."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import fitspec.reference

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fitspec.reference.tensor.autodiff import Tensor

keras: Any = fitspec.reference
layers: Any = keras.layers
constraints: Any = keras.constraints
X = np.array([[1.0, 1.0]], "float32")
Y = np.array([[0.0]], "float32")

MADE: list[tuple[Callable[[], Any], list[float]]] = [
    (lambda: "max_norm", [1.2, -1.6]),  # at most 2: times 2 / 5
    (lambda: constraints.max_norm(10.0), [3, -4]),
    (lambda: constraints.MaxNorm(1.5, axis=1), [1.5, -1.5]),  # each row is one element
    (constraints.nonneg, [3, 0]),
    (constraints.UnitNorm, [0.6, -0.8]),
    (lambda: "min_max_norm", [0.6, -0.8]),  # at most 1
    (lambda: constraints.MinMaxNorm(10.0, 20.0), [6, -8]),  # at least 10
    # Half of the way from 5 to 1 is 3: times 3 / 5.
    (lambda: constraints.MinMaxNorm(rate=0.5), [1.8, -2.4]),
    (lambda: {"class_name": "UnitNorm", "config": {"axis": [0]}}, [0.6, -0.8]),
]


def model_of(constraint: object, weights: tuple[float, float] = (3.0, -4.0)) -> Any:
    """Return a model whose kernel one constraint is for, compiled so that nothing is learned."""
    dense = layers.Dense(1, use_bias=False, input_shape=(2,), kernel_constraint=constraint)
    model = keras.Sequential([dense])
    model.set_weights([np.array(weights).reshape(2, 1)])
    model.compile(keras.optimizers.SGD(0.0), "mse")
    return model


@pytest.mark.parametrize(("make", "expected"), MADE)
def test_an_update_brings_weights_back(make: Callable[[], Any], expected: list[float]) -> None:
    """With a rate of 0 that is all that it does; predicting does nothing."""
    model = model_of(make())
    model.predict(X)
    assert model.get_weights()[0].ravel().tolist() == [3, -4]

    model.train_on_batch(X, Y)

    assert model.get_weights()[0].ravel() == pytest.approx(np.array(expected), rel=1e-6)


def test_recorded_updates_are_constrained_by_what_the_limit_is_now() -> None:
    """Weights (1, 0) that move by 0.5 each are (1, 0) again; from a limit of 0.5 on (0.5, 0).

    x = (-1, 0) and y = 10 have the gradient 2 * (-1 - 10) * (-1) = 22 for the first weight, so that
    a rate of -0.5 / 22 makes it greater by 0.5.
    """
    model = model_of(constraints.MaxNorm(1.0), (1.0, 0.0))
    model.optimizer.lr = -0.5 / 22
    x, y = np.array([[-1.0, 0.0]]), np.array([[10.0]])
    for _ in range(4):
        model.train_on_batch(x, y)
        assert model.get_weights()[0].ravel() == pytest.approx(np.array([1, 0]), abs=1e-6)

    model.layers[0].kernel_constraint.max_value = 0.5

    for _ in range(4):
        model.train_on_batch(x, y)
        assert model.get_weights()[0].ravel() == pytest.approx(np.array([0.5, 0]), abs=1e-6)


def test_a_frozen_layer_is_not_constrained() -> None:
    """As nothing updates it."""
    model = model_of("unit_norm")
    model.layers[0].trainable = False
    model.compile("sgd", "mse")

    model.train_on_batch(X, Y)

    assert model.get_weights()[0].ravel().tolist() == [3, -4]


def test_every_weight_has_one_of_its_own() -> None:
    """In wrapped layers, too; of states the argument is `recurrent_constraint`."""
    inner = layers.LSTM(
        2,
        kernel_constraint="non_neg",
        recurrent_constraint=constraints.max_norm(0.1),
        bias_constraint=lambda bias: bias * 0.0,
    )
    model = keras.Sequential([layers.Bidirectional(inner, input_shape=(3, 2))])
    model.compile("sgd", "mse")

    model.train_on_batch(np.ones((1, 3, 2)), np.ones((1, 4)))

    for at in (0, 3):
        kernel, recurrent, bias = model.get_weights()[at : at + 3]
        assert kernel.min() == 0
        assert np.linalg.norm(recurrent, axis=0).max() == pytest.approx(0.1)
        assert not bias.any()


class Capped(constraints.Constraint):  # type: ignore[misc]
    """A constraint of one's own, with a setting."""

    def __init__(self, limit: float) -> None:
        self.limit = limit

    def __call__(self, w: Tensor) -> Tensor:
        """Limit every element."""
        return keras.backend.clip(w, -self.limit, self.limit)  # type: ignore[no-any-return]

    def get_config(self) -> dict[str, Any]:
        """Return the setting, as programs for Keras do."""
        return {"limit": self.limit}


class Scaled(layers.Layer):  # type: ignore[misc]
    """A layer of one's own, written as for Keras, that gives its weight a constraint."""

    def build(self, input_shape: tuple[int, ...]) -> None:
        """Make the weight."""
        shape = (input_shape[-1],)
        self.scale = self.add_weight("scale", shape, "ones", constraint=Capped(0.25))
        super().build(input_shape)

    def call(self, x: Tensor) -> Tensor:
        """Multiply."""
        scaled: Tensor = x * self.scale
        return scaled


def test_constraints_and_layers_of_ones_own(tmp_path: Path) -> None:
    """They are called at every update, and saved and loaded with the model."""
    dense = layers.Dense(2, input_shape=(2,), kernel_constraint=Capped(0.5))
    model = keras.Sequential([dense, Scaled()])
    known = {"Capped": Capped, "Scaled": Scaled}
    model.compile("sgd", "mse")
    model.save(tmp_path / "model.h5")
    for each in (model, keras.models.load_model(tmp_path / "model.h5", known)):
        each.set_weights([np.full((2, 2), 7.0), np.zeros(2), np.ones(2)])
        for _ in range(3):
            each.train_on_batch(np.ones((1, 2)), np.full((1, 2), 14.0))
        kernel, bias, scale = each.get_weights()
        assert (kernel.tolist(), scale.tolist()) == ([[0.5, 0.5]] * 2, [0.25, 0.25])
        assert bias.any()


def test_what_is_written_down_is_found_again() -> None:
    """Of a layer, and by the functions of the module."""
    layer = layers.Dense(2, kernel_constraint=constraints.MaxNorm(3), bias_constraint="non_neg")
    written = layer.get_config()
    assert written["kernel_constraint"] == {
        "class_name": "MaxNorm",
        "config": {"max_value": 3, "axis": 0},
    }
    again = layers.Dense.from_config(written)
    assert again.get_config() == written
    assert again.kernel_constraint.max_value == 3
    assert "kernel_constraint" not in layers.Dense(2).get_config()
    assert constraints.get(None) is None
    named = constraints.deserialize(constraints.serialize(constraints.get("min_max_norm")))
    assert named.get_config() == {"min_value": 0.0, "max_value": 1.0, "rate": 1.0, "axis": 0}


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: layers.Dense(2, kernel_constraint="norm"), "kernel_constraint must be a function"),
        (lambda: layers.Dense(2, bias_constraint=3), "bias_constraint must be a function or one"),
        (lambda: layers.Flatten(kernel_constraint="max_norm"), "Flatten has no weight that it is"),
        (lambda: constraints.get("norm"), "nothing is known by the name 'norm'"),
    ],
)
def test_what_is_none_is_refused(make: Callable[[], Any], message: str) -> None:
    """By the argument's name, and when it is given."""
    with pytest.raises(ValueError, match=message):
        make()
