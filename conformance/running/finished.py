"""Reports of single implementations in a folder, and whether one of an earlier run still holds."""

from __future__ import annotations

import hashlib
import platform
import sys
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from typing import TYPE_CHECKING

from fitspec.conformance.environments.environment import environment_of
from fitspec.conformance.implementations.constraints import FOLDER
from fitspec.conformance.report import reading, report
from fitspec.conformance.report.file_names import file_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from importlib.resources.abc import Traversable
    from pathlib import Path

    from fitspec.conformance.implementations.implementation import Implementation

_DIGITS = 12

#: What a report is made with -> how to say that it was another one.
_OTHERWISE = {
    "fitspec": "another fitspec",
    "clauses": "other clauses",
    "environment": "another environment",
    "adapter": "another adapter",
}


def file_of(name: str, folder: Path) -> Path:
    """Return where the report of an implementation lies in a folder."""
    return folder / f"{file_name(name, safe='@ ')}.ndjson"


def basis(
    implementation: Implementation, clauses: Sequence[str], python: Path | None
) -> dict[str, str]:
    """Return all that decides what a run finds: a report on the same basis need not be made again.

    Args:
        implementation: what is run.
        clauses: the patterns of those asked for.
        python: the interpreter that was given for it, if any.
    """
    return {
        "fitspec": f"{version('fitspec')} {_own_sources()}",
        "clauses": " ".join(sorted(set(clauses))) or "all",
        "environment": _environment(implementation, python),
        "adapter": _digest([(implementation.adapter.name, implementation.adapter.read_bytes())])
        if implementation.adapter.is_file()
        else "",
    }


def look(file: Path, name: str, wanted: Mapping[str, str]) -> tuple[report.Report | None, str]:
    """Return the report in `file` if it still holds, otherwise None and why it does not.

    It holds if it is whole, of this implementation, on the basis that is wanted, and without
    faults. What could not be started then may start now, so that it does not count either.
    """
    try:
        found = reading.read(file)
    except FileNotFoundError:
        return None, ""
    except (OSError, report.ReportError) as error:
        return None, str(error)
    made = found.header.get("basis", {})
    if [item.name for item in found.subjects] != [name]:
        return None, f"{file}: not of {name} alone"
    for key, words in _OTHERWISE.items():
        if made.get(key) != wanted[key]:
            return None, f"{file}: made with {words}"
    if found.faults or found.unavailable:
        return None, f"{file}: it did not come to an end"
    return found, ""


def _environment(implementation: Implementation, python: Path | None) -> str:
    if python is not None:
        return str(python.absolute())
    environment = environment_of(implementation)
    if environment is not None:
        return environment.recipe.key
    return f"{sys.executable} {platform.python_version()} numpy {version('numpy')}"


@cache
def _own_sources() -> str:
    """Return a digest of the contract, the checks and all else of fitspec.

    A change of a version tells less: in a checkout, sources change without one. The constraints
    are not part of it, as those of one implementation say nothing about the others, nor is what is
    known of shortfalls or of versions, which decides no verdict.
    """
    found: list[tuple[str, bytes]] = []
    for package in ("spec", "reference", "conformance", "adapters"):
        found.extend(_contents(files(f"fitspec.{package}"), package))
    return _digest(sorted(found))


def _contents(folder: Traversable, path: str) -> Iterator[tuple[str, bytes]]:
    for item in folder.iterdir():
        if item.name in ("__pycache__", "node_modules", "shortfalls", "versions.json", FOLDER):
            continue
        if item.is_dir():
            yield from _contents(item, f"{path}/{item.name}")
        else:
            yield f"{path}/{item.name}", item.read_bytes()


def _digest(contents: Sequence[tuple[str, bytes]]) -> str:
    total = hashlib.sha256()
    for name, content in contents:
        total.update(f"{name} {len(content)} ".encode())
        total.update(content)
    return total.hexdigest()[:_DIGITS]
