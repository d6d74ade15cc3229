"""Vectors of words."""

import numpy as np
import pytest

from fitspec.reference import Input, Sequential, layers

from ..conftest import array

VECTORS = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])


def test_vectors_are_looked_up() -> None:
    """Words 2 and 0 have vectors (5, 6) and (1, 2)."""
    model = Sequential([layers.Embedding(3, 2, input_length=2, weights=[VECTORS])])

    assert array(model.predict(np.array([[2, 0]]))).tolist() == [[[5, 6], [1, 2]]]
    (layer,) = model.layers
    assert isinstance(layer, layers.Embedding)
    assert layer.embeddings.shape == (3, 2)


def test_words_may_have_any_shape() -> None:
    """The shape of the words gets one axis more."""
    layer = layers.Embedding(3, 2, input_length=(None, 4))

    assert layer.given_shape == (None, 4)
    assert layer(Input(shape=(None, 4))).shape == (None, 4, 2)
    assert layers.Embedding(3, 2).given_shape == (None,)


@pytest.mark.parametrize("word", [3, -1])
def test_words_without_a_vector_are_refused(word: int) -> None:
    """Of 3 words, 3 is none."""
    model = Sequential([layers.Embedding(3, 2)])

    with pytest.raises(ValueError, match="vectors for 0 to 2"):
        model.predict(np.array([[word]]))


def test_only_vectors_that_are_used_are_trained() -> None:
    """The average of (1, 2) is 1.5, its slope for target 0 is 3 / 2 for each element."""
    model = Sequential(
        [layers.Embedding(3, 2, weights=[VECTORS]), layers.Lambda(lambda x: x.mean((1, 2)), ())]
    )
    model.compile("sgd", "mse")
    model.optimizer.lr = 1.0

    model.train_on_batch(np.array([[0, 0]]), np.array([0.0]))

    assert model.get_weights()[0].tolist() == [[-0.5, 0.5], [3, 4], [5, 6]]


def test_samples_of_another_length_are_refused() -> None:
    """An axis that may be of any length may be left out or not."""
    layer = layers.Embedding(4, 2, input_length=(3, None))

    assert layer.shape_of_output([(3, 5)]) == (3, 5, 2)
    assert layer.shape_of_output([(None, 5)]) == (None, 5, 2)
    for shape in ((4, 5), (3,)):
        with pytest.raises(ValueError, match="input_length of layer"):
            layer.shape_of_output([shape])
