"""What a program and a library find by the names of Keras and TensorFlow."""

from __future__ import annotations

import importlib.util
import sys
import types
from typing import Any

import pytest

from fitspec.adapters.tracing import names


class Lazy:
    """Asks for a module when it first needs to know, as Keras 3 does, and remembers the answer."""

    answer: bool | None = None

    @property
    def available(self) -> bool:
        """Whether it was there when this was first asked."""
        if self.answer is None:
            self.answer = "tensorflow" in sys.modules
        return self.answer


def test_a_library_finds_no_tensorflow_where_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a program finds in its place is none to Keras, which would look for more of it."""
    if importlib.util.find_spec("tensorflow") is not None:
        pytest.skip("TensorFlow is installed")
    library: Any = types.ModuleType("lazy_library")
    library.Model = object
    inner: Any = types.ModuleType("lazy_library.src.utils.module_utils")
    inner.tensorflow = Lazy()
    for name in ("tensorflow", "tensorflow.keras", "keras", "tf_keras"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    for module in (library, inner):
        monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path])

    names.alias(library)

    stands_in: Any = sys.modules.pop("tensorflow")
    assert stands_in.keras is library
    assert not inner.tensorflow.available
