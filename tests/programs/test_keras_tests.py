"""The tests of Keras itself: those who may count are counted, and `import keras` finds us."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from .keras_tests.count import Case, table

FOLDER = Path(__file__).parent / "keras_tests"

TESTS = """
import keras
import pytest
from keras.layers import Dense, NoSuchLayer
from keras.engine.saving import secret


def test_what_is_there():
    assert keras.layers.Dense is Dense


def test_what_is_missing():
    NoSuchLayer(3)


def test_what_is_not_public():
    secret(3)


def test_what_is_private():
    Dense(3)._nonsense


def test_what_changes_a_module_inside():
    keras.engine.saving.secret = 3
    assert Dense is None


def test_what_changes_one_and_passes():
    keras.engine.saving.secret = 3


def test_what_records_warnings():
    with pytest.warns(None) as found:
        pass
    assert not found
"""


def test_what_is_missing_fails_and_what_is_not_public_is_skipped(tmp_path: Path) -> None:
    """Each alone, in a file that imports it all."""
    (tmp_path / "test_it.py").write_text(TESTS, "utf-8")
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-p", "keras_alias", "-p", "no:cacheprovider"),
            *("-c", os.devnull, "--rootdir", str(tmp_path), "-q", "-rA", str(tmp_path)),
        ],
        env={**os.environ, "PYTHONPATH": str(FOLDER), "KERAS_CHECKOUT": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert "1 failed, 3 passed, 3 skipped" in done.stdout
    assert "the reference has no keras.layers.NoSuchLayer" in done.stdout


def test_tests_that_pass_on_keras_are_counted() -> None:
    """By file, and all together; not those of what is not public."""
    found = [
        Case("a", "a.one", "passed"),
        Case("a", "a.two", "failed"),
        Case("b", "b.private", "not public"),
        Case("b", "b.more", "passed"),
    ]
    known = [
        *(Case("a", name, "passed") for name in ("a.one", "a.two", "a.lost")),
        *(Case("b", name, "passed") for name in ("b.private",)),
        Case("b", "b.more", "failed"),
    ]

    assert table(found, known) == ["    1 of     3  a", "    1 of     3  all, 33.3 %"]
    assert table(found, found)[-1] == "    2 of     3  all, 66.7 %"
