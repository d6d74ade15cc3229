"""Tests of `fitspec.conformance.checks.index`: the contract and its checks fit together."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from types import FunctionType, ModuleType
from typing import Any

import pytest

from fitspec import spec
from fitspec.conformance import checks
from fitspec.conformance.checks import index as module_under_test
from fitspec.conformance.checks.index import index
from fitspec.conformance.claims.mark import CHECK_LIMIT, clause

MODULES = [
    importlib.import_module(info.name)
    for info in pkgutil.walk_packages(checks.__path__, f"{checks.__name__}.")
]
TESTS = [
    pytest.param(function, id=f"{module.__name__.removeprefix(checks.__name__)[1:]}.{name}")
    for module in MODULES
    for name, function in inspect.getmembers(module, inspect.isfunction)
    if name.startswith("test_") and function.__module__ == module.__name__
]


def _clauses(function: Any) -> list[str]:
    return [mark.args[0] for mark in getattr(function, "pytestmark", ()) if mark.name == "clause"]


@pytest.mark.parametrize("function", TESTS)
def test_every_check_decides_one_clause(function: FunctionType) -> None:
    """Each test of the suite names one clause, and the contract knows it."""
    (clause_id,) = _clauses(function)

    assert clause_id in spec.contract().clauses
    assert index()[clause_id].name == function.__name__


@pytest.mark.parametrize("function", TESTS)
def test_every_check_says_in_a_sentence_what_is_required(function: FunctionType) -> None:
    """The docstring of a check is one sentence on one line, ended by a full stop."""
    sentence = inspect.getdoc(function)

    assert sentence is not None
    assert re.fullmatch(r"[A-Z0-9`][^\n]*\.", sentence), sentence
    assert not re.search(r"\. [A-Z]", sentence), sentence


def test_the_contract_says_of_each_clause_whether_it_has_a_check() -> None:
    """A clause without a check is pending or gives a reason why none can be; others are neither."""
    contract = spec.contract()
    present = {item.id for item in contract.clauses.values() if item.check == "present"}

    assert present - index().keys() == set(), "these have no check: `check` is missing in spec/"
    assert index().keys() - present == set(), "these have a check: remove `check` in spec/"


def test_nothing_unobservable_is_without_a_reason() -> None:
    """Where no check can see a clause, the clause says why."""
    for item in spec.contract().select(check="unobservable"):
        assert item.reason, item.id


def test_a_check_is_found_with_its_place_and_its_code() -> None:
    """The index leads to the very lines of each check."""
    for clause_id, check in index().items():
        module = importlib.import_module(check.module)
        lines = inspect.getsource(module).splitlines(keepends=True)

        assert check.clause == clause_id
        assert "".join(lines[check.line - 1 :]).startswith(check.source)
        assert f"def {check.name}(" in check.source


def _modules_of(*functions: FunctionType) -> ModuleType:
    module = ModuleType(f"{checks.__name__}.test_made_up")
    for number, function in enumerate(functions):
        function.__module__ = module.__name__
        setattr(module, f"test_{number}", function)
    return module


def _check(*clause_ids: str) -> FunctionType:
    def test_something() -> None:
        """Something."""

    for clause_id in clause_ids:
        clause(clause_id)(test_something)
    return test_something  # type: ignore[return-value]  # a function is what it is


@pytest.mark.parametrize(
    ("functions", "words"),
    [
        ([_check("predict.order"), _check("predict.order")], "predict.order has two checks"),
        ([_check("predict.order", "predict.test-mode")], "decides two clauses"),
    ],
)
def test_an_ambiguous_index_is_refused(
    functions: list[FunctionType], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two checks of a clause, or two clauses of a check, are an error when the index is made."""
    module = _modules_of(*functions)
    monkeypatch.setattr(module_under_test, "_modules", lambda: [module])

    with pytest.raises(ValueError, match=words):
        index.__wrapped__()


def test_a_check_of_no_clause_cannot_be_written() -> None:
    """Naming a clause that does not exist fails where it is written, with the nearest id."""
    with pytest.raises(spec.UnknownClause, match=r"predict\.order"):
        clause("predict.ordr")


def test_a_check_has_a_limit_of_time() -> None:
    """A check may take as long as it says, or as long as all."""

    @clause("predict.order", seconds=3.0)
    def one() -> None: ...

    @clause("predict.order")
    def other() -> None: ...

    limits = [function.pytestmark[0].args[1] for function in (one, other)]  # type: ignore[attr-defined]  # pytest's
    assert limits == [3.0, CHECK_LIMIT]
