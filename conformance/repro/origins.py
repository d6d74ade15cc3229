"""Where something that a check observed stands in what came, and what is known of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

from fitspec.conformance.claims.expect import agree

#: Where a value stands in what came: ``("key", "loss")``, ``("item", 0)``, ``("flat", 3)`` of an
#: array, ``("attribute", "history")`` of an object, ``("array",)`` for the array that it is.
Step: TypeAlias = tuple[Any, ...]
Path: TypeAlias = tuple[Step, ...]


@dataclass(frozen=True)
class Read:
    """A value that stands in an answer as it was observed.

    Args:
        request: place of the request in the transcript.
        path: of the value in what came.
        event: place of the event among those of the request, if it stands in one.
        flat: whether the numbers in it were observed as one list.
        start: the first of these numbers that was.
    """

    request: int
    path: Path
    event: int | None = None
    flat: bool = False
    start: int = 0


@dataclass(frozen=True)
class Ending:
    """How a call ended.

    Args:
        request: place of the call in the transcript.
        refusal: whether a TypeError counts as a ValueError does.
    """

    request: int
    refusal: bool


@dataclass(frozen=True)
class Default:
    """The default of a parameter, or that it has none, or that it is not there.

    Args:
        request: place of the request for the signature.
        name: of the parameter.
    """

    request: int
    name: str


@dataclass(frozen=True)
class Parameters:
    """The parameters of a method in order, each with its default.

    Args:
        request: place of the request for the signature.
        first: how many of them; None for all.
    """

    request: int
    first: int | None = None


@dataclass(frozen=True)
class TakesKeywords:
    """Whether a method takes keywords that it does not name.

    Args:
        request: place of the request for the signature.
    """

    request: int


@dataclass(frozen=True)
class Told:
    """What a probe was told each time, as a list.

    Args:
        probe: its key.
        kind: of the events.
        field: of them.
    """

    probe: str
    kind: str
    field: str


@dataclass(frozen=True)
class Printed:
    """Whether a call printed anything on stdout.

    Args:
        request: place of the call in the transcript.
    """

    request: int


@dataclass(frozen=True)
class Batches:
    """A property of the batches that a model was trained on.

    Args:
        probe: key of the recorder that saw the weights.
        reader: the function of `samples` that tells the batches by them.
        property: the function of `batch_readers` that tells the property.
    """

    probe: str
    reader: str
    property: str


Origin: TypeAlias = Read | Ending | Default | Parameters | TakesKeywords | Told | Printed | Batches


@dataclass(frozen=True)
class Fact:
    """Something in the answers on which it depends what the check observes.

    Args:
        origin: where it stands.
        value: what it was in the run.
    """

    origin: Origin
    value: Any


@dataclass(frozen=True)
class Part:
    """A place in what was observed, and what was expected there.

    Args:
        path: keys and indices that lead to it.
        origin: where it was read.
        expected, observed: both sides.
    """

    path: tuple[Any, ...]
    origin: Origin
    expected: Any
    observed: Any


@dataclass(frozen=True)
class Provenance:
    """What a check observed, as far as it was read off answers.

    Args:
        parts: of what was observed.
        whole: whether nothing else was observed.
        ulps: how far numbers may be off; see `expect`.
        facts: what the rest depends on, where that tells that the clause fell; none where the
            parts tell it, or where it depends on too much.
    """

    parts: tuple[Part, ...]
    whole: bool
    ulps: float
    facts: tuple[Fact, ...] = ()

    @property
    def shows(self) -> bool:
        """Whether what was read is enough to tell that the clause fell."""
        return any(not agree(item.observed, item.expected, self.ulps) for item in self.parts)
