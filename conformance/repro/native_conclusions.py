"""What a standalone script concludes, and which answers it needs for that."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from fitspec.conformance.repro import provenance
from fitspec.conformance.repro.keras_source import NotSpelled
from fitspec.conformance.repro.native_calls import Conclusion
from fitspec.conformance.repro.native_readings import code_of, event_at, label_of, plain
from fitspec.conformance.repro.origins import Batches, Ending, Part, Printed, Provenance, Read, Told
from fitspec.conformance.repro.python_source import Node, entry, lay_out, source
from fitspec.conformance.repro.replay import Diverged
from fitspec.conformance.worker.remote import NotOffered, RemoteError, RemoteObject

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fitspec.conformance.report.verdicts import Finding
    from fitspec.conformance.repro.native_calls import Calls
    from fitspec.conformance.repro.origins import Origin
    from fitspec.conformance.worker.transcript import Request


# -- a claim that fell --

_NEAR = '''\
def near(first, second, ulps):
    """Whether numbers are the same but for so many roundings of a float32."""
    if isinstance(first, dict):
        return first.keys() == second.keys() and all(
            near(first[key], second[key], ulps) for key in first
        )
    if isinstance(first, list):
        return len(first) == len(second) and all(
            near(one, other, ulps) for one, other in zip(first, second)
        )
    if isinstance(first, (int, float)) and isinstance(second, (int, float)):
        if first != first or second != second:
            return first != first and second != second
        return abs(first - second) <= ulps * float(np.spacing(np.float32(abs(second))))
    return first == second'''


def read_off(finding: Finding, requests: Sequence[Request]) -> Conclusion:
    """Return the conclusion from answers in which what was observed stands.

    Raises:
        NotSpelled: the check makes more of the answers than reading them.
    """
    try:
        reading = provenance.read(finding.clause, requests, finding.example)
    except Diverged as diverged:
        raise NotSpelled(f"{finding.clause}: {diverged}") from diverged
    if not (reading.shows or reading.facts):
        raise NotSpelled(
            f"{finding.clause}: the check works out what it observes from many answers"
        )
    origins = [item.origin for item in reading.facts or reading.parts]
    reads = [item for item in origins if isinstance(item, Read)]
    noted = {event_at(requests, item).probe for item in reads if item.event is not None}
    noted |= {item.probe for item in origins if isinstance(item, (Told, Batches))}
    return Conclusion(
        until=len(requests),
        lines=lambda calls: (
            _facts(reading, finding, calls) if reading.facts else _both_sides(reading, calls)
        ),
        values=frozenset(item.request for item in reads if item.event is None),
        endings=frozenset(item.request for item in origins if isinstance(item, Ending)),
        noted=frozenset(noted),
        printed=frozenset(item.request for item in origins if isinstance(item, Printed)),
    )


def _both_sides(reading: Provenance, calls: Calls) -> list[str]:
    expected: dict[tuple[Any, ...], Node | str] = {}
    observed: dict[tuple[Any, ...], Node | str] = {}
    for part in reading.parts:
        path = part.path if reading.whole else (" ".join(map(str, part.path)),)
        expected[path] = _expected(part)
        observed[path] = code_of(part.origin, part.observed, calls)
    lines = [
        "",
        lay_out("expected = ", _tree(expected)),
        *_observed(_tree(observed), [part.origin for part in reading.parts]),
        'print("expected", expected)',
        'print("observed", observed)',
    ]
    if reading.ulps or any(_has_nan(part.expected) for part in reading.parts):
        calls.writer.define("near", _NEAR)
        return [*lines, f"return not near(observed, expected, {reading.ulps:g})"]
    return [*lines, "return observed != expected"]


def _observed(code: Node | str, origins: Sequence[Origin]) -> list[str]:
    """Return the lines that look at what came; what is not where it was is no such deviation."""
    if not any(
        isinstance(item, Read) and (item.path or item.event is not None) for item in origins
    ):
        return [lay_out("observed = ", code)]
    return [
        "try:",
        lay_out("observed = ", code, indent=4),
        "except LookupError as error:",
        '    print("observed  not there:", repr(error))',
        "    return False",
    ]


def _facts(reading: Provenance, finding: Finding, calls: Calls) -> list[str]:
    """Return the conclusion from facts: the deviation shows while all are as they were."""
    calls.writer.define("near", _NEAR)
    was: dict[tuple[Any, ...], Node | str] = {}
    now: dict[tuple[Any, ...], Node | str] = {}
    for number, item in enumerate(reading.facts, start=1):
        label = label_of(item.origin)
        label = f"{label} {number}" if (label,) in was else label
        was[label,] = source(plain(item.value))
        now[label,] = code_of(item.origin, item.value, calls)
    return [
        "",
        "# What the clause is about follows from these, which were so when it fell.",
        lay_out("fallen = ", _tree(was)),
        *_observed(_tree(now), [item.origin for item in reading.facts]),
        lay_out("", Node("print(", ['"expected"', source(finding.expected)], ")")),
        'print("observed", observed)',
        f"return near(observed, fallen, {max(reading.ulps, _ROUNDINGS):g})",
    ]


#: How far a number may be off, in units in the last place, to be taken for the one of the run.
_ROUNDINGS = 4


def _expected(part: Part) -> Node | str:
    if isinstance(part.origin, Ending) and not isinstance(part.expected, str):
        # The call raised where a value was expected: that it returns is what is asked of it here.
        return source("returned")
    return source(plain(part.expected))


def _tree(leaves: dict[tuple[Any, ...], Node | str]) -> Node | str:
    """Return nested containers with the code of each leaf at its place."""
    if () in leaves:
        return leaves[()]
    keys = list(dict.fromkeys(path[0] for path in leaves))
    inner = {
        key: _tree({path[1:]: code for path, code in leaves.items() if path[0] == key})
        for key in keys
    }
    if keys == [*range(len(keys))]:
        return Node("[", list(inner.values()), "]")
    return Node("{", [entry(source(key), code) for key, code in inner.items()], "}")


def _has_nan(value: Any) -> bool:
    bare = plain(value)
    if isinstance(bare, (list, dict)):
        inner = bare.values() if isinstance(bare, dict) else bare
        return any(map(_has_nan, inner))
    return isinstance(bare, float) and math.isnan(bare)


# -- an exception that is not allowed --


def error(finding: Finding, requests: Sequence[Request]) -> Conclusion:
    """Return the conclusion from a call that raises what no clause allows.

    Raises:
        NotSpelled: nothing was raised; what came could not be read.
    """
    place = _last_that_fell(finding, requests, RemoteError)
    raised = requests[place].error
    assert isinstance(raised, RemoteError)  # noqa: S101  it was looked for
    shown = f"type(error).__name__ == {source(raised.classes[0])}"
    return _raising(place, "Exception", shown, "no exception")


def _raising(place: int, kinds: str, shown: str, otherwise: str) -> Conclusion:
    """Return the conclusion from whether a call raises.

    Args:
        place: of the call in the transcript.
        kinds: what is caught, as it is written.
        shown: whether that is the deviation, as an expression over `error`.
        otherwise: what is told if nothing is raised.
    """
    return Conclusion(
        until=place + 1,
        lines=lambda _: [f'print("observed  {otherwise}")', "return False"],
        attempted=place,
        around=lambda call: [
            "try:",
            lay_out("", call, indent=4),
            f"except {kinds} as error:",
            '    print("observed ", type(error).__name__ + ":", error)',
            f"    return {shown}",
        ],
    )


def _last_that_fell(finding: Finding, requests: Sequence[Request], kind: type) -> int:
    places = [place for place, item in enumerate(requests) if isinstance(item.error, kind)]
    if not places or places[-1] != len(requests) - 1:
        raise NotSpelled(f"{finding.clause}: no call fell; {finding.observed}")
    return places[-1]


# -- what is not offered --

_ABSENT = re.compile(r"no (?P<kind>\w+) `(?P<name>[^`]+)`")


def absent(finding: Finding, requests: Sequence[Request]) -> Conclusion:
    """Return the conclusion that a method, argument or attribute is not there.

    Raises:
        NotSpelled: it is something else that is not offered.
    """
    found = _ABSENT.match(finding.observed)
    if found is None:
        raise NotSpelled(f"{finding.clause}: {finding.observed}")
    kind, name = found["kind"], found["name"]
    if kind == "argument":
        return _absent_argument(finding, requests, name)
    if kind == "method":
        return _absent_member(_last_that_fell(finding, requests, NotOffered), name)
    if kind == "attribute":
        return _absent_attribute(finding, requests, name)
    raise NotSpelled(f"{finding.clause}: {finding.observed}")


def _absent_member(place: int, name: str) -> Conclusion:
    return Conclusion(until=place, lines=lambda calls: _looks_for(name, calls.target(place)))


def _looks_for(name: str, owner: str) -> list[str]:
    return [
        f"offered = hasattr({owner}, {source(name)})",
        f'print("observed  {name}:", "it is there" if offered else "there is none")',
        "return not offered",
    ]


def _absent_attribute(finding: Finding, requests: Sequence[Request], name: str) -> Conclusion:
    last = len(requests) - 1
    if isinstance(requests[last].error, NotOffered):
        return _absent_member(last, name)
    places = [
        place
        for place, item in enumerate(requests)
        if isinstance(item.answer, RemoteObject) and item.operation == "call"
    ]
    if not places:
        raise NotSpelled(f"{finding.clause}: {finding.observed}")
    place = places[-1]
    return Conclusion(
        until=len(requests),
        values=frozenset([place]),
        lines=lambda calls: _looks_for(name, calls.values[place]),
    )


def _absent_argument(finding: Finding, requests: Sequence[Request], name: str) -> Conclusion:
    place = _last_that_fell(finding, requests, NotOffered)
    word = name.partition("(")[2].rstrip(")") or name
    if requests[place].operation not in ("call", "build"):
        raise NotSpelled(f"{finding.clause}: {finding.observed}")
    shown = f"{source(word)} in str(error)"
    return _raising(place, "(TypeError, ValueError)", shown, f"{word}: it is taken")


# -- no answer in time --

_WAIT = 60


def timeout(finding: Finding, requests: Sequence[Request]) -> Conclusion:
    """Return the conclusion that a call gives no answer in time."""
    place = len(requests) - 1
    if not requests or requests[place].operation != "call":
        raise NotSpelled(f"{finding.clause}: no call was under way")
    give_up = f'''\
def give_up():
    """End it all: the call hangs. No signal would be heard while it does."""
    print("observed  no answer in {_WAIT} s")
    print("The deviation shows.", flush=True)
    for child in multiprocessing.active_children():
        child.terminate()
    os._exit(1)'''

    def around(call: Node) -> list[str]:
        return [
            f"patience = threading.Timer({_WAIT}, give_up)",
            "patience.daemon = True",
            "patience.start()",
            lay_out("", call),
            "patience.cancel()",
        ]

    def lines(calls: Calls) -> list[str]:
        calls.writer.define("give_up", give_up)
        calls.writer.modules.update({"multiprocessing", "os", "threading"})
        return ['print("observed  an answer in time")', "return False"]

    return Conclusion(until=place + 1, lines=lines, attempted=place, around=around)
