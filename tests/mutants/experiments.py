"""What the checks find on a mutant, and on the reference itself."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from fitspec import spec
from fitspec.conformance.worker.limits import Limits

from ..lab.forking import ForkedWorker
from ..lab.lab import Lab, Task
from . import planting

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

REFERENCE = "reference"
#: How long a mutant may take for one check, and to start, in s. The slowest check takes 0.6 s.
#: A mutant that hangs has told itself from the reference: it is not tried again.
LIMITS = Limits(start=20.0, reset=10.0, check=10.0, grace=2.0, tries=1)
#: How long it may take for all of them, in s; and the reference, which runs every check.
WHOLE = 120.0
EVERY_CHECK = 1200.0


def open_lab(work: Callable[[Lab], None]) -> None:
    """Have work done where each worker imports the reference anew."""
    planting.forget_the_reference()
    Lab(work, [REFERENCE], LIMITS).open()


def clauses(lab: Lab) -> tuple[str, ...]:
    """Return the clauses that the reference is held against, those without a verdict last."""
    levels = spec.contract().clauses
    return tuple(
        sorted(lab.clauses(REFERENCE), key=lambda name: levels[name].level is spec.Level.OBSERVED)
    )


def on_mutant(
    lab: Lab, name: str, of: Sequence[str], module: planting.Planted, known: Mapping[str, str]
) -> Task:
    """Return the task to run checks up to the first that tells a mutant from the reference.

    Args:
        lab: where.
        name: the mutant's.
        of: the clauses whose checks shall be run, in order.
        module: what stands in the place of a module.
        known: by clause, what the check finds on the reference.
    """

    def work() -> dict[str, Any]:
        ForkedWorker.around = partial(planting.planted, module)
        for ran, clause in enumerate(lab.check(REFERENCE, of), 1):
            says, detail = _outcome(lab)
            if says != known[clause]:
                return {"by": clause, "says": says, "detail": detail, "ran": ran}
        return {"by": None, "says": "", "ran": len(of)}

    return Task(name, work, WHOLE)


def on_reference(lab: Lab, name: str, folder: Path | None = None) -> Task:
    """Return the task to run every check on the reference.

    Args:
        lab: where.
        name: the task's.
        folder: where a file `lines` shall tell which lines each check executes, if anywhere.
    """

    def work() -> dict[str, Any]:
        found = {}
        names = clauses(lab)
        if folder is not None:
            ForkedWorker.around = partial(planting.watched, folder)
            (folder / planting.CURRENT).write_text(names[0], "utf-8")
        for clause, following in zip(lab.check(REFERENCE, names), [*names[1:], ""], strict=True):
            found[clause], _ = _outcome(lab)
            lab.suite.faults.clear()
            if folder is not None:
                (folder / planting.CURRENT).write_text(following, "utf-8")
        return {"found": found}

    return Task(name, work, EVERY_CHECK)


def _outcome(lab: Lab) -> tuple[str, str]:
    """Return what the last check came to, the behaviour where a clause has no verdict, and why."""
    if lab.suite.faults:
        return "fault", lab.suite.faults[0][-300:]
    if not lab.suite.findings:
        return "", ""
    finding = lab.suite.findings[-1]
    says = f"observed {finding.behaviour}" if finding.verdict is None else str(finding.verdict)
    return says, (finding.detail or finding.observed)[:200]
