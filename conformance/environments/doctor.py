"""Say which implementations can run on this machine, and what is still missing for the others."""

from __future__ import annotations

import os
import platform
import shutil
import sys
import textwrap
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rich.console import Group
from rich.text import Text

from fitspec.conformance.environments.environment import Environment, cache_folder, environment_of
from fitspec.conformance.environments.interpreters import commands_to_get, find_interpreter
from fitspec.conformance.environments.interpreters import examine as examine_interpreter
from fitspec.conformance.environments.npm import GET_NPM, NodePackages, packages_of
from fitspec.conformance.environments.programs import lacks
from fitspec.conformance.implementations.gpus import REMEDY, lacks_gpu
from fitspec.conformance.implementations.registry import known, known_twins, unusable
from fitspec.conformance.system import posix

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console, ConsoleOptions, RenderResult

    from fitspec.conformance.implementations.implementation import Implementation

_STEP: Final = 1000
_UNITS: Final = ("B", "kB", "MB", "GB", "TB")


class State(Enum):
    """How far an implementation is from running here."""

    READY = "ready"
    TO_BUILD = "to build"
    """Its Python is here; its environment is built by the first run."""
    UNAVAILABLE = "unavailable"
    """Something is missing that fitspec does not install."""


@dataclass(frozen=True)
class Line:
    """One labelled fact, and the paths or commands that belong to it."""

    label: str
    text: str
    verbatim: tuple[str, ...] = ()
    """Lines to copy: never broken, however narrow the terminal is."""


@dataclass(frozen=True)
class Diagnosis:
    """What was found about one implementation, or (without a state) about the machine."""

    name: str
    title: str
    state: State | None
    lines: tuple[Line, ...]


def examine(*, cache: Path | None = None) -> list[Diagnosis]:
    """Look at the machine and at every implementation that has a name; builds and fetches nothing.

    Raises:
        ValueError: The table of implementations of fitspec is malformed.
    """
    cache = cache or cache_folder()
    diagnoses = [_machine(cache)]
    named = (*known().values(), *known_twins().values())
    diagnoses += [_implementation(each, cache) for each in named]
    diagnoses += [
        Diagnosis(
            name, "declared by an installed package", State.UNAVAILABLE, (Line("fault", why),)
        )
        for name, why in unusable().items()
    ]
    return diagnoses


def show(diagnoses: list[Diagnosis], console: Console) -> None:
    """Print the diagnoses, with a count of the states below.

    Colour follows the console, so there is none outside a terminal nor with `NO_COLOR`.
    """
    # Cropping would cut long paths off; the terminal itself breaks them without harm.
    console.print(render(diagnoses), crop=False, highlight=False)


def render(diagnoses: list[Diagnosis]) -> Group:
    """Lay the diagnoses out for a `rich` console; print with `crop=False`, as `show` does."""
    states = [diagnosis.state for diagnosis in diagnoses]
    counts = [f"{states.count(state)} {state.value}" for state in State]
    return Group(*map(_Section, diagnoses), Text(", ".join(counts), style="bold"))


# --- looking ----------------------------------------------------------------------------------


def _machine(cache: Path) -> Diagnosis:
    environments = cache / "environments"
    built = [path for path in environments.glob("*") if path.is_dir()]
    size = sum(map(_size, built))
    count = "1 environment" if len(built) == 1 else f"{len(built)} environments"
    kept = f"{count}, {_readable(size)}" if built else "empty"
    existing = next(folder for folder in (cache, *cache.parents) if folder.exists())
    free = _readable(shutil.disk_usage(existing).free)
    return Diagnosis(
        "fitspec",
        "on this machine",
        None,
        (
            Line("Python", platform.python_version(), (sys.executable,)),
            Line("system", f"{platform.system()} {platform.machine()}, {os.cpu_count()} CPUs"),
            Line("cache", f"{kept}; {free} free on its disk", (str(cache),)),
            *([] if posix.is_here() else [Line("lacks", f"{posix.MISSING}; {posix.REMEDY}")]),
        ),
    )


def _implementation(implementation: Implementation, cache: Path) -> Diagnosis:
    environment = environment_of(implementation, cache=cache)
    lines: tuple[Line, ...]
    if not implementation.adapter.is_file():
        missing = Line("adapter", "its file is missing", (str(implementation.adapter),))
        state, lines = State.UNAVAILABLE, (missing,)
    elif not posix.is_here():
        state, lines = State.UNAVAILABLE, (Line("system", "not run here"),)
    elif implementation.gpu is not None and (lack := lacks_gpu()):
        state, lines = State.UNAVAILABLE, (Line("GPU", f"{lack}; {REMEDY}"),)
    elif implementation.program is not None and (lack := lacks(implementation.program)):
        install = f"{lack}; this installs it:"
        state = State.UNAVAILABLE
        lines = (Line("program", install, (implementation.program.install,)),)
    elif (packages := packages_of(implementation.program, cache=cache)) is not None:
        state, lines = _with_packages(implementation, packages)
    elif environment is None:
        state, lines = State.READY, (Line("interpreter", "the one that runs fitspec"),)
    else:
        state, lines = _with_environment(implementation, environment)
    return Diagnosis(implementation.name, implementation.title, state, lines)


def _with_packages(
    implementation: Implementation, packages: NodePackages
) -> tuple[State, tuple[Line, ...]]:
    if finished := packages.built():
        when = finished.astimezone().strftime("%Y-%m-%d %H:%M")
        size = _readable(_size(packages.folder))
        built = Line("packages", f"installed {when}, {size}", (str(packages.folder),))
        return State.READY, (built,)
    what = ", ".join(packages.requirements)
    if shutil.which("npm") is None:
        text = f"npm, which installs {what}, is not on this machine; this installs it:"
        return State.UNAVAILABLE, (Line("packages", text, (GET_NPM,)),)
    text = f"not installed; the first run installs {what}"
    return State.TO_BUILD, (Line("packages", text, (f"fitspec run {implementation.name}",)),)


def _with_environment(
    implementation: Implementation, environment: Environment
) -> tuple[State, tuple[Line, ...]]:
    finished = environment.built()
    inner = examine_interpreter(environment.python) if finished else None
    if finished and inner:
        when = finished.astimezone().strftime("%Y-%m-%d %H:%M")
        size = _readable(_size(environment.folder))
        return State.READY, (
            Line("interpreter", str(inner)),
            Line("environment", f"built {when}, {size}", (str(environment.folder),)),
        )
    version = environment.recipe.python
    base = (
        examine_interpreter(Path(sys.executable))
        if implementation.python is None
        else find_interpreter(version)
    )
    if base is None:
        absent = f"Python {version} is not on this machine; either of these installs it:"
        return State.UNAVAILABLE, (
            Line("interpreter", absent, commands_to_get(version)),
            _remaining(environment, "after that the first run"),
        )
    return State.TO_BUILD, (
        Line("interpreter", str(base), (str(base.path),)),
        _remaining(environment, "the first run", (f"fitspec run {implementation.name}",)),
    )


def _remaining(environment: Environment, when: str, commands: tuple[str, ...] = ()) -> Line:
    begun = environment.folder.exists()
    status = "unfinished (interrupted, or being built now)" if begun else "not built"
    what = ", ".join(environment.recipe.requirements + environment.recipe.no_deps)
    return Line("environment", f"{status}; {when} installs {what}", commands)


def _size(folder: Path) -> int:
    return sum(_file_sizes(folder))


def _file_sizes(folder: Path) -> Iterator[int]:
    # An environment that is built or removed meanwhile loses files under our feet.
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    yield from _file_sizes(Path(entry.path))
                else:
                    yield entry.stat(follow_symlinks=False).st_size
    except OSError:
        return


def _readable(size: float) -> str:
    for unit in _UNITS:
        if size < _STEP or unit == _UNITS[-1]:
            break
        size /= _STEP
    return f"{size:.0f} {unit}" if size >= 10 or unit == "B" else f"{size:.1f} {unit}"


# --- showing ----------------------------------------------------------------------------------

_SIGNS: Final = {State.READY: "✓", State.TO_BUILD: "○", State.UNAVAILABLE: "✗"}
_PLAIN_SIGNS: Final = {State.READY: "+", State.TO_BUILD: "o", State.UNAVAILABLE: "x"}
_COLOURS: Final = {State.READY: "green", State.TO_BUILD: "yellow", State.UNAVAILABLE: "red"}

_INDENT: Final = 15
_NARROWEST: Final = 60


@dataclass(frozen=True)
class _Section:
    """One diagnosis on a console; unlike a table of `rich` it leaves no blanks at the line ends."""

    diagnosis: Diagnosis

    def __rich_console__(self, _: Console, options: ConsoleOptions) -> RenderResult:
        diagnosis = self.diagnosis
        heading = Text(no_wrap=True, overflow="ignore")
        if diagnosis.state is not None:
            signs = _PLAIN_SIGNS if options.ascii_only else _SIGNS
            heading.append(f"{signs[diagnosis.state]} ", style=_COLOURS[diagnosis.state])
        heading.append(diagnosis.name, style="bold")
        heading.append(f"  {diagnosis.title}")
        if diagnosis.state is not None:
            heading.append(f"  ({diagnosis.state.value})", style=_COLOURS[diagnosis.state])
        yield heading
        for line in diagnosis.lines:
            yield from _facts(line, max(options.max_width, _NARROWEST))
        yield Text()


def _facts(line: Line, width: int) -> Iterator[Text]:
    label = f"{line.label:>{_INDENT - 2}}  "
    # A requirement or an option broken at its hyphen could not be copied.
    for text in textwrap.wrap(
        line.text, width - _INDENT, break_long_words=False, break_on_hyphens=False
    ):
        yield Text.assemble((label, "dim"), text, no_wrap=True, overflow="ignore")
        label = " " * _INDENT
    for verbatim in line.verbatim:
        yield Text(f"{'':{_INDENT}}{verbatim}", no_wrap=True, overflow="ignore", style="cyan")
