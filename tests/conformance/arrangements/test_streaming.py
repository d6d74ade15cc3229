"""Tests of `fitspec.conformance.arrangements.streaming`."""

from __future__ import annotations

from fitspec.conformance.arrangements.streaming import EVALUATE, FIT_GENERATOR, places
from fitspec.conformance.worker.remote import Event, Events


def _event(pid: int, *, main_thread: bool) -> Event:
    return Event("pull", "p1", pid, thread=1, main_thread=main_thread, time=0.0, fields={})


def test_the_place_of_an_event_is_told_from_where_callbacks_run() -> None:
    """A main thread is the model's only in the model's own process."""
    events = [_event(1, main_thread=True), _event(1, main_thread=False)]
    of_child = _event(2, main_thread=True)
    callbacks = Events((_event(1, main_thread=True),))

    found = places(Events((*events, of_child)), callbacks)

    assert found == ["another process", "another thread", "the main thread"]


def test_a_method_is_known_by_its_hooks() -> None:
    """The hook at a batch bears the name of the stage, whatever the method is called."""
    assert (EVALUATE.hook("begin"), FIT_GENERATOR.hook("end")) == (
        "test_batch_begin",
        "train_batch_end",
    )
