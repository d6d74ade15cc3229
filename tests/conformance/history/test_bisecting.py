"""Tests of `history.bisecting`: the version that changed something, found by asking few."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fitspec.conformance.history.bisecting import NothingKnown, Search, Step, steady

from ..hand_made import found
from .versioned import CLAUSE, FAIL, OPEN, PASS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fitspec.conformance.report.verdicts import Finding

BEHAVES = {"a": "samples", "b": "batches", "c": "nothing"}


def finding(sign: str) -> Finding:
    """Return what a letter stands for."""
    return found(OPEN, None, behaviour=BEHAVES[sign])


class Versions:
    """Versions by what they come to: a letter each, and `-` for one that cannot be run."""

    def __init__(self, signs: str, known: str = "") -> None:
        self.names = [f"1.{place}" for place in range(len(signs))]
        self._signs = dict(zip(self.names, signs, strict=True))
        self.known: Mapping[str, Finding] = {
            name: finding(sign)
            for name, sign in zip(self.names, known, strict=False)
            if sign != " "
        }
        self.asked: list[str] = []

    def ask(self, name: str) -> Finding | None:
        """Return what one comes to; each is asked once."""
        assert name not in self.asked
        self.asked.append(name)
        sign = self._signs[name]
        return None if sign == "-" else finding(sign)

    def steps(self) -> list[Step]:
        """Look for the steps."""
        return [*Search(self.names, self.known, self.ask).steps()]

    def changed_in(self) -> list[tuple[str, str]]:
        """Return between which versions they are."""
        return [(step.before, step.after) for step in self.steps()]


def test_the_version_is_found_by_halves() -> None:
    """Of 17 both ends are asked, and four between them: 16, 8, 4, 2 are left to choose from."""
    versions = Versions("aaaaaaaaaaabbbbbb")

    assert versions.changed_in() == [("1.10", "1.11")]
    # Ends; 8 of 0 to 16 is a; 12 of 8 to 16 is b; 10 of 8 to 12 is a; 11 of 10 to 12 is b.
    assert versions.asked == ["1.0", "1.16", "1.8", "1.12", "1.10", "1.11"]


def test_what_is_known_is_not_asked() -> None:
    """Nor what lies between two that are known to be the same."""
    versions = Versions("aaaaaaaaaaabbbbbb", known="a       a  b    b")

    assert versions.changed_in() == [("1.10", "1.11")]
    # 9 of 8 to 11, then 10 of 9 to 11.
    assert versions.asked == ["1.9", "1.10"]


def test_a_third_outcome_means_several_steps() -> None:
    """All of them are found, from the oldest to the newest."""
    steps = Versions("aaacccbbb").steps()

    assert [(step.was.behaviour, step.now.behaviour) for step in steps] == [
        ("samples", "nothing"),
        ("nothing", "batches"),
    ]
    assert [step.after for step in steps] == ["1.3", "1.6"]


def test_ends_that_are_the_same_are_all_that_is_asked() -> None:
    """What changed and changed back is not met."""
    versions = Versions("aabba")

    assert versions.changed_in() == []
    assert versions.asked == ["1.0", "1.4"]


def test_what_cannot_be_run_is_passed_over() -> None:
    """At the ends, and in the middle; what is beside the change is told."""
    assert Versions("-aabb-").changed_in() == [("1.2", "1.3")]

    (step,) = Versions("aa--bb").steps()
    assert (step.before, step.between, step.after) == ("1.1", ("1.2", "1.3"), "1.4")


@pytest.mark.parametrize("signs", ["---", "--a"])
def test_too_few_that_run_are_no_answer(signs: str) -> None:
    """Nothing can be said of a change."""
    with pytest.raises(NothingKnown, match="fewer than two could be run"):
        Versions(signs).steps()


def test_a_failure_that_becomes_another_one_is_a_step() -> None:
    """By what was observed; two passes are the same, whatever they showed."""
    first, second = (found(CLAUSE, FAIL, observed=text) for text in ("[0]", "[2]"))
    passes = [found(CLAUSE, PASS, observed=text) for text in ("[1]", "[1.0]")]

    known = dict(zip(("1.0", "1.1", "1.2", "1.3"), (*passes, first, second), strict=True))
    steps = Search([*known], known, lambda _: None).steps()

    assert [step.after for step in steps] == ["1.2", "1.3"]


def test_what_comes_twice_is_taken() -> None:
    """It is tried no more."""
    tried: list[int] = []

    def once(number: int) -> Finding:
        tried.append(number)
        return finding("a")

    assert not steady(once).unsteady
    assert tried == [0, 1]


def test_what_is_unsteady_is_tried_again() -> None:
    """Five times in all; what came most often counts, and it is told how often."""
    outcomes = [finding(sign) for sign in "abbab"]

    came = steady(outcomes.__getitem__)

    assert came.behaviour == "batches"
    assert came.counts == "batches in 3 of 5 tries, samples in 2"
