"""smallfit: somebody else's library. It fits one linear layer, by the names that Keras has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

__version__ = "1.2"


class History:
    """How training went."""

    def __init__(self) -> None:
        self.epoch: list[int] = []
        self.history: dict[str, list[float]] = {"loss": []}


class Callback:
    """Is told how training goes on."""

    def on_epoch_begin(self, epoch: int) -> None:
        """Hear that an epoch begins."""

    def on_train_batch_begin(self, batch: int) -> None:
        """Hear that a batch of the epoch begins."""


class Model:
    """predictions = x · kernel."""

    def __init__(self, kernel: Any) -> None:
        self.kernel = np.asarray(kernel, np.float32)
        self.rate: float | None = None

    def compile(self, optimizer: float, loss: str) -> None:
        """Choose the learning rate; the loss is the mean squared error."""
        if loss != "mse":
            raise ValueError(f"loss: {loss!r}; 'mse' was expected")
        self.rate = optimizer

    def predict(self, x: Any) -> Any:
        """Return the predictions for all samples."""
        return np.asarray(x, np.float32) @ self.kernel

    def evaluate(self, x: Any, y: Any) -> float:
        """Return the loss over all samples."""
        return float(np.mean((self.predict(x) - y) ** 2))

    def fit(  # noqa: PLR0913, PLR0917  the arguments that Keras has
        self,
        x: Any,
        y: Any,
        batch_size: int = 32,
        epochs: int = 1,
        initial_epoch: int = 0,
        callbacks: Sequence[Callback] = (),
    ) -> History:
        """Train for so many epochs, the first of which has the number `initial_epoch`."""
        if self.rate is None:
            raise RuntimeError("compile comes first")
        history = History()
        for epoch in range(initial_epoch, initial_epoch + epochs):
            history.epoch.append(epoch)
            for callback in callbacks:
                callback.on_epoch_begin(epoch)
            losses = []
            for batch, start in enumerate(range(0, len(x), batch_size)):
                for callback in callbacks:
                    callback.on_train_batch_begin(batch)
                end = start + batch_size
                losses.append(self._step(x[start:end], y[start:end]))
            history.history["loss"].append(float(np.mean(losses)))
        return history

    def _step(self, x: Any, y: Any) -> float:
        errors = self.predict(x) - y
        assert self.rate is not None
        self.kernel = self.kernel - self.rate * 2 * x.T @ errors / len(x)
        return float(np.mean(errors**2))
