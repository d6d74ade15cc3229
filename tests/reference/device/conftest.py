"""A device to test with where there is no GPU."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

import pytest

from fitspec.reference.tensor import array_library

HERE = Path(__file__).parent
MODULES = ("device_stand_in", "device_stand_in_streams")


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The library of arrays that only it can read, as the device "stand-in"."""
    monkeypatch.syspath_prepend(str(HERE))
    monkeypatch.setitem(array_library.LIBRARIES, "stand-in", "device_stand_in")
    yield importlib.import_module("device_stand_in")
    for name in MODULES:
        del sys.modules[name]
