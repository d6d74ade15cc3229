"""What became of a program on several sides, as JSON."""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fitspec.conformance.trace.comparing import ending

if TYPE_CHECKING:
    from fitspec.conformance.trace.recording import Made, Recording
    from fitspec.conformance.trace.tracing import Compared, Seen, Trace


def as_json(trace: Trace) -> str:
    """Return all of a trace as an object: the first side, and each other one held against it."""
    found = {
        "first": _side(trace.recording),
        "others": [_other(each) for each in trace.others],
    }
    return json.dumps(found, indent=1) + "\n"


def _side(recording: Recording) -> dict[str, Any]:
    return {
        "side": recording.side,
        "versions": dict(recording.versions),
        "ending": ending(recording),
        "calls": [_call(each) for each in recording.calls],
    }


def _call(call: Made) -> dict[str, Any]:
    return {
        "call": call.number,
        "method": call.method,
        "file": Path(call.file).name,
        "line": call.line,
        "model": call.model,
        "arguments": dict(call.arguments),
        "chance": list(call.chance),
        "not alike": list(call.words),
        "ended": None if call.step is None else call.step.ended,
        "said": None if call.step is None else list(call.step.said),
        "value": None if call.step is None else _finite(call.step.value),
        "updates": call.updates,
    }


def _other(compared: Compared) -> dict[str, Any]:
    return {
        **_side(compared.recording),
        "differences": [_seen(each) for each in compared.seen],
        "reasons": [asdict(each) for each in compared.reasons],
    }


def _seen(seen: Seen) -> dict[str, Any]:
    return {
        **_finite(asdict(seen.parting)),
        "state": str(seen.state),
        "proof": None if seen.proof is None else asdict(seen.proof),
        "unconfirmed": seen.unproved,
    }


def _finite(value: Any) -> Any:
    """Return a value with a text in the place of each number that JSON has no word for."""
    if isinstance(value, dict):
        return {key: _finite(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_finite(each) for each in value]
    return repr(value) if isinstance(value, float) and not math.isfinite(value) else value
