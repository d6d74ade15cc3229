"""What every callback is: an object that is told what happens, and may stop it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

Logs: TypeAlias = dict[str, Any]


class Model(Protocol):
    """What callbacks may do to any model.

    Attributes:
        stop_training: Set it to True to end training after the current batch.

    """

    stop_training: bool


class Callback:
    """Base of all callbacks: every hook does nothing.

    Attributes:
        model: The model that is trained, tested or used.
        params: What the call is about: `epochs`, `steps`, `samples`, `batch_size`, `verbose`,
            `do_validation`, `metrics`.

    """

    def __init__(self) -> None:
        self.model: Model | None = None
        self.params: Mapping[str, object] = {}

    def set_model(self, model: Model) -> None:
        """Learn the model; called before all hooks."""
        self.model = model

    def set_params(self, params: Mapping[str, object]) -> None:
        """Learn what the call is about; called before all hooks."""
        self.params = params

    def on_train_begin(self, logs: Logs) -> None:
        """Note that training begins."""

    def on_train_end(self, logs: Logs) -> None:
        """Note that training has ended."""

    def on_epoch_begin(self, epoch: int, logs: Logs) -> None:
        """Note that the epoch with this index begins."""

    def on_epoch_end(self, epoch: int, logs: Logs) -> None:
        """Note the results of an epoch: loss, metrics, and those of validation as `val_...`."""

    def on_batch_begin(self, batch: int, logs: Logs) -> None:
        """Note that a training batch begins."""

    def on_batch_end(self, batch: int, logs: Logs) -> None:
        """Note that a training batch has ended."""

    def on_train_batch_begin(self, batch: int, logs: Logs) -> None:
        """Note that a training batch begins; `logs` has `batch` and `size`."""
        self.on_batch_begin(batch, logs)

    def on_train_batch_end(self, batch: int, logs: Logs) -> None:
        """Note the loss and metrics of one training batch, in `logs`."""
        self.on_batch_end(batch, logs)

    def on_test_begin(self, logs: Logs) -> None:
        """Note that evaluation or validation begins."""

    def on_test_end(self, logs: Logs) -> None:
        """Note that evaluation or validation has ended."""

    def on_test_batch_begin(self, batch: int, logs: Logs) -> None:
        """Note that a batch of evaluation or validation begins."""

    def on_test_batch_end(self, batch: int, logs: Logs) -> None:
        """Note the loss and metrics of one batch of evaluation or validation."""

    def on_predict_begin(self, logs: Logs) -> None:
        """Note that prediction begins."""

    def on_predict_end(self, logs: Logs) -> None:
        """Note that prediction has ended."""

    def on_predict_batch_begin(self, batch: int, logs: Logs) -> None:
        """Note that a batch of prediction begins."""

    def on_predict_batch_end(self, batch: int, logs: Logs) -> None:
        """Note the outputs of one batch, `logs["outputs"]`."""


class History(Callback):
    """Records the results of every epoch (`fit.returns.history-object`).

    Attributes:
        epoch: The indices of the epochs that were run.
        history: For every name in the epoch's logs, its values; names of validation have an entry
            per validation that was run.

    """

    def __init__(self) -> None:
        super().__init__()
        self.epoch: list[int] = []
        self.history: dict[str, list[Any]] = {}

    def on_train_begin(self, logs: Logs) -> None:  # noqa: ARG002 - as Callback
        """Start anew."""
        self.epoch = []
        self.history = {}

    def on_epoch_end(self, epoch: int, logs: Logs) -> None:
        """Record the results (`fit.returns.history-equals-logs`)."""
        self.epoch.append(epoch)
        for name, value in logs.items():
            # fit.returns.history-successive-epochs: one after the other
            self.history.setdefault(name, []).append(value)
