"""Train with a loss, metrics, an activation and a regularizer written with the backend."""

import keras.backend as K
import numpy as np
from keras import regularizers
from keras.layers import Activation, Dense, Input, Lambda
from keras.models import Model
from keras.optimizers import Adam
from starting_weights import start

rng = np.random.RandomState(11)
x = rng.normal(size=(240, 5)).astype("float32")
y = np.stack([np.abs(x[:, 0]) + x[:, 1], x[:, 2] - x[:, 3]], axis=1)
y = (y + 0.1 * rng.standard_t(2, y.shape)).astype("float32")


def huber(delta):
    def loss(y_true, y_pred):
        error = K.abs(y_true - y_pred)
        small = K.minimum(error, delta)
        return K.mean(0.5 * K.square(small) + delta * (error - small), axis=-1)

    return loss


def quantile_loss(q, y_true, y_pred):
    error = y_true - y_pred
    return K.mean(K.maximum(q * error, (q - 1) * error), axis=-1)


def r_squared(y_true, y_pred):
    residual = K.sum(K.square(y_true - y_pred))
    total = K.sum(K.square(y_true - K.mean(y_true)))
    return 1 - residual / (total + K.epsilon())


def within_half(y_true, y_pred):
    near = K.cast(K.less(K.abs(y_true - y_pred), 0.5), K.floatx())
    return K.mean(near, axis=-1)


def swish(values):
    return values * K.sigmoid(values)


def l1_of_rows(matrix):
    return 0.001 * K.sum(K.sqrt(K.sum(K.square(matrix), axis=1)))


inputs = Input(shape=(5,))
hidden = Dense(16, kernel_regularizer=l1_of_rows)(inputs)
hidden = Activation(swish)(hidden)
hidden = Dense(
    8,
    activation="relu",
    kernel_regularizer=regularizers.l2(0.01),
    activity_regularizer=regularizers.l1(0.001),
)(hidden)
scaled = Lambda(lambda t: K.l2_normalize(t, axis=-1) * 2 + K.mean(t, axis=-1, keepdims=True))
outputs = Dense(2, bias_regularizer=regularizers.l1_l2(l1=0.01, l2=0.02))(scaled(hidden))
model = Model(inputs, outputs)
start(model)

model.compile(Adam(lr=0.005), loss=huber(1.0), metrics=[r_squared, within_half, "mae"])
history = model.fit(x, y, batch_size=24, epochs=4, shuffle=False, validation_split=0.2)
score = model.evaluate(x[192:], y[192:], verbose=0)

# The same weights, another loss and a slower optimizer.
model.compile(
    Adam(lr=K.get_value(model.optimizer.lr) / 10, amsgrad=True),
    loss=lambda y_true, y_pred: quantile_loss(0.8, y_true, y_pred),
)
high = model.fit(x, y, batch_size=24, epochs=2, shuffle=False, verbose=0)

results = {
    "history": history.history,
    "score": score,
    "names": model.metrics_names,
    "high": high.history,
    "rate": float(K.get_value(model.optimizer.lr)),
    "predictions": model.predict(x[:4]),
}
