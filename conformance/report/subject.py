"""Who was examined, as a report knows it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from fitspec.conformance.report.hostile import shortened, visible

if TYPE_CHECKING:
    from collections.abc import Mapping

#: More than that of versions are not told on a line, in characters.
_LONGEST_LINE: Final = 500


@dataclass(frozen=True)
class Subject:
    """An implementation as the report knows it.

    Args:
        name, title: how it is called.
        available: whether it could be started; else `reason` says why not and `remedy` what helps.
        versions, python, platform, renames: as its worker said; empty when it did not start.
        seconds, seconds_inside: wall time of its checks, and of that inside the implementation.
        dialect: the one of Keras in which programs for it are written, as its worker said; empty if
            it has none, and in reports of before it was kept.
        unpinned: whether pip chose versions of what it depends on when its environment was built.
        adapter: the file of its adapter, as seen from where the run was started; never a path that
            begins at the root. Empty in reports of before it was kept.
        profiles: the documented versions that it is held against; none in reports of before they
            were kept.
        not_asked: the clauses of these that the run left out, as a pattern or a person said.
        interpreter: in which one it was run, in words; empty in reports of before it was kept.
        places: from where its libraries were loaded, as seen from where the run was started, of
            those that are not installed: a working copy.
        members: the public names of a model, to the parameters of a method, as its worker said;
            empty if it did not, and in reports of before they were kept.
    """

    name: str
    title: str
    available: bool
    reason: str
    remedy: str
    versions: Mapping[str, str]
    python: str
    platform: str
    renames: Mapping[str, str]
    seconds: float
    seconds_inside: float
    unpinned: bool = False
    adapter: str = ""
    dialect: str = ""
    profiles: tuple[str, ...] = ()
    not_asked: tuple[str, ...] = ()
    interpreter: str = ""
    places: Mapping[str, str] = field(default_factory=dict)
    members: Mapping[str, str] = field(default_factory=dict)

    @property
    def made_of(self) -> str:
        """Its versions on one line; empty if it did not start."""
        return version_line(self.versions, self.places)

    @property
    def origin(self) -> str:
        """Which build of it was examined: versions, from where, and in which interpreter."""
        if not self.versions:
            return "unavailable"
        # What is not in Python says so, and is itself among the versions.
        python = "" if self.python == "none" else f"Python {self.python}"
        where = "" if self.interpreter in self.versions else self.interpreter
        within = ", ".join(filter(None, (python, where)))
        return f"{self.made_of}; {within}" if within else self.made_of


def version_line(versions: Mapping[str, str], places: Mapping[str, str]) -> str:
    """Return versions, by the name of what they are of, on one line.

    Args:
        versions: by name.
        places: from where it was loaded, of what is not installed.
    """
    parts = (
        f"{name} {version}{f' from {places[name]}' if name in places else ''}"
        for name, version in versions.items()
    )
    return shortened(visible(" ".join(", ".join(parts).split())), _LONGEST_LINE)
