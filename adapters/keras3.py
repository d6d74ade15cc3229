"""The adapter of Keras 3, on any of its backends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import keras as library
import numpy as np

from fitspec.adapters.adapter import NotOffered
from fitspec.adapters.keras_style import KerasStyle

if TYPE_CHECKING:
    from collections.abc import Mapping


class Keras3(KerasStyle):
    """Keras 3."""

    library = library
    callback_class = library.callbacks.Callback
    sequence_class = library.utils.PyDataset

    def versions(self) -> dict[str, str]:
        """Return the versions of Keras, its backend and NumPy."""
        backend = library.backend.backend()
        engine = __import__(backend)
        return {
            "keras": library.__version__,
            backend: engine.__version__,
            "numpy": np.__version__,
        }

    def _input(self, description: Mapping[str, Any]) -> Any:
        if "tensor" in description.get("settings", {}):
            raise NotOffered("argument", "Input(tensor)", "an input is symbolic in Keras 3")
        return super()._input(description)

    def build_tensor(self, values: Any) -> Any:
        """Build a tensor of the backend."""
        return library.ops.convert_to_tensor(values)

    def iterations(self, model: Any) -> int:
        """Return the optimizer's count of updates."""
        return int(np.asarray(model.optimizer.iterations))

    def reset(self) -> None:
        """Drop what Keras remembers of models."""
        library.backend.clear_session()
