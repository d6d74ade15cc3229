"""Modules by the names that Keras 2.3 has for them, which programs import from."""

from __future__ import annotations

import functools
import importlib
import importlib.abc
import importlib.util
import sys
from typing import TYPE_CHECKING

from fitspec.reference.standing_in.left_out import PACKAGE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

#: By module, those of Keras whose names are found in it.
NAMES = {
    "engine": "base_layer topology training",
    "layers": "convolutional_recurrent embeddings local merge",
    "utils": "data_utils generic_utils io_utils np_utils vis_utils",
}
#: Modules of `layers` that there are, by the same name: what is not in them is in `layers`.
PARTS = "advanced_activations convolutional core noise normalization pooling recurrent wrappers"


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Makes a module with the names of another."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return how such a module is made."""
        del path, target
        package, _, inner = name.rpartition(".")
        if inner not in NAMES.get(package.removeprefix(f"{PACKAGE}."), "").split():
            return None
        return importlib.util.spec_from_loader(name, self, is_package=True)

    def create_module(self, spec: ModuleSpec) -> None:
        """Leave it to Python."""

    def exec_module(self, module: ModuleType) -> None:
        """Give it the names."""
        whole = importlib.import_module(module.__name__.rpartition(".")[0])
        public = {name: value for name, value in vars(whole).items() if not name.startswith("_")}
        vars(module).update(public, __getattr__=functools.partial(getattr, whole))


def find(layers: ModuleType, engine: ModuleType) -> None:
    """Have imports find such modules, once for all.

    Args:
        layers: The module of layers.
        engine: The module that has the base classes.

    """
    if not any(isinstance(one, Finder) for one in sys.meta_path):
        sys.meta_path.append(Finder())
    vars(engine)["__path__"] = []
    inner = functools.partial(getattr, layers)
    for name in PARTS.split():
        # With a path, what is imported from it and is not there is asked of finders.
        vars(getattr(layers, name)).update(__getattr__=inner, __path__=[])
