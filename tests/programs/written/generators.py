"""Train from generators that never end, with weights for the classes."""

import numpy as np
from keras.layers import Dense
from keras.models import Sequential
from starting_weights import start


def batches(seed, size, weighted=False):
    rng = np.random.RandomState(seed)
    while True:
        x = rng.normal(size=(size, 5)).astype("float32")
        y = (x.sum(axis=1, keepdims=True) > 0.5).astype("float32")
        if weighted:
            yield x, y, rng.uniform(0.5, 1.5, size)
        else:
            yield x, y


model = Sequential()
model.add(Dense(10, activation="relu", input_shape=(5,)))
model.add(Dense(1, activation="sigmoid"))
model.compile(optimizer="nadam", loss="binary_crossentropy", metrics=["acc"])
start(model)

history = model.fit_generator(
    batches(1, 20),
    steps_per_epoch=8,
    epochs=4,
    verbose=2,
    validation_data=batches(2, 30),
    validation_steps=3,
    class_weight={0: 1.0, 1: 1.5},
)
weighted = model.fit_generator(batches(3, 10, weighted=True), steps_per_epoch=6, verbose=0)

held_out = next(batches(4, 40))
generator = batches(5, 25)
results = {
    "history": history.history,
    "weighted": weighted.history,
    "held out": model.evaluate(*held_out, verbose=0),
    "predictions": model.predict(held_out[0][:4]),
    # One worker takes more items than it is asked for, so that nothing follows on this generator.
    "score": model.evaluate_generator(generator, steps=4),
    "shape": list(model.predict_generator(batches(6, 7), steps=3).shape),
}
