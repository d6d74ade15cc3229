"""A system that is held against the contract, and what it takes to run it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Self

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from fitspec import spec

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def assumed_profiles() -> tuple[str, ...]:
    """Return what an implementation is held against that says nothing of it: all of Python."""
    return tuple(item.id for item in spec.profiles().values() if item.programs == "Python")


@dataclass(frozen=True)
class Program:
    """What runs a worker that is not Python."""

    command: tuple[str, ...]
    """Its name and options, as a shell would find it."""
    worker: Path
    """The file that it runs, as the program `worker.py` is run by Python."""
    ready: tuple[str, ...]
    """Arguments with which it succeeds if all is there that the worker needs."""
    install: str
    """What a user does to have it."""
    packages: Path | None = None
    """The folder that says in `package.json` what npm installs for the worker."""
    others: Mapping[str, str] = field(default_factory=dict, hash=False)
    """Versions of these packages other than there; none: npm installs what is locked there."""

    @property
    def asked(self) -> dict[str, str]:
        """The packages that npm is asked for, with the exact version of each, by name."""
        if self.packages is None:
            return {}
        described = json.loads((self.packages / "package.json").read_text("utf-8"))
        return {**described["dependencies"], **self.others}


@dataclass(frozen=True)
class Implementation:
    """A system that is held against the contract, and what it takes to run it."""

    name: str
    title: str
    adapter: Path
    """The file that lets a worker drive it."""
    python: str | None = None
    """The Python it needs, as `X.Y`; None: the one that fitspec runs in."""
    requirements: tuple[str, ...] = ()
    """What pip installs into its environment."""
    no_deps: tuple[str, ...] = ()
    """What pip installs after that, without what it depends on."""
    constraints: tuple[str, ...] = ()
    """The version of everything that pip may install, as `name==version`; none: as pip chooses."""
    hashes: Path | None = None
    """The file with the hashes of these; of one without, pip takes whatever it is given."""
    main: str | None = None
    """Which requirement it is an implementation of, by its canonical name, or package of npm."""
    profiles: tuple[str, ...] = field(default_factory=assumed_profiles)
    """What it is held against, unless the user says otherwise."""
    gpu: str | None = None
    """The kind of GPU it computes on, of `gpus.GPUS`; None: it needs none."""
    environment: Mapping[str, str] = field(default_factory=dict, hash=False)
    """Variables of its process, with `{scratch}` for a folder of the run."""
    program: Program | None = None
    """What runs its worker; None: the interpreter. It is told of that by `FITSPEC_PYTHON`."""

    @property
    def needs_environment(self) -> bool:
        """Whether it runs in an environment of its own, not in the interpreter of fitspec."""
        return self.python is not None or bool(self.requirements or self.no_deps)

    @property
    def version(self) -> str | None:
        """The version of its main requirement; None where that does not name exactly one."""
        if self.program is not None and self.program.packages is not None:
            return self.program.asked.get(self.main or "")
        for requirement in map(Requirement, self.requirements + self.no_deps):
            if canonicalize_name(requirement.name) == self.main:
                (specifier, *more) = requirement.specifier or (None,)
                exact = specifier is not None and specifier.operator == "==" and not more
                return specifier.version if specifier is not None and exact else None
        return None

    def at_hand(self) -> Self:
        """Return it as it runs in the interpreter of fitspec, with what is installed there."""
        return replace(
            self, python=None, requirements=(), no_deps=(), constraints=(), hashes=None, main=None
        )

    def needs(self, package: str) -> bool:
        """Whether pip installs a package for it whose name begins so."""
        names = (canonicalize_name(Requirement(item).name) for item in self.requirements)
        return any(name.startswith(canonicalize_name(package)) for name in names)

    @property
    def unpinned(self) -> bool:
        """Whether versions of what it depends on are chosen when its environment is built."""
        of_npm = self.program is not None and bool(self.program.others)
        return of_npm or (bool(self.requirements or self.no_deps) and not self.constraints)

    def variables(self, scratch: Path) -> dict[str, str]:
        """Return its variables with `{scratch}` filled in; other braces stay as they are."""
        return {
            key: value.replace("{scratch}", str(scratch)) for key, value in self.environment.items()
        }
