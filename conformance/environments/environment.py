"""The virtual environments of implementations: built when first needed, kept in a cache folder."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from platformdirs import user_cache_path

from fitspec.conformance.environments.building import BuildFailed
from fitspec.conformance.environments.interpreters import (
    Interpreter,
    commands_to_get,
    examine,
    find_interpreter,
)
from fitspec.conformance.environments.pip import build
from fitspec.conformance.implementations import gpus, hashes
from fitspec.conformance.system import posix
from fitspec.conformance.system.kept_folders import KeptFolder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fitspec.conformance.implementations.implementation import Implementation

__all__ = [
    "BuildFailed",
    "Environment",
    "Recipe",
    "Unavailable",
    "cache_folder",
    "environment_of",
    "prepare",
    "require_posix",
]

CACHE_VARIABLE: Final = "FITSPEC_CACHE"

_WORKER_NEEDS: Final = ("numpy",)
"""What the worker itself imports, whatever the implementation asks for."""

_BUILDERS: Final = ("setuptools", "wheel")
"""What builds a package that is there as sources alone."""

_OPTIONAL: Final = ("no_deps", "constraints", "hashes")


class Unavailable(RuntimeError):  # noqa: N818 - named as the verdict that it leads to
    """An implementation cannot be run on this machine as it is.

    Attributes:
        reason: What is missing.
        remedy: What the user can do about it.
    """

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(f"{reason}; {remedy}")
        self.reason = reason
        self.remedy = remedy


@dataclass(frozen=True)
class Recipe:
    """All that decides what an environment contains; equal recipes share one environment."""

    python: str
    requirements: tuple[str, ...]
    system: str
    machine: str
    no_deps: tuple[str, ...] = ()
    constraints: tuple[str, ...] = ()
    hashes: str = ""
    """A digest of the hashes that files are held against."""

    @property
    def key(self) -> str:
        """The name of its folder: the Python to be read, the rest as a hash."""
        text = json.dumps(self.plain(), sort_keys=True)
        return f"python{self.python}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"

    @property
    def installs(self) -> list[tuple[str, ...]]:
        """What each call of pip is given: requirements, after options of pip."""
        alone = [("--no-deps", *self.no_deps)] if self.no_deps else []
        return [self.requirements, *alone]

    def plain(self) -> dict[str, object]:
        """Return it as JSON reads it back; what few recipes have is named by those alone."""
        plain = {
            key: list(value) if isinstance(value, tuple) else value
            for key, value in asdict(self).items()
        }
        return {key: value for key, value in plain.items() if value or key not in _OPTIONAL}


@dataclass(frozen=True)
class Environment(KeptFolder):
    """The place of the environment of a recipe, whether it is built or not."""

    MARKER = "fitspec-environment.json"
    CONTENT = "builds the same environment"

    recipe: Recipe
    folder: Path
    hashed: str = ""
    """What is pinned with the hashes of its files, as pip reads it."""

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.folder / "bin" / "python"

    @property
    def constraints(self) -> Path:
        """The versions that pip was told to keep to when it was built last."""
        return self.folder.with_name(f"{self.folder.name}.constraints.txt")

    @property
    def hashes(self) -> Path:
        """The same with the hashes that pip held the files against, where they are known."""
        return self.folder.with_name(f"{self.folder.name}.hashes.txt")

    @property
    def builders(self) -> Path:
        """The part of those that builds what is there as sources alone."""
        return self.folder.with_name(f"{self.folder.name}.builders.txt")

    def is_this(self, content: Mapping[str, Any]) -> bool:
        """Whether a marker is about this recipe."""
        return bool(content["recipe"] == self.recipe.plain())

    def is_whole(self) -> bool:
        """Whether it is built and its interpreter works."""
        # The Python that it was made from may have been removed since, which leaves a dead link.
        return super().is_whole() and examine(self.python) is not None


def cache_folder() -> Path:
    """Return the folder in which fitspec keeps what can be made again.

    The variable `FITSPEC_CACHE` overrides the place that the system provides for it.
    """
    named = os.environ.get(CACHE_VARIABLE)
    return Path(named).absolute() if named else user_cache_path("fitspec", appauthor=False)


def environment_of(
    implementation: Implementation, *, cache: Path | None = None
) -> Environment | None:
    """Return the place of an implementation's environment, or None where it needs none."""
    if not implementation.needs_environment:
        return None
    running = f"{sys.version_info.major}.{sys.version_info.minor}"
    asked = implementation.requirements
    named = {canonicalize_name(Requirement(requirement).name) for requirement in asked}
    hashed = _hashed(implementation)
    recipe = Recipe(
        python=implementation.python or running,
        requirements=tuple(sorted({*asked, *(n for n in _WORKER_NEEDS if n not in named)})),
        system=platform.system(),
        machine=platform.machine(),
        no_deps=tuple(sorted(implementation.no_deps)),
        constraints=implementation.constraints,
        hashes=hashlib.sha256(hashed.encode()).hexdigest() if hashed else "",
    )
    folder = (cache or cache_folder()).absolute() / "environments" / recipe.key
    return Environment(recipe, folder, hashed)


def _hashed(implementation: Implementation) -> str:
    known = {} if implementation.hashes is None else hashes.read(implementation.hashes)
    return "".join(
        f"{pin} {' '.join(f'--hash={value}' for value in known[pin])}\n"
        for pin in sorted(implementation.constraints)
        if known.get(pin)
    )


def require_posix() -> None:
    """Refuse to run anything where it could not be contained, before anything is done for it.

    Raises:
        Unavailable: as on Windows.
    """
    if not posix.is_here():
        raise Unavailable(posix.MISSING, posix.REMEDY)


def prepare(
    implementation: Implementation,
    *,
    python: Path | None = None,
    progress: Callable[[str], None] = lambda _: None,
    cache: Path | None = None,
) -> Path:
    """Return the interpreter to start the worker of an implementation with.

    What the implementation needs is built if it is missing, which can take minutes, and reused
    after.

    Args:
        implementation: What is to be run.
        python: An interpreter that the user has made ready; it is used as it is.
        progress: Called with one short line for each step of a build.
        cache: Where environments are kept; None: the cache folder of the user.

    Raises:
        ValueError: `python` does not exist or does not run.
        Unavailable: The Python or the GPU that the implementation needs is not on this machine, or
            this is Windows.
        BuildFailed: venv or pip failed.
    """
    require_posix()
    if implementation.gpu is not None and (missing := gpus.lacks_gpu()):
        raise Unavailable(missing, gpus.REMEDY)
    if python is not None:
        return _given(python)
    environment = environment_of(implementation, cache=cache)
    if environment is None:
        return Path(sys.executable)
    environment.provide(lambda: _build(environment, implementation.python, progress), progress)
    return environment.python


def _given(python: Path) -> Path:
    # Not resolve(): the python of a virtual environment is a link that leads out of it.
    python = python.absolute()
    if not python.is_file():
        raise ValueError(f"python: there is no interpreter {python}")
    if examine(python) is None:
        raise ValueError(f"python: {python} does not run as a Python interpreter")
    return python


def _build(environment: Environment, version: str | None, progress: Callable[[str], None]) -> None:
    base = _base(version)
    if environment.folder.exists():
        progress(f"removing the unfinished environment {environment.folder}")
        environment.remove()
    constraints = environment.constraints if environment.recipe.constraints else None
    if constraints is not None:
        constraints.write_text("\n".join((*environment.recipe.constraints, "")), encoding="utf-8")
    held = []
    if environment.hashed:
        lines = environment.hashed.splitlines(keepends=True)
        builders = "".join(line for line in lines if line.partition("==")[0] in _BUILDERS)
        for file, text in ((environment.builders, builders), (environment.hashes, "".join(lines))):
            file.write_text(text, encoding="utf-8")
            held += [file] if text else []
    started = time.monotonic()
    try:
        build(
            base.path,
            environment.folder,
            environment.recipe.installs,
            constraints,
            held,
            log=environment.log,
            progress=progress,
        )
        content = {
            "recipe": environment.recipe.plain(),
            "base": str(base.path),
            "version": ".".join(map(str, base.version)),
        }
        environment.finish(content, time.monotonic() - started)
    except BaseException:
        environment.remove()
        raise
    progress(f"built in {time.monotonic() - started:.0f} s")


def _base(version: str | None) -> Interpreter:
    if version is None:
        return Interpreter(Path(sys.executable), sys.version_info[:3])
    found = find_interpreter(version)
    if found is None:
        commands = " or ".join(f"`{command}`" for command in commands_to_get(version))
        raise Unavailable(f"Python {version} is not on this machine", f"install it with {commands}")
    return found
