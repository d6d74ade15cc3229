"""The implementations that can be held against the contract, and where they are found."""

from __future__ import annotations

import difflib
import importlib.metadata
import importlib.util
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from fitspec.conformance.implementations import declared, javascript, table, twins, versions
from fitspec.conformance.implementations.implementation import Implementation
from fitspec.conformance.implementations.script_block import python_for, read_block

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

GROUP: Final = "fitspec.implementations"
"""The entry point group in which other packages declare their adapters."""

_FAMILIES: Final = "families.toml"


def find(name_or_path: str) -> Implementation:
    """Find an implementation by the path of an adapter file or by name.

    What contains a path separator or ends in `.py` or `.mjs` is a path, so a folder that happens
    to be called `reference` never hides the name. Names are those of fitspec first, then those that
    installed packages declare. No adapter is imported.

    The twin of an implementation of fitspec is `twin:` and its name.

    A version that no name of fitspec stands for is asked for as `keras@2.3.0` or, of one name in
    particular, as `keras-3-torch@3.5.0`.

    Raises:
        ValueError: There is no such file, name or version, or what declares it is malformed.
    """
    separators = (os.sep, os.altsep) if os.altsep else (os.sep,)
    if name_or_path.endswith((".py", *javascript.SUFFIXES)) or any(
        mark in name_or_path for mark in separators
    ):
        return _of_file(Path(name_or_path))
    own = table.own()
    if name_or_path in own:
        return own[name_or_path]
    if name_or_path.startswith(twins.PREFIX):
        return _twin(name_or_path)
    declared = _declared()
    if name_or_path in declared:
        return _of_entry_points(name_or_path, declared[name_or_path])
    name, _, version = name_or_path.rpartition("@")
    of_table = families()
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


def families() -> versions.Families:
    """Return the families whose versions are asked for as `FAMILY@VERSION`, by name.

    Raises:
        ValueError: The table of them is malformed.
    """
    return versions.read(table.file().with_name(_FAMILIES))


def family_of(name: str) -> str:
    """Return what the versions of an implementation are asked for by: its family, or its name.

    Raises:
        ValueError: A table of fitspec itself is malformed.
    """
    own = table.own()
    return versions.family_of(name, own, families())


def asked_for(name: str, version: str, on: str | None = None) -> str:
    """Return by what `find` gives a version that computes on something: `keras-3-torch@3.5.0`.

    Args:
        name: of a family or a row.
        version: of it.
        on: a package that it needs for that, or how its name begins; None: whichever it takes.

    Raises:
        ValueError: there is no such name or version, or none of them computes on that.
    """
    asked = f"{name}@{version}"
    found = find(asked)
    if on is None or found.needs(on):
        return asked
    own = table.own()
    major = version.partition(".")[0]
    rows = [
        row.name
        for row in own.values()
        if family_of(row.name) == name
        and row.needs(on)
        and (row.version or "").partition(".")[0] == major
    ]
    if not rows:
        raise ValueError(f"{asked}: no implementation of {name} {major} computes on {on!r}")
    return f"{rows[-1]}@{version}"


def known_twins() -> dict[str, Implementation]:
    """Return the twins of fitspec's own implementations, by name.

    Raises:
        ValueError: A table of fitspec itself is malformed.
    """
    return twins.of(table.own(), deviations_file())


def deviations_file() -> Path:
    """Return the table of deviations."""
    return table.file().with_name(twins.TABLE)


def deviations() -> tuple[twins.Deviation, ...]:
    """Return all deviations, in the order in which they are planted.

    Raises:
        ValueError: Their table is malformed.
    """
    return twins.read(deviations_file())


def unusable() -> dict[str, str]:
    """Return why each declared implementation that `known` leaves out cannot be used, by name.

    Raises:
        ValueError: The table of fitspec itself is malformed.
    """
    _, reasons = _survey()
    return reasons


def _twin(name: str) -> Implementation:
    there = known_twins()
    if name not in there:
        nearest = difflib.get_close_matches(name, there, n=1)
        question = f" Did you mean {nearest[0]}?" if nearest else ""
        raise ValueError(f"there is no {name!r}.{question} Twins: {', '.join(there)}")
    return there[name]


def _survey() -> tuple[dict[str, Implementation], dict[str, str]]:
    usable = table.own()
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


# --- adapter files ----------------------------------------------------------------------------


def _of_file(path: Path, name: str | None = None) -> Implementation:
    if path.is_dir():
        raise ValueError(f"{path} is a folder; expected an adapter file such as {path / 'mine.py'}")
    if not path.is_file():
        raise ValueError(f"the adapter file {path} does not exist (seen from {Path.cwd()})")
    path = path.resolve()
    name = path.stem if name is None else name
    if path.suffix in javascript.SUFFIXES:
        return Implementation(name=name, title=name, adapter=path, program=javascript.program())
    block = read_block(path)
    if block is None:
        return Implementation(name=name, title=name, adapter=path)
    where = f"{path}: inline metadata"
    tool = block.get("tool", {})
    own = tool.get("fitspec", {}) if isinstance(tool, dict) else {}
    if not isinstance(own, dict):
        raise ValueError(f"{where}: `tool.fitspec` must be a table, got {own!r}")  # noqa: TRY004 - malformed data is a ValueError to the caller
    declared.refuse_unknown(f"{where}: [tool.fitspec]", own, {"title", "profiles", "environment"})
    requirements = declared.requirements(where, "dependencies", block.get("dependencies", []))
    return Implementation(
        name=name,
        title=declared.text(f"{where}: [tool.fitspec]", "title", own.get("title", name)),
        adapter=path,
        python=_python_of_block(where, block, requirements),
        requirements=requirements,
        profiles=declared.profiles(f"{where}: [tool.fitspec]", own),
        environment=declared.environment(f"{where}: [tool.fitspec]", own),
    )


def _python_of_block(
    where: str, block: Mapping[str, Any], requirements: tuple[str, ...]
) -> str | None:
    if "requires-python" not in block:
        return None
    asked = declared.text(where, "requires-python", block["requires-python"])
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
