"""Tests of `history.making`: a history made of reports."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from fitspec.conformance import run
from fitspec.conformance.history.check_digests import check_digests
from fitspec.conformance.history.history import EMPTY, Part
from fitspec.conformance.history.making import reduced, with_reports
from fitspec.conformance.report.report import ReportError

from ..hand_made import GONE, found, report
from .versioned import CLAUSE, FAIL, OPEN, PASS, history, keras, report_of

if TYPE_CHECKING:
    from fitspec.conformance.report.report import Report


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


def partial(report: Report, **subject: Any) -> Report:
    """Return a report of a run that asked for some clauses alone."""
    header = {**report.header, "finished": "2026-02-03T04:05:06+00:00", "contract": "later"}
    changed = replace(report.subjects[0], not_asked=("fit.x.array",), **subject)
    return replace(report, header=header, subjects=(changed,))


def only_open(behaviour: str, **subject: Any) -> Report:
    """Return a report of a run of Keras 3.3.3 that asked for one clause."""
    finding = found(OPEN, None, behaviour=behaviour)
    versions = {"keras": "3.3.3", "jax": "1.0", "numpy": "2"}
    return partial(report_of("keras@3.3.3", versions, finding), **subject)


def test_some_clauses_take_the_place_of_those_alone() -> None:
    """The others stay, and the version says which are of another day."""
    before = history()

    after = with_reports(before, [only_open("neither")])

    held = after.find("keras@3.3.3")
    was = before.find("keras@3.3.3")
    assert held is not None
    assert was is not None
    now = after.finding(OPEN, held)
    assert now is not None
    assert now.behaviour == "neither"
    assert after.finding(CLAUSE, held) == before.finding(CLAUSE, was)
    assert [(part.clauses, part.contract) for part in held.parts] == [((OPEN,), "later")]
    assert (held.day(OPEN), held.day(CLAUSE)) == ("2026-02-03", "2026-01-02")
    assert held.days == "2026-01-02, 1 clause 2026-02-03"


def test_what_a_model_has_is_of_the_run_that_said_it() -> None:
    """Of some clauses as of all; a worker that does not say it leaves what is known."""
    known = {"fit": "(x, y)"}

    said = with_reports(history(), [only_open("neither", members=known)])
    again = with_reports(said, [only_open("again")])

    for each in (said, again):
        held = each.find("keras@3.3.3")
        assert held is not None
        assert held.subject.members == known


def test_a_day_is_told_once() -> None:
    """Whatever was asked on it, and however often."""
    held = history().find("keras@3.3.3")
    assert held is not None
    parts = [
        Part((clause,), f"{day}T01:00:00+00:00", "later")
        for clause, day in (("a", "2026-02-03"), ("b", "2026-01-02"), ("c", "2026-02-03"))
    ]

    assert replace(held, parts=tuple(parts)).days == "2026-01-02, 2 clauses 2026-02-03"


def test_what_was_asked_again_twice_is_of_the_later_day() -> None:
    """And nothing is of both."""
    after = with_reports(history(), [only_open("neither"), only_open("both")])
    held = after.find("keras@3.3.3")
    assert held is not None

    assert [part.clauses for part in held.parts] == [(OPEN,)]
    now = after.finding(OPEN, held)
    assert now is not None
    assert now.behaviour == "both"


def test_a_whole_run_leaves_nothing_of_parts() -> None:
    """All is of its day."""
    after = with_reports(history(), [only_open("both"), keras("3.3.3", "jax", PASS, "batches")])

    assert after == history()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("versions", {"keras": "3.3.3", "jax": "1.0", "numpy": "3"}),
        ("python", "3.12.0"),
        ("adapter", "other.py"),
        ("dialect", "keras-3"),
    ],
)
def test_some_clauses_of_something_else_are_refused(key: str, value: object) -> None:
    """The version would be of two minds."""
    with pytest.raises(ValueError, match=f"keras@3.3.3 on jax: {key} .*, so run all of it"):
        with_reports(history(), [only_open("both", **{key: value})])


def test_some_clauses_by_another_adapter_are_refused() -> None:
    """As far as it is known by which the others were asked."""
    whole, some = keras("3.3.3", "jax", PASS, "batches"), only_open("both")
    before = with_reports(EMPTY, [whole], made_with={"adapter": "one"})

    assert with_reports(before, [some], made_with={"adapter": "one"}) != before
    assert with_reports(before, [some]) != before
    with pytest.raises(ValueError, match="its adapter is not what it was"):
        with_reports(before, [some], made_with={"adapter": "two"})


def test_what_said_so_is_kept_by_the_digest_of_the_check() -> None:
    """Of reports of this fitspec; of a later one that does not say, nothing is known any more."""
    whole, some = keras("3.3.3", "jax", PASS, "batches"), only_open("both")
    made = with_reports(EMPTY, [whole], made_with={})
    (held,) = made.versions

    assert made.check(OPEN, held) == check_digests()[OPEN]
    renewed = with_reports(made, [some])
    (held,) = renewed.versions
    assert renewed.check(OPEN, held) is None
    assert renewed.check(CLAUSE, held) == check_digests()[CLAUSE]


def test_only_versions_that_are_known_can_be_asked_for() -> None:
    """Where some clauses are to go to what is there."""
    gone = report_of("keras-3-jax", {"keras": "3.16.0", "jax": "1"}, found(CLAUSE, PASS))

    with pytest.raises(ValueError, match=r"keras-3-jax: it is keras@3.16.0 on jax, which is not"):
        with_reports(history(), [partial(gone)], only_known=True)


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
