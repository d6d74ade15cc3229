"""The adapter of fitspec's own reference implementation."""

from __future__ import annotations

from typing import Any

import numpy as np

import fitspec.reference as library
from fitspec.adapters.keras_style import KerasStyle
from fitspec.reference.tensor.autodiff import as_tensor


class Reference(KerasStyle):
    """fitspec.reference speaks the documented names: nothing needs translation."""

    library = library
    dialect = "reference"
    imports = "import fitspec.reference as keras"
    callback_class = library.callbacks.Callback
    sequence_class = library.Sequence

    def versions(self) -> dict[str, str]:
        """Return the versions of NumPy, and of fitspec where it is installed.

        An environment that is built for its reference has the files alone, of the fitspec that runs
        the checks.
        """
        import importlib.metadata  # noqa: PLC0415  Python 3.8+; this adapter runs on 3.11+

        try:
            own = {"fitspec": importlib.metadata.version("fitspec")}
        except importlib.metadata.PackageNotFoundError:
            own = {}
        return dict(own, numpy=np.__version__)

    def build_tensor(self, values: Any) -> Any:
        """Build a tensor of the reference's engine."""
        return as_tensor(values)

    def iterations(self, model: Any) -> int:
        """Return the optimizer's count of updates."""
        return int(model.optimizer.iterations)
