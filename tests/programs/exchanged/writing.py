"""Train a model of many kinds of layers a little and save it; then see how training goes on."""

import numpy as np
from keras.layers import (
    GRU,
    LSTM,
    BatchNormalization,
    Bidirectional,
    Conv1D,
    Dense,
    Dropout,
    Input,
    LeakyReLU,
    Masking,
    PReLU,
    TimeDistributed,
    concatenate,
)
from keras.models import Model
from keras.optimizers import Nadam

rng = np.random.RandomState(0)
x = rng.normal(size=(40, 6, 3)).astype("float32")
y = rng.normal(size=(40, 2)).astype("float32")

inner_in = Input((6, 3))
inner_out = LSTM(4, return_sequences=True)(BatchNormalization()(inner_in))
inner = Model(inner_in, inner_out, name="inner")

given = Input((6, 3))
left = Bidirectional(GRU(3))(Conv1D(5, 2, padding="same")(inner(given)))
right = Masking()(TimeDistributed(Dense(2, activation="elu"))(given))
right = LSTM(2, go_backwards=True)(right)
both = PReLU()(Dense(7, kernel_regularizer="l2")(concatenate([left, right])))
model = Model(given, Dense(2, name="out")(Dropout(0.0)(LeakyReLU()(both))))
model.compile(Nadam(lr=0.005), "mse", metrics=["mae"])
model.fit(x, y, epochs=2, batch_size=8, shuffle=False, verbose=0)

model.save("model.h5")
predictions = model.predict(x)
history = model.fit(x, y, epochs=3, batch_size=8, shuffle=False, verbose=0)
results = {"history": history.history, "predictions": predictions}
