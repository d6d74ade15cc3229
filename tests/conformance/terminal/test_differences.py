"""Tests of `fitspec.conformance.terminal.differences`: a comparison as a person reads it."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from fitspec.conformance.changes.compare import compare
from fitspec.conformance.terminal.differences import render

from .. import snapshot
from ..two_sides import CAUSES, comparison


@pytest.mark.parametrize("width", [80, 160])
def test_a_comparison_is_printed_as_it_was_found_good(width: int) -> None:
    """The text, narrow and wide, is what a person has read and approved."""
    screen = Console(file=io.StringIO(), width=width, color_system=None)

    render(comparison(), CAUSES, screen)

    assert isinstance(screen.file, io.StringIO)
    assert snapshot.matches(f"diff-{width}", screen.file.getvalue())


def test_where_nothing_changes_that_is_said() -> None:
    """No section is printed, only the total."""
    before = comparison().before
    screen = Console(file=io.StringIO(), width=80, color_system=None)

    render(compare(before, before), {}, screen)

    assert isinstance(screen.file, io.StringIO)
    assert screen.file.getvalue().splitlines()[2:] == ["", "nothing changes; 13 clauses compared."]
