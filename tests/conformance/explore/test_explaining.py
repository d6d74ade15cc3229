"""Tests of `explaining`: the deviations that it takes, and few tries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fitspec.conformance.explore.explaining import needed

if TYPE_CHECKING:
    from collections.abc import Sequence

ALL = [f"d{number}" for number in range(40)]


@pytest.mark.parametrize("wanted", [("d7",), ("d0", "d39"), ("d3", "d4", "d30"), tuple(ALL)])
def test_those_are_found_that_it_takes(wanted: tuple[str, ...]) -> None:
    """In their order, and no other."""
    assert needed(ALL, lambda ids: set(wanted) <= set(ids)) == wanted


def test_what_all_together_do_not_do_is_not_explained() -> None:
    """One try tells."""
    assert needed(ALL, lambda _: False) is None


def test_one_of_many_takes_few_tries() -> None:
    """A program is performed for each."""
    tried: list[Sequence[str]] = []

    def agrees(ids: Sequence[str]) -> bool:
        tried.append(ids)
        return "d17" in ids

    assert needed(ALL, agrees) == ("d17",)
    assert len(tried) <= 2 + 2 * 6
