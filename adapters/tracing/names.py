"""Whatever a program calls Keras, it finds the library that is looked at."""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.util
import sys
import types
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from importlib.machinery import ModuleSpec

#: What programs call it.
SPELLINGS = ("keras", "tensorflow.keras", "tf_keras")
#: Modules of Keras 2, with what is in them, as other libraries have it elsewhere.
ELSEWHERE = {
    "engine.training": "models",
    "utils.np_utils": "utils",
    "utils.data_utils": "utils",
    "utils.generic_utils": "utils",
    "utils.io_utils": "utils",
    "layers.core": "layers",
    "layers.convolutional": "layers",
    "layers.pooling": "layers",
    "layers.recurrent": "layers",
    "layers.embeddings": "layers",
    "layers.merge": "layers",
    "layers.noise": "layers",
    "layers.normalization": "layers",
    "layers.wrappers": "layers",
    "layers.advanced_activations": "layers",
}


def alias(library: types.ModuleType) -> None:
    """Let every spelling that is not the library's own lead to it, in this process."""
    own = library.__name__
    spellings = [each for each in SPELLINGS if not (own + ".").startswith(each + ".")]
    # Keras in TensorFlow is asked for as a part of that, and lies in a package of its own.
    if _is_same("tensorflow.keras", library):
        spellings = [each for each in spellings if each != "tensorflow.keras"]
    for spelling in spellings:
        for name in [each for each in sys.modules if (each + ".").startswith(spelling + ".")]:
            del sys.modules[name]
    sys.meta_path.insert(0, _Finder(library, spellings))
    if "tensorflow.keras" in spellings:
        _inside_of_tensorflow(library)


def _is_same(name: str, library: types.ModuleType) -> bool:
    """Return whether a module that was imported is the library."""
    package, _, inner = name.rpartition(".")
    there = getattr(sys.modules.get(package), inner, None)
    return getattr(there, "Model", None) is library.Model


def _inside_of_tensorflow(library: types.ModuleType) -> None:
    tensorflow = sys.modules.get("tensorflow")
    if tensorflow is None and importlib.util.find_spec("tensorflow") is None:
        _have_asked(library)
        tensorflow = _NoTensorFlow("tensorflow")
        sys.modules["tensorflow"] = tensorflow
    elif tensorflow is None:
        tensorflow = importlib.import_module("tensorflow")
    tensorflow.keras = library  # type: ignore[attr-defined]  # as TensorFlow has it


def _have_asked(library: types.ModuleType) -> None:
    """Let a library find that there is no TensorFlow before something stands in its place.

    Keras 3 asks when it first needs to know, and remembers the answer.
    """
    lazy = sys.modules.get("%s.src.utils.module_utils" % library.__name__)
    getattr(getattr(lazy, "tensorflow", None), "available", None)


class _NoTensorFlow(types.ModuleType):
    """Stands where a program looks for TensorFlow, and has nothing but Keras."""

    __path__: list[str] = []  # noqa: RUF012  as a package has it
    __version__ = "0"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise AttributeError("there is no TensorFlow here, and so no tensorflow.%s" % name)


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds modules of the library by other names.

    Args:
        library: whose they are.
        spellings: what is asked for in its place.
    """

    def __init__(self, library: types.ModuleType, spellings: Sequence[str]) -> None:
        self._library = library
        self._spellings = spellings

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: object = None
    ) -> ModuleSpec | None:
        """Return how a module is made, if it is asked for by such a name."""
        del path, target
        for spelling in self._spellings:
            inner = fullname[len(spelling) + 1 :]
            if fullname in (spelling, "%s.%s" % (spelling, inner)):
                for name in self._candidates(inner):
                    if _exists(name):
                        return importlib.util.spec_from_loader(fullname, self, origin=name)
        return None

    def _candidates(self, inner: str) -> Iterator[str]:
        own = self._library.__name__
        yield "%s.%s" % (own, inner) if inner else own
        if inner in ELSEWHERE:
            yield "%s.%s" % (own, ELSEWHERE[inner])

    def create_module(self, spec: ModuleSpec) -> types.ModuleType | None:  # noqa: ARG002  Python's
        """Leave that to Python."""
        return None

    def exec_module(self, module: types.ModuleType) -> None:
        """Put the library's own module in its place, as it is."""
        spec = module.__spec__
        if spec is not None and spec.origin is not None:
            sys.modules[spec.name] = importlib.import_module(spec.origin)


def _exists(name: str) -> bool:
    """Return whether a module can be imported."""
    try:
        importlib.import_module(name)
    except ImportError:
        return False
    return True
