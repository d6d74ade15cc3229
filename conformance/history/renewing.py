"""Bringing versions of a history up to date: for what each lacks, what checks of another day said.

What depends on a clause is blocked where that falls, and is asked for with it; so is what any of
them depends on. A run of these comes to the same as a run of all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitspec import spec
from fitspec.conformance.changes.compare import in_order
from fitspec.conformance.history.check_digests import check_digests
from fitspec.conformance.implementations import registry
from fitspec.conformance.report.asked import promised

if TYPE_CHECKING:
    from collections.abc import Collection

    from fitspec.conformance.history.history import Held, History


def to_be_asked(
    history: History, held: Held, clauses: Collection[str] | None = None
) -> tuple[str, ...]:
    """Return the clauses that a version is asked for again, in order; none if there are none.

    Args:
        history: that has it.
        held: the version.
        clauses: ids; None: those that it is held against, and of which it has nothing, or what
            another check said than that of today, or one of which nothing is known.
    """
    own = set(promised(held.subject.profiles))
    if clauses is None:
        today = check_digests()
        clauses = {key for key in own if history.check(key, held) != today.get(key)}
    return tuple(in_order(with_needed(_with_dependents(own.intersection(clauses))) & own))


def with_needed(clauses: Collection[str]) -> set[str]:
    """Return clauses with all that they depend on."""
    found, pending = set(clauses), [*clauses]
    while pending:
        new = set(spec.contract().clause(pending.pop()).depends) - found
        found |= new
        pending += new
    return found


def _with_dependents(clauses: Collection[str]) -> set[str]:
    """Return clauses with all that depends on them."""
    found = set(clauses)
    while new := {
        item.id
        for item in spec.contract().clauses.values()
        if item.id not in found and not found.isdisjoint(item.depends)
    }:
        found |= new
    return found


def asked_again(held: Held) -> str:
    """Return by what a version is asked for once more.

    A row of the table is of another version by and by, and is asked for with the number then.

    Raises:
        ValueError: nothing that has a name is of this version.
    """
    name = held.subject.name
    row = registry.known().get(name)
    if row is None or row.version in (None, held.version):
        return registry.find(name).name
    return registry.find(f"{name}@{held.version}").name
