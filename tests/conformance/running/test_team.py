"""Tests of `fitspec.conformance.running.team`: what processes that share checks are told."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from fitspec.conformance.running.team import Team

if TYPE_CHECKING:
    from fitspec.conformance.running.child import Child

FIRST, NEEDS_FIRST = "fit.epochs.final-epoch", "fit.initial_epoch.resume-equivalence"
PLAN = [FIRST, NEEDS_FIRST, "predict.order"]


@dataclass(eq=False)
class Process:
    """Stands in for a process; keeps what it is told."""

    check: str = ""
    told: list[tuple[str, list[str]]] = field(default_factory=list)
    released: bool = False

    def order(self, check: str, fallen: list[str]) -> None:
        """Keep it."""
        self.check = check
        self.told.append((check, fallen))

    def release(self) -> None:
        """Keep it."""
        self.released = True


def _team(*processes: Process) -> Team:
    team = Team()
    for process in processes:
        team.add(cast("Child", process))
    return team


def _hear(team: Team, process: Process, **told: Any) -> None:
    team.hear(cast("Child", process), told)


def test_whoever_is_free_gets_the_next_check() -> None:
    """One waits as long as the other has what all that is left depends on."""
    one, two = Process(), Process()
    team = _team(one, two)
    for process in (one, two):
        _hear(team, process, plan=PLAN)
        _hear(team, process, ready=True)
    _hear(team, two, decided="predict.order", fell=False)
    _hear(team, two, free=True)

    assert (one.told, two.told) == ([(FIRST, [])], [("predict.order", [])])
    assert not two.released
    _hear(team, one, decided=FIRST, fell=True)
    _hear(team, one, free=True)

    assert two.told[1:] == [(NEEDS_FIRST, [FIRST])]
    assert one.released
    assert team.plan == tuple(PLAN)


def test_a_process_in_which_it_does_not_start_is_let_go() -> None:
    """Where it starts in another; the checks are for that."""
    one, two = Process(), Process()
    team = _team(one, two)
    for process, ready in ((one, False), (two, True)):
        _hear(team, process, plan=PLAN)
        _hear(team, process, ready=ready)

    assert one.released
    assert one.told == []
    assert two.told == [(FIRST, [])]


def test_where_it_starts_in_none_one_process_makes_all_checks() -> None:
    """Each of which says so."""
    one, two = Process(), Process()
    team = _team(one, two)
    for process in (one, two):
        _hear(team, process, plan=PLAN)
        _hear(team, process, ready=False)

    assert [one.released, two.released] == [True, False]
    for _ in PLAN:
        _hear(team, two, free=True)
    assert [check for check, _ in two.told] == PLAN
    assert two.released


def test_a_process_that_ends_before_it_is_ready_keeps_nobody_waiting() -> None:
    """The other one goes on as if there had been no other."""
    one, two = Process(), Process()
    team = _team(one, two)
    _hear(team, two, plan=PLAN)
    _hear(team, two, ready=False)
    assert two.told == []

    team.left(cast("Child", one))

    assert two.told == [(FIRST, [])]
