"""The adapter of the R functions of fitspec's own reference."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.adapters.r_style import RStyle
from fitspec.adapters.reference.plain import Reference
from fitspec.reference import r

# Plots are a part of what is examined: without them this implementation does not start.
try:
    import matplotlib as mpl
except ImportError as error:
    raise ImportError("live plots need matplotlib: pip install 'fitspec[r]'") from error

if TYPE_CHECKING:
    from collections.abc import Mapping


class ReferenceR(RStyle, Reference):
    """fitspec.reference.r speaks the documented names: nothing needs translation."""

    def versions(self) -> dict[str, str]:
        """Return the versions of fitspec, NumPy and matplotlib."""
        return dict(Reference.versions(self), matplotlib=mpl.__version__)

    def function(self, name: str) -> Any:
        """Return the function `name`, if it is one of the two."""
        return {"fit": r.fit, "fit_generator": r.fit_generator}.get(name)

    def set_options(self, changes: Mapping[str, Any]) -> None:
        """Set options."""
        r.options(changes)
