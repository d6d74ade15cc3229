"""The history says of real implementations what comes of them today."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitspec import conformance
from fitspec.conformance.history.storing import shipped

from .deviations import shortfalls

if TYPE_CHECKING:
    from collections.abc import Collection

    from fitspec.conformance.report.report import Report
    from fitspec.conformance.report.verdicts import Finding

#: What comes of it differs from run to run, by implementation. The graph of TensorFlow 1.15 has two
#: operations that add to the variables of one metric, and reads them before or after the second.
RACES = {"keras-2.3": {"compile.metrics.one-object"}}

#: Processes are copied there beside the threads of TensorFlow 1.15, which are not, and so a copy
#: hangs at random: any clause whose data processes make comes out as it should, or not in time.
COPIES = {"keras-2.3": (".use_multiprocessing.", "fit_generator.workers.in-parallel")}


def test_the_history_says_what_comes_today(subject: str, report: Report) -> None:
    """Verdicts and behaviours; of a version that it does not have it says nothing.

    What came otherwise is asked once more: on a busy machine some things are not always the same.
    """
    history = shipped()
    held = history.find(subject)
    at_times = {item["clause"] for item in shortfalls() if item.get("at_times")}
    left_out = at_times | RACES.get(subject, set())
    kept = {} if held is None else outcomes(history.side(held).findings.values(), left_out)
    for part in COPIES.get(subject, ()):
        kept = {key: outcome for key, outcome in kept.items() if part not in key}

    changed = differing(kept, outcomes(report.findings, left_out))
    if changed:
        again = conformance.run(subject, clauses=sorted(changed))
        changed = differing(kept, outcomes(again.findings, left_out))

    assert not changed


def outcomes(findings: Collection[Finding], left_out: Collection[str]) -> dict[str, str]:
    """Return the verdict, or the behaviour, of each clause, but of those that are left out."""
    return {
        item.clause: str(item.verdict or item.behaviour)
        for item in findings
        if item.clause not in left_out and not item.unsteady
    }


def differing(kept: dict[str, str], today: dict[str, str]) -> dict[str, tuple[str, str]]:
    """Return what the history has, and what came, where that is not the same."""
    return {
        key: (kept[key], today[key])
        for key in kept.keys() & today.keys()
        if kept[key] != today[key]
    }
