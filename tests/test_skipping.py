"""A test cannot be skipped unseen."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

TESTS = """
import pytest

@pytest.mark.needs("gold")
def test_marked():
    pytest.skip("no gold is here")

def test_unmarked():
    pytest.skip("not today")

@pytest.mark.xfail(reason="known")
def test_known():
    assert False
"""


def test_what_is_skipped_has_a_mark_and_is_told(tmp_path: Path) -> None:
    """Without the mark `needs` it fails; with it the reason stands in the end."""
    shutil.copy(Path(__file__).with_name("conftest.py"), tmp_path)
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = needs(what): is not everywhere\n")
    (tmp_path / "test_it.py").write_text(TESTS)
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:xdist"]

    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=tmp_path)

    assert "1 failed, 1 skipped, 1 xfailed" in done.stdout, done.stdout + done.stderr
    assert "skipped without the mark `needs`" in done.stdout
    assert "1 skipped: no gold is here" in done.stdout
