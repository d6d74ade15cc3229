"""Which deviations a difference takes: those with which the other side does the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from fitspec.conformance.explore.comparing import compare
from fitspec.conformance.explore.performing import SECONDS, perform
from fitspec.conformance.vocabulary.probes import Probe

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fitspec.conformance.explore.program import Program
    from fitspec.conformance.worker.session import Session


@dataclass(frozen=True, eq=False)
class Deviations(Probe):
    """Deviations of a twin, in the place of those it has; in effect once it travelled."""

    kind: ClassVar[str] = "deviations"

    names: str


def explained(
    program: Program, session: Session, twin: Session, deviations: Sequence[str]
) -> tuple[str, ...] | None:
    """Return the deviations that the reference takes to do on a program what another one does.

    Args:
        program: on which it does something else without any; both offer all of it.
        session: with the other one.
        twin: with a twin, whose deviations are others afterwards.
        deviations: ids of those that may be it, in the order in which they are planted.

    Returns:
        Those of which none can be left out; None if not even all of them do.
    """
    observed = perform(program, session)

    def agrees(ids: Sequence[str]) -> bool:
        twin.begin(SECONDS)
        twin.tell(Deviations(",".join(ids)))
        return not compare(program, observed, perform(program, twin), session.implementation.name)

    return needed(deviations, agrees)


def needed(
    deviations: Sequence[str], agrees: Callable[[Sequence[str]], bool]
) -> tuple[str, ...] | None:
    """Return the deviations of which none can be left out; None if not even all of them do.

    Halves are left out first, then smaller parts, so that few are tried where few are needed.

    Args:
        deviations: ids, in the order in which they are planted.
        agrees: whether what has these deviations does the same.
    """
    if not agrees(deviations):
        return None
    kept = list(deviations)
    size = len(kept)
    while size:
        at = 0
        while at < len(kept):
            rest = kept[:at] + kept[at + size :]
            if agrees(rest):
                kept = rest
            else:
                at += size
        size //= 2
    return tuple(kept)
