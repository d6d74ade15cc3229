"""What objects are made with, written down and read."""

import json
from typing import Any

import numpy as np
import pytest

from fitspec.reference import (
    Sequence,
    backend,
    initializers,
    layers,
    losses,
    metrics,
    optimizers,
    regularizers,
    utils,
)
from fitspec.reference.config import configuration
from fitspec.reference.network.layer import Layer
from fitspec.reference.tensor.autodiff import Tensor


class Scale(Layer):
    """Multiplies by a number, after a function."""

    def __init__(self, factor: float, function: object = None, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.factor = factor
        self.function = function

    def call(self, inputs: list[Tensor], *, training: bool) -> Tensor:  # noqa: ARG002 - as Layer
        """Multiply."""
        return inputs[0] * self.factor


class Forgetful(Layer):
    """Keeps nothing of what it was given."""

    def __init__(self, factor: float, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.doubled = 2 * factor


class Careful(Forgetful):
    """Says itself what it was given."""

    def get_config(self) -> dict[str, Any]:
        """Add what the attributes do not tell."""
        return {**super().get_config(), "factor": self.doubled / 2}


def double(x: Any) -> Any:
    return x * 2


def test_a_layer_is_written_with_every_argument() -> None:
    """Functions become names, objects their class and config, the input's shape goes with it."""
    layer = layers.Dense(
        2,
        activation="relu",
        kernel_initializer=initializers.Constant(0.5),
        kernel_regularizer=regularizers.l2(0.25),
        input_shape=(3,),
        name="d",
        trainable=False,
    )

    config = layer.get_config()
    copy = layers.Dense.from_config(config)

    assert config["activation"] == "relu"
    assert config["units"] == 2
    assert config["batch_input_shape"] == (None, 3)
    assert config["kernel_initializer"] == {"class_name": "Constant", "config": {"value": 0.5}}
    assert config["kernel_regularizer"]["config"] == {"l1": 0, "l2": 0.25}
    assert copy.get_config() == config
    assert (copy.name, copy.trainable, copy.given_shape) == ("d", False, (3,))


LAYERS: dict[str, tuple[Any, Any]] = {
    type(layer).__name__: (layer, shapes)
    for layer, shapes in (
        (layers.Activation("relu"), [(3,)]),
        (layers.AlphaDropout(0.25), [(3,)]),
        (layers.Add(), [(3,), (3,)]),
        (layers.Average(), [(3,), (3,)]),
        (layers.AveragePooling1D(3, strides=1, padding="same"), [(4, 2)]),
        (layers.AveragePooling2D((2, 1)), [(4, 4, 2)]),
        (layers.BatchNormalization(momentum=0.5, scale=False), [(3,)]),
        (layers.Bidirectional(layers.LSTM(2, return_sequences=True), merge_mode="sum"), [(4, 3)]),
        (layers.Concatenate(axis=1), [(3, 2), (1, 2)]),
        (layers.Conv1D(2, 3, padding="causal", dilation_rate=2), [(4, 2)]),
        (layers.Conv2D(2, (3, 2), strides=2, activation="tanh"), [(5, 5, 1)]),
        (layers.Conv2DTranspose(2, (3, 2), strides=2, padding="same"), [(5, 4, 1)]),
        (layers.Dense(2, use_bias=False), [(3,)]),
        (layers.Dot(axes=1, normalize=True), [(3,), (3,)]),
        (layers.Dropout(0.25), [(3,)]),
        (layers.Embedding(5, 2, input_length=3), [(3,)]),
        (layers.Flatten(), [(3, 2)]),
        (layers.GaussianDropout(0.25), [(3,)]),
        (layers.GaussianNoise(0.5), [(3,)]),
        (layers.GRU(2, reset_after=True), [(4, 3)]),
        (layers.GlobalAveragePooling1D(), [(4, 3)]),
        (layers.GlobalAveragePooling2D(), [(4, 3, 2)]),
        (layers.GlobalMaxPooling1D(), [(4, 3)]),
        (layers.GlobalMaxPooling2D(data_format="channels_first"), [(4, 3, 2)]),
        (layers.LSTM(2, unit_forget_bias=False, go_backwards=True), [(4, 3)]),
        (layers.Lambda(double, output_shape=(3,)), [(3,)]),
        (layers.Masking(mask_value=1.0), [(4, 3)]),
        (layers.MaxPooling1D(2), [(4, 3)]),
        (layers.MaxPooling2D(2, padding="same"), [(5, 5, 1)]),
        (layers.Maximum(), [(3,), (3,)]),
        (layers.Minimum(), [(3,), (3,)]),
        (layers.Multiply(), [(3,), (3,)]),
        (layers.Permute((2, 1)), [(4, 3)]),
        (layers.RepeatVector(2), [(3,)]),
        (layers.Reshape((-1, 2)), [(4, 3)]),
        (layers.SimpleRNN(2, recurrent_initializer="identity"), [(4, 3)]),
        (layers.SpatialDropout1D(0.25), [(4, 3)]),
        (layers.SpatialDropout2D(0.25, data_format="channels_first"), [(4, 4, 2)]),
        (layers.Subtract(), [(3,), (3,)]),
        (layers.TimeDistributed(layers.Dense(2)), [(4, 3)]),
        (layers.Cropping1D(1), [(4, 3)]),
        (layers.Cropping2D(((1, 0), (0, 1))), [(4, 4, 1)]),
        (layers.ELU(0.5), [(3,)]),
        (layers.LeakyReLU(0.2), [(3,)]),
        (layers.PReLU(shared_axes=[1]), [(4, 3)]),
        (layers.ReLU(6.0, negative_slope=0.1), [(3,)]),
        (layers.Softmax(axis=1), [(4, 3)]),
        (layers.ThresholdedReLU(0.5), [(3,)]),
        (layers.UpSampling1D(2), [(4, 3)]),
        (layers.UpSampling2D((2, 1)), [(4, 4, 1)]),
        (layers.ZeroPadding1D(1), [(4, 3)]),
        (layers.ZeroPadding2D((1, 2)), [(4, 4, 1)]),
    )
}


def test_every_layer_is_among_those_that_are_made_again() -> None:
    """What is new in `layers` has to be tried below, too."""
    found = (each for each in vars(layers).values() if isinstance(each, type))
    public = {each.__name__ for each in found if issubclass(each, Layer)}

    assert public - {"Layer", "InputLayer"} == set(LAYERS)


@pytest.mark.parametrize("name", LAYERS)
def test_layers_are_made_again_of_json(name: str) -> None:
    """With the same weights the copy computes the same, and says the same of itself."""
    layer, shapes = LAYERS[name]
    written = json.dumps(configuration.serialize(layer))
    with configuration.custom_object_scope({"double": double}):
        copy = configuration.deserialize(json.loads(written))
    inputs = [Tensor(np.ones((2, *shape), "float32")) for shape in shapes]

    for each in (layer, copy):
        each.build_once(list(shapes))
    copy.set_weights(layer.get_weights())
    computed = [each.run(inputs, training=False)[0].numpy() for each in (layer, copy)]

    assert json.dumps(configuration.serialize(copy)) == written
    assert computed[1].tolist() == computed[0].tolist()


def test_a_function_that_was_saved_by_name_is_needed() -> None:
    """A Lambda does not take the name itself for the function."""
    written = configuration.serialize(layers.Lambda(double))

    with pytest.raises(ValueError, match=r"not 'double'.*custom_objects"):
        configuration.deserialize(written)


@pytest.mark.parametrize(
    "made",
    [
        optimizers.SGD(0.5, momentum=0.9, nesterov=True),
        optimizers.RMSprop(rho=0.5),
        optimizers.Adam(lr=0.25, beta_1=0.5),
        metrics.Precision(name="p"),
        losses.MeanSquaredError(),
        initializers.Constant(3.0),
        regularizers.l1_l2(0.5, 0.25),
    ],
    ids=lambda made: type(made).__name__,
)
def test_other_objects_are_made_again_of_what_is_written(made: Any) -> None:
    """The copy is of the same class and says the same of itself."""
    written = configuration.serialize(made)
    copy = configuration.deserialize(written)

    assert type(copy) is type(made)
    assert configuration.serialize(copy) == written
    assert "lr" not in written["config"]


def test_a_rate_that_was_changed_is_written() -> None:
    """What is written is the rate of now, as a mere number."""
    optimizer = optimizers.SGD(0.5)

    backend.set_value(optimizer.lr, 0.125)

    assert optimizer.get_config()["learning_rate"] == 0.125
    assert type(optimizer.get_config()["learning_rate"]) is float


def test_a_layer_of_ones_own_is_found_among_the_custom_objects() -> None:
    """Its class and its function are found by name; without them the error says what to give."""
    written = configuration.serialize(Scale(3.0, double, name="double"))

    with configuration.custom_object_scope({"Scale": Scale}, {"double": double}):
        copy = configuration.deserialize(written)

    assert (copy.factor, copy.function, copy.name) == (3, double, "double")
    with pytest.raises(ValueError, match=r"'Scale'.*custom_objects"):
        configuration.deserialize(written)


def test_custom_objects_may_be_known_everywhere() -> None:
    """What is added to the global ones needs no scope."""
    known = utils.get_custom_objects()
    known["Scale"] = Scale
    try:
        copy = configuration.deserialize(configuration.serialize(Scale(2.0)))
    finally:
        del known["Scale"]

    assert copy.factor == 2


def test_a_layer_must_tell_what_it_was_given() -> None:
    """A missing argument is noticed when the layer is written, not when it is read."""
    with pytest.raises(ValueError, match=r"Forgetful.*'factor'"):
        configuration.serialize(Forgetful(1.0))
    with utils.CustomObjectScope({"Careful": Careful}):
        copy = configuration.deserialize(configuration.serialize(Careful(1.5)))

    assert copy.doubled == 3


def test_values_become_what_json_holds() -> None:
    """NumPy's numbers and arrays become those of Python."""
    value = {"a": (np.float32(0.5), np.int64(2)), "b": np.eye(2), "c": [None, True, "x"]}

    assert configuration.encode(value) == {
        "a": (0.5, 2),
        "b": [[1, 0], [0, 1]],
        "c": [None, True, "x"],
    }


@pytest.mark.parametrize("value", [lambda x: x, object()])
def test_what_has_no_name_cannot_be_written(value: object) -> None:
    """A lambda and an object of no known kind are refused."""
    with pytest.raises(ValueError, match="cannot be written down"):
        configuration.encode([value])


@pytest.mark.parametrize("written", [None, {"class_name": "Dense"}, {"config": {}}])
def test_what_is_no_configuration_is_refused(written: object) -> None:
    """Class and config are both needed."""
    with pytest.raises(ValueError, match="config must be a dict"):
        configuration.deserialize(written)


def test_arguments_are_checked_when_an_object_is_made() -> None:
    """Unknown and missing ones are errors; what Keras writes without meaning here is not."""
    config = {"units": 2, "kernel_constraint": None, "dtype": "float32"}

    assert layers.Dense.from_config(config).units == 2
    with pytest.raises(ValueError, match="kernel_constraint"):
        layers.Dense.from_config({"units": 2, "kernel_constraint": "norm"})
    with pytest.raises(ValueError, match="units"):
        layers.Dense.from_config({})


def test_what_has_no_from_config_is_called_if_it_is_ones_own() -> None:
    """As Keras does; what a module has besides is not known."""
    written = {"class_name": "Sequence", "config": {}}

    with pytest.raises(ValueError, match="nothing is known by the name 'Sequence'"):
        configuration.deserialize(written)
    with configuration.custom_object_scope({"Sequence": Sequence}):
        assert isinstance(configuration.deserialize(written), Sequence)
