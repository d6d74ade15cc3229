"""The adapter of the original Keras 2, the package ``keras`` up to 2.3.1, on any backend."""

from __future__ import annotations

from typing import Any

import keras as library

from fitspec.adapters.keras_style import MultiBackend


class Keras2(MultiBackend):
    """Keras 2.0 to 2.3."""

    library = library
    dialect = "keras-2"
    imports = "import keras"
    rate = "lr"
    callback_class = library.callbacks.Callback
    sequence_class = library.utils.Sequence
    # Until hooks for testing came, up to 2.2.4, training's had no other to be told apart from.
    hooks = (
        {}
        if hasattr(library.callbacks.Callback, "on_train_batch_end")
        else {"train_batch_begin": "on_batch_begin", "train_batch_end": "on_batch_end"}
    )

    def build_tensor(self, values: Any) -> Any:
        """Build a tensor of the backend; a variable, as Theano's constants have no known shape."""
        return library.backend.variable(values)

    def iterations(self, model: Any) -> int:
        """Return the optimizer's count of updates."""
        return int(library.backend.get_value(model.optimizer.iterations))

    def reset(self) -> None:
        """Drop the graph of TensorFlow, which grows otherwise."""
        if library.backend.backend() == "tensorflow":
            library.backend.clear_session()
