"""Losses that refer to symbols of the model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from fitspec.reference import Input, Model, layers, losses, optimizers
from fitspec.reference.backend import mean, square
from fitspec.reference.backend import sum as total

if TYPE_CHECKING:
    from collections.abc import Callable

    from fitspec.reference.network.layer import Symbol

x = np.linspace(-1, 1, 24, dtype="float32").reshape(8, 3)
y = x[:, :1] * 2


def trained(change: Callable[[Any, Symbol, Symbol], Any]) -> tuple[list[float], list[Any]]:
    """Return the losses of a model that `change` compiles, given its parts, and its weights."""
    data = Input((3,))
    hidden = layers.Dense(2, activation="tanh")(data)
    model = Model(data, layers.Dense(1)(hidden))
    model.set_weights([np.full(w.shape, 0.3, "float32") for w in model.get_weights()])
    change(model, data, hidden)
    history = model.fit(x, y, batch_size=4, epochs=3, shuffle=False, verbose=0)
    result: Any = model.evaluate(x, y, verbose=0)
    return [*history.history["loss"], result], model.get_weights()


def added(model: Any, data: Symbol, hidden: Symbol) -> None:
    """Add the penalty as documented."""
    model.add_loss(mean(square(hidden)) + mean(2 * square(data)))
    model.compile(optimizers.SGD(0.1), "mse")


def function(model: Any, data: Symbol, hidden: Symbol) -> None:
    """Refer to symbols in a function, on either side of an operator."""
    ahead: Any = 2 * square(data)

    def loss(y_true: Any, y_pred: Any) -> Any:
        return mean(square(hidden)) + mean(square(y_true - y_pred)) + mean(ahead)

    model.compile(optimizers.SGD(0.1), loss)


def of_a_class(model: Any, data: Symbol, hidden: Symbol) -> None:
    """Refer to them in a class."""

    class Own(losses.Loss):
        def call(self, y_true: Any, y_pred: Any) -> Any:
            one: Any = mean(square(y_true - y_pred))
            return one + mean(square(hidden)) + mean(2 * square(data))

    model.compile(optimizers.SGD(0.1), Own())


@pytest.mark.parametrize("change", [function, of_a_class])
def test_a_loss_may_refer_to_symbols(change: Callable[..., Any]) -> None:
    """It comes to the numbers, and the gradients, of one that is added."""
    found, wanted = trained(change), trained(added)

    np.testing.assert_allclose(found[0], wanted[0], rtol=1e-5)
    for one, other in zip(found[1], wanted[1], strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5)


def test_what_is_computed_of_symbols_that_the_outputs_do_not_need() -> None:
    """By layers that the model has not, which are not trained."""

    def change(model: Any, _: Symbol, hidden: Symbol) -> None:
        beside = layers.Dense(1, kernel_initializer="ones")(hidden)
        model.compile(optimizers.SGD(0.1), lambda t, p: square(t - p) + square(beside))

    def same(model: Any, _: Symbol, hidden: Symbol) -> None:
        model.add_loss(mean(square(total(hidden, axis=-1))))
        model.compile(optimizers.SGD(0.1), "mse")

    np.testing.assert_allclose(trained(change)[0], trained(same)[0], rtol=1e-5)


def test_a_symbol_of_another_model_is_refused() -> None:
    """By the name of its input; nothing is trained."""
    other = Input((3,), name="elsewhere")
    data = Input((3,))
    model = Model(data, layers.Dense(1)(data))
    model.compile("sgd", lambda t, p: square(t - p) + mean(other))
    before = model.get_weights()

    with pytest.raises(ValueError, match="'elsewhere', which is no input of the model"):
        model.fit(x, y, verbose=0)

    np.testing.assert_equal(model.get_weights(), before)


def test_a_metric_is_told_what_to_do() -> None:
    """It is computed when the model no longer knows."""
    data = Input((3,))
    hidden = layers.Dense(2, name="hidden")(data)
    model = Model(data, layers.Dense(1)(hidden))
    model.compile("sgd", "mse", metrics=[lambda t, p: t - p + hidden])

    with pytest.raises(TypeError, match=r"layer 'hidden' is a symbol, .* model.add_metric"):
        model.evaluate(x, y, verbose=0)
