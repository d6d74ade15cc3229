"""The claims that checks make.

A check makes exactly one: `expect` for a clause with a verdict, `recognise` for one of level
`observed`. Both sides of the claim are kept for the report, whether it holds or not.
"""

from __future__ import annotations

import math
import re
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.conformance.worker.remote import RemoteError, RemoteObject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from fitspec.conformance.worker.remote import Result


#: Where an object lies in memory, which is another place in each run.
_PLACE = re.compile(r" at 0x[0-9a-fA-F]+")


@dataclass
class Claim:
    """What a check has claimed so far; it may do so once."""

    made: int = 0
    expected: str = ""
    observed: str = ""
    detail: str = ""
    example: str = ""
    behaviour: str | None = None
    #: Both sides as they are, observed first, and the tolerance.
    sides: tuple[Any, Any, float] | None = None
    _recorded: list[str] = field(default_factory=list)


class ExpectationFell(AssertionError):  # noqa: N818  a finding, not an error of the check
    """The implementation did something else than the clause says."""


class ClaimFault(Exception):  # noqa: N818  a fault of the check, never a verdict
    """A check made no claim, or more than one, or outside a check."""


_current: ContextVar[Claim | None] = ContextVar("fitspec_claim", default=None)


@contextmanager
def collecting() -> Iterator[Claim]:
    """Keep the claim that is made within the block."""
    claim = Claim()
    token = _current.set(claim)
    try:
        yield claim
    finally:
        _current.reset(token)


def _begin_claim(expected: str, observed: Any) -> Claim:
    claim = _current.get()
    if claim is None:
        raise ClaimFault("a claim was made outside a check")
    claim.made += 1
    if claim.made > 1:
        raise ClaimFault("a check makes one claim; this is the second")
    claim.expected = expected
    claim.observed = show(observed)
    return claim


def expect(
    observed: Any,
    *,
    equals: Any,
    ulps: float = 0,
    otherwise: Mapping[str, Any] | None = None,
    example: str = "",
) -> None:
    """Claim that the implementation did what the clause says.

    Args:
        observed: what it did.
        equals: what the clause says: plain values, in lists and dicts.
        ulps: how far a number may be off, in units in the last place of a float32 of the
            expected size: the roundings on the way, derived beside the call.
        otherwise: known deviations in words, each with what would then be observed. The first
            that fits is named in the report.
        example: of a law, the arguments at which it was looked at.

    Raises:
        ExpectationFell: it did something else.
    """
    claim = _begin_claim(show_expected(equals, ulps), observed)
    claim.example = example
    claim.sides = observed, equals, ulps
    if agree(observed, equals, ulps):
        return
    known = [words for words, value in (otherwise or {}).items() if agree(observed, value, ulps)]
    claim.detail = known[0] if known else ""
    raise ExpectationFell(claim.detail or "none of the known deviations")


def recognise(observed: Any, behaviours: Mapping[str, Any], *, ulps: float = 0) -> None:
    """Record which of the known behaviours was seen, where the documents promise none.

    Args:
        observed: what the implementation did.
        behaviours: each known behaviour in words, with what would then be observed.
        ulps: as in `expect`.
    """
    claim = _begin_claim(" or ".join(behaviours), observed)
    known = [words for words, value in behaviours.items() if agree(observed, value, ulps)]
    claim.behaviour = known[0] if known else f"something else: {claim.observed}"


def outcome(call: Callable[..., Any], *args: Any, **kwargs: Any) -> str:
    """Return how a call ended: ``"returned"``, or the class of the exception it raised.

    Of the classes that the documents name, the one that the exception is an instance of;
    otherwise the exception's own.

    Raises:
        NotOffered: the method or argument does not exist.
    """
    try:
        call(*args, **kwargs)
    except RemoteError as error:
        return documented_class(error)
    return "returned"


def answer(call: Callable[..., Result], *args: Any, **kwargs: Any) -> Result | str:
    """Return what a call brought, or how it was refused, as `outcome` says it.

    Raises:
        NotOffered: the method or argument does not exist.
    """
    try:
        return call(*args, **kwargs)
    except RemoteError as error:
        return documented_class(error)


def documented_class(error: RemoteError) -> str:
    """Return the class of an exception: the documented one that it is of, or its own."""
    documented = [name for name in error.classes if name in ("ValueError", "RuntimeError")]
    return (documented or error.classes)[0]


def refusal(call: Callable[..., Any], *args: Any, **kwargs: Any) -> str:
    """Return how a call with a value of the wrong type ended.

    The documents promise `ValueError`, and of a wrong type `TypeError` says more (contradiction
    C36): either is ``"refused"``. Any other end is named as by `outcome`.

    Raises:
        NotOffered: the method or argument does not exist.
    """
    try:
        call(*args, **kwargs)
    except RemoteError as error:
        refused = not {"ValueError", "TypeError"}.isdisjoint(error.classes)
        return "refused" if refused else documented_class(error)
    return "returned"


def agree(observed: Any, expected: Any, ulps: float = 0) -> bool:
    """Return whether two values are the same: type by type, numbers within `ulps`."""
    observed = _plain(observed)
    expected = _plain(expected)
    if isinstance(expected, bool) or isinstance(observed, bool):
        return observed is expected
    if isinstance(expected, (int, float)) and isinstance(observed, (int, float)):
        return _near(float(observed), float(expected), ulps)
    if isinstance(expected, dict) and isinstance(observed, dict):
        return observed.keys() == expected.keys() and all(
            agree(observed[key], item, ulps) for key, item in expected.items()
        )
    if isinstance(expected, list) and isinstance(observed, list):
        return len(observed) == len(expected) and all(
            agree(left, right, ulps) for left, right in zip(observed, expected, strict=True)
        )
    return type(observed) is type(expected) and bool(observed == expected)


def _near(observed: float, expected: float, ulps: float) -> bool:
    if not (math.isfinite(observed) and math.isfinite(expected)):
        return observed == expected or (math.isnan(observed) and math.isnan(expected))
    return abs(observed - expected) <= ulps * float(np.spacing(np.float32(abs(expected))))


def _plain(value: Any) -> Any:
    """Return arrays and tuples as lists and NumPy scalars as Python's: types are claims apart."""
    if isinstance(value, (np.ndarray, np.generic)):
        return value.tolist()
    if isinstance(value, (tuple, range)):
        return list(value)
    return value


def show_expected(value: Any, ulps: float) -> str:
    """Return what is expected as a reader wants it, with how far it may be off."""
    return show(value) + (f" (±{ulps:g} ulp)" if ulps else "")


def show(value: Any) -> str:
    """Return a value as a reader wants it in one line."""
    if isinstance(value, RemoteObject):
        return _PLACE.sub("", value.text)
    value = _plain(value)
    if isinstance(value, float):
        return f"{value:.9g}"
    if isinstance(value, list):
        return "[" + ", ".join(show(item) for item in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{show(k)}: {show(v)}" for k, v in value.items()) + "}"
    if isinstance(value, str):
        return value
    return repr(value)
