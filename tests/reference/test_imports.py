"""What programs import, and what importing costs."""

import ast
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import fitspec.reference as keras

FOLDER = Path(keras.__file__).parent
SLOW = ("multiprocessing", "numpy.random", "h5py", "matplotlib", "decimal", "hashlib", "asyncio")


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("activations", "relu"),
        ("backend", "mean"),
        ("callbacks", "EarlyStopping"),
        ("engine", "Layer"),
        ("initializers", "Constant"),
        ("layers", "Dense"),
        ("losses", "MeanSquaredError"),
        ("metrics", "Precision"),
        ("models", "load_model"),
        ("optimizers", "Adam"),
        ("regularizers", "l2"),
        ("utils", "to_categorical"),
    ],
)
def test_modules_are_found_by_attribute_and_by_import(module: str, name: str) -> None:
    """Both ways lead to the same module."""
    imported: Any = __import__(f"fitspec.reference.{module}", fromlist=[name])

    assert getattr(keras, module) is imported
    assert hasattr(imported, name)


def test_what_is_not_there_is_no_attribute() -> None:
    """The error is that of every module."""
    with pytest.raises(AttributeError, match="no attribute 'something'"):
        _ = keras.something


def test_what_a_first_training_does_not_need_is_not_imported() -> None:
    """Modules that take long to import stay out."""
    program = (
        "import sys, numpy; before = set(sys.modules); import fitspec.reference; "
        "print(*sorted(set(sys.modules) - before))"
    )
    shown = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert not set(SLOW) & set(shown.stdout.split())


def file_of(module: str) -> Path | None:
    """Return the file of a module of the reference; None if there is no such module."""
    place = FOLDER.joinpath(*module.split(".")[2:])
    files = (place.with_suffix(".py"), place / "__init__.py")
    return next((file for file in files if file.is_file()), None)


def imported(module: str) -> set[str]:
    """Return the modules of the reference that a module names, for types and late ones too."""
    named: set[str] = set()
    file = file_of(module)
    for node in ast.walk(ast.parse(file.read_text("utf-8"))) if file else ():
        if isinstance(node, ast.Import):
            named |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            named |= {
                f"{node.module}{end}" for end in ("", *(f".{one.name}" for one in node.names))
            }
    # The face of the package imports all that is in it.
    return {name for name in named if name.startswith("fitspec.reference.") and file_of(name)}


def reached(module: str) -> set[str]:
    """Return a module and all that it imports, directly or not."""
    found: set[str] = set()
    to_come = {module}
    while to_come:
        name = to_come.pop()
        found.add(name)
        to_come |= imported(name) - found
    return found


def test_imports_are_followed() -> None:
    """What stands behind a module is found, also what it imports for types alone."""
    found = reached("fitspec.reference.models.sequential")

    assert {"fitspec.reference.training.loop", "fitspec.reference.network.graph"} <= found
    assert "fitspec.reference.compute.recorded.simplify" in reached(
        "fitspec.reference.compute.explaining"
    )


def test_a_model_needs_nothing_that_makes_it_faster() -> None:
    """A network is trained by a plain engine, whose place another may take from outside."""
    found = reached("fitspec.reference.models.sequential")

    assert "fitspec.reference.network.engine" in found
    outer = ("compute", "files", "backend", "utils", "strict", "torch", "r", "engine")
    assert {one for one in found if one.split(".")[2] in outer} == set()


@pytest.mark.parametrize("name", sorted(file.stem for file in (FOLDER / "torch").glob("*.py")))
def test_modules_of_pytorch_need_no_network_of_our_own(name: str) -> None:
    """They are trained by the documented methods, without what computes with arrays."""
    found = reached("fitspec.reference.torch" + ("" if name == "__init__" else f".{name}"))

    ours = ("compute", "network", "models", "layers", "optimizers", "files", "backend")
    assert {one for one in found if one.split(".")[2] in ours} == set()
