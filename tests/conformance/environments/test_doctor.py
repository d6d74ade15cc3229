"""What `fitspec doctor` finds and how it reads."""

import io
import json
import sys
from pathlib import Path

import pytest
from rich.console import Console

from fitspec.conformance.environments.doctor import Diagnosis, Line, State, examine, show
from fitspec.conformance.environments.environment import Environment, environment_of
from fitspec.conformance.implementations.registry import find

FINDINGS = [
    Diagnosis(
        "fitspec", "on this machine", None, (Line("Python", "3.11.7", ("/usr/bin/python",)),)
    ),
    Diagnosis("one", "the first", State.READY, (Line("interpreter", "the one that runs fitspec"),)),
    Diagnosis(
        "two",
        "the second",
        State.TO_BUILD,
        (
            Line(
                "environment",
                "not built; the first run installs keras==2.3.1, numpy==1.18.5, protobuf==3.20.3",
                ("fitspec run two --python /a/rather/long/path/that/goes/on/and/on/to/the/end",),
            ),
        ),
    ),
    Diagnosis("three", "the third", State.UNAVAILABLE, (Line("fault", "broken"),)),
]

TEXT = """\
fitspec  on this machine
       Python  3.11.7
               /usr/bin/python

✓ one  the first  (ready)
  interpreter  the one that runs fitspec

○ two  the second  (to build)
  environment  not built; the first run installs keras==2.3.1, numpy==1.18.5,
               protobuf==3.20.3
               fitspec run two --python /a/rather/long/path/that/goes/on/and/on/to/the/end

✗ three  the third  (unavailable)
        fault  broken

1 ready, 1 to build, 1 unavailable
"""


@pytest.fixture(autouse=True)
def bare_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide every Python of the machine but the running one."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    for name in ("PYENV_ROOT", "UV_PYTHON_INSTALL_DIR", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)


def printed(diagnoses: list[Diagnosis], encoding: str = "utf-8", *, terminal: bool = False) -> str:
    raw = io.BytesIO()
    file = io.TextIOWrapper(raw, encoding=encoding)
    show(diagnoses, Console(file=file, width=80, force_terminal=terminal))
    file.flush()
    return raw.getvalue().decode(encoding)


def diagnosis(name: str, cache: Path) -> Diagnosis:
    return next(each for each in examine(cache=cache) if each.name == name)


def place_of(name: str, cache: Path) -> Environment:
    environment = environment_of(find(name), cache=cache)
    assert environment is not None
    return environment


# --- looking ----------------------------------------------------------------------------------


def test_the_machine_comes_first(tmp_path: Path) -> None:
    """The Python that runs fitspec, the cache and its disk are told before all else."""
    first = examine(cache=tmp_path / "not" / "there")[0]

    facts = {line.label: line for line in first.lines}
    assert facts["Python"].verbatim == (sys.executable,)
    assert facts["cache"].text.startswith("empty; ")
    assert facts["cache"].verbatim == (str(tmp_path / "not" / "there"),)


def test_looking_makes_nothing(tmp_path: Path) -> None:
    """Neither the cache folder nor anything in it comes into being."""
    examine(cache=tmp_path / "cache")

    assert not (tmp_path / "cache").exists()


def test_the_reference_is_always_ready(tmp_path: Path) -> None:
    """What runs in the interpreter of fitspec needs nothing."""
    assert diagnosis("reference", tmp_path).state is State.READY


def test_a_missing_python_comes_with_the_commands_that_install_it(tmp_path: Path) -> None:
    """Old Keras cannot be run without Python 3.7, and the way to get it is shown."""
    found = diagnosis("keras-2.3", tmp_path)

    assert found.state is State.UNAVAILABLE
    assert found.lines[0].text.startswith("Python 3.7 is not on this machine")
    assert found.lines[0].verbatim == ("uv python install 3.7", "pyenv install 3.7")


def test_an_environment_to_build_comes_with_what_is_installed(tmp_path: Path) -> None:
    """Where its Python is here, the requirements and the command that builds are shown."""
    file = tmp_path / "bin" / "python3.7"
    file.parent.mkdir()
    file.write_text(f"#!/bin/sh\necho {file}\necho 3 7 9\n")
    file.chmod(0o755)

    found = diagnosis("keras-2.3-theano", tmp_path)

    assert found.state is State.TO_BUILD
    assert found.lines == (
        Line("interpreter", "Python 3.7.9", (str(file),)),
        Line(
            "environment",
            "not built; the first run installs Theano==1.0.5, keras==2.3.1, numpy==1.21.6,"
            " wheel==0.42.0",
            ("fitspec run keras-2.3-theano",),
        ),
    )


def test_an_interrupted_build_is_told_from_none(tmp_path: Path) -> None:
    """A folder without a marker is neither whole nor absent."""
    place_of("keras-2.3", tmp_path).folder.mkdir(parents=True)

    text = diagnosis("keras-2.3", tmp_path).lines[1].text

    assert text.startswith("unfinished (interrupted, or being built now); ")


def test_a_built_environment_is_ready(tmp_path: Path) -> None:
    """Its Python, when it was built, its size on disk and its folder are told."""
    environment = place_of("keras-2.3", tmp_path)
    environment.python.parent.mkdir(parents=True)
    environment.python.symlink_to(sys.executable)
    (environment.folder / "big").write_bytes(bytes(1_230_000))
    recipe = environment.recipe.plain()
    # Without a zone the time is the local one, which is also how it is shown.
    environment.marker.write_text(json.dumps({"recipe": recipe, "finished": "2026-01-02T03:04:05"}))

    found = diagnosis("keras-2.3", tmp_path)

    assert found.state is State.READY
    expected = Line("environment", "built 2026-01-02 03:04, 1.2 MB", (str(environment.folder),))
    assert found.lines[1] == expected
    cache = examine(cache=tmp_path)[0].lines[2].text
    assert cache.startswith("1 environment, 1.2 MB; ")


def test_a_broken_package_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installed package whose adapter is missing is shown among the unavailable."""
    information = tmp_path / "site" / "broken-1.dist-info"
    information.mkdir(parents=True)
    (information / "METADATA").write_text("Name: broken\nVersion: 1\n")
    (information / "entry_points.txt").write_text("[fitspec.implementations]\nbroken = nowhere\n")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))

    found = diagnosis("broken", tmp_path)

    assert found.state is State.UNAVAILABLE
    assert "the module 'nowhere' has no file here" in found.lines[0].text


# --- showing ----------------------------------------------------------------------------------


def test_the_text_reads_well_at_eighty_columns() -> None:
    """Facts are aligned and wrapped; what is to be copied stays in one line without blanks."""
    assert printed(FINDINGS) == TEXT


def test_signs_have_a_plain_form() -> None:
    """A console that knows only ASCII gets letters for the signs."""
    text = printed(FINDINGS, "ascii")

    assert text.isascii()
    headings = {line.split("  ")[0] for line in text.splitlines()}
    assert headings >= {"+ one", "o two", "x three"}


def test_colour_is_for_terminals_that_want_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Colour appears on a terminal, not elsewhere, and not with NO_COLOR."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    green = "\x1b[32m"

    assert green in printed(FINDINGS, terminal=True)
    assert green not in printed(FINDINGS)
    monkeypatch.setenv("NO_COLOR", "1")
    assert green not in printed(FINDINGS, terminal=True)


def test_a_missing_program_is_named_with_what_installs_it(tmp_path: Path) -> None:
    """Where the program that runs a worker is missing, doctor says so and how to get it."""
    found = diagnosis("reference-from-r", tmp_path)

    assert (found.state, found.lines) == (
        State.UNAVAILABLE,
        (
            Line(
                "program",
                "Rscript is not on this machine; this installs it:",
                ("apt install r-base-core r-cran-reticulate",),
            ),
        ),
    )
