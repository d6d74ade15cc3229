"""Where models compute: in NumPy on the CPU, or in CuPy on a GPU."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from fitspec.reference.tensor import array_library
from fitspec.reference.tensor.blocks import during

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextlib.contextmanager
def device(name: str) -> Iterator[None]:
    """Make models on a device: layers made inside of the block, and nothing else, belong to it.

    with device("cuda"):
        model = Sequential([layers.Dense(1, input_shape=(1,))])
    model.compile("sgd", "mse")  # and fit, and so on: its weights are on the GPU

    Data may be in the memory of either; what the methods return is in that of the CPU.

    Args:
        name: "cpu" or "cuda".

    Raises:
        ValueError: There is no device of that name.
        RuntimeError: CuPy or a GPU is missing.

    """
    if name not in array_library.LIBRARIES:
        raise ValueError(f"device must be one of {list(array_library.LIBRARIES)}, not {name!r}")
    require(name)
    with during(array_library.in_force, name):
        yield


def require(name: str) -> None:
    """Refuse a device that is not there.

    Raises:
        RuntimeError: CuPy or a GPU is missing.

    """
    if name == array_library.CPU:
        return
    try:
        library = array_library.library(name)
    except ImportError as error:
        raise RuntimeError(
            f"device {name!r} needs the package {array_library.LIBRARIES[name]}: install "
            "fitspec[cuda12] or fitspec[cuda13], after the CUDA of this machine"
        ) from error
    try:
        # Importing CuPy succeeds without a GPU; computing does not.
        library.zeros(1).get()
    except Exception as error:
        raise RuntimeError(f"device {name!r} cannot be used: {error}") from error
