"""The wheel holds everything, and works where nothing else of fitspec is."""

from __future__ import annotations

import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = {"spec", "reference", "conformance", "adapters"}


def test_every_folder_of_modules_is_packed() -> None:
    """The list in pyproject.toml is that of the folders with `__init__.py`: none is forgotten."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    listed = settings["tool"]["setuptools"]["packages"]

    folders = sorted(
        ".".join(("fitspec", *path.parent.relative_to(ROOT).parts))
        for package in PACKAGES
        for path in (ROOT / package).rglob("__init__.py")
    )

    told = f"[tool.setuptools] packages in pyproject.toml must be, in this order: {folders}"
    assert listed == folders, told


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    (path,) = folder.glob("*.whl")
    return path


def test_the_wheel_holds_every_module_and_record(wheel: Path) -> None:
    """Each file of the four folders is in the wheel."""
    sources = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }

    packed = {name.removeprefix("fitspec/") for name in zipfile.ZipFile(wheel).namelist()}

    assert sources
    assert sources - packed == set()


def test_the_installed_wheel_runs_and_explains_checks(wheel: Path, tmp_path: Path) -> None:
    """In an environment with nothing but the wheel and what it asks for.

    That the installed reference passes all of them is asked in an environment of its own in CI. A
    clause is explained with the places of record, line of the reference and check.
    """
    environment = tmp_path / "venv"
    # The pip that is here installs there as well: installing another takes longer than all else.
    venv.create(environment, with_pip=False)
    python = environment / "bin" / "python"
    there = [sys.executable, "-m", "pip", "--python", str(python)]
    install = [*there, "install", "-q", "--no-compile", str(wheel)]
    subprocess.run(install, check=True, capture_output=True)

    program = str(environment / "bin" / "fitspec")
    which = ["--clause", "fit.validation_split.*", "--clause", "get_layer.*"]
    command = [program, "run", "reference", *which, "--report", "found.ndjson"]
    found = subprocess.run(command, check=False, capture_output=True, text=True, cwd=tmp_path)

    assert found.returncode == 0, found.stdout + found.stderr
    assert (tmp_path / "found.ndjson").is_file()

    command = [program, "explain", "fit.validation_split.index-rule"]
    told = subprocess.run(command, check=True, capture_output=True, text=True, cwd=tmp_path).stdout

    assert "recorded at  spec/clauses/fit.toml:" in told
    assert "realised at reference/" in told
    assert "def split_index(" in told
