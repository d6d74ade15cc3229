"""The implementations that can be held against the contract, and where they are found."""

from __future__ import annotations

import difflib
import importlib.metadata
import importlib.resources
import importlib.util
import os
import re
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from fitspec.conformance.implementations import constraints, gpus, versions
from fitspec.conformance.implementations.implementation import (
    PROFILES,
    PYTHON_PROFILES,
    Implementation,
    Program,
)
from fitspec.conformance.implementations.script_block import python_for, read_block

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

GROUP: Final = "fitspec.implementations"
"""The entry point group in which other packages declare their adapters."""

_TABLE: Final = "implementations.toml"
_FAMILIES: Final = "families.toml"
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


def find(name_or_path: str) -> Implementation:
    """Find an implementation by the path of an adapter file or by name.

    What contains a path separator or ends in `.py` is a path, so a folder that happens to be
    called `reference` never hides the name. Names are those of fitspec first, then those that
    installed packages declare. No adapter is imported.

    A version that no name of fitspec stands for is asked for as `keras@2.3.0` or, of one name in
    particular, as `keras-3-torch@3.5.0`.

    Raises:
        ValueError: There is no such file, name or version, or what declares it is malformed.
    """
    separators = (os.sep, os.altsep) if os.altsep else (os.sep,)
    if name_or_path.endswith(".py") or any(mark in name_or_path for mark in separators):
        return _of_file(Path(name_or_path))
    own = _own()
    if name_or_path in own:
        return own[name_or_path]
    declared = _declared()
    if name_or_path in declared:
        return _of_entry_points(name_or_path, declared[name_or_path])
    name, _, version = name_or_path.rpartition("@")
    of_table = versions.read(table().with_name(_FAMILIES))
    versioned = versions.choose(name, version, own, of_table) if name else None
    if versioned is not None:
        return versioned
    raise ValueError(_unknown(name or name_or_path, [*own, *sorted(declared)], of_table))


def known() -> dict[str, Implementation]:
    """Return every implementation that has a name and can be used, by name.

    Raises:
        ValueError: The table of fitspec itself is malformed.
    """
    usable, _ = _survey()
    return usable


def unusable() -> dict[str, str]:
    """Return why each declared implementation that `known` leaves out cannot be used, by name.

    Raises:
        ValueError: The table of fitspec itself is malformed.
    """
    _, reasons = _survey()
    return reasons


def _survey() -> tuple[dict[str, Implementation], dict[str, str]]:
    usable = _own()
    reasons: dict[str, str] = {}
    for name, points in sorted(_declared().items()):
        if name in usable:
            continue
        # One broken package must not take the implementations of all others with it.
        try:
            usable[name] = _of_entry_points(name, points)
        except ValueError as error:
            reasons[name] = str(error)
    return usable, reasons


def _unknown(name: str, names: list[str], of_versions: Iterable[str]) -> str:
    more = [family for family in of_versions if family not in names]
    nearest = difflib.get_close_matches(name, names + more, n=3)
    meant = [f"{each}@VERSION" if each in more else each for each in nearest]
    question = f" Did you mean {' or '.join(meant)}?" if meant else ""
    return (
        f"no implementation is called {name!r}.{question} Known: "
        f"{', '.join([*names, *(f'{family}@VERSION' for family in more)])}. "
        f"An adapter file is given by a path such as ./{name or 'mine'}.py"
    )


# --- the table of fitspec ---------------------------------------------------------------------


def table() -> Path:
    """Return the file of the table."""
    return home() / "tables" / _TABLE


def home() -> Path:
    """Return the folder of fitspec's own adapters, from which its table names their files."""
    return Path(str(importlib.resources.files("fitspec.adapters")))


def _own() -> dict[str, Implementation]:
    return read_table(table())


def read_table(file: Path) -> dict[str, Implementation]:
    """Read a table of implementations whose adapters are named from the folder above it.

    Raises:
        ValueError: Something in it is malformed; the message names file, entry and key.
    """
    try:
        entries = tomllib.loads(file.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ValueError(f"{file}: not TOML: {error}") from error
    return {name: _of_entry(file, name, entry) for name, entry in entries.items()}


def _of_entry(file: Path, name: str, entry: object) -> Implementation:
    where = f"{file}: [{name}]"
    if not isinstance(entry, dict):
        raise ValueError(f"{where} must be a table, got {entry!r}")  # noqa: TRY004 - malformed data is a ValueError to the caller
    _refuse_unknown(where, entry, _KEYS)
    for key in ("title", "adapter"):
        if key not in entry:
            raise ValueError(f"{where} lacks the key `{key}`")
    python = entry.get("python")
    if python is not None and not (isinstance(python, str) and re.fullmatch(r"3\.\d+", python)):
        raise ValueError(f'{where} `python` must be a string such as "3.7", got {python!r}')
    requirements = _requirements(where, "requirements", entry.get("requirements", []))
    no_deps = _requirements(where, "no_deps", entry.get("no_deps", []))
    return Implementation(
        name=name,
        title=_text(where, "title", entry["title"]),
        adapter=file.parent.parent / _text(where, "adapter", entry["adapter"]),
        python=python,
        requirements=requirements,
        no_deps=no_deps,
        main=_main(where, entry, requirements + no_deps),
        constraints=constraints.read(constraints.file_of(name, file)),
        profiles=_profiles(where, entry),
        gpu=_gpu(where, entry.get("gpu")),
        environment=_environment(where, entry),
        program=_program(file.parent.parent, where, entry.get("program")),
    )


def _program(folder: Path, where: str, table: object) -> Program | None:
    if table is None:
        return None
    where = f"{where} `program`"
    if not isinstance(table, dict):
        raise ValueError(f"{where} must be a table, got {table!r}")  # noqa: TRY004 - malformed data is a ValueError to the caller
    keys = {"command", "worker", "ready", "install"}
    _refuse_unknown(where, table, {*keys, "packages"})
    for key in sorted(keys):
        if key not in table:
            raise ValueError(f"{where} lacks the key `{key}`")
    command = _texts(where, "command", table["command"])
    if not command:
        raise ValueError(f"{where} `command` is empty; a program is its first text")
    return Program(
        command=command,
        worker=folder / _text(where, "worker", table["worker"]),
        ready=_texts(where, "ready", table["ready"]),
        install=_text(where, "install", table["install"]),
        packages=folder / _text(where, "packages", table["packages"])
        if "packages" in table
        else None,
    )


# --- adapter files ----------------------------------------------------------------------------


def _of_file(path: Path, name: str | None = None) -> Implementation:
    if path.is_dir():
        raise ValueError(f"{path} is a folder; expected an adapter file such as {path / 'mine.py'}")
    if not path.is_file():
        raise ValueError(f"the adapter file {path} does not exist (seen from {Path.cwd()})")
    path = path.resolve()
    name = path.stem if name is None else name
    block = read_block(path)
    if block is None:
        return Implementation(name=name, title=name, adapter=path)
    where = f"{path}: inline metadata"
    tool = block.get("tool", {})
    own = tool.get("fitspec", {}) if isinstance(tool, dict) else {}
    if not isinstance(own, dict):
        raise ValueError(f"{where}: `tool.fitspec` must be a table, got {own!r}")  # noqa: TRY004 - malformed data is a ValueError to the caller
    _refuse_unknown(f"{where}: [tool.fitspec]", own, {"title", "profiles", "environment"})
    requirements = _requirements(where, "dependencies", block.get("dependencies", []))
    return Implementation(
        name=name,
        title=_text(f"{where}: [tool.fitspec]", "title", own.get("title", name)),
        adapter=path,
        python=_python_of_block(where, block, requirements),
        requirements=requirements,
        profiles=_profiles(f"{where}: [tool.fitspec]", own),
        environment=_environment(f"{where}: [tool.fitspec]", own),
    )


def _python_of_block(
    where: str, block: Mapping[str, Any], requirements: tuple[str, ...]
) -> str | None:
    if "requires-python" not in block:
        return None
    asked = _text(where, "requires-python", block["requires-python"])
    try:
        python = python_for(asked)
    except ValueError as error:
        raise ValueError(f"{where}: `requires-python`: {error}") from error
    # An adapter that asks for no package and allows the Python at hand may use what is there.
    at_hand = python == f"{sys.version_info.major}.{sys.version_info.minor}"
    return None if at_hand and not requirements else python


# --- entry points of other packages -----------------------------------------------------------


def _declared() -> dict[str, list[importlib.metadata.EntryPoint]]:
    points: dict[str, list[importlib.metadata.EntryPoint]] = {}
    for point in importlib.metadata.entry_points(group=GROUP):
        points.setdefault(point.name, []).append(point)
    return points


def _of_entry_points(name: str, points: list[importlib.metadata.EntryPoint]) -> Implementation:
    values = sorted({point.value for point in points})
    if len(values) > 1:
        raise ValueError(
            f"installed packages declare {name!r} in {GROUP} differently: {' and '.join(values)}"
        )
    where = f"entry point {name!r} = {values[0]!r} of {_package(points[0])}"
    module = values[0].partition(":")[0].strip()
    file = _locate(module)
    if file is None:
        raise ValueError(f"{where}: the module {module!r} has no file here")
    return _of_file(file, name)


def _package(point: importlib.metadata.EntryPoint) -> str:
    return point.dist.name if point.dist is not None else "an unknown package"


def _locate(module: str) -> Path | None:
    """Return the file of a module without importing it, nor the packages that it lies in.

    An adapter imports the implementation, which need not be installed beside fitspec, and so may
    the package around it.
    """
    top, *rest = module.split(".")
    try:
        spec = importlib.util.find_spec(top)
    except (ImportError, ValueError):
        return None
    if spec is None:
        return None
    if not rest:
        return Path(spec.origin) if spec.has_location and spec.origin else None
    for folder in spec.submodule_search_locations or ():
        inner = Path(folder, *rest)
        for file in (inner.with_name(f"{inner.name}.py"), inner / "__init__.py"):
            if file.is_file():
                return file
    return None


# --- the values of a table --------------------------------------------------------------------


def _refuse_unknown(
    where: str, table: Mapping[str, Any], allowed: set[str] | frozenset[str]
) -> None:
    for key in table:
        if key not in allowed:
            nearest = difflib.get_close_matches(key, allowed, n=1)
            question = f"; did you mean `{nearest[0]}`?" if nearest else ""
            raise ValueError(f"{where} has the unknown key `{key}`{question}")


def _text(where: str, key: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{where} `{key}` must be a text that is not empty, got {value!r}")
    return value


def _texts(where: str, key: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError(f"{where} `{key}` must be a list of texts, got {value!r}")  # noqa: TRY004 - malformed data is a ValueError to the caller
    return tuple(_text(where, f"{key}[{index}]", item) for index, item in enumerate(value))


def _requirements(where: str, key: str, value: object) -> tuple[str, ...]:
    requirements = _texts(where, key, value)
    for requirement in requirements:
        try:
            Requirement(requirement)
        except InvalidRequirement as error:
            raise ValueError(
                f"{where} `{key}`: {requirement!r} is not a requirement such as"
                f' "keras==2.3.1": {str(error).splitlines()[0]}'
            ) from error
    return requirements


def _gpu(where: str, value: object) -> str | None:
    if value is not None and value not in gpus.GPUS:
        raise ValueError(f"{where} `gpu` must be one of {gpus.GPUS}, got {value!r}")
    return str(value) if value is not None else None


def _main(where: str, entry: Mapping[str, Any], requirements: tuple[str, ...]) -> str | None:
    """Return the name of the requirement that an entry is about: the first, or as it says."""
    names = [canonicalize_name(Requirement(each).name) for each in requirements]
    if "main" not in entry:
        return names[0] if names else None
    name = canonicalize_name(_text(where, "main", entry["main"]))
    if name not in names:
        raise ValueError(f"{where} `main`: {entry['main']!r} is none of its requirements")
    return name


def _profiles(where: str, table: Mapping[str, Any]) -> tuple[str, ...]:
    profiles = _texts(where, "profiles", table.get("profiles", list(PYTHON_PROFILES)))
    for profile in profiles:
        if profile not in PROFILES:
            raise ValueError(
                f"{where} `profiles`: there is no profile {profile!r};"
                f" there are {', '.join(PROFILES)}"
            )
    if not profiles:
        raise ValueError(f"{where} `profiles` is empty; there are {', '.join(PROFILES)}")
    return profiles


def _environment(where: str, table: Mapping[str, Any]) -> dict[str, str]:
    variables = table.get("environment", {})
    if not isinstance(variables, dict):
        raise ValueError(f"{where} `environment` must be a table of texts, got {variables!r}")  # noqa: TRY004 - malformed data is a ValueError to the caller
    for key, value in variables.items():
        if not isinstance(value, str):
            raise ValueError(f"{where} `environment.{key}` must be a text, got {value!r}")  # noqa: TRY004 - malformed data is a ValueError to the caller
        if not key or "=" in key or "\0" in key + value:
            raise ValueError(f"{where} `environment`: {key!r} cannot be set as a variable")
    return variables
