"""Activations at points worked out by hand."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from fitspec.reference import Sequential, activations, layers, set_random_seed
from fitspec.reference.tensor import autodiff
from fitspec.reference.tensor.autodiff import Tensor

if TYPE_CHECKING:
    from collections.abc import Callable

    from fitspec.reference.compute.recorded.step import RecordedStep

E = math.e


@pytest.mark.parametrize(
    ("name", "arguments", "values", "slopes"),
    # each at -1, 0 and 2
    [
        ("linear", {}, [-1, 0, 2], [1, 1, 1]),
        ("relu", {}, [0, 0, 2], [0, 0, 1]),
        ("relu", {"alpha": 0.5}, [-0.5, 0, 2], [0.5, 0.5, 1]),
        ("relu", {"max_value": 1.5}, [0, 0, 1.5], [0, 0, 0]),
        # below the threshold: 0.5 * (x - 1)
        ("relu", {"alpha": 0.5, "threshold": 1}, [-1, -0.5, 2], [0.5, 0.5, 1]),
        ("hard_sigmoid", {}, [0.3, 0.5, 0.9], [0.2, 0.2, 0.2]),
        ("softsign", {}, [-0.5, 0, 2 / 3], [0.25, 1, 1 / 9]),
        (
            "softplus",
            {},
            [math.log(1 + 1 / E), math.log(2), math.log(1 + E**2)],
            [1 / (1 + E), 0.5, E**2 / (1 + E**2)],
        ),
        ("exponential", {}, [1 / E, 1, E**2], [1 / E, 1, E**2]),
        ("elu", {}, [1 / E - 1, 0, 2], [1 / E, 1, 1]),
        ("elu", {"alpha": 2}, [2 / E - 2, 0, 2], [2 / E, 2, 1]),
        (
            "selu",
            {},
            [1.7580993 * (1 / E - 1), 0, 2.1014020],
            [1.7580993 / E, 1.7580993, 1.0507010],
        ),
    ],
)
def test_values_and_slopes(
    name: str, arguments: dict[str, float], values: list[float], slopes: list[float]
) -> None:
    """Every function has the documented values, and the slopes that training uses."""
    x = Tensor(np.array([-1.0, 0.0, 2.0]), requires_gradient=True)

    y = activations.NAMES[name](x, **arguments)

    assert y.data == pytest.approx(values)
    assert autodiff.gradients(y.sum(), [x])[0] == pytest.approx(slopes)


def test_softplus_of_large_elements_is_finite() -> None:
    """It is 0 far below 0, and the element itself far above."""
    x = Tensor(np.array([-1000.0, 1000.0]))

    assert activations.softplus(x).data.tolist() == [0, 1000]


def test_softmax_along_another_axis() -> None:
    """Each column adds up to 1: e / (e + 1) and 1 / (e + 1)."""
    result = activations.softmax(Tensor(np.array([[1.0, 0.0], [0.0, 0.0]])), axis=0)

    assert result.data == pytest.approx(np.array([[E / (E + 1), 0.5], [1 / (E + 1), 0.5]]))


def test_identifiers() -> None:
    """None is linear, a function stands for itself, a misspelt name is refused."""
    assert activations.resolve(None) is activations.linear
    assert activations.resolve("selu") is activations.selu
    assert activations.resolve(abs) is abs
    with pytest.raises(ValueError, match="activation"):
        activations.resolve("reluu")


@pytest.mark.parametrize("name", activations.NAMES)
def test_recorded_activations_give_the_same_bits(
    name: str, plans: list[RecordedStep], never_recorded: Callable[[], None]
) -> None:
    """What is done again in training is what the definition says."""

    def trained() -> list[Any]:
        set_random_seed(1)
        model = Sequential([layers.Dense(3, name, input_shape=(2,))])
        model.compile("sgd", "mse")
        for _ in range(4):
            model.train_on_batch(np.array([[1.0, 2.0], [3.0, -1.0]]), np.ones((2, 3)))
        return model.get_weights()

    weights = trained()
    never_recorded()

    assert len(plans) == 1
    assert all(map(np.array_equal, weights, trained()))
