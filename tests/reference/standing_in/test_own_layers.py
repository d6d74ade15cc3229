"""Layers of one's own that hold other layers, call them on tensors, or have several outputs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import fitspec.reference
from fitspec.reference.tensor.autodiff import Tensor

from ..test_gradients import SEQUENCES, VECTORS, check_layer

if TYPE_CHECKING:
    from pathlib import Path

keras: Any = fitspec.reference
layers: Any = keras.layers
K: Any = keras.backend

X = np.random.default_rng(1).normal(size=(32, 4)).astype("float32")
Y = X.sum(axis=1, keepdims=True)


class Block(layers.Layer):  # type: ignore[misc]
    """Holds layers as attributes, in a list and in a dict."""

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.first = layers.Dense(3, activation="tanh")
        self.normal = layers.BatchNormalization()
        self.more = [layers.Dense(3), {"last": layers.Dense(1)}]

    def call(self, x: Any) -> Any:
        """Call one after the other."""
        x = self.normal(self.first(x))
        return self.more[1]["last"](self.more[0](x))


class Recurrent(layers.Layer):  # type: ignore[misc]
    """Holds a recurrent layer and a model."""

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.steps = layers.LSTM(2, return_state=True)
        self.model = keras.Sequential([layers.Dense(2, input_shape=(2,))])

    def call(self, x: Any) -> Any:
        """Give the last state of a second run, that begins with the state of the first."""
        _, h, c = self.steps(x)
        return self.model(self.steps(x, initial_state=[h, c])[0])


def test_gradients() -> None:
    """They flow to the weights of all layers inside."""
    check_layer(Block(), VECTORS)
    check_layer(Recurrent(), SEQUENCES)


def test_a_layer_that_holds_layers_trains_as_these_do_in_a_row() -> None:
    """Loss by loss, and weight by weight; moving averages are moved, too."""
    own = keras.Sequential([Block(input_shape=(4,))])
    block = own.layers[0]
    row = keras.Sequential(
        [
            layers.Dense(3, activation="tanh", input_shape=(4,)),
            *(layers.BatchNormalization(), layers.Dense(3), layers.Dense(1)),
        ]
    )
    inside = [block.first, block.normal, block.more[0], block.more[1]["last"]]
    for one, other in zip(row.layers, inside, strict=True):
        one.set_weights(other.get_weights())
    losses = []
    for model in (own, row):
        model.compile("adam", "mse")
        losses.append(model.fit(X, Y, epochs=3, verbose=0, shuffle=False).history["loss"])

    # The row is recorded: rounding may differ in the last place.
    assert losses[0] == pytest.approx(losses[1], rel=1e-5)
    assert own.predict(X) == pytest.approx(row.predict(X), rel=1e-4, abs=1e-5)


def test_its_weights_are_found() -> None:
    """Those that move by themselves at the end; frozen as a whole or in part."""
    block = Block(input_shape=(4,))
    keras.Sequential([block])

    # Kernels 4x3, 3x3, 3x1 with biases of 3, 3 and 1; 3 of each of gamma, beta, mean and variance.
    assert block.count_params() == 12 + 3 + 9 + 3 + 3 + 1 + 12
    assert [weight.shape for weight in block.weights[-2:]] == [(3,), (3,)]
    assert [weight.trainable for weight in block.weights] == [True] * 8 + [False] * 2
    block.first.trainable = False
    assert len(block.trainable_weights) == 6
    block.trainable = False
    assert block.trainable_weights == []


def test_frozen_layers_inside_keep_their_averages() -> None:
    """Of the whole, or of the one."""
    for whole in (True, False):
        block = Block(input_shape=(4,))
        model = keras.Sequential([block, layers.Dense(1)])
        (block if whole else block.normal).trainable = False
        model.compile("sgd", "mse")
        before = block.normal.get_weights()
        model.fit(X, Y, verbose=0)
        assert all(map(np.array_equal, block.normal.get_weights(), before))


def test_a_model_with_it_is_saved(tmp_path: Path) -> None:
    """Whole, and its weights alone."""
    model = keras.Sequential([Block(input_shape=(4,))])
    model.compile("adam", "mse")
    model.fit(X, Y, verbose=0)

    model.save(tmp_path / "model.h5")
    loaded = keras.models.load_model(tmp_path / "model.h5", custom_objects={"Block": Block})
    assert np.array_equal(loaded.predict(X), model.predict(X))
    model.save_weights(tmp_path / "weights.h5")
    other = keras.Sequential([Block(input_shape=(4,))])
    other.load_weights(tmp_path / "weights.h5")
    assert np.array_equal(other.predict(X), model.predict(X))


def test_shapes_are_found_by_trying() -> None:
    """Where the length of a sequence is not known, that of what comes of it is not."""

    class Steps(layers.Layer):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.inner = layers.Conv1D(3, 2)

        def call(self, x: Any) -> Any:
            return self.inner(x)

    assert K.int_shape(Steps()(keras.Input((None, 2)))) == (None, None, 3)
    assert K.int_shape(Steps()(keras.Input((5, 2)))) == (None, 4, 3)


def test_layers_inside_train_when_the_layer_does() -> None:
    """Dropout drops in `fit`, and not in `predict`, without being told."""

    class Dropping(layers.Layer):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.dropout = layers.Dropout(0.5)

        def call(self, x: Any) -> Any:
            return self.dropout(x)

    layer = Dropping()
    ones = Tensor(np.ones((20, 20)))

    assert set(layer.run([ones], training=True)[0].data.ravel()) == {0, 2}
    assert set(layer.run([ones], training=False)[0].data.ravel()) == {1}


def test_outputs_inside_are_penalized() -> None:
    """By the activity regularizer of a layer that is held: 0.5 for each of two elements of 1."""

    class Penalized(layers.Layer):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__(input_shape=(2,))
            self.inner = layers.Dense(
                2, kernel_initializer="identity", activity_regularizer=keras.regularizers.l1(0.5)
            )

        def call(self, x: Any) -> Any:
            return self.inner(x)

    model = keras.Sequential([Penalized()])
    model.compile("sgd", "mse")

    assert model.evaluate(np.ones((1, 2)), np.ones((1, 2)), verbose=0) == 1


def test_a_layer_has_several_outputs() -> None:
    """Each of its own shape; so has a `Lambda`."""

    class Split(layers.Layer):  # type: ignore[misc]
        def call(self, x: Any) -> Any:
            return [x[:, :1], x[:, 1:] * 2]

        def compute_output_shape(self, input_shape: Any) -> Any:
            return [(input_shape[0], 1), (input_shape[0], input_shape[1] - 1)]

    x = keras.Input((3,))
    first, second = Split()(x)
    third, fourth = layers.Lambda(lambda x: [x + 1, x[:, :2]])(x)
    fifth, _ = layers.Lambda(lambda x: [x, x], lambda shape: [shape, shape])(x)
    model = keras.Model(x, [first, second, third, fourth, fifth])

    found = model.predict(np.array([[1.0, 2.0, 3.0]]))

    expected = [[[1]], [[4, 6]], [[2, 3, 4]], [[1, 2]], [[1, 2, 3]]]
    assert [each.tolist() for each in found] == expected
    assert [shape[1:] for shape in model.output_shape] == [(1,), (2,), (3,), (2,), (3,)]


def test_a_derived_layer_calls_what_it_is_derived_from() -> None:
    """With a tensor, and `training` or not."""

    class More(layers.Dense):  # type: ignore[misc]
        def call(self, x: Any) -> Any:
            return super().call(x) + 1

    class Always(layers.Dropout):  # type: ignore[misc]
        def call(self, x: Any) -> Any:
            return super().call(x, training=True)

    model = keras.Sequential([More(1, kernel_initializer="ones", input_shape=(2,))])
    assert model.predict(np.array([[1.0, 2.0], [3.0, 4.0]])).tolist() == [[4], [8]]
    model = keras.Sequential([Always(0.5, input_shape=(50,))])
    assert set(model.predict(np.ones((20, 50))).ravel()) == {0, 2}


def test_a_provided_layer_is_built_otherwise() -> None:
    """A class derived from it that has a `build` alone gets the shape of a batch, as in Keras."""
    seen = []

    class Seeing(layers.Dense):  # type: ignore[misc]
        def build(self, input_shape: Any) -> None:
            seen.append(input_shape)
            super().build(input_shape)

    class SeeingAll(layers.Add):  # type: ignore[misc]
        def build(self, input_shape: Any) -> None:
            seen.append(input_shape)
            super().build(input_shape)

    class AsHere(layers.Dense):  # type: ignore[misc]
        def build(self, shapes: Any) -> None:
            seen.append(shapes)
            super().build(shapes)

    x = keras.Input((3,))
    model = keras.Model(x, SeeingAll()([Seeing(2)(x), AsHere(2)(x)]))

    assert seen == [(None, 3), [(3,)], [(None, 2), (None, 2)]]
    assert [weight.shape for weight in model.get_weights()] == [(3, 2), (2,), (3, 2), (2,)]


class Centred(layers.Layer):  # type: ignore[misc]
    """Subtracts the mean of the batches of training, which it gathers by halves."""

    def build(self, input_shape: Any) -> None:
        """Make the mean."""
        self.mean = self.add_weight("mean", (input_shape[-1],), "zeros", trainable=False)
        super().build(input_shape)

    def call(self, x: Any) -> Any:
        """Gather and subtract."""
        now = K.mean(x, axis=0)
        self.add_update([K.moving_average_update(self.mean, now, 0.5)], inputs=x)
        return x - self.mean


@pytest.mark.parametrize(
    ("trainable", "mean"),
    [
        # Two batches of a mean of 3: 0 * 0.5 + 3 * 0.5 = 1.5, and 1.5 * 0.5 + 3 * 0.5.
        (True, 2.25),
        (False, 0.0),
    ],
)
def test_what_a_layer_updates_moves_in_training_alone(trainable: bool, mean: float) -> None:
    """Where it is not frozen; tests and predictions use what there is."""
    x = np.array([[2.0], [4.0]])
    model = keras.Sequential([Centred(input_shape=(1,), trainable=trainable)])
    model.compile("sgd", "mse")

    before = model.predict(x).tolist()
    model.fit(x, x, epochs=2, verbose=0)
    loss = model.evaluate(x, x, verbose=0)

    assert before == x.tolist()
    assert model.get_weights()[0].tolist() == [mean]
    assert loss == pytest.approx(mean**2)
    assert model.predict(x).tolist() == (x - mean).tolist()


@pytest.mark.parametrize("name", ["_trainable_weights", "trainable_weights"])
def test_variables_of_the_backend_are_weights(name: str) -> None:
    """Of 1 * 1 + 1, 2 too much, the factor gets 1 - 0.1 * 4; the term is not trained."""

    class Linear(layers.Layer):  # type: ignore[misc]
        def build(self, input_shape: Any) -> None:
            self.factor, self.term = K.variable([[1.0]]), K.variable([1.0])
            setattr(self, name, [self.factor])
            self._non_trainable_weights.append(self.term)
            super().build(input_shape)

        def call(self, x: Any) -> Any:
            return K.dot(x, self.factor) + self.term

    model = keras.Sequential([Linear(input_shape=(1,))])
    model.compile(keras.optimizers.SGD(0.1), "mse")

    model.fit(np.ones((1, 1)), np.zeros((1, 1)), verbose=0)

    assert [len(model.trainable_weights), len(model.non_trainable_weights)] == [1, 1]
    factor, term = model.get_weights()
    assert (factor.item(), term.item()) == (pytest.approx(0.6), 1)


def test_layers_of_ones_own_are_cloned() -> None:
    """Their classes are known by the model."""
    model = keras.Sequential([Centred(input_shape=(1,)), layers.Dense(1)])

    clone = keras.models.clone_model(model)

    assert [type(layer) for layer in clone.layers] == [Centred, layers.Dense]
    assert clone.count_params() == model.count_params()
