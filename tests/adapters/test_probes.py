"""Tests of `fitspec.adapters.probes`."""

from __future__ import annotations

import types
from typing import TYPE_CHECKING, Any

import pytest

from fitspec.adapters import Adapter, NotOffered, probes
from fitspec.adapters.events import EventLog

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class Base:
    """A library's class, which wants its own constructor to be called."""

    model: Any = "the model"

    def __init__(self) -> None:
        self.constructed = True


class Counting(Adapter):
    """Knows of one weight."""

    callback_class = Base
    sequence_class = Base

    def weights(self, model: Any) -> dict[str, list[Any]]:
        """Return a weight named for the model."""
        return {str(model): [1.5]}


@pytest.fixture
def adapter(tmp_path: Path) -> Adapter:
    """Return an adapter with an empty log."""
    adapter = Counting()
    adapter.log = EventLog(str(tmp_path / "events.jsonl"))
    return adapter


def _seen(adapter: Adapter) -> list[tuple[str, str, Any]]:
    return [(item["kind"], item["probe"], item["fields"]) for item in adapter.log.since(0)]


def test_a_recorder_notes_every_hook(adapter: Adapter) -> None:
    """Each hook is noted under its documented name, with index and logs where it has them."""
    recorder = adapter.build_recorder("p1", weights=False)

    for hook, index in probes.HOOKS.items():
        getattr(recorder, f"on_{hook}")(*([] if index is None else [3]), {"loss": 0.5})

    assert recorder.constructed
    assert _seen(adapter) == [
        (hook, "p1", {"index": None if index is None else 3, "logs": {"loss": 0.5}})
        for hook, index in probes.HOOKS.items()
    ]


def test_a_recorder_notes_hooks_without_logs(adapter: Adapter) -> None:
    """Logs that are missing or None are empty logs."""
    recorder = adapter.build_recorder("p1", weights=False)

    recorder.on_train_begin()
    recorder.on_epoch_end(0, None)

    assert [fields["logs"] for _, _, fields in _seen(adapter)] == [{}, {}]


def test_a_recorder_notes_weights_when_asked(adapter: Adapter) -> None:
    """With `weights` each event holds the weights of the model at that moment."""
    recorder = adapter.build_recorder("p1", weights=True)

    recorder.on_train_begin({})

    assert _seen(adapter)[0][2]["weights"] == {"the model": [1.5]}


def test_a_recorder_asks_for_the_end_of_training(adapter: Adapter) -> None:
    """At the hook and index of `stops_at`, and at no other, `stop_training` is set."""
    recorder = adapter.build_recorder("p1", weights=False, stops_at=("epoch_end", 1))
    recorder.model = types.SimpleNamespace(stop_training=False)
    seen = []

    for hook, index in (("epoch_end", 0), ("train_batch_end", 1), ("epoch_end", 1)):
        getattr(recorder, f"on_{hook}")(index, {})
        seen.append(recorder.model.stop_training)

    assert seen == [False, False, True]


def test_a_recorder_raises(adapter: Adapter) -> None:
    """At the hook and index of `raises_at` the exception is raised, once the event is noted."""
    place = ("train_batch_end", 1)
    recorder = adapter.build_recorder(
        "p1", weights=False, raises_at=place, error="KeyboardInterrupt"
    )
    recorder.on_train_batch_end(0, {})

    with pytest.raises(KeyboardInterrupt, match="train_batch_end 1"):
        recorder.on_train_batch_end(1, {})

    assert [fields["index"] for _, _, fields in _seen(adapter)] == [0, 1]


def test_a_recorder_waits_for_another_probe(adapter: Adapter) -> None:
    """At the place of a wait it waits for the other's events, and notes whether they came."""
    there = {"kind": "pull", "probe": "p2", "count": 1, "within": 0.0, "quiet": 0.0}
    missing = dict(there, count=2)
    waits = {("epoch_end", 0): there, ("epoch_end", 1): missing}
    recorder = adapter.build_recorder("p1", weights=False, waits=waits)
    adapter.log.write("pull", "p2")

    for epoch in range(3):
        recorder.on_epoch_end(epoch)

    came = [fields["in_time"] for kind, _, fields in _seen(adapter) if kind == "came"]
    assert came == [True, False]


def test_a_recorder_adds_to_the_logs_of_an_epoch(adapter: Adapter) -> None:
    """What it adds is there for whoever gets the logs next, and not in what it notes."""
    logs = {"loss": 0.5}

    adapter.build_recorder("p1", weights=False, adds={"own": 7.0}).on_epoch_end(0, logs)

    assert logs == {"loss": 0.5, "own": 7.0}
    assert _seen(adapter) == [("epoch_end", "p1", {"index": 0, "logs": {"loss": 0.5}})]


class Copying(Counting):
    """Reads logs under another name, and so from a copy."""

    def told(
        self, callback: Any, hook: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]
    ) -> tuple[str, Any, Any]:
        """Return a copy of the logs."""
        hook, index, logs = super().told(callback, hook, args, kwargs)
        return hook, index, {"loss": logs["train_loss"]}


def test_an_adapter_that_reads_a_copy_of_the_logs_cuts_nothing_off(tmp_path: Path) -> None:
    """What a recorder adds is in the logs of the library, whatever `told` makes of them."""
    adapter = Copying()
    adapter.log = EventLog(str(tmp_path / "events.jsonl"))
    logs = {"train_loss": 0.5}

    adapter.build_recorder("p1", weights=False, adds={"own": 7.0}).on_epoch_end(0, logs)

    assert logs == {"train_loss": 0.5, "own": 7.0}
    assert _seen(adapter) == [("epoch_end", "p1", {"index": 0, "logs": {"loss": 0.5}})]


def test_a_recorder_does_not_add_to_logs_that_are_not_there(adapter: Adapter) -> None:
    """A library that calls with no dict of logs has nothing to add to, and that is said."""
    recorder = adapter.build_recorder("p1", weights=False, adds={"own": 7.0})

    with pytest.raises(NotOffered, match=r"recorder that adds to logs.*epoch_end has no dict"):
        recorder.on_epoch_end(0)


def test_a_recorder_notes_what_history_holds(adapter: Adapter) -> None:
    """At the end of an epoch, and only there, it looks at the epochs in the model's History."""
    recorder = adapter.build_recorder("p1", weights=False, history=True)
    recorder.model = types.SimpleNamespace(history=types.SimpleNamespace(epoch=[0, 1]))

    recorder.on_epoch_begin(2)
    recorder.on_epoch_end(2)

    assert [fields.get("recorded") for _, _, fields in _seen(adapter)] == [None, [0, 1]]
