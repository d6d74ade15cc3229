"""Train with layers of one's own, and with a part of a model that has two outputs."""

import numpy as np
from keras import backend as K
from keras.layers import Dense, Input, Layer
from keras.models import Model, Sequential, load_model
from keras.optimizers import SGD
from starting_weights import start

rng = np.random.RandomState(21)
x = rng.normal(size=(120, 8)).astype("float32")
y = (np.abs(x[:, :1]) - x[:, 1:2] * x[:, 2:3]).astype("float32")


class PositiveAndNegative(Layer):
    """Keeps what is above and what is below the mean of a sample apart."""

    def call(self, inputs):
        centred = inputs - K.mean(inputs, axis=1, keepdims=True)
        return K.concatenate([K.relu(centred), K.relu(-centred)], axis=1)

    def compute_output_shape(self, input_shape):
        return (input_shape[0], 2 * input_shape[1])


class Quadratic(Layer):
    """Adds a weighted square to a weighted sum."""

    def __init__(self, units, **kwargs):
        self.units = units
        super(Quadratic, self).__init__(**kwargs)

    def build(self, input_shape):
        shape = (input_shape[1], self.units)
        self.kernel = self.add_weight(name="kernel", shape=shape, initializer="glorot_uniform")
        self.square = self.add_weight(
            name="square", shape=shape, initializer="zeros", trainable=True
        )
        self.bias = self.add_weight(name="bias", shape=(self.units,), initializer="zeros")
        super(Quadratic, self).build(input_shape)

    def call(self, x, training=None):
        linear = K.dot(x, self.kernel) + self.bias
        return linear + K.dot(K.square(x), self.square)

    def compute_output_shape(self, input_shape):
        return (input_shape[0], self.units)

    def get_config(self):
        config = {"units": self.units}
        base = super(Quadratic, self).get_config()
        return dict(list(base.items()) + list(config.items()))


class Mixed(Layer):
    """Takes as much of one input as another one says."""

    def build(self, input_shape):
        assert [shape[0] for shape in input_shape] == [None, None]
        self.sharpness = self.add_weight(name="sharpness", shape=(1,), initializer="ones")
        super(Mixed, self).build(input_shape)

    def call(self, inputs):
        value, gate = inputs
        return value * K.sigmoid(self.sharpness * gate)

    def compute_output_shape(self, input_shape):
        return input_shape[0]


def stacked():
    model = Sequential()
    model.add(Dense(6, input_shape=(8,)))
    model.add(PositiveAndNegative())
    model.add(Quadratic(5, name="quadratic"))
    model.add(Dense(1))
    model.compile(optimizer=SGD(0.02, momentum=0.9), loss="mse", metrics=["mae"])
    start(model)
    history = model.fit(
        x, y, batch_size=16, epochs=4, validation_split=0.2, shuffle=False, verbose=0
    )
    model.save("stacked.h5")
    own = {"PositiveAndNegative": PositiveAndNegative, "Quadratic": Quadratic}
    again = load_model("stacked.h5", custom_objects=own)
    return {
        "history": history.history,
        "units": model.get_layer("quadratic").get_config()["units"],
        "parameters": model.count_params(),
        "predicted": model.predict(x[:5]).tolist(),
        "after loading": again.predict(x[:5]).tolist(),
    }


def with_an_encoder():
    features = Input(shape=(8,), name="features")
    value = Dense(4, activation="tanh", name="value")(features)
    gate = Dense(4, name="gate")(features)
    encoder = Model(features, [value, gate], name="encoder")
    given = Input(shape=(8,), name="given")
    encoded = encoder(given)
    model = Model(given, Dense(1, name="decoded")(Mixed(name="mixed")(encoded)))
    model.compile(optimizer="adam", loss="mse")
    start(model)
    history = model.fit(x, y, batch_size=24, epochs=3, shuffle=False, verbose=0)
    return {
        "history": history.history,
        "codes": [code[:2].tolist() for code in encoder.predict(x)],
        "predicted": model.predict(x[:5]).tolist(),
    }


results = {"stacked": stacked(), "with an encoder": with_an_encoder()}
