"""What programs import, and what importing costs."""

import subprocess
import sys
from typing import Any

import pytest

import fitspec.reference as keras

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
    with pytest.raises(AttributeError, match="no attribute 'applications'"):
        _ = keras.applications


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
