"""Tests of `history.making`: a history made of reports."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fitspec.conformance import run
from fitspec.conformance.history.history import EMPTY
from fitspec.conformance.history.making import reduced, with_reports
from fitspec.conformance.report.report import ReportError

from ..hand_made import GONE, found, report
from .versioned import CLAUSE, FAIL, OPEN, PASS, history, keras, report_of


def test_a_report_of_a_version_takes_the_place_of_an_earlier_one() -> None:
    """All others stay as they were."""
    before = history()

    after = with_reports(before, [keras("3.3.3", "jax", FAIL, "neither")])

    assert after.versions == before.versions
    for held in after.versions:
        changed = held.version == "3.3.3"
        finding = after.finding(OPEN, held)
        assert finding is not None
        assert (finding.behaviour == "neither") == changed
        assert changed or finding == before.finding(OPEN, held)


def test_clauses_of_which_a_version_knew_nothing_are_left_open() -> None:
    """Such as those that came after its run."""
    after = with_reports(
        history(), [report_of("keras", {"keras": "3.12.0", "jax": "1"}, found(CLAUSE, PASS))]
    )
    held = after.find("keras@3.12")
    assert held is not None

    assert after.finding(CLAUSE, held) is not None
    assert after.finding(OPEN, held) is None


def test_a_clause_that_the_contract_does_not_have_is_left_out() -> None:
    """Nobody could look it up."""
    gone = report_of(
        "keras", {"keras": "3.0"}, found("fit.gone.long-ago", PASS), found(CLAUSE, PASS)
    )

    assert [*with_reports(EMPTY, [gone]).clauses] == [CLAUSE]


def test_what_differs_from_run_to_run_is_left_out() -> None:
    """Times, scripts, and where on a machine an exception came from; of a pass all but that."""
    fallen = found(CLAUSE, FAIL, observed="ValueError: no\n\nat /here", script="print()")
    passed = found(CLAUSE, PASS, observed="[1]", expected="[1]")

    assert reduced(fallen).observed == "ValueError: no"
    assert (reduced(fallen).script, reduced(fallen).seconds) == ("", 0.0)
    assert (reduced(passed).observed, reduced(passed).expected) == ("", "")


def test_a_real_run_is_in_it_as_it_was() -> None:
    """What it came to, and the same of a second run."""
    clauses = ["fit.shuffle.*", "fit.verbose.*", "evaluate.*"]
    first, second = (run("reference", clauses=clauses) for _ in range(2))

    made = with_reports(EMPTY, [first])

    (held,) = made.versions
    assert made == with_reports(EMPTY, [replace(second, header=first.header)])
    of_run = {item.clause: item.verdict or item.behaviour for item in first.findings}
    of_history = {
        key: item.verdict or item.behaviour for key, item in made.side(held).findings.items()
    }
    assert of_history == of_run


def test_who_could_not_be_started_is_refused() -> None:
    """There is nothing to be said of it, as of a run with faults of fitspec."""
    with pytest.raises(ReportError, match="keras-3-torch: it could not be started"):
        with_reports(EMPTY, [replace(report(), subjects=(GONE,))])


def test_a_version_that_is_not_known_is_refused() -> None:
    """It would have no place among the others."""
    with pytest.raises(ValueError, match="mine: it did not say which version it is"):
        with_reports(EMPTY, [report_of("mine", {}, found(CLAUSE, PASS))])


@pytest.mark.parametrize(
    ("name", "versions", "called"),
    [
        ("keras-3-jax", {"keras": "3.15.1", "jax": "0.10", "numpy": "2"}, "keras@3.15.1 on jax"),
        ("keras-3-torch@3.9.0", {"keras": "3.9.0", "torch": "2.1+cpu"}, "keras@3.9.0 on torch"),
        # The bundled one may have another number than TensorFlow, by which it is asked for.
        ("tf.keras-2.10", {"keras": "2.10.0", "tensorflow": "2.10.1"}, "tf.keras@2.10.1"),
        ("tf-keras", {"keras": "2.21.0", "tensorflow": "2.21.1"}, "tf-keras@2.21.0 on tensorflow"),
        ("tfjs", {"tfjs": "4.22.0", "tfjs-core": "4.22.0"}, "tfjs@4.22.0"),
        (
            "poutyne",
            {"poutyne": "1.19", "torch": "2.13.0+cpu", "numpy": "2"},
            "poutyne@1.19 on torch",
        ),
        ("mine", {"mine": "of today", "numpy": "2"}, "mine@of today"),
    ],
)
def test_a_version_is_called_by_family_number_and_what_computes(
    name: str, versions: dict[str, str], called: str
) -> None:
    """Whatever the run was asked for by."""
    made = with_reports(EMPTY, [report_of(name, versions, found(CLAUSE, PASS))])

    assert [item.name for item in made.versions] == [called]
