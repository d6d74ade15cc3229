"""What layers of Keras have beside what a network needs of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import fitspec.reference

keras: Any = fitspec.reference
layers: Any = keras.layers


@pytest.mark.parametrize(
    ("layer", "shape", "expected"),
    [
        (layers.Dense(3), (None, 4), (None, 3)),
        (layers.Dense(3), (2, 5, 4), (2, 5, 3)),
        (layers.Conv2D(2, 3), (None, 8, 8, 1), (None, 6, 6, 2)),
        (layers.Flatten(), (None, 2, 3), (None, 6)),
        (layers.LSTM(2, return_state=True), (None, 5, 3), [(None, 2)] * 3),
        (layers.Concatenate(), [(None, 2), (None, 3)], (None, 5)),
        (layers.TimeDistributed(layers.Dense(2)), (None, 5, 3), (None, 5, 2)),
        (keras.Sequential([layers.Dense(2, input_shape=(3,))]), (None, 3), (None, 2)),
    ],
)
def test_the_shape_of_the_output_is_told(layer: Any, shape: Any, expected: Any) -> None:
    """Of a batch, given that of a batch of the input."""
    assert layer.compute_output_shape(shape) == expected


@pytest.mark.parametrize(
    ("layer", "shape", "number"),
    [
        (layers.Dense(3), (None, 4), 2),
        (layers.LSTM(2), (None, None, 3), 3),
        (layers.Bidirectional(layers.GRU(2)), (None, None, 3), 6),
        (layers.BatchNormalization(), (None, 3), 4),
    ],
)
def test_a_layer_is_built_by_the_shape_of_a_batch(layer: Any, shape: Any, number: int) -> None:
    """As in Keras; what it is called on later finds the weights made."""
    layer.build(shape)
    made = layer.weights
    layer(keras.Input(shape[1:]))

    assert layer.built
    assert len(made) == number
    assert layer.weights == made


def test_a_sequential_is_built_by_what_it_knows() -> None:
    """And says what is missing otherwise."""
    model = keras.Sequential([layers.Dense(2, input_shape=(3,))])
    model.build()
    assert model.count_params() == 8

    unknown = keras.Sequential([layers.Dense(2)])
    with pytest.raises(RuntimeError, match="input_shape"):
        unknown.build()
    unknown.build((None, 3))
    assert unknown.count_params() == 8


def test_penalties_are_listed() -> None:
    """Those of weights as numbers, those of outputs as what stands for one."""
    penalized = layers.Dense(
        1,
        kernel_regularizer=keras.regularizers.l2(0.5),
        activity_regularizer="l1",
        input_shape=(2,),
    )
    model = keras.Sequential([penalized, layers.Dense(1)])
    penalized.set_weights([np.array([[1.0], [3.0]]), np.zeros(1)])
    of_weights, of_output = model.losses

    # Half of 1 and 9.
    assert float(of_weights) == 5
    assert of_output.shape == ()
    assert len(penalized.losses) == 2
    assert model.layers[1].losses == []


def test_moving_averages_are_updates() -> None:
    """Of layers that are not frozen, for every call."""
    shared = layers.BatchNormalization()
    x, y = keras.Input((2,)), keras.Input((2,))
    model = keras.Model([x, y], [shared(x), shared(y)])

    assert model.updates == [shared.moving_mean, shared.moving_variance] * 2
    model.trainable = False
    assert model.updates == []
    model.trainable, shared.trainable = True, False
    assert model.updates == []


def test_calls_are_found_by_number() -> None:
    """With their symbols and shapes."""
    shared = layers.Dense(3)
    x, y = keras.Input((2,)), keras.Input((2,))
    first, second = shared(x), shared(y)

    assert shared.get_input_at(0) is x
    assert shared.get_input_at(1) is y
    assert [shared.get_output_at(0), shared.get_output_at(1)] == [first, second]
    assert shared.get_input_shape_at(0) == (None, 2)
    assert shared.get_output_shape_at(1) == (None, 3)
    with pytest.raises(ValueError, match="called 2 times, so that there is no call 2"):
        shared.get_output_at(2)


def test_where_a_symbol_comes_from() -> None:
    """Programs look for its shape and its layer under Keras's own names."""
    dense = layers.Dense(3)
    first, second = dense(keras.Input((2,))), dense(keras.Input((2,)))

    shapes = [symbol._keras_shape for symbol in (first, second)]  # noqa: SLF001 - see above
    assert shapes == [(None, 3)] * 2
    assert second._keras_history == (dense, 1, 0)  # noqa: SLF001 - see above


class Doubled(layers.Layer):  # type: ignore[misc]
    """A layer of one's own with two outputs, whose shapes are those of its base."""

    def call(self, inputs: Any) -> Any:
        """Return the input twice."""
        return [inputs, inputs * 2.0]

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Ask the base, as programs for Keras do."""
        shape = super().compute_output_shape(input_shape)
        return [shape, shape]


class Measured(layers.Dense):  # type: ignore[misc]
    """A layer derived from one of the reference that changes nothing of its shape."""

    def call(self, inputs: Any) -> Any:
        """Compute as the base does."""
        return super().call(inputs)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Ask the base."""
        return super().compute_output_shape(input_shape)


class MeasuredAgain(Measured):
    """One derived from that."""

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Ask the base."""
        return super().compute_output_shape(input_shape)


def test_what_overrides_it_calls_that_of_its_base() -> None:
    """That of `Layer` is the shape of the input; that of `Dense` has its units."""
    x = keras.Input((4,))
    first, second = Doubled()(x)
    model = keras.Model(x, [first, second, Measured(3)(x), MeasuredAgain(2)(second)])

    assert model.output_shape == [(None, 4), (None, 4), (None, 3), (None, 2)]
    assert MeasuredAgain(2).compute_output_shape((None, 4)) == (None, 2)
    shapes = [np.shape(each) for each in model.predict(np.ones((5, 4)))]
    assert shapes == [(5, 4), (5, 4), (5, 3), (5, 2)]


@pytest.mark.parametrize(
    ("dtype", "written"),
    [(np.dtype("int32"), "int32"), (np.float32, "float32"), ("int64", "int64"), (None, "float32")],
)
def test_the_type_of_an_input_is_written_down(dtype: Any, written: str) -> None:
    """By its name, however it was given, so that the model can be saved."""
    x = keras.Input((4,), dtype=dtype)
    model = keras.models.model_from_json(keras.Model(x, layers.Dense(2)(x)).to_json())

    assert model.get_config()["layers"][0]["config"]["dtype"] == written
