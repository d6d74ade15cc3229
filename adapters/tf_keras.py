"""The adapter of the Keras that belongs to TensorFlow 2: `tf_keras`, or `tf.keras` up to 2.15."""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow  # noqa: ICN001  other adapters name their library in full too

from fitspec.adapters.keras_style import KerasStyle

try:
    import tf_keras as library
except ImportError:
    # Up to TensorFlow 2.15 it is bundled; after that `tensorflow.keras` is Keras 3.
    library = tensorflow.keras


class TFKeras(KerasStyle):
    """Keras 2 as TensorFlow developed it on."""

    library = library
    callback_class = library.callbacks.Callback
    sequence_class = library.utils.Sequence

    def versions(self) -> dict[str, str]:
        """Return the versions of Keras, TensorFlow and NumPy."""
        return {
            # The bundled one has no other version than TensorFlow's.
            "keras": getattr(library, "__version__", tensorflow.__version__),
            "tensorflow": tensorflow.__version__,
            "numpy": np.__version__,
        }

    def build_tensor(self, values: Any) -> Any:
        """Build a constant tensor."""
        return tensorflow.constant(values)

    def iterations(self, model: Any) -> int:
        """Return the optimizer's count of updates."""
        return int(model.optimizer.iterations.numpy())

    def reset(self) -> None:
        """Drop what Keras remembers of models."""
        library.backend.clear_session()
