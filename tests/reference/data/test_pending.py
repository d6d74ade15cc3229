"""Tests of results that are computed when somebody asks for them."""

from __future__ import annotations

import copy
import json
import pickle
from typing import TYPE_CHECKING, Any

import pytest

from fitspec.reference.data.pending import LateLogs, LateValue, are_late, known, known_numbers

if TYPE_CHECKING:
    from collections.abc import Callable


def counting() -> tuple[list[float], LateValue]:
    """Return a late number, and what notes each time that it is computed."""
    asked: list[float] = []

    def compute(number: float) -> float:
        asked.append(number)
        return number / 2

    return asked, LateValue(compute, 3.0)


def test_a_late_value_is_computed_once_when_it_is_asked_for() -> None:
    """Not before, and not again."""
    asked, late = counting()
    assert asked == []

    assert [known(late), known(late)] == [1.5, 1.5]
    assert asked == [3.0]


def test_what_is_known_stays_as_it_is() -> None:
    """Lists are looked through; numbers are late together, whether or not asked for before."""
    _, late = counting()

    assert known([2.0, late]) == [2.0, 1.5]
    assert known_numbers([2.0, 3.0]) == [2.0, 3.0]
    assert known_numbers([late, LateValue(float, 4)]) == [1.5, 4.0]
    assert are_late([late])
    assert are_late([[late]])
    assert not are_late([2.0, late])


READS: dict[str, Callable[[dict[str, Any]], object]] = {
    "by name": lambda logs: logs["loss"],
    "get": lambda logs: logs.get("loss"),
    "items": lambda logs: dict(logs.items())["loss"],
    "values": lambda logs: list(logs.values())[1],
    "dict": lambda logs: dict(logs)["loss"],
    "unpacked": lambda logs: {**logs}["loss"],
    "joined by name": lambda logs: dict({}, **logs)["loss"],
    "copy": lambda logs: logs.copy()["loss"],
    "copy.copy": lambda logs: copy.copy(logs)["loss"],
    "deepcopy": lambda logs: copy.deepcopy(logs)["loss"],
    "pickle": lambda logs: pickle.loads(pickle.dumps(logs))["loss"],  # noqa: S301 - our own
    "pop": lambda logs: logs.pop("loss"),
    "setdefault": lambda logs: logs.setdefault("loss", 0.0),
    "joined": lambda logs: (logs | {})["loss"],
    "joined to": lambda logs: ({} | logs)["loss"],
    "json": lambda logs: json.loads(json.dumps(logs))["loss"],
    "format": lambda logs: "{loss}".format(**logs) and logs["loss"],
}


@pytest.mark.parametrize("read", READS.values(), ids=READS)
def test_however_logs_are_read_they_hold_plain_numbers(
    read: Callable[[dict[str, Any]], object],
) -> None:
    """No way to get at a result of a batch gives what is not computed yet."""
    asked, late = counting()

    assert read(LateLogs({"batch": 0, "loss": late})) == 1.5
    assert asked == [3.0]


def test_logs_that_nobody_reads_are_not_computed() -> None:
    """Names, their number and new entries are there without waiting."""
    asked, late = counting()
    logs = LateLogs({"batch": 0, "loss": late})

    logs["mine"] = 1
    assert [*logs, len(logs), "loss" in logs] == ["batch", "loss", "mine", 3, True]
    assert asked == []
    assert logs == {"batch": 0, "loss": 1.5, "mine": 1}
    assert repr(logs) == "{'batch': 0, 'loss': 1.5, 'mine': 1}"
