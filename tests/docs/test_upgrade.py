"""The README shows a program, and what `fitspec upgrade` says of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from fitspec.conformance.cli.main import main

if TYPE_CHECKING:
    import pytest

ROOT = Path(__file__).resolve().parents[2]


def test_the_readme_shows_what_is_said_of_its_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A program of ten lines, at a width of 100 columns."""
    _, _, section = (ROOT / "README.md").read_text("utf-8").partition("## What changes for your p")
    found = re.search(
        r"```python\n(.*?)```.*?`fitspec (upgrade .*?)`.*?```\n(.*?)\n```", section, re.DOTALL
    )
    assert found is not None
    program, command, said = found.groups()
    (tmp_path / "train.py").write_text(program, "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")

    assert main(command.split()) == 1

    lines = capsys.readouterr().out.rstrip().splitlines()
    assert said == "\n".join(line.rstrip() for line in lines)
    assert len(program.splitlines()) == 10
