"""The callback that watches an implementation from inside, made in its own class.

A probe acts as any user's object would and writes to the event log what it sees.
"""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING, Any

from fitspec.adapters import streams

if TYPE_CHECKING:
    from fitspec.adapters.adapter import Adapter

#: Hook -> name of the index it is called with, or None.
HOOKS = {
    "train_begin": None,
    "epoch_begin": "epoch",
    "train_batch_begin": "batch",
    "train_batch_end": "batch",
    "test_begin": None,
    "test_batch_begin": "batch",
    "test_batch_end": "batch",
    "test_end": None,
    "epoch_end": "epoch",
    "train_end": None,
    "predict_begin": None,
    "predict_batch_begin": "batch",
    "predict_batch_end": "batch",
    "predict_end": None,
}


def recorder_class(base: type, adapter: Adapter) -> Any:
    """Return a subclass of the implementation's callback that logs every call of a hook.

    An instance may also interfere: `stops_at` and `raises_at` are a hook and the index at which it
    asks for the end of training, or raises the built-in exception that `error` names; `waits` maps
    (hook, index) to what it waits for there, as `streams.wait_for` takes it.
    """

    def initialise(  # noqa: PLR0913, PLR0917  the fields of the description
        self: Any,
        key: str,
        weights: bool,
        stops_at: Any = None,
        raises_at: Any = None,
        error: str = "ArithmeticError",
        waits: Any = None,
    ) -> None:
        base.__init__(self)  # type: ignore[misc]  # the base is known only when it runs
        self.fitspec_key = key
        self.fitspec_weights = weights
        self.fitspec_stops_at = stops_at
        self.fitspec_raises_at = raises_at
        self.fitspec_error = getattr(builtins, error)
        self.fitspec_waits = waits or {}

    def note(self: Any, hook: str, index: Any, logs: Any) -> None:
        fields = {"index": index, "logs": {str(k): v for k, v in (logs or {}).items()}}
        if self.fitspec_weights:
            fields["weights"] = adapter.weights(self.model)
        adapter.log.write(hook, self.fitspec_key, **fields)
        if (hook, index) in self.fitspec_waits:
            streams.wait_for(adapter.log, self.fitspec_key, self.fitspec_waits[hook, index])
        if self.fitspec_stops_at == (hook, index):
            adapter.stop(self.model)
        if self.fitspec_raises_at == (hook, index):
            raise self.fitspec_error("raised by a callback at %s %s" % (hook, index))

    def hook_method(hook: str, indexed: bool) -> Any:
        if indexed:
            return lambda self, index, logs=None: note(self, hook, index, logs)
        return lambda self, logs=None: note(self, hook, None, logs)

    body = {
        adapter.hooks.get(hook, "on_" + hook): hook_method(hook, index is not None)
        for hook, index in HOOKS.items()
    }
    return type("Recorder", (base,), dict(body, __init__=initialise))
