"""The packages that workers in JavaScript import: installed by npm when first needed, and kept.

They lie in the cache folder beside the environments of Python, and are looked after alike: a lock
for one builder at a time, a log of what npm said, and a marker that is written last.
"""

from __future__ import annotations

import hashlib
import json
import platform
import re
import shutil
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fitspec.conformance.environments.building import step
from fitspec.conformance.environments.environment import Unavailable, cache_folder
from fitspec.conformance.system.kept_folders import KeptFolder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from fitspec.conformance.implementations.implementation import Program

VARIABLE: Final = "FITSPEC_PACKAGES"
"""Tells a worker the folder in which `node_modules` is."""

GET_NPM: Final = "apt install npm"

_DESCRIBED_BY: Final = ("package.json", "package-lock.json")

_OPTIONS: Final = (
    # What packages bring to be run at their installation is none of ours.
    "--ignore-scripts",
    *("--no-audit", "--no-fund", "--no-update-notifier", "--omit=dev"),
    # Settings of the user that would have npm install elsewhere, or not at all.
    *("--no-global", "--no-dry-run"),
)

_NAMED: Final = tuple(
    re.compile(pattern)
    for pattern in (
        r"No matching version found for (?P<name>\S+?)\.?$",
        r"^404\s+(?:The requested resource )?'(?P<name>[^']+)'",
        r"Missing: (?P<name>\S+) from lock file",
        r"lock file's (?P<name>\S+) does not satisfy",
    )
)
_CORRUPT: Final = re.compile(r"Integrity checksum failed .*wanted (?P<hash>\S+)")


@dataclass(frozen=True)
class NodePackages(KeptFolder):
    """The place of a worker's packages, whether they are installed or not."""

    MARKER = "fitspec-packages.json"
    CONTENT = "installs the same packages"

    source: Path
    """The folder with `package.json` and `package-lock.json`."""
    folder: Path
    asked: Mapping[str, str]
    """The exact version of each package that is asked for, by name."""
    locked: bool = True
    """Whether these are those of the lock file, which says what they depend on as well."""

    @property
    def requirements(self) -> tuple[str, ...]:
        """What is asked for, with exact versions."""
        return tuple(f"{name}@{version}" for name, version in sorted(self.asked.items()))


def packages_of(program: Program | None, *, cache: Path | None = None) -> NodePackages | None:
    """Return the place of what the worker of a program imports, or None where it needs nothing."""
    if program is None or program.packages is None:
        return None
    content = [(program.packages / name).read_bytes() for name in _DESCRIBED_BY]
    if program.others:
        content.append(json.dumps(program.others, sort_keys=True).encode())
    machine = f"{platform.system()} {platform.machine()}".encode()
    key = hashlib.sha256(b"\0".join([machine, *content])).hexdigest()[:12]
    folder = (cache or cache_folder()).absolute() / "environments" / f"node-{key}"
    return NodePackages(program.packages, folder, program.asked, locked=not program.others)


def provide(packages: NodePackages, progress: Callable[[str], None] = lambda _: None) -> Path:
    """Return the folder in which `node_modules` is, after installing what is missing there.

    Raises:
        Unavailable: npm is not on this machine.
        BuildFailed: npm failed.
    """
    packages.provide(lambda: _install(packages, progress), progress)
    return packages.folder


def find_npm() -> str:
    """Return where npm is.

    Raises:
        Unavailable: it is not on this machine.
    """
    npm = shutil.which("npm")
    if npm is None:
        raise Unavailable("npm is not on this machine", f"install it with `{GET_NPM}`")
    return npm


def _install(packages: NodePackages, progress: Callable[[str], None]) -> None:
    npm = find_npm()
    packages.remove()
    packages.folder.mkdir()
    started = time.monotonic()
    try:
        if packages.locked:
            for name in _DESCRIBED_BY:
                shutil.copyfile(packages.source / name, packages.folder / name)
        else:
            _describe(packages)
        progress(f"npm installs {' '.join(packages.requirements)}")
        how = "ci" if packages.locked else "install"
        _run_npm(packages, [npm, how, "--prefix", str(packages.folder), *_OPTIONS])
        content = {"requirements": list(packages.requirements)}
        packages.finish(content, time.monotonic() - started)
    except BaseException:
        packages.remove()
        raise
    progress(f"installed in {time.monotonic() - started:.0f} s")


def _describe(packages: NodePackages) -> None:
    """Write a `package.json` with versions that the lock file knows nothing of."""
    described = json.loads((packages.source / "package.json").read_text("utf-8"))
    content = json.dumps({**described, "dependencies": dict(packages.asked)}, indent=1)
    (packages.folder / "package.json").write_text(content, "utf-8")


def _run_npm(packages: NodePackages, command: list[str]) -> None:
    with packages.log.open("w", encoding="utf-8") as file:
        step(command, file, packages.log, "npm", lambda lines: _told(lines, packages))


def _told(lines: Sequence[str], packages: NodePackages) -> tuple[str, str | None]:
    reasons, requirement = complaint(lines, packages.source / "package-lock.json")
    return "\n".join(reasons), requirement


def complaint(lines: Sequence[str], lock_file: Path) -> tuple[list[str], str | None]:
    """Find in the output of npm what it complained about, and the package that it named.

    Args:
        lines: what it printed.
        lock_file: tells the package of a hash, which is all that npm names if that is wrong.
    """
    reasons = errors(lines)
    for pattern in _NAMED:
        for line in reasons:
            if match := pattern.search(line):
                return reasons, match["name"]
    for line in reasons:
        if match := _CORRUPT.search(line):
            return reasons, _package_of_hash(match["hash"], lock_file)
    return reasons or [line.rstrip() for line in lines][-5:] or ["it printed nothing"], None


def errors(lines: Sequence[str]) -> list[str]:
    """Return what npm said of an error, without its marks and what leads nobody on."""
    said = [re.sub(r"^npm (error|ERR!) ?", "", line.rstrip()) for line in lines if _is_error(line)]
    return [line for line in said if not re.match(r"code |\s+at |A complete log|$", line)]


def _is_error(line: str) -> bool:
    return line.startswith(("npm error", "npm ERR!"))


def _package_of_hash(value: str, lock_file: Path) -> str | None:
    locked = json.loads(lock_file.read_text("utf-8"))["packages"]
    names = (
        f"{path.removeprefix('node_modules/')}@{entry['version']}"
        for path, entry in locked.items()
        if entry.get("integrity") == value
    )
    return next(names, None)
