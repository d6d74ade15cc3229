"""Find a word that stands right after another with a convolution over one axis."""

import numpy as np
from keras.layers import (
    Activation,
    Conv1D,
    Dense,
    Embedding,
    GlobalMaxPooling1D,
    MaxPooling1D,
)
from keras.models import Sequential
from starting_weights import start

max_features = 20
maxlen = 16

rng = np.random.RandomState(4)
x = rng.randint(1, max_features, (200, maxlen))
y = ((x[:, :-1] < 6) & (x[:, 1:] > 14)).any(axis=1).astype("float32")

model = Sequential()
model.add(Embedding(max_features, 6, input_length=maxlen))
model.add(Conv1D(10, 3, padding="valid", activation="relu", strides=1))
model.add(MaxPooling1D(2))
model.add(Conv1D(8, 3, padding="same", activation="tanh", dilation_rate=2))
model.add(GlobalMaxPooling1D())
model.add(Dense(12))
model.add(Activation("elu"))
model.add(Dense(1))
model.add(Activation("sigmoid"))
model.compile(loss="binary_crossentropy", optimizer="adamax", metrics=["accuracy", "mse"])
start(model)

history = model.fit(x, y, batch_size=20, epochs=5, shuffle=False, validation_split=0.2, verbose=2)

results = {
    "history": history.history,
    "score": model.evaluate(x, y, verbose=0),
    "predictions": model.predict(x[:5]).ravel(),
}
