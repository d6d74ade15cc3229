"""Finding the Pythons of a machine."""

import sys
from pathlib import Path

import pytest

from fitspec.conformance.environments.interpreters import (
    Interpreter,
    commands_to_get,
    examine,
    find_interpreter,
)

RUNNING = f"{sys.version_info.major}.{sys.version_info.minor}"


@pytest.fixture(autouse=True)
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make the test's folder the only place with Pythons, but for the running one."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    for name in ("PYENV_ROOT", "UV_PYTHON_INSTALL_DIR", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def script(file: Path, *lines: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join(("#!/bin/sh", *lines)) + "\n")
    file.chmod(0o755)
    return file


def python(file: Path, version: str) -> Path:
    """Make a program that answers as a Python of a version does."""
    return script(file, f"echo {file}", f"echo {version.replace('.', ' ')}")


def test_a_python_on_the_path_is_found(machine: Path) -> None:
    """`pythonX.Y` on `PATH` is found with its full version."""
    file = python(machine / "bin/python3.7", "3.7.9")

    assert find_interpreter("3.7") == Interpreter(file, (3, 7, 9))


def test_a_python_of_pyenv_is_found_where_its_shim_fails(machine: Path) -> None:
    """The shim of pyenv answers by name and then fails; the version itself is taken."""
    script(machine / "bin/python3.7", "echo 'pyenv: python3.7: command not found' >&2", "exit 127")
    file = python(machine / "home/.pyenv/versions/3.7.16/bin/python3.7", "3.7.16")

    assert find_interpreter("3.7") == Interpreter(file, (3, 7, 16))


def test_the_root_of_pyenv_is_asked_for(machine: Path) -> None:
    """`pyenv root` leads to versions that lie elsewhere."""
    script(machine / "bin/pyenv", f"echo {machine}/elsewhere")
    file = python(machine / "elsewhere/versions/3.8.1/bin/python3.8", "3.8.1")

    assert find_interpreter("3.8") == Interpreter(file, (3, 8, 1))


def test_the_variable_of_pyenv_is_followed(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`PYENV_ROOT` leads to versions even where pyenv itself is not on `PATH`."""
    monkeypatch.setenv("PYENV_ROOT", str(machine / "pyenv"))
    file = python(machine / "pyenv/versions/3.8.1/bin/python3.8", "3.8.1")

    assert find_interpreter("3.8") == Interpreter(file, (3, 8, 1))


@pytest.mark.parametrize(
    ("variable", "value", "place"),
    [
        (None, "", "home/.local/share/uv/python"),
        ("XDG_DATA_HOME", "data", "data/uv/python"),
        ("UV_PYTHON_INSTALL_DIR", "pythons", "pythons"),
    ],
)
def test_a_python_that_uv_manages_is_found(
    machine: Path,
    monkeypatch: pytest.MonkeyPatch,
    variable: str | None,
    value: str,
    place: str,
) -> None:
    """The folder of uv is looked through, wherever the user has put it."""
    if variable is not None:
        monkeypatch.setenv(variable, str(machine / value))
    file = python(machine / place / "cpython-3.7.9-linux-x86_64-gnu/bin/python3.7", "3.7.9")

    assert find_interpreter("3.7") == Interpreter(file, (3, 7, 9))


def test_the_running_python_is_found_without_any_path(monkeypatch: pytest.MonkeyPatch) -> None:
    """The Python that runs fitspec counts even where nothing else leads to it."""
    monkeypatch.setenv("PATH", "")

    assert find_interpreter(RUNNING) == Interpreter(Path(sys.executable), sys.version_info[:3])


def test_the_highest_patch_is_preferred(machine: Path) -> None:
    """Of several Pythons of a version the newest is taken, by number and not by text."""
    python(machine / "bin/python3.7", "3.7.9")
    newest = python(machine / "home/.pyenv/versions/3.7.16/bin/python3.7", "3.7.16")
    python(machine / "home/.pyenv/versions/3.7.2/bin/python3.7", "3.7.2")

    assert find_interpreter("3.7") == Interpreter(newest, (3, 7, 16))


@pytest.mark.parametrize(
    "lines",
    [
        ("echo /usr/bin/python3.8", "echo 3 8 1"),
        ("echo hello",),
        ("exit 0",),
        ("kill -9 $$",),
    ],
)
def test_what_does_not_prove_its_version_does_not_count(
    machine: Path, lines: tuple[str, ...]
) -> None:
    """A program is not believed for its name."""
    script(machine / "bin/python3.7", *lines)

    assert find_interpreter("3.7") is None


def test_a_python_that_hangs_does_not_count(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that never answers is given up."""
    monkeypatch.setattr("fitspec.conformance.environments.interpreters._SECONDS", 0.1)
    script(machine / "bin/python3.7", "exec /bin/sleep 60")

    assert find_interpreter("3.7") is None


def test_a_python_is_asked_once(machine: Path) -> None:
    """However often a version is looked for, each program is started one time."""
    file = machine / "bin/python3.7"
    script(file, f"echo x >> {machine}/asked", f"echo {file}", "echo 3 7 9")

    find_interpreter("3.7")
    find_interpreter("3.7")

    assert (machine / "asked").read_text() == "x\n"


def test_a_shim_is_replaced_by_what_is_behind_it(machine: Path) -> None:
    """The Python's own path is returned, which stays when a shim is switched over."""
    real = python(machine / "real/python3.7", "3.7.9")
    script(machine / "bin/python3.7", f"exec {real}")

    assert find_interpreter("3.7") == Interpreter(real, (3, 7, 9))


def test_a_missing_python_is_none() -> None:
    """That a version is not here is an answer, no error."""
    assert find_interpreter("3.7") is None


@pytest.mark.parametrize("version", ["3", "3.7.16", "python3.7", ""])
def test_a_version_of_another_form_is_refused(version: str) -> None:
    """Only `X.Y` can be looked for by name."""
    with pytest.raises(ValueError, match=r'version must be such as "3\.7", got '):
        find_interpreter(version)


def test_a_file_that_is_missing_is_no_interpreter(machine: Path) -> None:
    """Examining a path at which nothing lies gives None."""
    assert examine(machine / "python") is None


def test_the_commands_name_the_version() -> None:
    """Each command is enough by itself to install the Python that is missing."""
    assert commands_to_get("3.7") == ("uv python install 3.7", "pyenv install 3.7")
