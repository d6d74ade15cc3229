"""A contradiction between the documents, and how the contract settles it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reading:
    """One side of a contradiction.

    Attributes:
        says: what this side says or does.
        documents: ids of the documents on this side.
        implementations: names of the implementations on this side.
    """

    says: str
    documents: tuple[str, ...] = ()
    implementations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A question that the documents answer in more than one way, or against what is implemented.

    Attributes:
        id: permanent name, "C" and a number.
        title: the question.
        readings: the sides.
        resolution: the answer that the contract gives.
        reason: why this one.
        clauses: ids of the clauses that it touches.
    """

    id: str
    title: str
    readings: tuple[Reading, ...]
    resolution: str
    reason: str
    clauses: tuple[str, ...]

    @property
    def documents(self) -> tuple[str, ...]:
        """Ids of all documents that take part, in their order."""
        return tuple(sorted({name for reading in self.readings for name in reading.documents}))
