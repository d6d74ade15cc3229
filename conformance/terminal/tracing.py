"""What became of a program on several sides, as a person reads it in a terminal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from rich.text import Text

from fitspec.conformance.report.hostile import shortened, visible
from fitspec.conformance.report.subject import version_line
from fitspec.conformance.report.telling import counted
from fitspec.conformance.terminal.layout import indented, told
from fitspec.conformance.trace.comparing import ending
from fitspec.conformance.trace.recording import ENDED
from fitspec.conformance.trace.tracing import State

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console

    from fitspec.conformance.trace.comparing import Parting
    from fitspec.conformance.trace.recording import Recording
    from fitspec.conformance.trace.tracing import Compared, Seen, Trace

#: How many reasons are told.
_REASONS: Final = 4
#: How long what one side did may be, in characters.
_LONGEST: Final = 200
_MEANINGS: Final = {
    State.FOLLOWS: "follows from it",
    State.NEW: "new: from the same weights, too",
    State.REMEMBERED: "follows, perhaps: the optimizer remembers what differed before",
    State.CHANCE: "by chance, perhaps: numbers are drawn at random here",
    State.TIPPED: "one sample is counted otherwise: its output lies where rounding tips the answer",
}


def render(trace: Trace, console: Console) -> None:
    """Print what became of a program, side by side.

    Args:
        trace: all of it.
        console: where to.
    """
    _side(trace.recording, console)
    for other in trace.others:
        console.print()
        _side(other.recording, console)
        _other(trace, other, console)


def _side(recording: Recording, console: Console) -> None:
    said = counted(len(recording.calls), "call of the Model API", "calls of the Model API")
    if recording.ending != ENDED:
        said += f"; {ending(recording)}"
    console.print(
        Text.assemble(
            (recording.side, "bold"),
            f"  {visible(shortened(said, _LONGEST))}  ",
            (version_line(recording.versions, {}), "dim"),
        ),
        soft_wrap=True,
    )
    # Who never began says why in its last words alone.
    if recording.ending != ENDED and not recording.said[0] and recording.words.strip():
        console.print(indented(told([("printed", recording.words.strip()[-_LONGEST:])])))


def _other(trace: Trace, other: Compared, console: Console) -> None:
    rows = list(_alike(trace, other))
    if rows:
        console.print(indented(told(rows)))
    first = other.first
    if first is None:
        if not other.differs:
            console.print(indented("no call differs by more than rounding"))
    else:
        _first(trace, other, first, console)
    _rest(trace, [each for each in other.seen if each.state is not State.FIRST], console)


def _alike(trace: Trace, other: Compared) -> Iterator[tuple[str, str]]:
    """Yield what could not be made alike."""
    words = dict.fromkeys(word for call in other.recording.calls for word in call.words)
    yield from (("weights", word) for word in words)
    drawn = dict.fromkeys(word for call in trace.recording.calls for word in call.chance)
    if drawn:
        yield "chance", f"drawn at random in training: {'; '.join(drawn)}"


def _first(trace: Trace, other: Compared, first: Parting, console: Console) -> None:
    console.print(indented(Text(f"the first that differs: {_place(trace, first)}", "bold red")))
    rows = []
    for each in other.seen:
        if each.state is State.FIRST:
            rows.append(("", _aspect(each.parting)))
            rows.append((trace.side.name, shortened(each.parting.first, _LONGEST)))
            rows.append((other.side.name, shortened(each.parting.other, _LONGEST)))
            if each.proof is not None:
                rows.append(("confirmed", each.proof.words))
            elif each.unproved:
                rows.append(("unconfirmed", each.unproved))
    proved = other.proved
    # Where one is confirmed, what else may be is of no interest.
    ranked = [each for each in other.reasons if each.deviation in proved] or other.reasons
    for reason in ranked[:_REASONS]:
        rows.append(("why" if reason.deviation in proved else "perhaps", reason.clause))
        rows.append((trace.side.name, reason.first))
        rows.append((other.side.name, reason.other))
        if reason.condition:
            rows.append(("if", reason.condition))
        if reason.write:
            rows.append(("write", reason.write))
    if len(ranked) > _REASONS:
        rows.append(("", f"{len(ranked) - _REASONS} more clauses, see --format json"))
    console.print(indented(told(rows), 4))


def _rest(trace: Trace, seen: Sequence[Seen], console: Console) -> None:
    """Print what else differs, a line for what calls in one place have alike."""
    by_call: dict[tuple[int, State], list[str]] = {}
    for each in seen:
        by_call.setdefault((each.parting.call, each.state), []).append(_aspect(each.parting))
    alike: dict[tuple[str, State, str], list[int]] = {}
    for (number, state), aspects in by_call.items():
        where = _where(trace, next(each.parting for each in seen if each.parting.call == number))
        words = ", ".join(dict.fromkeys(aspects))
        alike.setdefault((where, state, words), []).append(number + 1)
    for (where, state, words), numbers in alike.items():
        calls = f"call {numbers[0]}" + (f" and {len(numbers) - 1} more" if numbers[1:] else "")
        text = f"{calls}, {where}: {words}: {_MEANINGS[state]}"
        console.print(indented(Text(visible(text), "" if state is State.FOLLOWS else "yellow")))


def _place(trace: Trace, parting: Parting) -> str:
    """Return a call by its number, its method and where the first side makes it."""
    return f"call {parting.call + 1}, {_where(trace, parting)}"


def _where(trace: Trace, parting: Parting) -> str:
    calls = trace.recording.calls
    if parting.call >= len(calls):
        return parting.method
    call = calls[parting.call]
    return f"{parting.method} in {Path(call.file).name}:{call.line}"


def _aspect(parting: Parting) -> str:
    return f"{parting.aspect}" + (f" ({parting.detail})" if parting.detail else "")
