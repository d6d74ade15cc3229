"""Tests of `history.renewing`: which clauses a version is asked for again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fitspec import spec
from fitspec.conformance.history.history import EMPTY, Held, History
from fitspec.conformance.history.making import with_reports
from fitspec.conformance.history.renewing import asked_again, to_be_asked, with_needed
from fitspec.conformance.report.asked import promised

from ..hand_made import found
from .versioned import PASS, report_of

#: One on which others depend.
BELOW = "fit.x.array"
PROFILES = ("keras-2.3",)


def of(name: str, version: str, *clauses: str) -> tuple[History, Held]:
    """Return a history of one version on which these clauses pass."""
    report = report_of(name, {"keras": version, "jax": "1"}, *(found(key, PASS) for key in clauses))
    subject = replace(report.subjects[0], profiles=PROFILES)
    history = with_reports(EMPTY, [replace(report, subjects=(subject,))], made_with={})
    return history, history.versions[0]


def test_a_version_is_asked_for_what_it_lacks_with_what_that_depends_on() -> None:
    """Or what that blocks would not be blocked."""
    lacking = next(
        item.id
        for item in spec.contract().clauses.values()
        if item.depends and item.id in promised(PROFILES)
    )
    history, held = of("keras@3.5.0", "3.5.0", *(set(promised(PROFILES)) - {lacking}))

    asked = to_be_asked(history, held)

    assert lacking in asked
    assert set(spec.contract().clause(lacking).depends) <= {*asked}
    assert len(asked) < len(promised(PROFILES)) / 10


def test_one_that_lacks_nothing_is_not_asked() -> None:
    """Unless clauses are named."""
    history, held = of("keras@3.5.0", "3.5.0", *promised(PROFILES))

    assert to_be_asked(history, held) == ()
    assert BELOW in to_be_asked(history, held, [BELOW])


def test_what_another_check_said_is_asked_again() -> None:
    """Or one of which nothing is known."""
    history, held = of("keras@3.5.0", "3.5.0", *promised(PROFILES))
    other = replace(history.clauses[BELOW], checks=("another",))
    unknown = replace(history.clauses[BELOW], checks=())

    for outcomes in (other, unknown):
        changed = replace(history, clauses={**history.clauses, BELOW: outcomes})
        assert BELOW in to_be_asked(changed, held)


def test_what_depends_on_a_clause_is_asked_for_with_it() -> None:
    """It is blocked where that falls."""
    history, held = of("keras@3.5.0", "3.5.0", *promised(PROFILES))
    clauses = spec.contract().clauses.values()

    asked = {*to_be_asked(history, held, [BELOW])}

    dependents = {item.id for item in clauses if BELOW in item.depends} & {*promised(PROFILES)}
    assert dependents
    assert dependents <= asked
    assert asked == with_needed(asked)


def test_what_it_is_not_held_against_is_not_asked() -> None:
    """Such as the clauses of R."""
    history, held = of("keras@3.5.0", "3.5.0", *promised(PROFILES))
    stranger = min(set(promised(["r-keras"])) - {*promised(PROFILES)})

    assert to_be_asked(history, held, [stranger]) == ()


@pytest.mark.parametrize(
    ("name", "version", "asked"),
    [
        ("keras@3.5.0", "3.5.0", "keras@3.5.0"),
        ("keras-3-torch@3.5.0", "3.5.0", "keras-3-torch@3.5.0"),
        ("keras-2.3", "2.3.1", "keras-2.3"),
        # The table is of a newer one by now.
        ("keras-3-jax", "3.11.0", "keras-3-jax@3.11.0"),
        ("tfjs", "4.22.0", "tfjs"),
    ],
)
def test_a_version_is_asked_for_by_its_number(name: str, version: str, asked: str) -> None:
    """Once the table is of another."""
    _, held = of(name, version, BELOW)

    assert asked_again(held) == asked


def test_what_has_no_name_is_not_asked() -> None:
    """Such as an adapter file that was given by its path."""
    _, held = of("mine", "1.0", BELOW)

    with pytest.raises(ValueError, match="no implementation is called 'mine'"):
        asked_again(held)
