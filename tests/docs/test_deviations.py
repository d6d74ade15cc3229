"""The pages of deviations say what the records of shortfalls say."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest

from fitspec import spec

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def deviations() -> Any:
    """The module that writes the pages."""
    path = ROOT / "tests" / "implementations" / "deviations.py"
    found = importlib.util.spec_from_file_location("fitspec_deviations", path)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    sys.modules[found.name] = module
    found.loader.exec_module(module)
    return module


def test_every_page_is_up_to_date(deviations: Any) -> None:
    """Each implementation that falls short has its page, written from the entries as they are."""
    pages = {path.stem: path.read_text("utf-8") for path in deviations.PAGES.glob("*.md")}

    assert pages == {name: deviations.page(name) for name in deviations.subjects()}


def test_every_shortfall_names_a_clause_and_a_cause(deviations: Any) -> None:
    """An entry is about an existing clause, once for each implementation, and says why."""
    entries = deviations.shortfalls()

    pairs = [(name, entry["clause"]) for entry in entries for name in entry["of"]]
    assert {clause for _, clause in pairs} <= set(spec.contract().clauses)
    assert len(pairs) == len(set(pairs))
    assert all(entry["cause"].endswith(".") for entry in entries)


def test_one_cause_may_account_for_several_clauses(deviations: Any) -> None:
    """An entry with `clauses` stands for one entry for each of them."""
    recorded = {"clauses": ["a", "b"], "of": ["x"], "verdict": "absent", "cause": "No a."}

    entries = deviations.for_each_clause(recorded)

    assert [entry.pop("clause") for entry in entries] == ["a", "b"]
    assert entries == [{"of": ["x"], "verdict": "absent", "cause": "No a."}] * 2


@pytest.mark.parametrize("named", [{}, {"clauses": []}, {"clause": "a", "clauses": ["b"]}])
def test_an_entry_names_its_clauses_in_one_way(deviations: Any, named: dict[str, Any]) -> None:
    """An entry without a clause, or with both forms, is refused."""
    with pytest.raises(ValueError, match="either `clause` or `clauses`"):
        deviations.for_each_clause({"of": ["x"], "verdict": "fail", "cause": "So.", **named})
