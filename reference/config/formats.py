"""Files in formats that other libraries read and write."""

from __future__ import annotations

import contextlib
import importlib
import os
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

    Path_: TypeAlias = str | os.PathLike[str]
    Place: TypeAlias = Path_ | IO[bytes]

SAFETENSORS = ".safetensors"
"""How the names of files of safetensors end."""


def required(module: str) -> Any:
    """Import what reads and writes a format.

    Raises:
        ImportError: It is not installed.

    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        package = module.partition(".")[0]
        raise ImportError(f"such files need {package}: install fitspec[files]") from error


@contextlib.contextmanager
def expected(path: Place, what: str) -> Iterator[None]:
    """Say what was expected of a file if reading it fails inside of the block.

    Args:
        path: The file, or a file that is open.
        what: What was expected.

    Raises:
        FileNotFoundError: There is no such file.
        ValueError: Reading it failed.

    """
    if isinstance(path, (str, os.PathLike)) and not Path(path).exists():
        raise FileNotFoundError(f"there is no file {path}")
    try:
        yield
    except ValueError:
        raise
    except Exception as error:
        # Every library has exceptions of its own for files that are damaged.
        raise ValueError(f"{path} is damaged, or is no file of {what}: {error}") from error
