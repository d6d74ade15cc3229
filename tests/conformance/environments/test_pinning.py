"""Tests of `fitspec.conformance.environments.pinning`."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from fitspec.conformance.environments import pinning
from fitspec.conformance.environments.environment import BuildFailed
from fitspec.conformance.environments.pinning import pin
from fitspec.conformance.implementations import constraints, hashes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fitspec.conformance.implementations.implementation import Implementation

TABLE = """
[one]
title = "One"
adapter = "one.py"
python = "3.7"
requirements = ["tiny==1.0"]

[two]
title = "Two"
adapter = "two.py"
python = "3.7"
requirements = ["tiny==1.0"]

[other]
title = "Other"
adapter = "other.py"
python = "3.8"
requirements = ["tiny==1.0"]

[plain]
title = "Plain"
adapter = "plain.py"
"""


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write a table, with old constraints for one of its rows."""
    monkeypatch.setenv("FITSPEC_CACHE", str(tmp_path / "cache"))
    file = tmp_path / "table.toml"
    file.write_text(TABLE, "utf-8")
    constraints.write(constraints.file_of("one", file), "one", ["numpy==1.0", "tiny==1.0"])
    return file


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Implementation]:
    """Have environments built at once, by a pip that says what it installed."""
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\necho tiny==1.0\necho numpy==2.0+mkl\necho pip==23.0\n", "utf-8")
    python.chmod(0o755)
    asked: list[Implementation] = []

    def prepare(
        implementation: Implementation, *, cache: Path, progress: Callable[[str], None]
    ) -> Path:
        assert not list(cache.glob("[!.]*"))
        progress("building")
        asked.append(implementation)
        return python

    def hashes_of(pins: list[str], _: str | None) -> dict[str, tuple[str, ...]]:
        return {pin: (_hash(pin),) for pin in pins}

    monkeypatch.setattr(pinning, "prepare", prepare)
    monkeypatch.setattr(pinning, "hashes_of", hashes_of)
    return asked


def _hash(pin: str) -> str:
    return f"sha256:{hashlib.sha256(pin.encode()).hexdigest()}"


def test_what_pip_chooses_is_written_for_all_that_share_it(
    table: Path, built: list[Implementation], tmp_path: Path
) -> None:
    """One build without constraints serves the implementations with the same requirements."""
    news: list[str] = []

    written = pin(["one", "two"], table, news.append)

    pins = ("numpy==2.0", "tiny==1.0")
    files = [constraints.file_of(name, table) for name in ("one", "two")]
    assert written == dict.fromkeys(files, pins)
    assert [constraints.read(file) for file in files] == [pins, pins]
    assert not constraints.file_of("other", table).exists()
    assert [item.constraints for item in built] == [()]
    assert news == ["building", "asking for the hashes of numpy==2.0, tiny==1.0"]
    assert hashes.read(hashes.file_of(table)) == {pin: (_hash(pin),) for pin in pins}
    assert list((tmp_path / "cache").iterdir()) == []


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("three", "'three' is not in the table; constraints can be kept for one, two, other"),
        ("plain", "'plain' needs no environment"),
    ],
)
def test_what_cannot_be_pinned_is_refused(
    name: str, words: str, table: Path, built: list[Implementation]
) -> None:
    """A wrong name is found before anything is built."""
    with pytest.raises(ValueError, match=words):
        pin(["one", name], table)
    assert built == []


def test_the_constraints_stay_where_a_build_fails(
    table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was written before is still there, and so is the log of what failed."""

    def prepare(_: Implementation, *, cache: Path, **__: object) -> Path:
        (cache / "log").touch()
        raise BuildFailed("no", log=cache / "log")

    monkeypatch.setattr(pinning, "prepare", prepare)

    with pytest.raises(BuildFailed) as caught:
        pin(["one"], table)
    assert caught.value.log.exists()
    assert constraints.read(constraints.file_of("one", table)) == ("numpy==1.0", "tiny==1.0")
    assert caught.value.log.is_relative_to(tmp_path / "cache")


def test_a_pip_that_says_nothing_is_no_empty_tree(
    table: Path, built: list[Implementation], tmp_path: Path
) -> None:
    """Where pip fails nothing is written."""
    (tmp_path / "python").write_text("#!/bin/sh\necho no >&2\nexit 1\n", "utf-8")

    with pytest.raises(RuntimeError, match="pip could not list what it installed: no"):
        pin(["two"], table)
    assert len(built) == 1
    assert not constraints.file_of("two", table).exists()


def test_hashes_are_asked_for_once_and_kept_while_they_are_needed(
    table: Path, built: list[Implementation]
) -> None:
    """What is known already stays as it is; what nothing names any more goes."""
    file = hashes.file_of(table)
    old = _hash("what was there before")
    hashes.write(file, {"tiny==1.0": [old], "gone==1.0": [old]})

    pin(["two"], table)

    assert built
    assert hashes.read(file) == {"tiny==1.0": (old,), "numpy==2.0": (_hash("numpy==2.0"),)}
