"""How many single changes to the reference some check of the contract notices.

    python -m tests.mutants.run [--sample N] [MODULE...]

changes every line of the documented methods (ring 1) and of the losses, metrics and optimizers that
the contract asks for, one at a time, and runs the checks that execute the line until one of them
tells the difference. It prints the score, and each mutant that survives as a small difference, and
ends with status 1 where the score is below that of `--least`.

Why no tool that is there: cosmic-ray starts the tests anew for each mutant and knows no statement
that is left out, and mutmut puts a function with another signature in the place of each, which
clauses ask for. Here a mutant is a fork of a process that has everything imported.
"""

from __future__ import annotations

import argparse
import fnmatch
import json
import os
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fitspec import spec

from .roster import digest, drawn, modules, roster
from .telling import Outcome, written

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..lab.lab import Lab
    from .changes import Mutant

#: Executed in processes that workers start, where nobody notes lines.
ELSEWHERE = frozenset({"data/worker_processes"})
#: Executed where classes are made, before anybody notes lines.
EARLY = "__init_subclass__"

#: The clauses whose checks read what a method takes.
SIGNATURES = "*.signature*"

#: By clause, the lines that its check executes in each module.
Lines = dict[str, dict[str, frozenset[int]]]


def checks_of(mutant: Mutant, clauses: Sequence[str], lines: Lines) -> tuple[str, ...]:
    """Return the clauses whose checks execute the line, those first that execute little else.

    Those without a verdict come last.
    """
    in_module = [one for one in clauses if lines.get(one, {}).get(mutant.module)]
    first, last = mutant.change.run
    if not last:
        # A constant of a module: of one that has nothing else, whoever imports it may see it.
        chosen = in_module or list(clauses)
    else:
        chosen = [
            one
            for one in in_module
            if any(first <= line <= last for line in lines[one][mutant.module])
        ]
        early = mutant.change.function.endswith(EARLY)
        if not chosen and (early or mutant.module in ELSEWHERE):
            chosen = in_module
        if mutant.change.first < first:
            # A default, which others read that never call the function.
            others = (one for one in clauses if fnmatch.fnmatchcase(one, SIGNATURES))
            chosen += [one for one in others if one not in chosen]
    levels = spec.contract().clauses

    def place(clause: str) -> tuple[bool, int]:
        executed = sum(len(found) for found in lines[clause].values())
        return levels[clause].level is spec.Level.OBSERVED, executed

    return tuple(sorted(chosen, key=place))


class Results:
    """The file of outcomes, which grows by whole lines, each of which says of which sources it is.

    Args:
        path: where; None for no file.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._digest = digest()
        self.reference: dict[str, Any] | None = None
        self.outcomes: dict[str, dict[str, Any]] = {}
        text = path.read_text("utf-8") if path is not None and path.exists() else ""
        whole = text[: text.rfind("\n") + 1]
        if path is not None and whole != text:
            # The last line was cut off.
            path.write_text(whole, "utf-8")
        for line in whole.splitlines():
            entry = json.loads(line)
            if entry["of"] == self._digest:
                self._take(entry)

    def _take(self, entry: dict[str, Any]) -> None:
        if "reference" in entry:
            self.reference = entry["reference"]
        else:
            self.outcomes[entry["mutant"]] = entry

    def add(self, entry: dict[str, Any]) -> None:
        """Keep an entry."""
        entry = {"of": self._digest, **entry}
        self._take(entry)
        if self._path is not None:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(entry) + "\n")


def examine(lab: Lab, chosen: Sequence[Mutant], results: Results, jobs: int) -> list[Outcome]:
    """Run the checks on mutants, as far as the results do not have them."""
    from . import experiments  # noqa: PLC0415  what needs no run needs no harness
    from .planting import Planted  # noqa: PLC0415  as above

    if results.reference is None:
        results.add({"reference": _reference(lab)})
    assert results.reference is not None
    known: dict[str, str] = results.reference["found"]
    clauses = [one for one in experiments.clauses(lab) if one in known]
    lines = {
        clause: {module: frozenset(found) for module, found in by_module.items()}
        for clause, by_module in results.reference["lines"].items()
    }
    sources = modules()
    by_id = {one.id: one for one in chosen}
    checks = {one.id: checks_of(one, clauses, lines) for one in chosen}
    tasks = [
        experiments.on_mutant(
            lab,
            one.id,
            checks[one.id],
            Planted(one.module, one.change.applied(sources[one.module])),
            known,
        )
        for one in chosen
        if checks[one.id] and one.id not in results.outcomes
    ]
    for number, (name, came) in enumerate(lab.run(tasks, jobs), 1):
        results.add({"mutant": name, **(came or {"by": "", "says": "timeout"})})
        if number % 50 == 0:
            sys.stderr.write(f"{number} of {len(tasks)}\n")
    none = {"by": None, "says": ""}
    found = {one: results.outcomes.get(one, none) for one in by_id}
    return [
        Outcome(by_id[one], came["by"], came["says"], checks[one]) for one, came in found.items()
    ]


def _reference(lab: Lab) -> dict[str, Any]:
    """Run all checks on the reference itself; return what they find, and the lines they execute.

    They are run twice: what one finds now this way, now that way, tells nothing of a mutant.
    """
    from . import experiments  # noqa: PLC0415  as above

    with tempfile.TemporaryDirectory(prefix="fitspec-mutants-") as folder:
        tasks = [
            experiments.on_reference(lab, "watched", Path(folder)),
            experiments.on_reference(lab, "alone"),
        ]
        came = [found for _, found in lab.run(tasks, len(tasks)) if found is not None]
        if len(came) < len(tasks):
            raise RuntimeError("the checks of the reference did not end in time")
        lines: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
        for line in (Path(folder) / "lines").read_text("utf-8").splitlines():
            clause, by_module = json.loads(line)
            for module, found in by_module.items():
                lines[clause][module].update(found)
    wanted = modules().keys()
    kept = {
        clause: {module: sorted(found) for module, found in by_module.items() if module in wanted}
        for clause, by_module in lines.items()
    }
    once, again = (one["found"] for one in came)
    return {
        "found": {name: once[name] for name in once if once[name] == again[name]},
        "lines": kept,
    }


def main() -> int:
    """Run the command; return the exit status."""
    parser = argparse.ArgumentParser(description="show which single changes no check notices")
    parser.add_argument("module", nargs="*", help="patterns such as 'data/*'; none means all")
    parser.add_argument("--id", action="append", default=[], help="only this mutant")
    parser.add_argument("--sample", type=int, help="how many to draw instead of all")
    parser.add_argument("--seed", default="fitspec", help="what the sample follows from")
    parser.add_argument("--into", type=Path, help="a file of outcomes, with which a run goes on")
    parser.add_argument("--jobs", type=int, help="how many at a time")
    parser.add_argument("--least", type=float, default=0.0, help="the least score, in percent")
    options = parser.parse_args()
    chosen = roster(options.module or ["*"])
    if options.id:
        chosen = [one for one in chosen if one.id in options.id]
    if options.sample is not None:
        chosen = drawn(chosen, options.sample, options.seed)
    if not chosen:
        parser.error("there is no such mutant")
    from ..lab.lab import CROWD  # noqa: PLC0415  a wrong argument need not wait for it
    from .experiments import open_lab  # noqa: PLC0415  as above

    jobs = options.jobs or CROWD * (os.cpu_count() or 1)
    outcomes: list[Outcome] = []
    results = Results(options.into)
    open_lab(lambda lab: outcomes.extend(examine(lab, chosen, results, jobs)))
    text, score = written(outcomes)
    sys.stdout.write(text)
    return 0 if score >= options.least else 1


if __name__ == "__main__":
    sys.exit(main())
