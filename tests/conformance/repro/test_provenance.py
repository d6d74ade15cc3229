"""Tests of `fitspec.conformance.repro.provenance`: where a check read what it observed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.conformance.repro import provenance, replay
from fitspec.conformance.repro.origins import (
    Default,
    Ending,
    Fact,
    Parameters,
    Printed,
    Provenance,
    Read,
    TakesKeywords,
    Told,
)
from fitspec.conformance.worker.remote import Event, Events, RemoteError, RemoteObject, Result
from fitspec.conformance.worker.transcript import Request

if TYPE_CHECKING:
    import pytest

    from fitspec.conformance.repro.batch_readers import Tap


def answered(value: Any, *events: Event) -> Request:
    """Return a call that brought a value."""
    came = Result(value, Events(events), "", "", (), 0.0)
    return Request("call", {"method": "fit"}, value, came=came)


def seen(kind: str, **fields: Any) -> Event:
    """Return an event on the main thread."""
    return Event(kind, "p1", 1, 1, True, 0.0, fields)


HISTORY = RemoteObject("o2", ("History",), {"history": {"loss": [4.0, 2.5], "mae": [2.0]}}, "")
SIGNATURE = [
    {"name": "x", "kind": "positional_or_keyword"},
    {"name": "n", "kind": "", "default": 3},
]


def reading(
    monkeypatch: pytest.MonkeyPatch, check: Any, *requests: Request, expected: Any, ulps: float = 0
) -> Provenance:
    """Return where `check`, a function of the requests, read what it returns."""

    def replayed(
        _clause: str, given: list[Request], _example: str = "", _tap: Tap | None = None
    ) -> replay.Claimed:
        return replay.Claimed(check(*given), expected, ulps)

    monkeypatch.setattr(provenance, "replay", replayed)
    return provenance.read("any.clause.at-all", requests)


def value(request: Request) -> Any:
    """Return what came, or raise what did."""
    if request.error is not None:
        raise request.error
    assert request.came is not None
    return request.came.value


def ending(request: Request) -> str:
    """Return how a call ended, as the checks say it."""
    if request.error is None:
        return "returned"
    assert isinstance(request.error, RemoteError)
    return request.error.classes[0]


def test_a_number_is_found_where_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    """An equal one elsewhere is not taken for it."""
    twins = answered([2.5, 2.5])

    found = reading(
        monkeypatch, lambda one: {"loss": float(value(one)[1])}, twins, expected={"loss": 1.0}
    )

    (part,) = found.parts
    assert part.path == ("loss",)
    assert part.origin == Read(0, (("item", 1),))
    assert (found.whole, found.shows) == (True, True)


def test_a_list_of_numbers_is_found_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the length of it is expected to be; it may be the end of a longer one."""
    array = np.asarray([[1.0, 2.0], [3.0, 4.0]], np.float32)

    whole = reading(
        monkeypatch, lambda one: value(one).history["loss"], answered(HISTORY), expected=[4.0]
    )
    end = reading(
        monkeypatch, lambda one: value(one).ravel()[2:], answered(array), expected=[3.0, 5.0]
    )

    path = (("attribute", "history"), ("key", "loss"))
    assert whole.parts[0].origin == Read(0, path, flat=True)
    assert end.parts[0].origin == Read(0, (), flat=True, start=2)


def test_how_calls_end_is_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which call it was is seen, and whether a TypeError would do as well."""
    refused = Request("call", {}, fell=True, error=RemoteError(["KeyError"], "", ""))

    def check(one: Request, other: Request) -> dict[str, str]:
        as_refusal = {"ValueError": "refused", "TypeError": "refused"}
        return {"one": ending(one), "other": as_refusal.get(ending(other), ending(other))}

    expected = {"one": "ValueError", "other": "refused"}
    found = reading(monkeypatch, check, answered(None), refused, expected=expected)

    assert [part.origin for part in found.parts] == [Ending(0, False), Ending(1, True)]


def test_the_value_of_a_call_goes_before_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a check takes either, and the call returned."""

    def check(one: Request) -> Any:
        return ending(one) if one.fell else value(one)

    assert reading(monkeypatch, check, answered(43.0), expected=34.0).parts[0].origin == Read(0, ())


def test_what_a_callback_was_told_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also of a call that fell."""
    error = RemoteError(["ValueError"], "", "")
    error.events = Events((seen("epoch_end", index=0, logs={"loss": 7.5}),))
    fell = Request("call", {}, fell=True, error=error)

    def check(one: Request) -> Any:
        assert isinstance(one.error, RemoteError)
        return one.error.events.events[0].fields["logs"]["loss"]

    found = reading(monkeypatch, check, fell, expected=0.0)

    assert found.parts[0].origin == Read(0, (("key", "logs"), ("key", "loss")), event=0)


def test_defaults_and_parameters_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the name of the parameter, or all in order."""
    came = Result(SIGNATURE, Events(), "", "", (), 0.0)
    asked = Request("signature", {"method": "fit"}, SIGNATURE, came=came)

    def defaults(one: Request) -> Any:
        return {"n": value(one)[1]["default"], "gone": "missing"}

    def in_order(one: Request) -> Any:
        return [[item["name"], item.get("default", "required")] for item in value(one)]

    by_name = reading(monkeypatch, defaults, asked, expected={"n": 2, "gone": None})
    together = reading(monkeypatch, in_order, asked, expected=[])

    assert [part.origin for part in by_name.parts] == [Default(0, "n"), Default(0, "gone")]
    assert [part.origin for part in together.parts] == [Parameters(0)]


def test_what_is_worked_out_rests_on_facts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing is read off, it is told what it depends on: threads, keywords, values."""
    came = Result(SIGNATURE, Events(), "", "", (), 0.0)
    asked = Request("signature", {"method": "fit"}, SIGNATURE, came=came)
    watched = answered([5.0, 6.0], seen("give", index=0))

    def check(one: Request, other: Request) -> Any:
        assert one.came is not None
        (event,) = one.came.events
        keywords = any(item["kind"] == "var_keyword" for item in value(other))
        return {"so": event.main_thread and not keywords and value(one)[0] < 100}

    found = reading(monkeypatch, check, watched, asked, expected={"so": False})

    assert not found.shows
    assert [item.origin for item in found.facts] == [
        Read(0, (("item", 0),)),
        Read(0, (("thread",),), event=0),
        TakesKeywords(1),
    ]


def test_too_much_to_look_through_is_no_fact(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a sum of many numbers a reader learns nothing."""
    many = answered([float(item) for item in range(40)])

    found = reading(monkeypatch, lambda one: sum(value(one)) == 780, many, expected=False)

    assert (found.facts, found.shows) == ((), False)


def test_a_part_that_is_not_read_off_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is read is enough if it shows that the clause fell."""
    found = reading(
        monkeypatch,
        lambda one: {"loss": value(one), "even": value(one) % 2 == 0},
        replace(answered(3.0)),
        expected={"loss": 4.0, "even": True},
    )

    assert [part.path for part in found.parts] == [("loss",)]
    assert (found.whole, found.shows) == (False, True)


def test_all_that_a_probe_was_told_is_found_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """An index alone says nothing: how many there are is what is observed as well."""
    twice = answered(None, seen("epoch_end", index=3), seen("epoch_end", index=4))

    def indices(one: Request) -> Any:
        assert one.came is not None
        return one.came.events.of("epoch_end").indices

    whole = reading(monkeypatch, indices, twice, expected=[3])
    alone = reading(monkeypatch, lambda one: indices(one)[0], twice, expected=4)

    assert [part.origin for part in whole.parts] == [Told("p1", "epoch_end", "index")]
    assert alone.parts == ()


def test_what_is_printed_can_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    """That there was anything is the fact, not its text."""
    loud = replace(answered(None), came=Result(None, Events(), "[===]", "", (), 0.0))

    def check(one: Request) -> Any:
        assert one.came is not None
        return {"a bar": "=" in one.came.stdout}

    found = reading(monkeypatch, check, loud, expected={"a bar": False})

    assert found.facts == (Fact(Printed(0), True),)


def test_a_list_can_matter_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is empty, or of which no single number is looked at."""
    empty = reading(
        monkeypatch, lambda one: {"none": not value(one)}, answered([]), expected={"none": False}
    )
    other = reading(
        monkeypatch, lambda one: value(one) not in ([], [7.5]), answered([2.5]), expected=False
    )

    assert empty.facts == (Fact(Read(0, ()), []),)
    assert other.facts == (Fact(Read(0, (), flat=True), [2.5]),)


def test_the_first_parameters_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A check may leave out what came later than the documents."""
    came = Result(SIGNATURE, Events(), "", "", (), 0.0)
    asked = Request("signature", {"method": "fit"}, SIGNATURE, came=came)

    found = reading(
        monkeypatch, lambda one: [[value(one)[0]["name"], "required"]], asked, expected=[]
    )

    assert [part.origin for part in found.parts] == [Parameters(0, 1)]
