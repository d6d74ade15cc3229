"""Which checks catch which saboteurs.

    python tests/saboteurs/kill_matrix.py [--related] [CLAUSE...]

runs the saboteurs of the clauses named (patterns such as 'fit.shuffle.*'; none means all) against
all checks, or only those of the clauses they are said to break, prints what fell, and ends with
status 1 unless each saboteur fell where it had to and nowhere else.
"""

from __future__ import annotations

import argparse
import fnmatch
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from fitspec.conformance.report.verdicts import Finding, Verdict

if not __package__:
    # Run by its path: as the module that it is.
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    __package__ = "tests.saboteurs"

from ..lab.variants import Variant, find
from .roster import CONTROLS, FOLDER, roster

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fitspec.conformance.report.report import Report

    from .roster import Saboteur

#: Saboteurs that are neighbours.
PORTION = 9
#: What proves that a check can fail. That a dependency fell, or nothing started, does not.
KILLS = frozenset({Verdict.FAIL, Verdict.ERROR, Verdict.ABSENT, Verdict.CRASH, Verdict.TIMEOUT})


@dataclass(frozen=True)
class Case:
    """What the checks found on one saboteur.

    Args:
        saboteur: who it was.
        kills: by clause, how its check told the saboteur from the reference.
        unrecognised: of these, the clauses without a verdict whose check saw something unknown.
        blocked: the clauses whose checks did not run because another one fell.
        unreached: the functions that were planted and never called.
        failure: why it could not be run at all, else empty.
    """

    saboteur: Saboteur
    kills: dict[str, str]
    unrecognised: tuple[str, ...]
    blocked: tuple[str, ...]
    unreached: tuple[str, ...]
    failure: str

    @property
    def caught(self) -> bool:
        """Whether the check of its own clause fell, or recognised another behaviour."""
        return self.saboteur.clause in self.kills.keys() - set(self.unrecognised)

    @property
    def strays(self) -> list[str]:
        """The clauses whose checks fell though nothing relates them."""
        return sorted(self.kills.keys() - {self.saboteur.clause, *self.saboteur.also})

    @property
    def survivors(self) -> list[str]:
        """The clauses said to be related whose checks did not fall."""
        return sorted(set(self.saboteur.also) - self.kills.keys())

    @property
    def proven(self) -> bool:
        """Whether the checks that had to fall did, and no other."""
        return self.caught and not (self.strays or self.survivors or self.unreached or self.failure)


@dataclass(frozen=True)
class Matrix:
    """All cases, and what the checks found on the references themselves: what fell there."""

    cases: tuple[Case, ...]
    control: dict[str, str]


def run(saboteurs: Sequence[Saboteur], *, related: bool = False) -> Matrix:
    """Run saboteurs, and their references, against all checks, several at a time.

    Args:
        saboteurs: whom to run.
        related: whether each is run only against the checks of the clauses that it is said to
            break, and of those that its neighbours are for: enough to prove that each check can
            fail, in a fifth of the time.
    """
    bases = [name for name in CONTROLS if name in {item.base for item in saboteurs}]
    with tempfile.TemporaryDirectory(prefix="fitspec-saboteurs-") as scratch:
        folder = Path(scratch)
        variants = [_variant(CONTROLS[base], base, ("*",), folder) for base in bases]
        for start in range(0, len(saboteurs), PORTION):
            share = saboteurs[start : start + PORTION]
            near = {item.clause for item in share}
            for item in share:
                broken = (item.clause, *item.also)
                clauses = tuple(sorted(near.union(broken))) if related else ("*",)
                variant = _variant(item.name, item.base, clauses, folder)
                variants.append(replace(variant, fallen=broken))
        # At the end nobody would have anything to do but wait for these.
        waiting = {item.name for item in saboteurs if item.hangs}
        variants.sort(key=lambda item: item.name not in waiting)
        reports = find(variants)
        traces = {name: _unreached(folder / f"{name}.trace") for name in reports}
    if faults := [fault for found in reports.values() for fault in found.faults]:
        raise RuntimeError("\n".join(["the harness failed:", *faults]))
    sound = {
        base: {item.clause: item for item in reports[CONTROLS[base]].findings} for base in bases
    }
    cases = tuple(
        _case(item, reports[item.name], sound[item.base], traces[item.name]) for item in saboteurs
    )
    fallen = {
        item.clause: _says(item)
        for reference in sound.values()
        for item in reference.values()
        if item.fell_short
    }
    return Matrix(cases, fallen)


def _variant(name: str, base: str, clauses: tuple[str, ...], folder: Path) -> Variant:
    environment = {
        "FITSPEC_SABOTEUR": "" if name in CONTROLS.values() else name,
        "FITSPEC_SABOTEUR_TRACE": str(folder / f"{name}.trace"),
        "FITSPEC_SABOTEUR_OF": base,
    }
    return Variant(name, base, str(FOLDER / "adapter.py"), environment, clauses)


def _unreached(trace: Path) -> tuple[str, ...]:
    lines = trace.read_text("utf-8").splitlines() if trace.exists() else []
    notes = {(what, name) for what, _, name in (line.partition(" ") for line in lines)}
    return tuple(
        sorted(name for what, name in notes if what == "planted" and ("reached", name) not in notes)
    )


def _case(
    saboteur: Saboteur,
    report: Report,
    reference: Mapping[str, Finding],
    unreached: tuple[str, ...],
) -> Case:
    findings = report.findings
    blocked = [item for item in findings if _is_blocked(item)]
    killed = [
        item
        for item in findings
        if item not in blocked
        and (item.verdict in KILLS or item.behaviour != reference[item.clause].behaviour)
    ]
    return Case(
        saboteur=saboteur,
        kills={item.clause: _says(item) for item in killed},
        # `expected` names every behaviour that the check knows.
        unrecognised=tuple(
            item.clause for item in killed if (item.behaviour or "") not in item.expected
        ),
        blocked=tuple(item.clause for item in blocked),
        unreached=unreached,
        failure="".join(item.reason for item in report.unavailable),
    )


def _is_blocked(finding: Finding) -> bool:
    """Whether the check did not run, with a verdict that says so or, observed, without one."""
    words = Verdict.BLOCKED.meaning
    return finding.verdict is Verdict.BLOCKED or (finding.behaviour or "").startswith(words)


def _says(finding: Finding) -> str:
    if finding.verdict is None:
        return f"observed {finding.behaviour}"
    evidence = finding.detail or finding.observed
    return f"{finding.verdict}: {evidence if len(evidence) <= 120 else evidence[:119] + '…'}"


def write(matrix: Matrix) -> str:
    """Return the matrix as a person reads it."""
    lines: list[str] = []
    for case in matrix.cases:
        one = case.saboteur
        lines += [f"{'✓' if case.proven else '✗'} {one.clause}", f"    {one.sentence}"]
        lines += [f"    caught   {case.kills.get(one.clause, 'NOT BY ITS OWN CHECK')}"]
        related = [name for name in one.also if name in case.kills]
        lines += [f"    related  {name}: {case.kills[name]}" for name in related]
        lines += [f"    blocked  {name}" for name in case.blocked]
        lines += [f"    STRAY    {name}: {case.kills[name]}" for name in case.strays]
        lines += [f"    SURVIVED {name}, said to be related" for name in case.survivors]
        lines += [f"    NEVER CALLED {name}" for name in case.unreached]
        lines += [f"    NOT RUN  {line}" for line in case.failure.splitlines()]
    lines += [f"REFERENCE {clause}: {said}" for clause, said in matrix.control.items()]
    total = len(matrix.cases)
    alone = sum(case.proven and not case.saboteur.also for case in matrix.cases)
    caught = sum(case.caught for case in matrix.cases)
    stray = sum(bool(case.strays) for case in matrix.cases)
    summary = (
        f"{total} saboteurs: {caught} caught by the check of their own clause, {alone} of them by"
        f" that check alone; {stray} caught by unrelated checks."
    )
    return "\n".join([*lines, "", summary, ""])


def main() -> int:
    """Run the command; return the exit status."""
    parser = argparse.ArgumentParser(description="show which checks catch which saboteurs")
    parser.add_argument("clause", nargs="*", help="patterns of clause ids; none means all")
    parser.add_argument("--related", action="store_true", help="only checks said to be related")
    options = parser.parse_args()
    patterns = options.clause or ["*"]
    chosen = [
        item
        for item in roster()
        if any(fnmatch.fnmatchcase(item.clause, pattern) for pattern in patterns)
    ]
    if not chosen:
        parser.error(f"no saboteur breaks {', '.join(patterns)}")
    matrix = run(chosen, related=options.related)
    sys.stdout.write(write(matrix))
    return 0 if all(case.proven for case in matrix.cases) and not matrix.control else 1


if __name__ == "__main__":
    sys.exit(main())
