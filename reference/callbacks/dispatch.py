"""Telling several callbacks the same, and only what they listen to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.reference.callbacks.base import Callback
from fitspec.reference.data.pending import LateLogs, are_late

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from fitspec.reference.callbacks.base import Logs, Model


class CallbackList:
    """Tells several callbacks the same, in order.

    See `fit.callbacks.called-in-training` and `fit_generator.callbacks`.
    """

    def __init__(self, callbacks: Iterable[Callback]) -> None:
        self.callbacks = list(callbacks)
        self._listeners: dict[str, list[Callable[..., object]]] = {}

    def prepare(self, model: Model, params: Mapping[str, object], *_: object) -> None:
        """Tell all callbacks about the model and the call; where data are is nothing to them."""
        for callback in self.callbacks:
            callback.set_params(params)
            callback.set_model(model)

    def begin(self, stage: str) -> None:
        """Tell that `train`, `test` or `predict` begins."""
        self._listeners.clear()
        self.notify(f"on_{stage}_begin", {})

    def end(self, stage: str, logs: Logs | None = None) -> None:
        """Tell that `train`, `test` or `predict` has ended."""
        self.notify(f"on_{stage}_end", dict(logs or {}))

    def begin_batch(self, stage: str, index: int, size: int) -> None:
        """Tell that a batch of `train`, `test` or `predict` begins."""
        hook = f"on_{stage}_batch_begin"
        if self.listeners(hook):
            self.notify(hook, index, {"batch": index, "size": size})

    def end_batch(
        self, stage: str, index: int, size: int, names: Sequence[str], results: Sequence[object]
    ) -> None:
        """Tell the results of a batch of `train`, `test` or `predict`, by name."""
        hook = f"on_{stage}_batch_end"
        if self.listeners(hook):
            logs = {"batch": index, "size": size} | dict(zip(names, results, strict=True))
            self.notify(hook, index, LateLogs(logs) if are_late(results) else logs)

    def begin_epoch(self, epoch: int) -> None:
        """Tell that an epoch begins."""
        self._listeners.clear()
        self.notify("on_epoch_begin", epoch, {})

    def end_epoch(self, epoch: int, logs: Logs) -> None:
        """Tell the results of an epoch."""
        self.notify("on_epoch_end", epoch, logs)

    def notify(self, hook: str, *arguments: object) -> None:
        """Call one hook of every callback."""
        for listener in self.listeners(hook):
            listener(*arguments)

    def listeners(self, hook: str) -> list[Callable[..., object]]:
        """Return one hook of every callback that does something there."""
        found = self._listeners.get(hook)
        if found is None:
            # Looked up once an epoch: most callbacks have nothing to say to most hooks.
            hooks = [getattr(callback, hook) for callback in self.callbacks]
            found = self._listeners[hook] = [each for each in hooks if not does_nothing(each)]
        return found


#: Hooks of `Callback` that only call another one.
_PASSED_ON = {
    Callback.on_train_batch_begin: "on_batch_begin",
    Callback.on_train_batch_end: "on_batch_end",
}


def does_nothing(hook: Callable[..., object]) -> bool:
    """Whether a bound hook is one that `Callback` leaves empty."""
    function = getattr(hook, "__func__", None)
    if function in _PASSED_ON:
        return does_nothing(getattr(hook.__self__, _PASSED_ON[function]))  # type: ignore[attr-defined]
    return function is not None and function is getattr(Callback, function.__name__, None)


def listed(callbacks: object) -> list[Callback]:
    """Return the callbacks a user gave as a new list (`fit.callbacks.none-or-empty`).

    Raises:
        TypeError: They are no callbacks.

    """
    if callbacks is None:
        return []
    given: list[Any] = list(callbacks) if isinstance(callbacks, (list, tuple)) else [callbacks]
    for one in given:
        if not hasattr(one, "set_params") or not hasattr(one, "set_model"):
            raise TypeError(f"callbacks must hold instances of Callback, got {one!r}")
    return given
