"""The table of fitspec's own implementations."""

from __future__ import annotations

import importlib.resources
import re
from functools import cache
from pathlib import Path
from typing import Final

from fitspec.conformance.implementations import constraints, declared, hashes
from fitspec.conformance.implementations.implementation import Implementation, Program

_TABLE: Final = "implementations.toml"
_KEYS: Final = frozenset(
    {
        "title",
        "adapter",
        "python",
        "requirements",
        "no_deps",
        "main",
        "profiles",
        "gpu",
        "environment",
        "program",
    },
)


def file() -> Path:
    """Return the file of the table."""
    return home() / "tables" / _TABLE


def home() -> Path:
    """Return the folder of fitspec's own adapters, from which its table names their files."""
    return Path(str(importlib.resources.files("fitspec.adapters")))


def own() -> dict[str, Implementation]:
    """Return the implementations of the table, by name.

    Raises:
        ValueError: something in it is malformed.
    """
    return dict(_own())


@cache
def _own() -> dict[str, Implementation]:
    # Each script for a finding asks for them, and they come with fitspec: read once, they stay.
    return read_table(file())


def read_table(file: Path) -> dict[str, Implementation]:
    """Read a table of implementations whose adapters are named from the folder above it.

    Raises:
        ValueError: Something in it is malformed; the message names file, entry and key.
    """
    return {name: _of_entry(file, name, entry) for name, entry in declared.toml(file).items()}


def _of_entry(file: Path, name: str, entry: object) -> Implementation:
    where = f"{file}: [{name}]"
    if not isinstance(entry, dict):
        raise ValueError(f"{where} must be a table, got {entry!r}")  # noqa: TRY004 - malformed data is a ValueError to the caller
    declared.refuse_unknown(where, entry, _KEYS)
    for key in ("title", "adapter"):
        if key not in entry:
            raise ValueError(f"{where} lacks the key `{key}`")
    python = entry.get("python")
    if python is not None and not (isinstance(python, str) and re.fullmatch(r"3\.\d+", python)):
        raise ValueError(f'{where} `python` must be a string such as "3.7", got {python!r}')
    requirements = declared.requirements(where, "requirements", entry.get("requirements", []))
    no_deps = declared.requirements(where, "no_deps", entry.get("no_deps", []))
    program = _program(file.parent.parent, where, entry.get("program"))
    main_of_npm = _main_of_npm(where, entry["program"], program) if program is not None else None
    return Implementation(
        name=name,
        title=declared.text(where, "title", entry["title"]),
        adapter=file.parent.parent / declared.text(where, "adapter", entry["adapter"]),
        python=python,
        requirements=requirements,
        no_deps=no_deps,
        main=main_of_npm or declared.main_of(where, entry, requirements + no_deps),
        constraints=constraints.read(constraints.file_of(name, file)),
        hashes=hashes.file_of(file),
        profiles=declared.profiles(where, entry),
        gpu=declared.gpu(where, entry.get("gpu")),
        environment=declared.environment(where, entry),
        program=program,
    )


def _program(folder: Path, where: str, table: object) -> Program | None:
    if table is None:
        return None
    where = f"{where} `program`"
    if not isinstance(table, dict):
        raise ValueError(f"{where} must be a table, got {table!r}")  # noqa: TRY004 - malformed data is a ValueError to the caller
    keys = {"command", "worker", "ready", "install"}
    declared.refuse_unknown(where, table, {*keys, "packages", "main"})
    for key in sorted(keys):
        if key not in table:
            raise ValueError(f"{where} lacks the key `{key}`")
    command = declared.texts(where, "command", table["command"])
    if not command:
        raise ValueError(f"{where} `command` is empty; a program is its first text")
    return Program(
        command=command,
        worker=folder / declared.text(where, "worker", table["worker"]),
        ready=declared.texts(where, "ready", table["ready"]),
        install=declared.text(where, "install", table["install"]),
        packages=folder / declared.text(where, "packages", table["packages"])
        if "packages" in table
        else None,
    )


def _main_of_npm(where: str, table: dict[str, object], program: Program) -> str | None:
    if "main" not in table:
        return None
    name = declared.text(f"{where} `program`", "main", table["main"])
    if name not in program.asked:
        raise ValueError(f"{where} `program` `main`: {name!r} is none of its packages")
    return name
