"""Tests of `twins`: their names, their environment, and malformed tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fitspec.conformance.implementations import twins
from fitspec.conformance.implementations.registry import find, known, known_twins

if TYPE_CHECKING:
    from pathlib import Path

ROW = """
[some]
says = "It differs."
clauses = ["fit.x.array"]
of = ["keras-2.3"]
source = "f (a.py)"
"""


def test_a_twin_is_found_by_its_name() -> None:
    """It runs where the reference does, and is held against what the real one is."""
    twin = find("twin:keras-2.3-theano")

    assert twin.name == "twin:keras-2.3-theano"
    assert not twin.needs_environment
    assert twin.profiles == known()["keras-2.3-theano"].profiles
    assert "results-are-reset-after" in twin.environment[twins.VARIABLE].split(",")
    assert known_twins()[twin.name] == twin


def test_an_unknown_twin_is_refused_with_the_nearest() -> None:
    """All that there are are listed."""
    with pytest.raises(ValueError, match=r"no 'twin:keras-2.3-thean'.*mean twin:keras-2.3-theano"):
        find("twin:keras-2.3-thean")


def test_those_without_a_deviation_have_no_twin(tmp_path: Path) -> None:
    """Their twin would be the reference itself."""
    table = tmp_path / "deviations.toml"
    table.write_text(ROW, "utf-8")

    assert list(twins.of(known(), table)) == ["twin:keras-2.3"]


def test_what_is_not_offered_is_told_in_the_place_of_an_id(tmp_path: Path) -> None:
    """All methods and arguments of a row are one deviation."""
    table = tmp_path / "deviations.toml"
    table.write_text(ROW + 'absent = ["fit_generator", "fit.workers"]', "utf-8")

    (twin,) = twins.of(known(), table).values()
    assert twin.environment[twins.VARIABLE] == "no fit_generator fit.workers"
    assert twin.title.endswith("with 1 deviations")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a = ", "not TOML"),
        ("some = 1", r"\[some\] must be a table"),
        (ROW + "liink = 'x'", "unknown key `liink`; did you mean `link`"),
        (ROW.replace("says", "#"), "lacks the key `says`"),
        (ROW.replace('["keras-2.3"]', '"keras-2.3"'), "`of` must be a list"),
    ],
)
def test_a_malformed_table_is_refused(tmp_path: Path, text: str, message: str) -> None:
    """File, entry and key are named."""
    table = tmp_path / "deviations.toml"
    table.write_text(text, "utf-8")

    with pytest.raises(ValueError, match=message):
        twins.read(table)


def test_malformed_exceptions_are_refused(tmp_path: Path) -> None:
    """A reason is a text."""
    file = tmp_path / "twins.toml"
    file.write_text('["keras-2.3"]\n"fit.x.array" = 3\n', "utf-8")

    with pytest.raises(ValueError, match=r"`fit.x.array` must be a text"):
        twins.read_exceptions(file)
