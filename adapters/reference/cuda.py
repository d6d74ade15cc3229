"""The adapter of fitspec's own reference implementation, with its models on a GPU."""

from __future__ import annotations

import contextlib

import cupy

from fitspec.adapters.reference.plain import Reference
from fitspec.reference import device


class ReferenceOnCuda(Reference):
    """Makes every model on the GPU; nothing else differs."""

    # A program that only imports the reference makes its models on the CPU.
    dialect = ""

    def __init__(self) -> None:
        super().__init__()
        self._block = contextlib.ExitStack()
        self._block.enter_context(device("cuda"))

    def versions(self) -> dict[str, str]:
        """Return the versions of fitspec, NumPy, CuPy and CUDA, and the name of the GPU."""
        properties = cupy.cuda.runtime.getDeviceProperties(0)
        return dict(
            super().versions(),
            cupy=cupy.__version__,
            cuda=str(cupy.cuda.runtime.runtimeGetVersion()),
            gpu=properties["name"].decode(),
        )
