"""Where there is no browser, what was not tested is told, or the run fails if it is to have it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ..required import VARIABLE

TESTS = Path(__file__).parent


@pytest.mark.parametrize(
    ("has_all", "status", "words"),
    [
        ("", 0, "not tested, for this machine lacks what it takes"),
        ("1", 1, "Failed: no Chromium is on this machine: `apt install chromium`"),
    ],
)
def test_a_missing_browser_is_not_passed_over(
    tmp_path: Path, has_all: str, status: int, words: str
) -> None:
    """The run says so in red, after all other results; where all has to be there it fails."""
    one = f"{TESTS / 'test_other_pages.py'}::test_pictures_have_words"
    environment = {**os.environ, "PATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
    environment[VARIABLE] = has_all
    environment.pop("FITSPEC_BROWSER", None)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", one]

    ran = subprocess.run(
        command, check=False, capture_output=True, text=True, env=environment, cwd=TESTS.parents[1]
    )

    assert ran.returncode == status, ran.stdout
    assert words in ran.stdout
