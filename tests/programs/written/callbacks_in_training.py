"""Train with what users hang into training: notes, schedules, plateaus, stops and files."""

import csv
import glob

import numpy as np
from keras.callbacks import (
    Callback,
    CSVLogger,
    EarlyStopping,
    LambdaCallback,
    LearningRateScheduler,
    ModelCheckpoint,
    ReduceLROnPlateau,
    TerminateOnNaN,
)
from keras.layers import Dense
from keras.models import Sequential
from keras.optimizers import SGD
from starting_weights import start

rng = np.random.RandomState(8)
x = rng.normal(size=(160, 6)).astype("float32")
y = (x[:, :1] * x[:, 1:2] + 0.3 * rng.normal(size=(160, 1))).astype("float32")


class LossHistory(Callback):
    def on_train_begin(self, logs=None):
        self.losses = []
        self.sizes = []
        self.epochs_begun = 0

    def on_epoch_begin(self, epoch, logs=None):
        self.epochs_begun += 1

    def on_batch_end(self, batch, logs=None):
        logs = logs or {}
        self.losses.append(logs.get("loss"))
        self.sizes.append(int(logs.get("size")))


def build(optimizer):
    model = Sequential([Dense(24, activation="tanh", input_dim=6), Dense(1)])
    model.compile(loss="mse", optimizer=optimizer, metrics=["mae"])
    start(model)
    return model


def with_plateaus():
    model = build(SGD(lr=0.3, momentum=0.5))
    notes = LossHistory()
    ended = []
    stopping = EarlyStopping(
        monitor="val_loss", min_delta=0.02, patience=3, verbose=1, restore_best_weights=True
    )
    history = model.fit(
        x,
        y,
        batch_size=16,
        epochs=30,
        verbose=0,
        shuffle=False,
        validation_split=0.25,
        callbacks=[
            notes,
            TerminateOnNaN(),
            ReduceLROnPlateau(monitor="val_loss", factor=0.3, patience=1, min_lr=1e-3, verbose=1),
            ModelCheckpoint("weights.{epoch:02d}.h5", save_weights_only=True, period=3),
            ModelCheckpoint("best.h5", monitor="val_mae", verbose=1, save_best_only=True),
            ModelCheckpoint(
                "best_weights.h5", monitor="val_loss", save_best_only=True, save_weights_only=True
            ),
            CSVLogger("training.csv"),
            LambdaCallback(on_epoch_end=lambda epoch, logs: ended.append(epoch)),
            stopping,
        ],
    )
    predictions = model.predict(x[:4])
    model.load_weights("best_weights.h5")
    with open("training.csv") as file:
        rows = list(csv.DictReader(file))
    return {
        "history": history.history,
        "epochs": history.epoch,
        "ended": ended,
        "stopped": stopping.stopped_epoch,
        "batch losses": notes.losses[:20],
        "batch sizes": notes.sizes[:10],
        "epochs begun": notes.epochs_begun,
        "files": sorted(glob.glob("*.h5")),
        "columns": sorted(rows[0]),
        "logged": [float(row["val_loss"]) for row in rows],
        "predictions": predictions,
        "best": model.predict(x[:4]),
        "score": model.evaluate(x[120:], y[120:], verbose=0),
    }


def with_a_schedule():
    model = build("sgd")
    history = model.fit(
        x,
        y,
        epochs=4,
        initial_epoch=1,
        verbose=0,
        shuffle=False,
        callbacks=[LearningRateScheduler(lambda epoch: 0.2 / (1 + epoch), verbose=1)],
    )
    return {"history": history.history, "epochs": history.epoch}


results = {"plateaus": with_plateaus(), "schedule": with_a_schedule()}
