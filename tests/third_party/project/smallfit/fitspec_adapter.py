"""What holds smallfit against the documented API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

import smallfit
from fitspec.adapters import Adapter, NotOffered

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Smallfit(Adapter):
    """smallfit speaks Keras's words; only its objects are made otherwise."""

    callback_class = smallfit.Callback

    def versions(self) -> dict[str, str]:
        """Return the versions that matter."""
        return {"smallfit": smallfit.__version__, "numpy": np.__version__}

    def build_sgd(self, rate: float, momentum: float) -> float:
        """Build an optimizer, which is a learning rate to smallfit."""
        if momentum:
            raise NotOffered("argument", "momentum")
        return rate

    def build_model(
        self,
        style: str,  # noqa: ARG002  there is one
        layers: Sequence[Mapping[str, Any]],
        outputs: Sequence[str],  # noqa: ARG002  as above
    ) -> Any:
        """Build a model: smallfit has one dense layer and no other."""
        dense = [layer for layer in layers if layer["kind"] == "dense"]
        if len(dense) != 1 or len(layers) > 2:
            raise NotOffered("probe", "model", "smallfit has one linear layer")
        return smallfit.Model(dense[0]["weights"][0])

    def weights(self, model: Any) -> dict[str, list[Any]]:
        """Return the weights by layer."""
        return {"y": [model.kernel]}
