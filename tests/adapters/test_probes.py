"""Tests of `fitspec.adapters.probes`."""

from __future__ import annotations

import itertools
import types
from typing import TYPE_CHECKING, Any

import pytest

from fitspec.adapters import Adapter, probes
from fitspec.adapters.events import EventLog

if TYPE_CHECKING:
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


def test_a_generator_notes_what_is_asked_of_it(adapter: Adapter) -> None:
    """A pull is noted when it is made, not before; a repeating one counts on."""
    source = adapter.build_generator("p1", ["a", "b"], repeats=True)
    assert _seen(adapter) == []

    items = list(itertools.islice(source, 3))

    assert items == ["a", "b", "a"]
    assert [fields["index"] for _, _, fields in _seen(adapter)] == [0, 1, 2]


def test_a_generator_ends_unless_it_repeats(adapter: Adapter) -> None:
    """One pass yields each item once; being asked for more is not noted."""
    assert list(adapter.build_generator("p1", ["a", "b"], repeats=False)) == ["a", "b"]
    assert len(_seen(adapter)) == 2


def test_a_sequence_notes_what_is_asked_of_it(adapter: Adapter) -> None:
    """Items and the ends of epochs are noted; the length is not an event."""
    sequence = adapter.build_sequence("p1", ["a", "b"])

    assert (len(sequence), sequence[1]) == (2, "b")
    sequence.on_epoch_end()
    assert [(kind, fields) for kind, _, fields in _seen(adapter)] == [
        ("get_item", {"index": 1}),
        ("sequence_epoch_end", {}),
    ]
