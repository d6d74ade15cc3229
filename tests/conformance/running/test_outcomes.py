"""Tests of `running.outcomes` and `parametrising`: verdicts as pytest's outcomes.

How they look in somebody else's test suite is tested in tests/third_party.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from fitspec import spec
from fitspec.conformance.checks.index import index
from fitspec.conformance.gate.expected import parse
from fitspec.conformance.implementations import registry
from fitspec.conformance.report.verdicts import Verdict
from fitspec.conformance.running.outcomes import Expectations, explained, unexpected
from fitspec.conformance.running.parametrising import each_clause

from ..hand_made import found

if TYPE_CHECKING:
    from pathlib import Path

FAILS = """
[[expect]]
clause = "predict.order"
of = ["reference"]
verdict = "fail"
reason = "It sorts them."
"""


def expectations(more: str = "") -> Expectations:
    """Return what the table above says, with a further line."""
    return Expectations(parse(FAILS + more, "e.toml"))


class Report:
    """What a check leaves to pytest."""

    def __init__(self, outcome: str) -> None:
        self.outcome, self.longrepr = outcome, "it fell"


def outcome(verdict: Verdict | None, more: str = "") -> tuple[str, str]:
    """Return what becomes of a finding, and what is said of it."""
    report: Any = Report("passed" if verdict is Verdict.PASS else "failed")
    expectations(more).apply(report, found("predict.order", verdict), {"keras": "3.1"})
    return report.outcome, getattr(report, "wasxfail", report.longrepr)


def test_an_expected_verdict_is_xfailed() -> None:
    """With the reason of the file."""
    assert outcome(Verdict.FAIL) == ("skipped", "fail: It sorts them.")


@pytest.mark.parametrize("verdict", [Verdict.PASS, Verdict.ERROR])
def test_any_other_verdict_fails(verdict: Verdict) -> None:
    """A pass as well, unless a race decides."""
    ended, said = outcome(verdict)

    assert ended == "failed"
    assert "because  It sorts them." in said
    assert "e.toml:2" in said
    if verdict is Verdict.PASS:
        assert outcome(verdict, "at_times = true\n")[0] == "passed"


@pytest.mark.parametrize("verdict", [Verdict.PASS, Verdict.FAIL])
def test_what_was_to_be_blocked_is_skipped_without_what_blocks_it(verdict: Verdict) -> None:
    """As with `pytest -k`: nobody asked the clause that was to fall."""
    clause, needed = "fit.initial_epoch.resume-equivalence", "fit.epochs.final-epoch"
    text = FAILS.replace("predict.order", clause).replace('"fail"', '"blocked"')
    report: Any = Report("failed")

    Expectations(parse(text, "e.toml")).apply(report, found(clause, verdict), {}, {needed})

    assert report.outcome == "skipped"
    assert report.longrepr == (
        "e.toml",
        2,
        f"Skipped: {clause}: {verdict}; it was to be blocked by {needed}, which was not asked",
    )


def test_what_is_expected_of_another_version_is_not_expected() -> None:
    """The condition is on the versions that the implementation states."""
    assert outcome(Verdict.FAIL, 'versions = "keras < 3.1"\n') == ("failed", "it fell")
    assert outcome(Verdict.FAIL, 'versions = "keras >= 3.1"\n')[0] == "skipped"


def test_what_was_not_looked_at_stays_as_it_is() -> None:
    """What could not be started, and what has no verdict."""
    assert outcome(Verdict.UNAVAILABLE) == ("failed", "it fell")
    assert outcome(None) == ("failed", "it fell")


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("predict.order", "predict.ordre", r"e\.toml:2: predict\.ordre"),
        ('"It sorts them."', '""', r"e\.toml:2: predict\.order"),
        ("verdict", "expires = 2020-01-01\nverdict", r"e\.toml:2: predict\.order.*2020-01-01"),
        ("verdict", "verdikt", "unknown key `verdikt`"),
    ],
)
def test_a_file_that_is_wrong_is_refused(
    tmp_path: Path, before: str, after: str, said: str
) -> None:
    """It says where and what."""
    (tmp_path / "e.toml").write_text(FAILS.replace(before, after), "utf-8")

    with pytest.raises(ValueError, match=said):
        Expectations.read(tmp_path / "e.toml")


def test_a_finding_is_explained() -> None:
    """Clause, statement, both sides, the arguments of a law and the known deviation."""
    finding = found(
        "predict.order", Verdict.FAIL, observed="[1]", example="samples=3", detail="sorted"
    )

    assert explained(finding).splitlines() == [
        "predict.order: fail on reference",
        f"  {spec.contract().clause('predict.order').statement}",
        "  expected  [2, 3, 4]",
        "  observed  [1]",
        "  for       samples=3",
        "  as if     sorted",
    ]
    said = unexpected(finding, expectations().entries[0], explained(finding))
    assert said.startswith("predict.order: fail on reference")


def test_a_test_is_parametrised_with_the_clauses_that_have_a_verdict() -> None:
    """Under their ids; nothing is run for that."""

    @each_clause("reference", clauses=["predict.*"])
    def test(clause: Any) -> None:
        clause.check()

    (mark,) = (item for item in test.pytestmark if item.name == "parametrize")  # type: ignore[attr-defined]  # a mark adds it
    profiles = set(registry.find("reference").profiles)
    ids = [parameter.id for parameter in mark.args[1]]
    assert ids == [
        item.id
        for item in spec.contract().select(methods=["predict"])
        if item.id in index()
        and item.level is not spec.Level.OBSERVED
        and not profiles.isdisjoint(item.profiles)
    ]


def test_a_parametrisation_with_nothing_is_refused() -> None:
    """An implementation that nobody knows, and clauses that there are none of."""
    with pytest.raises(ValueError, match="no implementation is called 'kears'"):
        each_clause("kears")
    with pytest.raises(ValueError, match=r"r\.fit\.\*|no check of reference matches"):
        each_clause("reference", clauses=["r.fit.*"])
    with pytest.raises(ValueError, match="nothing"):
        each_clause("reference", clauses=["fit.nothing.*"])


def test_a_clause_says_by_itself_what_was_found() -> None:
    """All of them share one run."""
    (decided,) = (
        parameter.values[0]
        for parameter in each_clause("reference", clauses=["predict.order"]).args[1]  # type: ignore[attr-defined]  # a mark
    )

    decided.check()

    assert (repr(decided), decided.finding.verdict) == ("predict.order", Verdict.PASS)
