"""Metrics that are called, and hooks of callbacks that are called without logs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.reference.callbacks import Callback
from fitspec.reference.tensor import array_library
from fitspec.reference.tensor.autodiff import Tensor

if TYPE_CHECKING:
    from collections.abc import Callable

    from fitspec.reference.callbacks import CallbackList, Logs
    from fitspec.reference.metrics.base import Metric

HOOKS = {name: value for name, value in vars(Callback).items() if name.startswith("on_")}
"""What `Callback` itself does in each hook, by its name."""


def call_metric(self: Metric, *batch: Any, **named: Any) -> Tensor:
    """Add a batch, given as to `update_state`, and return the value over all batches so far."""
    self.update_state(*batch, **named)
    return Tensor(array_library.current().asarray(self.result()))


def telling(hook: str) -> Callable[..., None]:
    """Return a method of `CallbackList` by which a loop of one's own tells all callbacks."""
    if "batch" in hook or "epoch" in hook:

        def tell_index(self: CallbackList, index: int, logs: Logs | None = None) -> None:
            self.notify(hook, index, {} if logs is None else logs)

        return tell_index

    def tell(self: CallbackList, logs: Logs | None = None) -> None:
        self.notify(hook, {} if logs is None else logs)

    return tell


def without_logs(hook: Callable[..., None]) -> None:
    """Let a hook that a class of callbacks overrides be called on its own without logs."""
    hook.__defaults__ = (None,)
