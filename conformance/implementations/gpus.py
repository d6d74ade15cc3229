"""Whether the GPU that an implementation computes on is on this machine."""

from __future__ import annotations

import ctypes
from typing import Final

GPUS: Final = ("cuda",)
"""The kinds of GPU that an implementation may need: those that CUDA drives."""

_DRIVER: Final = "libcuda.so.1"
_SUCCESS: Final = 0

REMEDY: Final = "run it on a machine with an NVIDIA GPU and its driver"


def lacks_gpu() -> str | None:
    """Return why no CUDA program can run here; None if one can.

    The driver is asked, as CUDA programs do: a GPU that no driver serves, or that the variable
    `CUDA_VISIBLE_DEVICES` hides, is none.
    """
    try:
        driver = ctypes.CDLL(_DRIVER)
    except OSError:
        return f"this machine has no NVIDIA driver ({_DRIVER})"
    if (code := driver.cuInit(0)) != _SUCCESS:
        return f"the NVIDIA driver finds no GPU that it can use (cuInit returned {code})"
    count = ctypes.c_int(0)
    if (code := driver.cuDeviceGetCount(ctypes.byref(count))) != _SUCCESS:
        return f"the NVIDIA driver cannot count its GPUs (cuDeviceGetCount returned {code})"
    return None if count.value else "the NVIDIA driver finds no GPU"
