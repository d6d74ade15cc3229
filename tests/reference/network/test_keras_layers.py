"""Tests of layers of one's own, written as for Keras or as here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from fitspec.reference import Input, Model, Sequential, layers, models
from fitspec.reference import backend as K  # noqa: N812 - as programs do

if TYPE_CHECKING:
    from pathlib import Path

    from fitspec.reference.tensor.autodiff import Tensor


class Linear(layers.Layer):
    """A layer as they are written for Keras."""

    def __init__(self, units: int, **kwargs: Any) -> None:
        self.units = units
        super().__init__(**kwargs)

    def build(self, input_shape: Any) -> None:
        """Make the weights, of a shape that begins with the number of samples."""
        assert input_shape[0] is None
        self.kernel = self.add_weight(
            name="kernel", shape=(input_shape[-1], self.units), initializer="ones", trainable=True
        )
        super().build(input_shape)

    def call(self, x: Any) -> Any:  # type: ignore[override]  # as for Keras
        """Compute with one tensor, and nothing else."""
        return K.dot(x, self.kernel)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the shape of a batch."""
        return (input_shape[0], self.units)

    def get_config(self) -> dict[str, Any]:
        """Add what it was made with."""
        return {**super().get_config(), "units": self.units}


class Doubled(Linear):
    """Calls what it is derived from."""

    def call(self, x: Any) -> Any:  # type: ignore[override]  # as for Keras
        """Return twice as much."""
        return super().call(x) * 2


class Halved(Linear):
    """Changes the shape alone."""

    def build(self, input_shape: Any) -> None:
        """Make the weights as before, and halve them."""
        super().build(input_shape)
        self.kernel.assign(self.kernel.data / 2)


@pytest.mark.parametrize(("kind", "factor"), [(Linear, 1), (Doubled, 2), (Halved, 0.5)])
def test_a_layer_that_is_written_as_for_keras_is_trained(kind: type[Linear], factor: float) -> None:
    """Its weights are made for data that are known by their shape, and learn."""
    model = Sequential([kind(2, input_shape=(3,)), layers.Dense(1)])
    model.compile("sgd", "mse")
    inner = Model(model.inputs, model.layers[0].output)

    # 1 + 2 + 4, for each of the units
    assert np.array_equal(inner.predict(np.array([[1.0, 2.0, 4.0]])), [[7 * factor] * 2])
    before = model.get_weights()[0]
    history = model.fit(np.ones((8, 3)), np.zeros((8, 1)), epochs=3, verbose=0)
    assert history.history["loss"][-1] < history.history["loss"][0]
    assert not np.array_equal(model.get_weights()[0], before)


def test_such_a_layer_is_saved_and_loaded(tmp_path: Path) -> None:
    """Of its class, which is told by name."""
    model = Sequential([Linear(2, input_shape=(3,), name="linear"), layers.Dense(1)])
    model.save(str(tmp_path / "model.h5"))

    again = models.load_model(str(tmp_path / "model.h5"), custom_objects={"Linear": Linear})

    x = np.arange(6.0).reshape(2, 3)
    assert np.array_equal(again.predict(x), model.predict(x))


def test_several_inputs_come_as_a_list_with_their_shapes() -> None:
    """And `training`, where it is asked for, says what is done."""
    seen: list[Any] = []

    class Joined(layers.Layer):
        def build(self, input_shape: Any) -> None:
            seen.append(input_shape)

        def call(self, inputs: Any, training: Any = None) -> Any:
            seen.append(training)
            return K.concatenate(inputs)

        def compute_output_shape(self, input_shape: Any) -> Any:
            return (None, sum(shape[1] for shape in input_shape))

    one, two = Input((2,)), Input((3,))
    joined = Joined()([one, two])
    model = Model([one, two], layers.Dense(1)(joined))
    model.compile("sgd", "mse")

    model.train_on_batch([np.ones((4, 2)), np.ones((4, 3))], np.ones((4, 1)))
    model.predict_on_batch([np.ones((4, 2)), np.ones((4, 3))])

    assert joined.shape == (5,)
    assert seen == [[(None, 2), (None, 3)], True, False]


def test_masks_come_and_go_as_for_keras() -> None:
    """`call` gets the mask if it takes one, and `compute_mask` says what becomes of it."""
    seen: list[Any] = []

    class Noting(layers.Layer):
        def call(self, x: Any, mask: Any = None) -> Any:  # type: ignore[override]  # as for Keras
            seen.append(mask.tolist())
            return x

        def compute_mask(self, inputs: Any, mask: Any = None) -> Any:  # noqa: ARG002 - as for Keras
            return None

    model = Sequential([layers.Masking(input_shape=(3, 1)), Noting(), layers.Flatten()])

    model.predict(np.array([[[0.0], [1.0], [2.0]]]))

    assert seen == [[[False, True, True]]]


def test_a_layer_that_is_written_as_here_stays_as_it_is() -> None:
    """What takes `training` by name alone gets a list, and shapes of one sample."""

    class Sum(layers.Layer):
        def call(self, inputs: list[Tensor], *, training: bool) -> Tensor:  # noqa: ARG002 - as Layer
            return inputs[0] + inputs[1]

        def shape_of_output(self, shapes: list[Any]) -> Any:
            assert shapes == [(2,), (2,)]
            return shapes[0]

    one, two = Input((2,)), Input((2,))
    model = Model([one, two], Sum()([one, two]))

    assert np.array_equal(model.predict([np.ones((1, 2)), np.ones((1, 2))]), [[2, 2]])


@pytest.mark.parametrize("default", [None, False])
def test_training_that_may_be_left_out_is_keras_way(default: bool | None) -> None:
    """Also where it is taken by name alone, as guides write it."""

    class Twice(layers.Layer):
        def call(self, inputs: Any, *, training: bool | None = default) -> Any:  # noqa: ARG002
            return inputs * 2.0

    model = Sequential([Twice(input_shape=(2,))])

    np.testing.assert_array_equal(model.predict(np.ones((1, 2))), [[2.0, 2.0]])
