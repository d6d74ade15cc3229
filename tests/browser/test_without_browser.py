"""Where there is no browser, what was not tested is told, and a CI does not pass without it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parent


@pytest.mark.parametrize(
    ("ci", "status", "words"),
    [
        ("", 0, "the pages were not tested in a browser"),
        ("true", 1, "no Chromium is on this machine: `apt install chromium`"),
    ],
)
def test_a_missing_browser_is_not_passed_over(
    tmp_path: Path, ci: str, status: int, words: str
) -> None:
    """The run says so in red, after all other results; in a CI it fails."""
    one = f"{TESTS / 'test_other_pages.py'}::test_pictures_have_words"
    environment = {**os.environ, "PATH": str(tmp_path), "CI": ci, "PYTHONDONTWRITEBYTECODE": "1"}
    environment.pop("FITSPEC_BROWSER", None)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", one]

    ran = subprocess.run(
        command, check=False, capture_output=True, text=True, env=environment, cwd=TESTS.parents[1]
    )

    assert ran.returncode == status, ran.stdout
    assert words in ran.stdout
