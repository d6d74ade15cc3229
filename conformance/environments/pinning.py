"""Writing the constraints files of implementations: what pip chooses today, it is to keep to.

The hashes of all files of what they name are written with them.

Needed when a requirement in the table has changed, or when newer dependencies are wanted.
"""

from __future__ import annotations

import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING

from fitspec.conformance.environments.environment import (
    BuildFailed,
    cache_folder,
    prepare,
    require_posix,
)
from fitspec.conformance.environments.hashing import hashes_of
from fitspec.conformance.implementations import constraints, hashes
from fitspec.conformance.implementations.table import read_table
from fitspec.conformance.system.scratch import Scratch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from fitspec.conformance.implementations.implementation import Implementation


def pin(
    names: Iterable[str], table: Path, progress: Callable[[str], None] = lambda _: None
) -> dict[Path, tuple[str, ...]]:
    """Build what implementations need afresh, free of constraints, and write down what came.

    Those that ask for the same requirements share an environment, and go on sharing one: each of
    them gets the constraints.

    Args:
        names: of implementations in the table.
        table: the file in which they stand; the constraints are written beside it.
        progress: called with one short line for each step.

    Returns:
        What was written, by file.

    Raises:
        ValueError: a name is not in the table, or needs no environment.
        Unavailable: the Python that one needs is not on this machine, or nothing is built here.
        BuildFailed: pip refused or failed.
        RuntimeError: pip does not say what it installed, or the hashes of that are not known.
        OSError: a file cannot be written.
    """
    require_posix()
    rows = read_table(table)
    wanted = [_wanted(name, rows) for name in names]
    written: dict[Path, tuple[str, ...]] = {}
    for implementation in wanted:
        if constraints.file_of(implementation.name, table) in written:
            continue
        found = _what_pip_chooses(implementation, progress)
        for name in _sharing(implementation, rows):
            file = constraints.file_of(name, table)
            constraints.write(file, name, found)
            written[file] = found
    hash_pins(table, progress)
    return written


def hash_pins(table: Path, progress: Callable[[str], None] = lambda _: None) -> None:
    """Write down the hashes of all that constraints name and that none are known of, and no others.

    Raises:
        RuntimeError: what tells hashes is not installed, or does not know a release.
        OSError: the file cannot be written.
    """
    file = hashes.file_of(table)
    known = hashes.read(file)
    kept: dict[str, tuple[str, ...]] = {}
    for row in read_table(table).values():
        if missing := [pin for pin in row.constraints if pin not in known]:
            progress(f"asking for the hashes of {', '.join(missing)}")
            known.update(hashes_of(missing, row.python))
        kept.update({pin: known[pin] for pin in row.constraints})
    hashes.write(file, kept)


def _wanted(name: str, rows: dict[str, Implementation]) -> Implementation:
    able = [row.name for row in rows.values() if row.needs_environment]
    if name not in able:
        why = "needs no environment" if name in rows else "is not in the table"
        raise ValueError(f"{name!r} {why}; constraints can be kept for {', '.join(able)}")
    return rows[name]


def _sharing(implementation: Implementation, rows: dict[str, Implementation]) -> list[str]:
    def needs(row: Implementation) -> tuple[object, ...]:
        return row.python, sorted(row.requirements), sorted(row.no_deps)

    return [name for name, row in rows.items() if needs(row) == needs(implementation)]


def _what_pip_chooses(
    implementation: Implementation, progress: Callable[[str], None]
) -> tuple[str, ...]:
    # What is installed does not depend on a GPU being here.
    free = replace(implementation, constraints=(), hashes=None, gpu=None)
    # In a place of its own: an environment that was built without constraints before would be
    # taken as it is, and this one is of no use afterwards.
    cache = cache_folder()
    cache.mkdir(parents=True, exist_ok=True)
    place = Scratch("pin-", cache)
    try:
        found = _frozen(prepare(free, cache=place.folder, progress=progress))
    except BuildFailed:
        # Of what could not be built its log is left, which is to be read, until the next one is.
        raise
    except BaseException:
        place.remove()
        raise
    place.remove()
    return found


def _frozen(python: Path) -> tuple[str, ...]:
    command = [str(python), "-I", "-m", "pip", "--disable-pip-version-check", "freeze", "--all"]
    done = subprocess.run(
        command, capture_output=True, encoding="utf-8", errors="replace", check=False
    )
    if done.returncode != 0:
        raise RuntimeError(f"pip could not list what it installed: {done.stderr.strip()}")
    return constraints.of_freeze(done.stdout.splitlines())
