"""Values that the backend makes, reads and changes."""

import numpy as np
import pytest

from fitspec.reference import Input, Sequential, layers, optimizers
from fitspec.reference import backend as K  # noqa: N812 - as everybody calls it
from fitspec.reference.tensor.array_library import Array

X: Array = np.ones((2, 3, 2))


def test_shapes_of_tensors_and_symbols() -> None:
    """The batch axis of a symbol is not known."""
    symbol = Input((3,))

    assert K.int_shape(symbol) == (None, 3)
    assert K.ndim(symbol) == 2
    assert K.shape(X) == K.int_shape(X) == (2, 3, 2)
    assert K.is_tensor(symbol)
    assert not K.is_tensor(X)


def test_what_is_drawn_has_the_shape_and_range() -> None:
    """Normal numbers have mean and deviation; even ones stay between limits."""
    normal = K.random_normal((4000,), mean=3, stddev=0.5).numpy()
    even = K.random_uniform((1000,), 2, 4).numpy()

    assert normal.mean() == pytest.approx(3, abs=0.05)
    assert normal.std() == pytest.approx(0.5, abs=0.05)
    assert 2 <= even.min() < 2.1
    assert 3.9 < even.max() < 4


def test_variables_are_set_and_got() -> None:
    """A variable takes new values of its shape; a constant does not."""
    variable = K.variable([1.0, 2.0], name="v")

    K.set_value(variable, [3.0, 4.0])

    assert K.get_value(variable).tolist() == K.eval(variable).tolist() == [3, 4]
    assert variable.name == "v"
    with pytest.raises(TypeError, match="x must be a weight"):
        K.set_value(K.constant(1.0), 2.0)


def test_what_the_backend_says_of_itself() -> None:
    """Types, the small number and the place of channels are the documented defaults."""
    assert K.epsilon() == 1e-7
    assert K.floatx() == "float32"
    assert K.cast_to_floatx([1, 2]).dtype == np.float32
    assert K.image_data_format() == "channels_last"


@pytest.mark.parametrize("attribute", ["lr", "learning_rate"])
def test_the_learning_rate_of_a_model_is_set_and_got(attribute: str) -> None:
    """The next update uses the new rate: 1 - 0.25 * 2 * 1 = 0.5 for a target of 0."""
    model = Sequential(
        [layers.Dense(1, input_shape=(1,), kernel_initializer="ones", use_bias=False)]
    )
    model.compile(optimizers.SGD(0.01), "mse")

    K.set_value(getattr(model.optimizer, attribute), 0.25)
    model.train_on_batch(np.ones((1, 1)), np.zeros((1, 1)))

    assert K.get_value(model.optimizer.lr) == model.optimizer.learning_rate == 0.25
    assert type(K.get_value(model.optimizer.lr)) is float
    assert model.get_weights()[0].tolist() == [[0.5]]


def test_a_constant_is_laid_out() -> None:
    """In a shape, the last value again where there are fewer."""
    assert K.constant([1, 2, 3, 4], shape=(2, 2)).numpy().tolist() == [[1, 2], [3, 4]]
    assert K.constant([1, 2], shape=(2, 2)).numpy().tolist() == [[1, 2], [2, 2]]
    assert K.constant(3.0, shape=(3,)).numpy().tolist() == [3, 3, 3]
    with pytest.raises(ValueError, match=r"shape \(2,\) cannot hold 3 values"):
        K.constant([1, 2, 3], shape=(2,))
