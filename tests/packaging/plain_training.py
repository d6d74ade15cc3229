"""A model that is trained from arrays and by a generator, saved and loaded."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

import fitspec.reference as keras

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

X = np.arange(8, dtype="float32").reshape(4, 2)
Y = X.sum(axis=1, keepdims=True)
Batch = tuple["NDArray[np.float32]", "NDArray[np.float32]"]


def _batches() -> Iterator[Batch]:
    while True:
        yield X, Y


def main(arguments: list[str]) -> int:
    """Train, write the files into the folder that is named, and return 0 if all is the same."""
    folder = Path(arguments[0])
    model = keras.models.Sequential([keras.layers.Dense(1, input_shape=(2,))])
    model.compile(optimizer="sgd", loss="mse")
    model.fit(X, Y, epochs=2, verbose=2)
    model.fit_generator(_batches(), steps_per_epoch=2, workers=1, verbose=0)
    model.save(str(folder / "model.h5"))
    loaded = keras.models.load_model(str(folder / "model.h5"))
    same = np.array_equal(loaded.predict(X), model.predict(X))
    callback = keras.callbacks.CSVLogger(str(folder / "log.csv"))
    loaded.fit(X, Y, verbose=0, callbacks=[callback])
    return 0 if same and (folder / "log.csv").read_bytes().count(b"\n") == 2 else 1
