"""The page for people who upgrade says what the reports beside it say, and these are true."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest

from fitspec import spec
from fitspec.conformance import report

from .upgrading import PAGE, SIDES, file_of, page


@pytest.fixture(scope="module")
def entries() -> list[dict[str, Any]]:
    """What is known of implementations, by clause."""
    path = Path(__file__).parents[1] / "implementations" / "deviations.py"
    found = importlib.util.spec_from_file_location("fitspec_deviations", path)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    sys.modules[found.name] = module
    found.loader.exec_module(module)
    known: list[dict[str, Any]] = module.shortfalls()
    return known


def test_the_page_is_up_to_date() -> None:
    """If not: `python tests/docs/upgrading.py`."""
    assert PAGE.read_text("utf-8") == page()


@pytest.mark.parametrize("side", SIDES)
def test_its_reports_say_what_is_known_of_the_implementations(
    side: str, entries: list[dict[str, Any]]
) -> None:
    """Runs of the real ones prove the records; a report that is older than these is told here."""
    of_side = [item for item in entries if side in item["of"]]
    uncertain = {item["clause"] for item in of_side if item.get("at_times")}

    found = {item.clause: str(item.verdict) for item in report.read(file_of(side)).fell_short}

    known = {item["clause"]: item["verdict"] for item in of_side}
    assert {key: item for key, item in found.items() if key not in uncertain} == {
        key: item for key, item in known.items() if key not in uncertain
    }


@pytest.mark.parametrize("side", SIDES)
def test_its_reports_are_about_clauses_of_today(side: str) -> None:
    """An id that is gone would be a change that nobody can look up."""
    clauses = {item.clause for item in report.read(file_of(side)).findings}

    assert clauses <= spec.contract().clauses.keys()
