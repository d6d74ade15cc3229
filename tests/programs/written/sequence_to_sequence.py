"""Turn sequences round with GRUs, each step weighed on its own."""

import numpy as np
from keras.layers import GRU, Dense, Masking, RepeatVector, TimeDistributed
from keras.models import Sequential
from keras.optimizers import Adam
from keras.utils import to_categorical
from starting_weights import start

steps = 5
symbols = 6

rng = np.random.RandomState(13)
lengths = rng.randint(2, steps + 1, 160)
x = np.zeros((160, steps, symbols), "float32")
y = np.zeros((160, steps, symbols), "float32")
weights = np.zeros((160, steps), "float32")
for row, length in enumerate(lengths):
    word = rng.randint(0, symbols, length)
    x[row, :length] = to_categorical(word, num_classes=symbols)
    y[row, :length] = to_categorical(word[::-1], num_classes=symbols)
    weights[row, :length] = 1.0 / length

model = Sequential()
model.add(Masking(mask_value=0.0, input_shape=(steps, symbols)))
model.add(GRU(16))
model.add(RepeatVector(steps))
model.add(GRU(16, return_sequences=True))
model.add(TimeDistributed(Dense(symbols, activation="softmax")))
model.compile(
    loss="categorical_crossentropy",
    optimizer=Adam(lr=0.01),
    metrics=["accuracy"],
    weighted_metrics=["accuracy"],
    sample_weight_mode="temporal",
)
start(model)

history = model.fit(
    x[:140],
    y[:140],
    batch_size=20,
    epochs=5,
    shuffle=False,
    sample_weight=weights[:140],
    validation_data=(x[140:], y[140:], weights[140:]),
)

results = {
    "history": history.history,
    "names": model.metrics_names,
    "score": model.evaluate(x[140:], y[140:], sample_weight=weights[140:], verbose=0),
    "predictions": model.predict(x[140:142]),
}
