"""The adapter of Keras 3, on any of its backends."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import keras as library
import numpy as np

from fitspec.adapters.adapter import NotOffered
from fitspec.adapters.keras_style import MultiBackend

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Keras3(MultiBackend):
    """Keras 3."""

    library = library
    dialect = "keras-3"
    imports = "import keras"
    callback_class = library.callbacks.Callback
    sequence_class = library.utils.PyDataset

    def call(self, target: Any, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        """Call the documented method `name` of `target` and return what it returns.

        Raises:
            NotOffered: the method, or one of the arguments, does not exist.
        """
        try:
            return super().call(target, name, args, kwargs)
        except ValueError as error:
            # `evaluate` has **kwargs, and says so of what it does not know.
            unknown = re.match(r"Arguments not recognized: \{'(\w+)'", str(error))
            if unknown is None:
                raise
            raise NotOffered("argument", unknown.group(1), str(error)) from error

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
