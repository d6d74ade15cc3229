"""What was recorded of a program on one side."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from fitspec.conformance.explore.performing import RETURNED, Step

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

#: How a program ends: by itself, or by an exception; how else it can be ended.
ENDED, RAISED = "ended", "raised"


@dataclass(frozen=True)
class Made:
    """A call that a program made.

    Args:
        number: from 0.
        method: its name.
        file, line: where it is made; the file as the side knows it.
        model: which model, in the order in which they are first called.
        arguments: by name, what is handed over.
        words: what could not be made the same when it began.
        chance: what draws at random in it.
        remembers: whether the optimizer holds something of earlier updates when it begins.
        layers: the names of the layers with weights, at its end.
        updates: how often the optimizer had changed weights at its end; None if nobody says.
        step: what came of it; None if it never ended.
    """

    number: int
    method: str
    file: str
    line: int
    model: int
    arguments: Mapping[str, Any]
    words: tuple[str, ...] = ()
    chance: tuple[str, ...] = ()
    remembers: bool = False
    layers: tuple[str, ...] = ()
    updates: int | None = None
    step: Step | None = None

    @property
    def documented(self) -> str:
        """The method, of one for generators that which took its place."""
        return self.method.removesuffix("_generator")


@dataclass(frozen=True)
class Recording:
    """What a program did on one side.

    Args:
        side: the name.
        folder: with the arrays.
        versions: of the libraries; empty where none of it was begun.
        calls: in order.
        ending: `ENDED`, `RAISED`, or how else it ended, in words.
        said: of an exception its class, and what it said.
        line: of the program in which it was raised; 0 if none is known.
        words: the last that it printed to stderr.
    """

    side: str
    folder: Path
    versions: Mapping[str, str] = field(default_factory=dict)
    calls: Sequence[Made] = ()
    ending: str = ENDED
    said: tuple[str, str] = ("", "")
    line: int = 0
    words: str = ""

    def arrays(self, when: str, number: int) -> dict[str, Any]:
        """Return what lies beside the recording, by name; nothing if it was not kept.

        Args:
            when: "before" or "after" a call.
            number: of the call.
        """
        path = self.folder / f"{when}-{number}.npz"
        if not path.exists():
            return {}
        with np.load(path) as found:
            return {name: found[name] for name in found.files}


def read(side: str, folder: Path, ending: str, words: str) -> Recording:
    """Read what a side recorded.

    Args:
        side: the name.
        folder: where it lies.
        ending: how the process ended, where the program itself says nothing of it; empty if it
            ended by itself.
        words: the last that it printed to stderr.

    Raises:
        RuntimeError: the side refused to run a program.
    """
    path = folder / "calls.jsonl"
    lines = path.read_bytes().split(b"\n") if path.exists() else []
    calls: dict[int, Made] = {}
    found = Recording(side, folder, ending=ending or "ended without a word", words=words)
    for line in lines[:-1]:
        told = json.loads(line)
        if "refused" in told:
            raise RuntimeError(f"{side}: {told['refused']}")
        if "begun" in told:
            found = replace(found, versions=told["begun"])
        elif "call" in told:
            calls[told["call"]] = _begun(told)
        elif "end" in told:
            calls[told["end"]] = _ended(calls[told["end"]], told)
        elif not ending:
            said = (str(told["said"][0]), str(told["said"][1]))
            found = replace(found, ending=told["finished"], said=said, line=told.get("line") or 0)
    return replace(found, calls=[calls[number] for number in sorted(calls)])


def _begun(told: Mapping[str, Any]) -> Made:
    file, line = told["place"]
    return Made(
        number=told["call"],
        method=told["method"],
        file=file,
        line=line,
        model=told["model"],
        arguments=told["arguments"],
        words=tuple(told["words"]),
        chance=tuple(told.get("chance", ())),
        remembers=bool(told.get("remembers")),
    )


def _ended(call: Made, told: Mapping[str, Any]) -> Made:
    said = (str(told["said"][0]), str(told["said"][1]))
    value = _number(told["value"]) if told["ended"] == RETURNED else None
    step = Step(told["ended"], said, value)
    return replace(call, step=step, updates=told["updates"], layers=tuple(told["layers"]))


_SPECIAL: Final = "number"


def _number(value: Any) -> Any:
    """Return a value with the numbers that JSON has no word for."""
    if isinstance(value, dict):
        if value.keys() == {_SPECIAL}:
            return float(value[_SPECIAL])
        return {key: _number(each) for key, each in value.items()}
    return [_number(each) for each in value] if isinstance(value, list) else value
