"""What became of mutants, as a person reads it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import survivors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .changes import Mutant


@dataclass(frozen=True)
class Outcome:
    """What became of a mutant.

    Args:
        mutant: which.
        by: the clause whose check told it from the reference, or None.
        says: what that check said.
        checks: those that execute its line.
    """

    mutant: Mutant
    by: str | None
    says: str
    checks: tuple[str, ...]


def written(outcomes: Sequence[Outcome]) -> tuple[str, float]:
    """Return the account that a person reads, and the score in percent."""
    known = survivors.entries()
    reasons = {one.mutant.id: survivors.reason(one.mutant, known) for one in outcomes}
    counted = [one for one in outcomes if one.by is not None or reasons[one.mutant.id] is None]
    lines = []
    for one in counted:
        if one.by is None:
            lines += _survivor(one)
    by_module: dict[str, list[Outcome]] = defaultdict(list)
    for one in counted:
        by_module[one.mutant.module].append(one)
    lines += [f"{'':28}{'mutants':>8}{'survive':>9}{'score':>8}"]
    for module, some in sorted(by_module.items(), key=lambda pair: _score(pair[1])):
        left = sum(one.by is None for one in some)
        lines.append(f"{module:28}{len(some):8}{left:9}{_score(some):7.1f}%")
    score = _score(counted)
    left = sum(one.by is None for one in counted)
    listed = len(outcomes) - len(counted)
    late = sum(one.says == "timeout" for one in counted)
    observed = sum(one.says.startswith("observed") for one in counted)
    lines += [
        "",
        f"{len(outcomes)} mutants, of which {listed} are listed as what may survive",
        f"{len(counted) - left} noticed, {left} not: score {score:.1f} %",
        f"{observed} noticed only by clauses without a verdict, {late} by not ending in time",
        "",
    ]
    return "\n".join(lines), score


def _score(some: Sequence[Outcome]) -> float:
    return 100.0 * sum(one.by is not None for one in some) / len(some) if some else 100.0


def _survivor(one: Outcome) -> list[str]:
    mutant, change = one.mutant, one.mutant.change
    ran = (
        f"checks that ran it, {len(one.checks)}: " + ", ".join(one.checks[:4]) if one.checks else ""
    )
    more = ", …" if len(one.checks) > 4 else ""
    return [
        f"{mutant.id}  reference/{mutant.module}.py:{change.first}  {change.function}",
        f"    - {mutant.before}",
        f"    + {mutant.after}",
        f"    {ran}{more}" if ran else "    no check executes it",
        "",
    ]
