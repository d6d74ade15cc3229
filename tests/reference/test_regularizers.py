"""Penalties worked out by hand, on a kernel of (1, -2)."""

import numpy as np
import pytest

from fitspec.reference import Model, Sequential, layers, optimizers, regularizers
from fitspec.reference.tensor.autodiff import Tensor

X = np.array([[1.0, 1.0]], "float32")
Y = np.array([[0.0]], "float32")


def compiled(**arguments: object) -> Sequential:
    """Return a model of one kernel (1, -2), whose loss on the data is (1 - 2) ** 2 = 1."""
    dense = layers.Dense(1, use_bias=False, input_shape=(2,), **arguments)  # type: ignore[arg-type]
    model = Sequential([dense])
    model.set_weights([np.array([[1.0], [-2.0]])])
    model.compile(optimizers.SGD(0.1), "mse")
    return model


@pytest.mark.parametrize(
    ("identifier", "penalty"),
    [
        ("l1", 0.01 * 3),
        ("l2", 0.01 * 5),
        ("l1_l2", 0.01 * 3 + 0.01 * 5),
        (regularizers.l2(0.5), 2.5),
        (regularizers.L1L2(l1=0.5, l2=0.1), 1.5 + 0.5),
        ({"class_name": "L1L2", "config": {"l1": 1.0, "l2": 0.0}}, 3),
    ],
)
def test_penalties(identifier: object, penalty: float) -> None:
    """The absolute values of (1, -2) add up to 3, the squares to 5."""
    regularizer = regularizers.resolve(identifier)

    assert regularizer is not None
    assert float(regularizer(Tensor(np.array([1.0, -2.0])))) == pytest.approx(penalty)


def test_none_and_unknown_ones() -> None:
    """None stands for none; a misspelt name is a ValueError that names the argument."""
    assert regularizers.resolve(None) is None
    with pytest.raises(ValueError, match="kernel_regularizer"):
        layers.Dense(1, kernel_regularizer="l3")


def test_the_total_includes_the_penalty_of_a_weight() -> None:
    """Training and testing report 1 + 0.1 * 5; metrics do not know of it."""
    model = compiled(kernel_regularizer=regularizers.l2(0.1))
    model.compile(optimizers.SGD(0.0), "mse", metrics=["mse"])

    assert model.evaluate(X, Y, verbose=0) == pytest.approx([1.5, 1])
    assert model.train_on_batch(X, Y) == pytest.approx([1.5, 1])


def test_gradients_include_the_penalty() -> None:
    """The loss pulls by 2 * -1 = -2 on both; l2 by 2 * 0.1 * w, l1 by 0.1 * sign(w)."""
    model = compiled(kernel_regularizer=regularizers.l1_l2(0.1, 0.1))

    model.train_on_batch(X, Y)

    gradient = np.array([[-2 + 0.2 + 0.1], [-2 - 0.4 - 0.1]])
    assert model.get_weights()[0] == pytest.approx(np.array([[1.0], [-2.0]]) - 0.1 * gradient)


def test_steps_that_are_done_again_include_the_penalty() -> None:
    """Many updates on a loss of 0 shrink each weight by 1 - 0.1 * 2 * 0.5 = 0.9 a step."""
    model = compiled(kernel_regularizer=regularizers.l2(0.5))

    losses = [model.train_on_batch(X * 0, Y) for _ in range(5)]

    assert losses == pytest.approx([2.5 * 0.81**step for step in range(5)])
    assert model.get_weights()[0] == pytest.approx(np.array([[1.0], [-2.0]]) * 0.9**5)


def test_outputs_may_be_penalized_too() -> None:
    """Outputs of -1 on two samples add 0.5 * (1 + 1), as the sum goes over the batch."""
    model = compiled(activity_regularizer=regularizers.l1(0.5))

    loss = model.evaluate(np.repeat(X, 2, axis=0), np.repeat(Y, 2, axis=0), verbose=0)

    assert loss == pytest.approx(1 + 1)


def test_a_shared_layer_has_one_penalty_on_its_weights_and_one_per_output() -> None:
    """The kernel (1, -2) adds 5; outputs -1 and -1 add 1 each; losses are 1 and 1."""
    shared = layers.Dense(
        1,
        use_bias=False,
        kernel_regularizer=regularizers.l2(1),
        activity_regularizer=regularizers.l1(1),
    )
    inputs = [layers.Input((2,)), layers.Input((2,))]
    model = Model(inputs, [layers.Activation(None)(shared(one)) for one in inputs])
    model.set_weights([np.array([[1.0], [-2.0]])])
    model.compile("sgd", "mse")

    results = model.evaluate([X, X], [Y, Y], verbose=0)

    assert results == pytest.approx([1 + 1 + 5 + 1 + 1, 1, 1])


def test_a_function_of_ones_own_is_called_for_every_batch() -> None:
    """It may do more than compute, so no step is done again without it."""
    calls = []

    def noted(x: Tensor) -> Tensor:
        calls.append(x)
        return x.sum()

    model = compiled(kernel_regularizer=noted)
    for _ in range(4):
        model.train_on_batch(X, Y)

    assert len(calls) == 4
