"""The adapter of Keras 3, on any of its backends."""

from __future__ import annotations

from typing import Any

import keras as library  # type: ignore[import-untyped, import-not-found, unused-ignore]  # lives in the worker's environment
import numpy as np

from fitspec.adapters.keras_style import KerasStyle


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

    def iterations(self, model: Any) -> int:
        """Return the optimizer's count of updates."""
        return int(np.asarray(model.optimizer.iterations))

    def reset(self) -> None:
        """Drop what Keras remembers of models."""
        library.backend.clear_session()
