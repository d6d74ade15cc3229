"""Programs as users write them, and what runs them."""

from __future__ import annotations

import tempfile
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fitspec.conformance.trace.running import Runs

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Write = Callable[..., Path]
    Make = Callable[..., Runs]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return what writes a program into a folder of its own."""

    def write(text: str, name: str = "program.py") -> Path:
        path = tmp_path / "programs" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(textwrap.dedent(text), "utf-8")
        return path

    return write


@pytest.fixture
def runs(tmp_path: Path) -> Make:
    """Return what makes the runs of a program in the folder of programs."""

    def runs(arguments: Sequence[str] = (), **settings: object) -> Runs:
        scratch = Path(tempfile.mkdtemp(dir=tmp_path))
        folder = tmp_path / "programs"
        folder.mkdir(exist_ok=True)
        return Runs(scratch, folder, arguments, **settings)  # type: ignore[arg-type]  # a setting each

    return runs
