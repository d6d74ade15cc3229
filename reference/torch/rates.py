"""Learning rates of optimizers of PyTorch: one number for callbacks, and PyTorch's schedulers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import torch
from torch import optim

from fitspec.reference.callbacks.provided import Monitoring

if TYPE_CHECKING:
    from collections.abc import Callable

    from fitspec.reference.callbacks import Logs

PER = ("epoch", "batch")


class Rates:
    """The learning rates of an optimizer, as the one number that callbacks know.

    It is the rate of the first parameter group. Those of the others go along in proportion, so that
    what lowers the rate to a tenth lowers each of them to a tenth.

    Args:
        optimizer: Of PyTorch.

    """

    def __init__(self, optimizer: optim.Optimizer) -> None:
        self._optimizer = optimizer
        self._shares: list[float] = []

    @property
    def lr(self) -> float:
        """The rate of the first group.

        Setting it raises a ValueError where no proportion is known: the first group's rate is 0,
        and was so from the start, but another one's is not.
        """
        groups = self._optimizer.param_groups
        if not all("lr" in group for group in groups):
            raise AttributeError(f"{type(self._optimizer).__name__} has groups without a rate")
        return float(groups[0]["lr"])

    @lr.setter
    def lr(self, rate: float) -> None:
        groups = self._optimizer.param_groups
        first, *others = before = [float(group["lr"]) for group in groups]
        if first:
            self._shares = [each / first for each in before]
        elif any(others):
            raise ValueError(
                f"lr: the rates are {before}; where the first is 0, the others have no proportion "
                "to it in which they could go along"
            )
        elif len(self._shares) != len(groups):
            self._shares = [1.0] * len(groups)
        for group, share in zip(groups, self._shares, strict=True):
            if isinstance(group["lr"], torch.Tensor):  # of compiled steps, which know this object
                group["lr"].fill_(rate * share)
            else:
                group["lr"] = rate * share


class Scheduler(Monitoring):
    """Steps a learning-rate scheduler of PyTorch, and notes the rate in the logs of an epoch.

    Args:
        scheduler: One of `torch.optim.lr_scheduler`, made of the optimizer in use; or what makes
            one of it: `functools.partial(StepLR, step_size=2)`. That is called when a training
            begins, and again only if the model has another optimizer by then.
        per: Whether it is stepped after each "epoch", or each training "batch".
        monitor: What a `ReduceLROnPlateau` of PyTorch is told, by its name in the logs; epochs that
            lack it are passed over.

    Raises:
        TypeError: It is no scheduler, and makes none.
        ValueError: `per` is neither, or the scheduler is of another optimizer.

    """

    def __init__(
        self, scheduler: Any, per: Literal["epoch", "batch"] = "epoch", monitor: str = "val_loss"
    ) -> None:
        super().__init__(monitor, "auto", 0.0, verbose=0)
        if per not in PER:
            raise ValueError(f"per must be one of {list(PER)}, not {per!r}")
        if not callable(scheduler):
            _require_scheduler(scheduler)
        self.per = per
        self.scheduler: Any = None if callable(scheduler) else scheduler
        self._make: Callable[[Any], Any] | None = scheduler if callable(scheduler) else None

    def on_train_begin(self, logs: Logs) -> None:  # noqa: ARG002 - as Callback
        """Make the scheduler, or see that it is of the optimizer in use."""
        optimizer = getattr(self.model, "optimizer", None)
        if self._make is not None and getattr(self.scheduler, "optimizer", None) is not optimizer:
            self.scheduler = _require_scheduler(self._make(optimizer))
        if self.scheduler.optimizer is not optimizer:
            raise ValueError(
                "scheduler: it changes the rates of another optimizer than the one in use: make it "
                "of the one that compile got"
            )

    def on_train_batch_end(self, batch: int, logs: Logs) -> None:  # noqa: ARG002 - as Callback
        """Step after a batch."""
        if self.per == "batch":
            self._step(logs)

    def on_epoch_end(self, epoch: int, logs: Logs) -> None:  # noqa: ARG002 - as Callback
        """Note the rate, and step after an epoch."""
        model: Any = self.model
        logs["lr"] = model.rates.lr
        if self.per == "epoch":
            self._step(logs)

    def _step(self, logs: Logs) -> None:
        if not isinstance(self.scheduler, optim.lr_scheduler.ReduceLROnPlateau):
            self.scheduler.step()
            return
        value = self.monitored(logs)
        if value is not None:
            self.scheduler.step(value)


def _require_scheduler(found: Any) -> Any:
    """Return a scheduler.

    Raises:
        TypeError: It is none.

    """
    if not hasattr(found, "step") or not hasattr(found, "optimizer"):
        raise TypeError(
            "scheduler must be one of torch.optim.lr_scheduler, or make one of an optimizer, "
            f"not {found!r}"
        )
    return found
