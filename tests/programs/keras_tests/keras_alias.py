"""A pytest plugin by which `import keras` finds the reference, for the tests of Keras 2.3.1 itself.

What the reference has not is a stand-in that fails when it is used, so that a file of tests is
imported all the same, and those that need the name fall alone. A test that uses what is no public
name of Keras is skipped: `_private`, or a module that no document names.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.abc
import importlib.util
import os
import sys
import types
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import h5py
import pytest

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence
    from importlib.machinery import ModuleSpec

#: The modules that Keras 2.3 documents, and where the reference has what is in them.
PUBLIC = {
    "keras": "fitspec.reference",
    "keras.engine": "fitspec.reference.engine",
    "keras.engine.training": "fitspec.reference.models",
    "keras.utils.np_utils": "fitspec.reference.utils",
    "keras.utils.io_utils": "fitspec.reference.utils",
    "keras.utils.data_utils": "fitspec.reference.utils",
    "keras.utils.generic_utils": "fitspec.reference.utils",
    "keras.utils.losses_utils": "fitspec.reference.losses",
} | {
    f"keras.{name}": f"fitspec.reference.{name}"
    for name in (
        *("activations", "applications", "backend", "callbacks", "constraints", "datasets"),
        *("initializers", "layers", "losses", "metrics", "models", "optimizers", "preprocessing"),
        *("preprocessing.image", "preprocessing.sequence", "preprocessing.text", "regularizers"),
        *("utils", "wrappers", "wrappers.scikit_learn"),
    )
}
#: Tools that the tests are written with, which come with Keras.
TOOLS = ("keras.utils.test_utils", "keras.utils.generic_utils")


class NotPublicError(Exception):
    """A test uses what is no public name of Keras."""


class Missing:
    """A name that the reference has not: it fails when it is used."""

    def __init__(self, name: str, *, public: bool) -> None:
        vars(self).update(__name__=name, missing=name, public=public)

    running = False
    """Whether tests are running: what is done before, in the body of a module, concerns few."""
    changed = False
    """Whether the test that runs has changed a module inside of Keras: no public name is that."""

    def __call__(self, *_: object, **__: object) -> Missing:
        """Fail, or stand for what the call would give."""
        return self.fail() or self

    def __iter__(self) -> Iterator[Missing]:
        """Fail, or stand for nothing."""
        return self.fail() or iter(())

    def __mro_entries__(self, bases: object) -> tuple[type, ...]:
        """Fail, or let a class be derived from nothing."""
        return self.fail() or ()

    def fail(self, *_: object, **__: object) -> Any:
        """Say which name is missing, or that it need not be there."""
        if not Missing.running:
            return None
        if self.public:
            raise AttributeError(f"the reference has no {self.missing}")
        raise NotPublicError(self.missing)

    def __bool__(self) -> bool:
        """Fail, or be nothing."""
        return bool(self.fail())

    __len__ = __enter__ = fail

    if TYPE_CHECKING:
        public: bool

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Missing(f"{self.missing}.{name}", public=self.public)


class Alias(types.ModuleType):
    """A module of Keras, with the names of one of the reference or of a tool of the tests."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.__path__: list[str] = []
        self.__version__ = "1.15.5" if name == "tensorflow" else "2.3.1"
        self.of: list[Any] = []
        if name in PUBLIC:
            with contextlib.suppress(ImportError):
                self.of.append(importlib.import_module(PUBLIC[name]))
        if name in TOOLS:
            self.of.append(tool(name))

    def __setattr__(self, name: str, value: object) -> None:
        if self.__name__ not in PUBLIC and not hasattr(value, "__path__"):
            Missing.changed = True
        super().__setattr__(name, value)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        inner = f"{self.__name__}.{name}"
        if inner == "keras.backend.backend":  # so that the tests run that ran with TensorFlow
            return lambda: "tensorflow"
        if inner in PUBLIC or inner in TOOLS:
            return importlib.import_module(inner)
        for module in vars(self)["of"]:
            if hasattr(module, name):
                return getattr(module, name)
        # Functions of `keras.engine`, and the modules behind others, are Keras's own affairs.
        inside = self.__name__ == "keras.engine" and name.islower()
        private = inside or name.startswith("_") or name.endswith(("_utils", "_backend"))
        public = self.__name__ in PUBLIC and not private
        return Missing(inner, public=public)


def tool(name: str) -> Any:
    """Load a tool of the tests from the checkout of Keras."""
    path = Path(os.environ["KERAS_CHECKOUT"], *name.split(".")).with_suffix(".py")
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(path)
    module = importlib.util.module_from_spec(spec)
    module.__package__ = name.rpartition(".")[0]
    spec.loader.exec_module(module)
    return module


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds everything below `keras`."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: object = None
    ) -> ModuleSpec | None:
        """Return how a module is made."""
        del path, target
        if fullname.partition(".")[0] not in {"keras", "tensorflow"}:
            return None
        return importlib.util.spec_from_loader(fullname, self, is_package=True)

    def create_module(self, spec: ModuleSpec) -> types.ModuleType:
        """Make it."""
        return Alias(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        """Leave it as it was made."""


sys.meta_path.insert(0, Finder())


def as_it_was() -> None:
    """Have the packages that the tests are written with do what they did in their time.

    `pytest.warns(None)` recorded warnings, and a file of h5py was opened to be changed.
    """
    warns = pytest.warns

    def recording(*expected: Any, **settings: Any) -> Any:
        if expected == (None,):
            return warnings.catch_warnings(record=True)
        return warns(*expected, **settings)

    class File(h5py.File):  # type: ignore[misc]
        def __init__(self, name: Any, mode: str = "a", **settings: Any) -> None:
            super().__init__(name, mode, **settings)

    vars(pytest)["warns"], h5py.File = recording, File


as_it_was()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol() -> Generator[None, object, object]:
    """Have what is missing fail from now on."""
    Missing.running, Missing.changed = True, False
    try:
        return (yield)
    finally:
        Missing.running = False


def is_private(error: BaseException | None) -> bool:
    """Whether an error says that a name is missing that is not public."""
    if isinstance(error, NotPublicError):
        return True
    name = getattr(error, "name", None)
    return isinstance(error, AttributeError) and isinstance(name, str) and name.startswith("_")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None]:
    """Skip a test that is about more than public names."""
    try:
        yield
    except Exception as error:
        if is_private(error) or Missing.changed:
            pytest.skip(f"not public: {error}")
        raise
