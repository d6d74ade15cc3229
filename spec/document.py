"""The documents that the contract is drawn from, and the profiles made of them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Document:
    """One of the texts that clauses cite.

    Attributes:
        id: the number that clauses cite.
        title: what the text is.
        system: the system and version that it describes.
        language: the language that it is written in.
        covers: the methods that it describes.
    """

    id: str
    title: str
    system: str
    language: str
    covers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Profile:
    """What one documented version promises.

    Attributes:
        id: the name that clauses use.
        title: the version in words.
        programs: the language of the programs that it is promised to.
        documents: ids of the documents that describe it.
    """

    id: str
    title: str
    programs: str
    documents: tuple[str, ...]
