"""Callbacks that steer, save and report training."""

from __future__ import annotations

import csv
import inspect
import math
import numbers
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from fitspec.reference.callbacks.base import Callback

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from fitspec.reference.callbacks.base import Logs

    Mode: TypeAlias = Literal["auto", "min", "max"]


class Monitoring(Callback):
    """Base of callbacks that watch whether a quantity improves.

    Args:
        monitor: Name in the epoch's logs.
        mode: Whether smaller ("min") or larger ("max") is better; "auto" goes by the name.
        min_delta: Smaller changes are no improvement; below 0, what is worse by less is one, too.
        verbose: 1 to print what is done.

    """

    def __init__(self, monitor: str, mode: Mode, min_delta: float, verbose: int) -> None:
        super().__init__()
        if mode not in {"auto", "min", "max"}:
            raise ValueError(f"mode must be 'auto', 'min' or 'max', not {mode!r}")
        self.monitor = monitor
        self.mode = mode
        self.min_delta = min_delta
        self.verbose = verbose
        larger = "acc" in monitor or monitor.startswith("fmeasure")
        self.sign = -1 if mode == "max" or (mode == "auto" and larger) else 1
        self.best = self.sign * math.inf

    def monitored(self, logs: Logs) -> Any | None:
        """Return the quantity; None, with a warning unless validation is due later, without it."""
        known: Any = self.params.get("metrics") or ()
        if self.monitor not in logs and self.monitor not in known:
            warnings.warn(
                f"{type(self).__name__} watches {self.monitor!r}, but there are {sorted(logs)}",
                RuntimeWarning,
                stacklevel=2,
            )
        return logs.get(self.monitor)

    def is_better(self, value: float) -> bool:
        """Whether a value is an improvement."""
        return bool(self.sign * value < self.sign * self.best - self.min_delta)

    def tell(self, epoch: int, what: str) -> None:
        """Print what happened after an epoch, if asked."""
        if self.verbose > 0:
            sys.stdout.write(f"\nEpoch {epoch + 1:05d}: {what}\n")


class EarlyStopping(Monitoring):
    """Stops training when a quantity no longer improves.

    Args:
        monitor: Name in the epoch's logs.
        min_delta: Smaller changes are no improvement.
        patience: After how many epochs without improvement training stops.
        verbose: 1 to print when it does.
        mode: Whether smaller ("min") or larger ("max") is better; "auto" goes by the name.
        baseline: What the first value has to be better than.
        restore_best_weights: Whether the model gets back the weights of its best epoch when it is
            stopped.

    """

    def __init__(  # noqa: PLR0913, PLR0917 - the documented signature
        self,
        monitor: str = "val_loss",
        min_delta: float = 0.0,
        patience: int = 0,
        verbose: int = 0,
        mode: Mode = "auto",
        baseline: float | None = None,
        restore_best_weights: bool = False,
    ) -> None:
        super().__init__(monitor, mode, min_delta, verbose)
        self.patience = patience
        self.baseline = baseline
        self.restore_best_weights = restore_best_weights
        self.on_train_begin()

    def on_train_begin(self, logs: Logs | None = None) -> None:  # noqa: ARG002 - as Callback
        """Start anew."""
        self.best = self.sign * math.inf if self.baseline is None else self.baseline
        self.best_weights: Any = None
        self.wait = 0
        self.stopped_epoch = 0

    def on_epoch_end(self, epoch: int, logs: Logs) -> None:
        """Compare with the best so far; epochs that lack the quantity are passed over."""
        value, model = self.monitored(logs), self._model()
        if value is None:
            return
        if self.is_better(value):
            self.best = value
            self.wait = 0
            if self.restore_best_weights:
                self.best_weights = model.get_weights()
            return
        self.wait += 1
        if self.wait >= self.patience:
            self.stopped_epoch = epoch
            model.stop_training = True
            if self.best_weights is not None:
                model.set_weights(self.best_weights)

    def on_train_end(self, logs: Logs | None = None) -> None:  # noqa: ARG002 - as Callback
        """Say that training was stopped."""
        if self.stopped_epoch:
            self.tell(self.stopped_epoch, f"stopped, as {self.monitor} did not improve")

    def _model(self) -> Any:
        return self.model


class ModelCheckpoint(Monitoring):
    """Saves the model after epochs.

    Args:
        filepath: Where to; `{epoch:02d}` stands for the epoch, counted from 1, and `{val_loss:.2f}`
            and the like for what is in its logs.
        monitor: Name in the epoch's logs.
        verbose: 1 to print what is saved.
        save_best_only: Whether to save only when the quantity has improved.
        save_weights_only: Whether to save the weights alone.
        mode: Whether smaller ("min") or larger ("max") is better; "auto" goes by the name.
        period: After how many epochs each.

    """

    def __init__(  # noqa: PLR0913, PLR0917 - the documented signature
        self,
        filepath: str,
        monitor: str = "val_loss",
        verbose: int = 0,
        save_best_only: bool = False,
        save_weights_only: bool = False,
        mode: Mode = "auto",
        period: int = 1,
    ) -> None:
        super().__init__(monitor, mode, 0.0, verbose)
        self.filepath = filepath
        self.save_best_only = save_best_only
        self.save_weights_only = save_weights_only
        self.period = period
        self.epochs_since_last_save = 0

    def on_epoch_end(self, epoch: int, logs: Logs) -> None:
        """Save the model if it is time, and worth it."""
        self.epochs_since_last_save += 1
        if self.epochs_since_last_save < self.period:
            return
        self.epochs_since_last_save = 0
        if self.save_best_only:
            value = self.monitored(logs)
            if value is None or not self.is_better(value):
                self.tell(epoch, f"{self.monitor} did not improve from {self.best:.5f}")
                return
            self.tell(epoch, f"{self.monitor} improved from {self.best:.5f} to {value:.5f}")
            self.best = value
        path = str(self.filepath).format(epoch=epoch + 1, **logs)
        self.tell(epoch, f"saving to {path}")
        model: Any = self.model
        save = model.save_weights if self.save_weights_only else model.save
        save(path)


class ReduceLROnPlateau(Monitoring):
    """Lowers the learning rate when a quantity no longer improves.

    Args:
        monitor: Name in the epoch's logs.
        factor: What the rate is multiplied by, below 1.
        patience: After how many epochs without improvement.
        verbose: 1 to print new rates.
        mode: Whether smaller ("min") or larger ("max") is better; "auto" goes by the name.
        min_delta: Smaller changes are no improvement.
        cooldown: How many epochs after a new rate are not counted.
        min_lr: The lowest rate.
        epsilon: The older spelling of `min_delta`.

    """

    def __init__(  # noqa: PLR0913, PLR0917 - the documented signature
        self,
        monitor: str = "val_loss",
        factor: float = 0.1,
        patience: int = 10,
        verbose: int = 0,
        mode: Mode = "auto",
        min_delta: float = 1e-4,
        cooldown: int = 0,
        min_lr: float = 0.0,
        *,
        epsilon: float | None = None,
    ) -> None:
        if epsilon is not None:
            warnings.warn("`epsilon` argument is deprecated and is now `min_delta`", stacklevel=2)
            min_delta = epsilon
        super().__init__(monitor, mode, min_delta, verbose)
        if factor >= 1:
            raise ValueError(f"factor must be below 1, not {factor!r}")
        self.factor = factor
        self.patience = patience
        self.cooldown = cooldown
        self.min_lr = min_lr
        self.on_train_begin()

    def on_train_begin(self, logs: Logs | None = None) -> None:  # noqa: ARG002 - as Callback
        """Start anew."""
        self.best = self.sign * math.inf
        self.wait = 0
        self.cooldown_counter = 0

    def on_epoch_end(self, epoch: int, logs: Logs) -> None:
        """Note the rate in the logs, compare with the best so far, and lower the rate."""
        optimizer = rated_optimizer(self)
        logs["lr"] = rate = optimizer.lr
        value = self.monitored(logs)
        if value is None:
            return
        if self.cooldown_counter:
            self.cooldown_counter -= 1
            self.wait = 0
        if self.is_better(value):
            self.best = value
            self.wait = 0
        elif not self.cooldown_counter:
            self.wait += 1
            if self.wait >= self.patience and float(rate) > self.min_lr:
                optimizer.lr = max(float(rate) * self.factor, self.min_lr)
                self.cooldown_counter = self.cooldown
                self.wait = 0
                self.tell(epoch, f"the learning rate becomes {optimizer.lr}")


class LearningRateScheduler(Callback):
    """Sets the learning rate of every epoch.

    Args:
        schedule: Returns the rate, given the index of the epoch and, if it takes two arguments, the
            rate before.
        verbose: 1 to print the rates.

    """

    def __init__(self, schedule: Callable[..., object], verbose: int = 0) -> None:
        super().__init__()
        self.schedule = schedule
        self.verbose = verbose

    def on_epoch_begin(self, epoch: int, logs: Logs) -> None:  # noqa: ARG002 - as Callback
        """Set the rate."""
        optimizer = rated_optimizer(self)
        try:
            inspect.signature(self.schedule).bind(epoch, optimizer.lr)
        except TypeError:
            rate = self.schedule(epoch)
        else:
            rate = self.schedule(epoch, float(optimizer.lr))
        if not isinstance(rate, numbers.Real):
            raise ValueError(f"schedule must return a number, not {rate!r}")  # noqa: TRY004 - as documented
        optimizer.lr = float(rate)
        if self.verbose > 0:
            sys.stdout.write(f"\nEpoch {epoch + 1:05d}: the learning rate is {rate}\n")

    def on_epoch_end(self, epoch: int, logs: Logs) -> None:  # noqa: ARG002 - as Callback
        """Note the rate in the logs."""
        logs["lr"] = rated_optimizer(self).lr


def rated_optimizer(callback: Callback) -> Any:
    """Return the optimizer that is in use, or what stands for it in the `rates` of its model.

    Raises:
        ValueError: It has no learning rate.

    """
    optimizer = getattr(callback.model, "rates", getattr(callback.model, "optimizer", None))
    if not hasattr(optimizer, "lr"):
        raise ValueError(f"{type(callback).__name__} needs an optimizer that has a rate `lr`")
    return optimizer


class CSVLogger(Callback):
    """Writes a line for every epoch into a file.

    Args:
        filename: Where to.
        separator: What stands between two values.
        append: Whether lines are added to a file that is there already, or replace it.

    """

    def __init__(self, filename: str, separator: str = ",", append: bool = False) -> None:
        super().__init__()
        self.filename = filename
        self.separator = separator
        self.append = append
        self._keys: list[str] | None = None

    def on_train_begin(self, logs: Logs | None = None) -> None:  # noqa: ARG002 - as Callback
        """Make the file, or an old one empty."""
        path = Path(self.filename)
        path.open("a" if self.append else "w", encoding="utf-8").close()
        self._keys = None

    def on_epoch_end(self, epoch: int, logs: Logs) -> None:
        """Write a line, and before the first one the names of the values."""
        path = Path(self.filename)
        with path.open("a", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, delimiter=self.separator)
            if self._keys is None:
                self._keys = sorted(logs)
                if path.stat().st_size == 0:
                    writer.writerow(["epoch", *self._keys])
            writer.writerow([epoch, *(_in_a_line(logs.get(key, "NA")) for key in self._keys)])


def _in_a_line(value: Any) -> Any:
    """Return a value of an epoch as Keras writes it into a line: of an array all elements."""
    if isinstance(value, str) or not getattr(value, "shape", isinstance(value, (list, tuple))):
        return value
    return f'"[{", ".join(map(str, value))}]"'


class TerminateOnNaN(Callback):
    """Stops training when the loss of a batch is no number, or infinite."""

    def on_batch_end(self, batch: int, logs: Logs) -> None:
        """Look at the loss."""
        if not math.isfinite(logs.get("loss", 0.0)):
            sys.stdout.write(f"Batch {batch}: the loss is {logs['loss']}, training stops\n")
            model: Any = self.model
            model.stop_training = True


class BaseLogger(Callback):
    """Stands for what training does itself: the logs of an epoch are of all its batches.

    Args:
        stateful_metrics: Names of metrics that are not to be averaged.

    """

    def __init__(self, stateful_metrics: Iterable[str] | None = None) -> None:
        super().__init__()
        self.stateful_metrics = set(stateful_metrics or ())


class LambdaCallback(Callback):
    """Calls functions that are given by hook: `LambdaCallback(on_epoch_end=print)`."""

    def __init__(self, **hooks: Callable[..., object] | None) -> None:
        super().__init__()
        for name, function in hooks.items():
            if function is None:
                continue
            if not name.startswith("on_") or not hasattr(Callback, name):
                raise TypeError(f"{name!r} is no hook of Callback")
            setattr(self, name, function)
