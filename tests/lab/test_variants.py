"""Variants of the reference are run in forks, and each has a report of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fitspec.conformance.implementations import registry
from fitspec.conformance.report.verdicts import Verdict

from .variants import Variant, find

if TYPE_CHECKING:
    from pathlib import Path

CLAUSE = "fit.epochs.default-1"
ADAPTER = str(registry.find("reference").adapter)


def test_what_is_found_on_each_is_told_apart(tmp_path: Path) -> None:
    """One that cannot be started is unavailable, and the others go on."""
    broken = tmp_path / "broken.py"
    broken.write_text("raise ValueError('planted')\n", "utf-8")

    found = find(
        [
            Variant("sound", "reference", ADAPTER, {}, (CLAUSE,)),
            Variant("broken", "reference", str(broken), {}, (CLAUSE,)),
        ]
    )

    assert [item.verdict for item in found["sound"].findings] == [Verdict.PASS]
    assert [item.verdict for item in found["broken"].findings] == [Verdict.UNAVAILABLE]
    assert "planted" in found["broken"].unavailable[0].reason


def test_a_run_that_breaks_off_says_why() -> None:
    """No report is made up."""
    with pytest.raises(RuntimeError, match="no-such-reference"):
        find([Variant("one", "no-such-reference", ADAPTER, {}, (CLAUSE,))])


#: Dies of every call, and notes that there was one.
DYING = """\
import os
from fitspec.adapters.reference.plain import Reference


class Dying(Reference):
    def call(self, target, method, args, kwargs):
        with open(os.environ["TOLD"], "a") as file:
            file.write("called ")
        os._exit(7)
"""


def test_what_is_known_to_fall_is_asked_once(tmp_path: Path) -> None:
    """Of a check that is known to fall, a crash settles that; any other is made again."""
    adapter = tmp_path / "dying.py"
    adapter.write_text(DYING, "utf-8")
    told = {name: tmp_path / f"{name}.txt" for name in ("known", "asked")}

    found = find(
        [
            Variant(
                *(name, "reference", str(adapter), {"TOLD": str(file)}, (CLAUSE,)),
                fallen=(CLAUSE,) if name == "known" else (),
            )
            for name, file in told.items()
        ]
    )

    assert {name: found[name].findings[0].verdict for name in told} == dict.fromkeys(
        told, Verdict.CRASH
    )
    assert told["known"].read_text() == "called "
    assert told["asked"].read_text() == "called called "
