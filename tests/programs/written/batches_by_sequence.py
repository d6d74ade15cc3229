"""Train on batches that a Sequence makes when they are asked for, by two workers."""

import math

import numpy as np
from keras.layers import Dense
from keras.models import Sequential
from keras.optimizers import Adagrad
from keras.utils import Sequence
from starting_weights import start


class Moons(Sequence):
    def __init__(self, x_set, y_set, batch_size):
        self.x, self.y = x_set, y_set
        self.batch_size = batch_size
        self.ended = 0

    def __len__(self):
        return math.ceil(len(self.x) / self.batch_size)

    def __getitem__(self, idx):
        rows = slice(idx * self.batch_size, (idx + 1) * self.batch_size)
        return self.x[rows], self.y[rows]

    def on_epoch_end(self):
        self.ended += 1


rng = np.random.RandomState(9)
angle = rng.uniform(0, np.pi, 250)
y = rng.randint(0, 2, 250)
x = np.stack([np.cos(angle) + y, np.sin(angle) * (1 - 2 * y)], axis=1)
x = (x + rng.normal(0, 0.1, x.shape)).astype("float32")

training = Moons(x[:200], y[:200], 24)
validation = Moons(x[200:], y[200:], 16)

model = Sequential()
model.add(Dense(16, input_dim=2, activation="relu"))
model.add(Dense(16, activation="softplus"))
model.add(Dense(2, activation="softmax"))
model.compile(loss="sparse_categorical_crossentropy", optimizer=Adagrad(), metrics=["accuracy"])
start(model)

history = model.fit_generator(
    training,
    epochs=3,
    verbose=2,
    validation_data=validation,
    workers=2,
    max_queue_size=4,
    shuffle=False,
)
more = model.fit(training, epochs=5, initial_epoch=3, workers=2, shuffle=False, verbose=0)

results = {
    "history": history.history,
    "more": more.history,
    "score": model.evaluate_generator(validation, workers=2),
    "score again": model.evaluate(validation, verbose=0),
    "predictions": model.predict_generator(validation)[:6],
    "predictions again": model.predict(validation)[-3:],
}
