"""The adapter of the R functions of fitspec's reference, called from R by way of reticulate.

It runs in a Python that R has embedded: see r/worker.R, which makes the module `fitspec_r`.
"""

from __future__ import annotations

import importlib
import inspect
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.adapters.r_style import RStyle
from fitspec.adapters.reference.plain import Reference
from fitspec.reference import r

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: What r/worker.R offers of R.
fitspec_r: Any = importlib.import_module("fitspec_r")

#: R has one kind of error; of these words Python would make a TypeError.
MISSING = "is missing, with no default"


class ReferenceFromR(RStyle, Reference):
    """What R's `fit` and `fit_generator` do; R converts all that goes in and comes out."""

    def __init__(self) -> None:
        self.failure: BaseException | None = None
        fitspec_r.use_reference(SimpleNamespace(Session=r.Session, call_in=self._call_in))

    def versions(self) -> dict[str, str]:
        """Return the versions of R, reticulate and NumPy; fitspec itself is not installed here."""
        own = {"R": fitspec_r.version, "reticulate": fitspec_r.reticulate}
        return dict(own, numpy=np.__version__)

    def function(self, name: str) -> Any:
        """Return the R function `name`, if it is one of the two."""
        return RFunction(self, name) if name in ("fit", "fit_generator") else None

    def set_options(self, changes: Mapping[str, Any]) -> None:
        """Set options in R."""
        fitspec_r.set_options(dict(changes))

    def set_variable(self, name: str, value: Any) -> None:
        """Set a variable as R sees it; Python keeps the ones that it started with."""
        fitspec_r.set_variable(name, value)

    def build_generator_function(
        self, key: str, items: Sequence[Any], repeats: bool, **conduct: Any
    ) -> Any:
        """Build a function of R."""
        source = RStyle.build_generator_function(self, key, items, repeats, **conduct)
        return fitspec_r.generator_of(source)

    def _call_in(self, *args: Any, **kwargs: Any) -> Any:
        """Call the reference, and keep what it raises: of that R has only the text."""
        try:
            return r.call_in(*args, **kwargs)
        except Exception as failure:
            self.failure = failure
            raise
        except BaseException as failure:
            self.failure = failure
            # R would take it for an order to itself, and leave all calls at once.
            raise RuntimeError("raised %s" % type(failure).__name__) from failure


class RFunction:
    """A function of R, with the signature that it has there."""

    def __init__(self, adapter: ReferenceFromR, name: str) -> None:
        self._adapter = adapter
        self._name = name
        found = fitspec_r.parameters_of(name)
        columns = zip(found["names"], found["required"], found["defaults"])
        kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
        self.__signature__ = inspect.Signature(
            [
                inspect.Parameter(own, kind, default=inspect.Parameter.empty if needed else default)
                for own, needed, default in columns
            ]
        )

    def __call__(self, target: Any, *args: Any, **kwargs: Any) -> Any:
        """Call it; what Python raised behind it is raised again as it was."""
        self._adapter.failure = None
        try:
            return fitspec_r.call_at_prompt(self._name, target, list(args), dict(kwargs))
        except Exception as error:
            if self._adapter.failure is not None:
                raise self._adapter.failure from None
            if MISSING in str(error):
                raise TypeError(str(error)) from None
            raise
