"""Programs and differences in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.conformance.claims.expect import show

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fitspec.conformance.explore.comparing import Kind
    from fitspec.conformance.explore.program import Call, Data, Program

_WEIGHTS = {"rising": "their own", "ones": "1"}
#: How long what one side did may be, in characters.
_LONGEST = 300


def lines_of(program: Program) -> list[str]:
    """Return a program as lines: its model, and a call each."""
    return [f"model {program.model}", *(_call(call) for call in program.calls)]


def _call(call: Call) -> str:
    parts = [] if call.data is None else [_data(call.data)]
    parts += [f"{name}={_argument(value)}" for name, value in call.arguments.items()]
    if call.validation is not None:
        parts.append(f"validation_data={_data(call.validation)}")
    return f"{call.method}({', '.join(parts)})"


def _argument(value: Any) -> str:
    match value:
        case {"sgd": rate, **more}:
            return (
                f"SGD({', '.join([repr(rate), *(f'{key}={item}' for key, item in more.items())])})"
            )
        case {"function": form}:
            return form if isinstance(form, str) else repr(form)
        case dict():
            return "{" + ", ".join(f"{key}: {_argument(each)}" for key, each in value.items()) + "}"
        case list():
            return "[" + ", ".join(_argument(each) for each in value) + "]"
    return repr(value)


def _data(data: Data) -> str:
    words = f"{data.samples} sample{'s' if data.samples > 1 else ''}"
    if data.form in ("generator", "sequence"):
        words += f" by a {data.form} of batches of {data.batch}"
    if data.form == "hdf5":
        words += " in HDF5"
    if data.by != "single":
        words += f" as {data.by}"
    if data.weights:
        words += f" with weights of {_WEIGHTS.get(data.weights, data.weights)}"
    if data.start:
        words += f" from {data.start}"
    return words + (" as labels" if data.labels else "") + (" backwards" if data.backwards else "")


def of_kind(kind: Kind) -> str:
    """Return what a difference is, in a few words."""
    return f"{kind.method}: {kind.aspect}" + (f" ({kind.detail})" if kind.detail else "")


def side(value: Any) -> str:
    """Return what one side did in one line, cut where it is very long."""
    text = " ".join(show(value).split())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def percent(part: int, whole: int) -> str:
    """Return a share in whole percent."""
    return f"{100 * part / whole:.0f} %" if whole else "none"


def names(of: Sequence[str]) -> str:
    """Return names as an enumeration."""
    return " and ".join(filter(None, (", ".join(of[:-1]), of[-1]))) if of else ""
