"""Loading the contract from its files."""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from . import parse
from .clause import CLAUSES, file_of
from .consistency import check_consistency
from .contract import Contract
from .document import Profile
from .error import SpecError
from .record import Record, Shape, read_records

METHODS = (
    "compile",
    "fit",
    "evaluate",
    "predict",
    "train_on_batch",
    "test_on_batch",
    "predict_on_batch",
    "get_layer",
    "fit_generator",
    "evaluate_generator",
    "predict_generator",
    "r",
)
"""The methods that may have a file of clauses, in the order of the contract."""

_OTHER_FILES = ("documents.toml", "profiles.toml", "contradictions.toml", "renamed.toml")

_Part = TypeVar("_Part")


def load(folder: Traversable | Path | None = None) -> Contract:
    """Load a contract.

    Args:
        folder: where its TOML files lie, those of clauses in the folder `clauses`; the contract
            that comes with this package if left out. A method that no document covers may go
            without a file.

    Returns:
        The contract, with every rule of the format and between its records checked.

    Raises:
        SpecError: a file is missing or unknown, or its content breaks a rule; names the file, the
            record and the key.
    """
    found = _read(files(__package__) if folder is None else folder)
    present = [method for method in METHODS if file_of(method) in found]

    clauses = [
        (record, parse.parse_clause(record, method))
        for method in present
        for record in read_records(file_of(method), found[file_of(method)], parse.CLAUSE)
    ]

    def parts(
        name: str, shape: Shape, parse_part: Callable[[Record], _Part]
    ) -> list[tuple[Record, _Part]]:
        return [(record, parse_part(record)) for record in read_records(name, found[name], shape)]

    loaded = Contract(
        clauses=_by_name("id", clauses),
        documents=_by_name("id", parts("documents.toml", parse.DOCUMENT, parse.parse_document)),
        profiles=_by_name("id", parts("profiles.toml", parse.PROFILE, parse.parse_profile)),
        contradictions=_by_name(
            "id", parts("contradictions.toml", parse.CONTRADICTION, parse.parse_contradiction)
        ),
        renamings=_by_name("old", parts("renamed.toml", parse.RENAMING, parse.parse_renaming)),
    )
    check_consistency(loaded, present)
    return loaded


@cache
def profiles() -> Mapping[str, Profile]:
    """Return the profiles that come with this package, by id, without waiting for the clauses.

    Raises:
        SpecError: a record is broken.
    """
    name = "profiles.toml"
    records = read_records(name, (files(__package__) / name).read_bytes(), parse.PROFILE)
    return _by_name("id", ((record, parse.parse_profile(record)) for record in records))


@cache
def contract() -> Contract:
    """Return the contract that comes with this package, loaded once.

    Raises:
        SpecError: its data are broken.
    """
    return load()


def _read(folder: Traversable | Path) -> dict[str, bytes]:
    known = {*_OTHER_FILES, *map(file_of, METHODS)}
    places = (("", folder), (f"{CLAUSES}/", folder / CLAUSES))
    found = {
        f"{place}{entry.name}": entry.read_bytes()
        for place, inside in places
        if inside.is_dir()
        for entry in inside.iterdir()
        if entry.name.endswith(".toml")
    }
    for name in sorted(found.keys() - known):
        raise SpecError(f"{name}: unknown file, expected one of {', '.join(sorted(known))}")
    for name in _OTHER_FILES:
        if name not in found:
            raise SpecError(f"{name}: the file is missing")
    return found


def _by_name(key: str, parts: Iterable[tuple[Record, _Part]]) -> MappingProxyType[str, _Part]:
    named: dict[str, _Part] = {}
    for record, part in parts:
        name = record.text(key)
        if name in named:
            raise record.fault(key, "an id that no other record has")
        named[name] = part
    return MappingProxyType(named)
