"""Where a script reads what was observed: origins as code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.conformance.repro import keras_probes
from fitspec.conformance.repro.origins import (
    Batches,
    Default,
    Ending,
    Origin,
    Parameters,
    Printed,
    Read,
    TakesKeywords,
    Told,
)
from fitspec.conformance.repro.python_source import Node, source
from fitspec.conformance.worker.transcript import events_of, probes_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fitspec.conformance.repro.native_calls import Calls
    from fitspec.conformance.vocabulary.probes import Probe
    from fitspec.conformance.worker.remote import Event
    from fitspec.conformance.worker.transcript import Request

_DEFAULT_OF = '''\
def default_of(method, name):
    """Return the default of a parameter, or that it has none, or that it is not there."""
    parameter = inspect.signature(method).parameters.get(name)
    if parameter is None:
        return "missing"
    return "required" if parameter.default is parameter.empty else parameter.default'''

_PARAMETERS_OF = '''\
def parameters_of(method):
    """Return all parameters in order, each with its default."""
    return [[name, default_of(method, name)] for name in inspect.signature(method).parameters]'''

_TAKES_ANY_KEYWORD = '''\
def takes_any_keyword(method):
    """Whether a method has **kwargs."""
    parameters = inspect.signature(method).parameters.values()
    return any(item.kind is item.VAR_KEYWORD for item in parameters)'''

_TOLD = '''\
def told(who, what, number):
    """Return the details of what one of the objects noted so often before."""
    return [details for by, kind, details in seen if (by, kind) == (who, what)][number]'''


def code_of(origin: Origin, value: Any, calls: Calls) -> Node | str:
    """Return the code that reads a value where it stands, and define what that needs.

    Args:
        origin: where it stands.
        value: what it was in the run.
        calls: whose answers go by names.
    """
    match origin:
        case Ending(place, refusal):
            ending = calls.endings[place]
            if refusal:
                return f'"refused" if {ending} in ("ValueError", "TypeError") else {ending}'
            return ending
        case Default() | Parameters() | TakesKeywords():
            return _of_signature(origin, calls)
        case Batches(probe, reader, told):
            for name in (*keras_probes.READERS[reader], told):
                calls.writer.use(name)
            who = source(calls.writer.label(_probe(probe, calls)))
            return f"{told}({reader}({who}))"
        case Printed(place):
            return f"bool({calls.printed[place]}.getvalue().strip())"
        case Told(probe, kind, name):
            who = source(calls.writer.label(_probe(probe, calls)))
            return (
                f"[details[{source(name)}] for by, what, details in seen "
                f"if (by, what) == ({who}, {source(kind)})]"
            )
        case Read():
            return _read(origin, value, calls)


def _of_signature(origin: Default | Parameters | TakesKeywords, calls: Calls) -> str:
    place = origin.request
    method = f"{calls.target(place)}.{calls.requests[place].fields['method']}"
    match origin:
        case Default(_, name):
            calls.writer.define("default_of", _DEFAULT_OF)
            return f"default_of({method}, {source(name)})"
        case Parameters(_, first):
            calls.writer.define("default_of", _DEFAULT_OF)
            calls.writer.define("parameters_of", _PARAMETERS_OF)
            return f"parameters_of({method}){'' if first is None else f'[:{first}]'}"
        case TakesKeywords():
            calls.writer.define("takes_any_keyword", _TAKES_ANY_KEYWORD)
            return f"takes_any_keyword({method})"


def label_of(origin: Origin) -> str:
    """Return what a reader calls a fact."""
    match origin:
        case Batches():
            return origin.property.replace("_", " ")
        case Printed():
            return "something is printed"
        case TakesKeywords():
            return "it has **kwargs"
        case Read() if origin.path == (("thread",),):
            return "on the main thread"
        case Read():
            return " ".join(str(step[1]) for step in origin.path if step[0] == "key") or "value"
        case _:
            return "ending" if isinstance(origin, Ending) else "told"


def _read(where: Read, observed: Any, calls: Calls) -> str:
    if where.event is None:
        code = calls.values[where.request]
    else:
        event = event_at(calls.requests, where)
        earlier = [
            item for request in calls.requests[: where.request] for item in events_of(request)
        ]
        earlier += events_of(calls.requests[where.request])[: where.event]
        number = sum((item.kind, item.probe) == (event.kind, event.probe) for item in earlier)
        probe = _probe(event.probe, calls)
        calls.writer.define("told", _TOLD)
        code = f"told({source(calls.writer.label(probe))}, {source(event.kind)}, {number})"
    for kind, *key in where.path:
        if kind == "thread":
            code = f'{code}["main_thread"]'
        elif kind == "attribute":
            code = f"{code}.{key[0]}"
        elif kind == "array":
            code = f"np.asarray({code})"
        elif kind == "flat":
            code = f"np.ravel({code})[{key[0]}]"
        else:
            code = f"{code}[{source(key[0])}]"
    if where.flat:
        start = f"[{where.start}:]" if where.start else ""
        return f"np.ravel({code}).tolist(){start}"
    value = plain(observed)
    if isinstance(value, (bool, int, float)):
        return f"{type(value).__name__}({code})"
    return code


def _probe(key: str, calls: Calls) -> Probe:
    return next(
        item for request in calls.requests for item in probes_in(request.fields) if item.key == key
    )


def event_at(requests: Sequence[Request], where: Read) -> Event:
    """Return the event in which a value stands."""
    assert where.event is not None  # noqa: S101  the caller has looked
    return events_of(requests[where.request])[where.event]


def plain(value: Any) -> Any:
    """Return a value in lists, dicts, and Python's own numbers."""
    if isinstance(value, (np.ndarray, np.generic)):
        return plain(value.tolist())
    if isinstance(value, (list, tuple, range)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return value
