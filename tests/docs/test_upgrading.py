"""The page for people who upgrade says what the reports beside it say, and these are true."""

from __future__ import annotations

import pytest

from fitspec import spec
from fitspec.conformance.gate.expected import known_causes
from fitspec.conformance.report import reading

from .upgrading import PAGE, SIDES, file_of, page


def test_the_page_is_up_to_date() -> None:
    """If not: `python tests/docs/upgrading.py`."""
    assert PAGE.read_text("utf-8") == page()


@pytest.mark.parametrize("side", SIDES)
def test_its_reports_say_what_is_known_of_the_implementations(side: str) -> None:
    """Runs of the real ones prove the records; a report that is older than these is told here."""
    of_side = [item for item in known_causes() if side in item.of]
    uncertain = {clause for item in of_side if item.at_times for clause in item.clauses}

    found = {item.clause: item.verdict for item in reading.read(file_of(side)).fell_short}

    known = {clause: item.verdict for item in of_side for clause in item.clauses}
    assert {key: item for key, item in found.items() if key not in uncertain} == {
        key: item for key, item in known.items() if key not in uncertain
    }


@pytest.mark.parametrize("side", SIDES)
def test_its_reports_are_about_clauses_of_today(side: str) -> None:
    """An id that is gone would be a change that nobody can look up."""
    clauses = {item.clause for item in reading.read(file_of(side)).findings}

    assert clauses <= spec.contract().clauses.keys()
