"""Hooks of callbacks that are called without logs, and on lists of callbacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitspec.reference.callbacks import Callback

if TYPE_CHECKING:
    from collections.abc import Callable

    from fitspec.reference.callbacks import CallbackList, Logs

HOOKS = {name: value for name, value in vars(Callback).items() if name.startswith("on_")}
"""What `Callback` itself does in each hook, by its name."""


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
