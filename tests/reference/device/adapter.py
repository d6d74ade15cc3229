"""The reference on the stand-in for a GPU, so that all checks can be run where there is none."""

import contextlib
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from fitspec.adapters.reference.plain import Reference
from fitspec.reference import device
from fitspec.reference.tensor import array_library

array_library.LIBRARIES["stand-in"] = "device_stand_in"


class OnStandIn(Reference):
    """Makes every model on the stand-in."""

    def __init__(self) -> None:
        super().__init__()
        self._block = contextlib.ExitStack()
        self._block.enter_context(device("stand-in"))
