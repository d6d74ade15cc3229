"""The sides on which a program runs, and what each runs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from fitspec.conformance.environments import environment
from fitspec.conformance.implementations import registry, twins

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from fitspec.conformance.implementations.implementation import Implementation


@dataclass(frozen=True)
class Side:
    """Who runs a program.

    Args:
        implementation: in whose place Keras is found.
        python: the interpreter with its libraries.
        program: the file that is run there.
    """

    implementation: Implementation
    python: Path
    program: Path

    @property
    def name(self) -> str:
        """The name of the implementation."""
        return self.implementation.name

    @property
    def real(self) -> str:
        """The name of the implementation that is meant, of a twin that of the other one."""
        return self.name.removeprefix(twins.PREFIX)

    @property
    def deviations(self) -> tuple[twins.Deviation, ...]:
        """Those that are known of it, in the order in which they are planted."""
        found = (each for each in registry.deviations() if self.real in each.of)
        return tuple(each for each in found if not each.absent)


def sides(
    names: Sequence[str],
    program: Path,
    programs: Mapping[str, Path],
    pythons: Mapping[str, Path],
    progress: Callable[[str], None] = lambda _: None,
) -> list[Side]:
    """Return the sides, each with an interpreter that is ready.

    Args:
        names: as `fitspec run` takes them; the first is the one that others are held against.
        program: what they run.
        programs: by name, what some of them run instead.
        pythons: by name, the interpreters of some of them; others get an environment.
        progress: hears of each step of making one.

    Raises:
        ValueError: fewer than two, one of them is unknown or given twice, a name is of none of
            them, or there is no such program.
        Unavailable: one cannot run here.
        BuildFailed: an environment cannot be made.
    """
    if len(names) < 2:
        raise ValueError(f"--on: expected two sides or more, got {', '.join(names) or 'none'}")
    if len(set(names)) < len(names):
        raise ValueError(f"--on: expected each side once, got {', '.join(names)}")
    for option, given in (("program", programs), ("python", pythons)):
        for name in given:
            if name not in names:
                raise ValueError(f"--{option} {name}: no side is called so, see --on")
    for path in (program, *programs.values()):
        if not path.is_file():
            raise ValueError(f"program {path}: there is no such file")
    environment.require_posix()
    found = [registry.find(name) for name in names]
    for name, implementation in zip(names, found, strict=True):
        if implementation.program is not None:
            raise ValueError(f"--on {name}: expected a side on which Python programs run")
    return [
        Side(
            implementation,
            environment.prepare(implementation, python=pythons.get(name), progress=progress),
            programs.get(name, program).absolute(),
        )
        for name, implementation in zip(names, found, strict=True)
    ]


def planted(side: Side, ids: Sequence[str]) -> Side:
    """Return the reference with some deviations of a side, to run what that runs.

    Args:
        side: whose they are.
        ids: of the deviations; none for the reference itself.
    """
    real = replace(side.implementation, name=side.real)
    twin = twins.with_deviations(real, ids, registry.deviations_file())
    return Side(twin, environment.prepare(twin), side.program)
