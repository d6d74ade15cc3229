"""Tests of `fitspec.conformance.terminal.catalogue`: the contract as a person reads it."""

from __future__ import annotations

import argparse
import dataclasses
import io
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console

from fitspec import spec
from fitspec.conformance.checks.realised import Place
from fitspec.conformance.terminal import catalogue

from .. import snapshot

SOURCE = '''@clause("get_layer.by-name")
def test_a_layer_is_found(build: Build) -> None:
    """A layer is found by its name."""
    expect(build(three_layers()).get_layer("q").value.name, equals="q", otherwise={"none": None})
'''
CLAUSE = "get_layer.by-name"
CHECK = SimpleNamespace(file="made/up.py", line=12, source=SOURCE)
PLACES = (
    Place("reference/api/made_up.py", 34, "", "def layer_named(self, name: str) -> Layer:"),
    Place(
        "reference/made/up.py",
        5,
        "Layered.get_layer",
        "# get_layer.by-name: the very object\nreturn self.layers[name]",
    ),
)


@pytest.fixture(autouse=True)
def _one_check_and_two_places(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let one clause have a check, and two places in the reference."""
    monkeypatch.setattr(catalogue, "index", lambda: {CLAUSE: CHECK})
    monkeypatch.setattr(catalogue, "places", lambda: {CLAUSE: PLACES})
    monkeypatch.setattr(catalogue, "clause_lines", Lines)


class Lines(dict[str, tuple[str, int]]):
    """Has every clause in the seventh line of a file."""

    def __missing__(self, clause_id: str) -> tuple[str, int]:
        return "clauses/made_up.toml", 7


def console(width: int) -> Console:
    """Return a console whose text can be read."""
    return Console(file=io.StringIO(), width=width, color_system=None)


def text_of(console: Console) -> str:
    """Return what was printed."""
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def options(**given: Any) -> argparse.Namespace:
    """Return the options of the command, of which only some are given."""
    names = ("method", "level", "profile", "document", "check", "text")
    return argparse.Namespace(**{name: given.get(name) for name in names})


@pytest.mark.parametrize("width", [80, 200])
def test_clauses_are_listed_as_it_was_found_good(width: int) -> None:
    """The list, narrow and wide, is what a person has read and approved."""
    screen = console(width)

    catalogue.print_list(screen, options(method=["get_layer"]))

    assert snapshot.matches(f"catalogue-list-{width}", text_of(screen))


@pytest.mark.parametrize("width", [80, 200])
@pytest.mark.parametrize("clause_id", ["get_layer.by-name", "get_layer.negative-index"])
def test_a_clause_is_explained_as_it_was_found_good(clause_id: str, width: int) -> None:
    """An explanation, narrow and wide, is what a person has read and approved."""
    screen = console(width)

    catalogue.print_clause(screen, clause_id)

    assert snapshot.matches(f"catalogue-{clause_id}-{width}", text_of(screen))


@pytest.mark.parametrize("width", [80, 200])
def test_the_clauses_of_an_argument_are_shown_as_it_was_found_good(width: int) -> None:
    """Of an argument, or a method, each clause is told with its places and no more."""
    screen = console(width)

    catalogue.print_explanation(screen, "get_layer")

    assert snapshot.matches(f"catalogue-get_layer-{width}", text_of(screen))


@pytest.mark.parametrize(
    ("clause_id", "begun"),
    [
        ("fit_generator.class_weight", ["fit_generator.class_weight.with-item-weights"]),
        ("get_layer.by-name", []),
    ],
)
def test_a_whole_id_is_explained_in_full(clause_id: str, begun: list[str]) -> None:
    """The clauses whose ids begin with it follow: it may be that of an argument as well."""
    in_full, explained = console(80), console(80)

    catalogue.print_clause(in_full, clause_id)
    catalogue.print_explanation(explained, clause_id)

    rest = text_of(explained).removeprefix(text_of(in_full))
    assert rest != text_of(explained)
    assert [line.split()[0] for line in rest.splitlines() if line[:1].isalpha()] == begun


@pytest.mark.parametrize(
    ("asked", "clause_id"),
    [
        ("get_layer.index", "get_layer.by-index"),
        ("predict.max_queue_size", "predict.queue-workers-processes"),
        ("class_weight", "train_on_batch.class_weight"),
        ("negative", "get_layer.negative-index"),
    ],
)
def test_an_argument_is_found_where_no_id_begins_with_it(asked: str, clause_id: str) -> None:
    """Another part of an id names it, or the sentence of a clause of that method, or of any."""
    screen = console(80)

    catalogue.print_explanation(screen, asked)

    assert f"{clause_id}  " in text_of(screen)


def test_the_reason_why_no_line_realises_a_clause_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the record has one in place of a line, it is shown."""
    contract = spec.contract()
    told = dataclasses.replace(contract.clause("get_layer.negative-index"), realised="By nobody.")
    changed = dataclasses.replace(contract, clauses={told.id: told})
    monkeypatch.setattr(spec, "contract", lambda: changed)
    screen = console(80)

    catalogue.print_clause(screen, told.id)
    catalogue.print_explanation(screen, told.method)

    assert "realised without a line of its own: By nobody." in text_of(screen)
    assert "realised     By nobody." in text_of(screen)


@pytest.mark.parametrize(
    ("asked", "told"),
    [("predict_generator.use_multiprocessing", True), ("use_multiprocessing", False)],
)
def test_an_argument_is_realised_for_other_methods_alone(
    asked: str, told: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a method whose clauses have no place in the reference, it is said who has one."""
    here = {"fit.use_multiprocessing.true-child-process": PLACES}
    monkeypatch.setattr(catalogue, "places", lambda: here)
    screen = console(80)

    catalogue.print_explanation(screen, asked)

    assert ("`fitspec explain use_multiprocessing`" in text_of(screen)) is told


def test_every_clause_can_be_explained() -> None:
    """Whatever a clause holds, its explanation is printed whole and within the width."""
    for clause_id, item in spec.contract().clauses.items():
        screen = console(80)
        catalogue.print_clause(screen, clause_id)
        text = text_of(screen)

        assert "".join(item.statement.split()) in "".join(text.split())
        assert max(len(line) for line in text.splitlines()) <= 80


def test_the_code_of_a_check_is_shown_whole() -> None:
    """A line of code that is wider than the terminal is folded, not cut."""
    screen = console(60)

    catalogue.print_clause(screen, CLAUSE)

    assert "".join(SOURCE.split()) in "".join(text_of(screen).split())


@pytest.mark.parametrize(
    ("given", "count"),
    [({"text": "no such text anywhere"}, 0), ({"method": ["get_layer"], "level": ["observed"]}, 2)],
)
def test_the_count_of_a_list_is_told(given: dict[str, Any], count: int) -> None:
    """Below the list stands how many clauses were chosen, of how many."""
    screen = console(80)

    catalogue.print_list(screen, options(**given))

    total = len(spec.contract().clauses)
    assert f"{count} of {total} clauses; 0 of them have a check" in text_of(screen)


def test_options_that_name_nothing_are_refused() -> None:
    """A misspelt option is not an empty list."""
    with pytest.raises(ValueError, match="expected names among"):
        catalogue.print_list(console(80), options(profile=["keras-9"]))
    with pytest.raises(spec.UnknownClause, match=r"get_layer\.by-name"):
        catalogue.print_explanation(console(80), "get_layer.by-nam")
