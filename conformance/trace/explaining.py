"""Why two sides part in a call: the clauses that it touches, and deviations that are planted."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fitspec import spec
from fitspec.conformance.explore.comparing import Aspect
from fitspec.conformance.explore.explaining import needed
from fitspec.conformance.trace.comparing import OF_NUMBERS, partings
from fitspec.conformance.trace.sides import planted
from fitspec.conformance.upgrade import sources
from fitspec.conformance.upgrade.calls import calls
from fitspec.conformance.upgrade.findings import Examiner, Kind
from fitspec.conformance.upgrade.hooks import hook_reads
from fitspec.conformance.upgrade.names import Names
from fitspec.conformance.upgrade.sides import comparison
from fitspec.conformance.upgrade.touching import touches

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from fitspec.conformance.implementations.twins import Deviation
    from fitspec.conformance.trace.comparing import Parting
    from fitspec.conformance.trace.recording import Made, Recording
    from fitspec.conformance.trace.sides import Side
    from fitspec.conformance.upgrade.calls import Call
    from fitspec.conformance.upgrade.findings import Finding

    #: Runs the program on a side, from the weights of the first.
    Run = Callable[[Side], Recording]

#: How many deviations are tried one by one, before all of them together.
_ALONE: Final = 6


@dataclass(frozen=True)
class Reason:
    """A clause on which the sides differ, and that the call touches.

    Args:
        clause: its id.
        first, other: what both sides do about it, in words.
        deviation: the id of the deviation of one side that it is about; empty if none is known.
        condition: on what it depends that cannot be seen in the program; empty if it surely is so.
        write: what to write instead; empty if nothing is known.
    """

    clause: str
    first: str
    other: str
    deviation: str = ""
    condition: str = ""
    write: str = ""


@dataclass(frozen=True)
class Proof:
    """What running the program on the reference, with and without deviations, came to.

    Args:
        of: the side whose deviations were planted.
        deviations: those without which the reference does not do as that side.
        words: what was seen.
    """

    of: str
    deviations: tuple[str, ...]
    words: str


def reasons(parting: Parting, call: Made, first: Side, other: Side) -> list[Reason]:
    """Return what may be the reason, best first.

    Args:
        parting: in what the sides differ.
        call: in which they do, of the side that has the method that both have.
        first: a side.
        other: the other one.
    """
    names = _names(call)
    if names is None:
        return []
    there = [
        each
        for each in calls(names)
        if each.method == call.method
        and each.node.lineno <= call.line <= (each.node.end_lineno or each.node.lineno)
    ]
    own = _deviations(first, other)
    found: list[tuple[tuple[int, ...], Reason]] = []
    examiner = _examiner(first, other)
    if examiner is not None:
        before = [each for each in calls(names) if each.method == "compile"]
        for rank, group in enumerate((there, [*before, *hook_reads(names)])):
            if group is not there and call.method == "compile":
                break
            for one in group:
                for item in examiner.of_call(one):
                    known_as = _deviation_of(item.clause, own)
                    key = (rank, *_worth(item.clause, item, parting, known_as))
                    found.append((key, _of_finding(item, known_as)))
    else:
        found += [
            ((0, *_worth(each.clause, None, parting, each.deviation)), each)
            for each in _of_deviations(own, there, first)
        ]
    ranked = [reason for _, reason in sorted(found, key=lambda pair: pair[0])]
    return list({each.clause: each for each in reversed(ranked)}.values())[::-1]


def _examiner(first: Side, other: Side) -> Examiner | None:
    """Return what knows the changes between two sides; None where a report of one is missing."""
    try:
        return Examiner(comparison(first.real, other.real))
    except ValueError:
        return None


def _names(call: Made) -> Names | None:
    path = Path(call.file)
    if not path.is_file():
        return None
    source = next(iter(sources.read([path])), None)
    return Names(source) if isinstance(source, sources.Source) else None


def _deviations(first: Side, other: Side) -> list[Deviation]:
    """Return what only one of the sides does."""
    mine, theirs = first.deviations, other.deviations
    both = {each.id for each in mine} & {each.id for each in theirs}
    return [each for each in (*mine, *theirs) if each.id not in both]


def _deviation_of(clause: str, own: Sequence[Deviation]) -> str:
    return next((each.id for each in own if clause in each.clauses), "")


def _worth(clause: str, item: Finding | None, parting: Parting, deviation: str) -> tuple[int, ...]:
    """Return how little a clause explains a difference; what explains it best comes first."""
    numbers = parting.aspect in OF_NUMBERS
    fits = item is None or (item.kind is Kind.SILENT) == numbers
    if parting.aspect == Aspect.ENDING and item is not None:
        fits = item.kind in (Kind.FAILS, Kind.ABSENT)
    validated = parting.detail.startswith("val_")
    about = ("valid" in clause) == validated
    return (not fits, item is not None and not item.certain, not about, not deviation)


def _of_finding(item: Finding, deviation: str) -> Reason:
    write = "" if item.advice is None else f"{item.advice.says}\n{item.advice.write.strip()}"
    return Reason(item.clause, item.before, item.after, deviation, item.condition, write)


def _of_deviations(
    own: Sequence[Deviation], there: Sequence[Call], first: Side
) -> Iterator[Reason]:
    clauses = spec.contract().clauses
    for deviation in own:
        for clause in deviation.clauses:
            record = clauses[clause]
            for touch in record.touched_by:
                for call in there:
                    method = call.method in (touch.methods or (record.method,))
                    answer = touches(call, touch) if method else False
                    if answer is not False:
                        here, there_ = deviation.says, record.statement
                        if first.real not in deviation.of:
                            here, there_ = there_, here
                        condition = touch.provided if answer else f"it depends on {touch.when}"
                        yield Reason(clause, here, there_, deviation.id, condition)


def of_deviation(deviation: Deviation, method: str, first: Side) -> Reason | None:
    """Return what a deviation says, by a clause that it changes, of the method if there is one.

    Args:
        deviation: that was shown to make a difference.
        method: that was called.
        first: the first side.
    """
    if not deviation.clauses:
        return None
    own = [each for each in deviation.clauses if each.split(".")[0] == method]
    clause = (own or list(deviation.clauses))[0]
    statement = spec.contract().clauses[clause].statement
    here, there = deviation.says, statement
    if first.real not in deviation.of:
        here, there = there, here
    return Reason(clause, here, there, deviation.id)


def proof(
    parting: Parting,
    ranked: Sequence[Reason],
    of: tuple[Side, Recording],
    run: Run,
    allowed: Mapping[int, float],
) -> Proof | None:
    """Return with which deviations of a side the reference does as that; None if with none.

    Args:
        parting: the difference.
        ranked: what may be the reason.
        of: a side that does otherwise than the reference, and what was recorded there.
        run: runs the program on the reference with some planted.
        allowed: by call, how far numbers may be apart.
    """
    side, recorded = of
    own = [each.id for each in side.deviations]

    def agrees(ids: Sequence[str]) -> bool:
        return same(parting, run(planted(side, ids)), recorded, allowed)

    likely = list(dict.fromkeys(each.deviation for each in ranked if each.deviation in own))
    alone = next((each for each in likely[:_ALONE] if agrees([each])), None)
    # Most often it is what is known of the method, which is little: a few runs find it there.
    near = [each.id for each in side.deviations if _is_about(each, parting.method)]
    found = (alone,) if alone is not None else needed(near, agrees) or needed(own, agrees)
    if not found:
        return None
    words = f"with only {' and '.join(found)} planted, the reference does as {side.name}"
    return Proof(side.name, found, words)


def _is_about(deviation: Deviation, method: str) -> bool:
    return any(clause.split(".")[0] == method for clause in deviation.clauses)


def same(parting: Parting, one: Recording, other: Recording, allowed: Mapping[int, float]) -> bool:
    """Return whether two sides do the same where others part.

    Args:
        parting: where.
        one: what was recorded on a side.
        other: the same, of the other one.
        allowed: by call, how far numbers may be apart.
    """
    if min(len(one.calls), len(other.calls)) <= parting.call:
        return False
    return not any(
        (each.call, each.aspect, each.detail) == (parting.call, parting.aspect, parting.detail)
        for each in partings(one, other, allowed)
    )
