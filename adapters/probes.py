"""The callback that watches an implementation from inside, made in its own class.

A probe acts as any user's object would and writes to the event log what it sees.
"""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING, Any

from fitspec.adapters import streams

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Protocol

    from fitspec.adapters.events import EventLog

    class Translator(Protocol):
        """Of an adapter, what the callback needs: `Adapter` says what each is."""

        hooks: Mapping[str, str]
        log: EventLog

        def told(  # noqa: D102  as `Adapter.told`
            self, callback: Any, hook: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]
        ) -> tuple[str, Any, Any]: ...

        def add_to_logs(  # noqa: D102  as `Adapter.add_to_logs`
            self,
            entries: Mapping[str, Any],
            callback: Any,
            hook: str,
            args: tuple[Any, ...],
            kwargs: Mapping[str, Any],
        ) -> None: ...

        def weights(self, model: Any) -> dict[str, list[Any]]: ...  # noqa: D102  as `Adapter.weights`

        def stop(self, model: Any) -> None: ...  # noqa: D102  as `Adapter.stop`


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


def recorder_class(base: type, adapter: Translator) -> Any:
    """Return a subclass of the implementation's callback that logs every call of a hook.

    An instance may also interfere: `stops_at` and `raises_at` are a hook and the index at which it
    asks for the end of training, or raises the built-in exception that `error` names; `waits` maps
    (hook, index) to what it waits for there, as `streams.wait_for` takes it; `adds` are entries
    that it puts into the logs of every epoch. With `history`, it also logs at the end of an epoch
    the epochs `recorded` in the model's History by then; with `validation_data`, how many
    `validation_rows` it has in its attribute of that name; with `params`, as training begins, which
    entries that attribute has.
    """

    def initialise(  # noqa: PLR0913, PLR0917  the fields of the description
        self: Any,
        key: str,
        weights: bool,
        stops_at: Any = None,
        raises_at: Any = None,
        error: str = "ArithmeticError",
        waits: Any = None,
        adds: Any = None,
        history: bool = False,
        validation_data: bool = False,
        params: bool = False,
    ) -> None:
        base.__init__(self)  # type: ignore[misc]  # the base is known only when it runs
        self.fitspec_key = key
        self.fitspec_weights = weights
        self.fitspec_stops_at = stops_at
        self.fitspec_raises_at = raises_at
        self.fitspec_error = getattr(builtins, error)
        self.fitspec_waits = waits or {}
        self.fitspec_adds = adds or {}
        self.fitspec_history = history
        self.fitspec_validation_data = validation_data
        self.fitspec_params = params

    def hook_method(hook: str) -> Any:
        def called(self: Any, *args: Any, **kwargs: Any) -> None:
            told, index, logs = adapter.told(self, hook, args, kwargs)
            _note(adapter, self, told, index, logs)
            if self.fitspec_adds and told == "epoch_end":
                adapter.add_to_logs(self.fitspec_adds, self, hook, args, kwargs)
            _interfere(adapter, self, told, index)

        return called

    body = {adapter.hooks.get(hook, "on_" + hook): hook_method(hook) for hook in HOOKS}
    return type("Recorder", (base,), dict(body, __init__=initialise))


def _note(adapter: Translator, self: Any, hook: str, index: Any, logs: Any) -> None:
    fields = {"index": index, "logs": {str(k): v for k, v in (logs or {}).items()}}
    if self.fitspec_weights:
        fields["weights"] = adapter.weights(self.model)
    if self.fitspec_history and hook == "epoch_end":
        fields["recorded"] = list(self.model.history.epoch)
    if self.fitspec_validation_data and hook == "epoch_end":
        data = getattr(self, "validation_data", None)
        fields["validation_rows"] = len(data[0]) if data else None
    if self.fitspec_params and hook == "train_begin":
        params = getattr(self, "params", None)
        fields["params"] = sorted(params) if params else None
    adapter.log.write(hook, self.fitspec_key, **fields)


def _interfere(adapter: Translator, self: Any, hook: str, index: Any) -> None:
    if (hook, index) in self.fitspec_waits:
        streams.wait_for(adapter.log, self.fitspec_key, self.fitspec_waits[hook, index])
    if self.fitspec_stops_at == (hook, index):
        adapter.stop(self.model)
    if self.fitspec_raises_at == (hook, index):
        raise self.fitspec_error("raised by a callback at %s %s" % (hook, index))
