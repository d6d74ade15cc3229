"""The adapter of the Keras that belongs to TensorFlow 2: `tf_keras`, or `tf.keras` up to 2.15."""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow  # noqa: ICN001  other adapters name their library in full too

from fitspec.adapters.keras_style import KerasStyle

try:
    from tensorflow.python.eager.polymorphic_function import polymorphic_function as tracing
except ImportError:
    # Where it was up to TensorFlow 2.10.
    from tensorflow.python.eager import def_function as tracing

try:
    import tf_keras as library

    IMPORTS = "import tensorflow\nimport tf_keras as keras"
except ImportError:
    # Up to TensorFlow 2.15 it is bundled; after that `tensorflow.keras` is Keras 3.
    library = tensorflow.keras
    IMPORTS = "import tensorflow\nfrom tensorflow import keras"


class TFKeras(KerasStyle):
    """Keras 2 as TensorFlow developed it on."""

    library = library
    dialect = "tf-keras"
    imports = IMPORTS
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
        """Drop what Keras and TensorFlow remember of models."""
        library.backend.clear_session()
        # TensorFlow counts how often the training steps of all models of a process were traced, and
        # warns on stderr. A check that watches what is printed would hear of those before it.
        tracing._frequent_tracing_detector_manager._detectors.clear()  # noqa: SLF001  no public way
