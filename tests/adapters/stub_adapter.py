"""A library of a few lines, and its adapter; both run on Python 3.7 with NumPy."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from fitspec.adapters.adapter import Adapter


class Callback:
    """What a callback is here."""

    model: Any = None


class History:
    """What `fit` returns."""

    def __init__(self) -> None:
        self.epoch = [0]
        self.history = {"loss": [np.float32(0.5)]}


class Model:
    """The product of the only weight and the input."""

    def __init__(self, weight: Any) -> None:
        self.weight = weight
        self.secret = object()

    def predict(self, x: Any) -> Any:
        """Return the product."""
        return x * self.weight

    def fit(self, x: Any, *, callbacks: Any = ()) -> History:
        """Show the callbacks one epoch; nothing is learnt."""
        print("fitting")  # noqa: T201  what it prints is looked at
        warnings.warn("careful", stacklevel=1)
        for callback in callbacks:
            callback.model = self
            callback.on_epoch_begin(0)
            callback.on_epoch_end(0, {"x": x, "loss": float("nan")})
        return History()

    def assess(self, x: Any, **options: Any) -> Any:
        """Return nothing but complain about any option, in the ways that libraries do."""
        if "named" in options:
            raise TypeError("unexpected keyword argument 'named'")
        if "vague" in options:
            raise TypeError("can only add numbers")
        return x


class Stub(Adapter):
    """Drives the library above."""

    dialect = "keras-3"
    imports = "import stub as keras"
    methods = {"evaluate": "assess"}  # noqa: RUF012  as adapters are written
    arguments = {  # noqa: RUF012  as adapters are written
        ("fit", "x"): "x",
        ("evaluate", "steps"): "named",
        ("evaluate", "y"): "vague",
    }
    callback_class = Callback

    def versions(self) -> dict[str, str]:
        """Return the version of NumPy."""
        return {"numpy": np.__version__}

    def build_model(self, style: str, layers: Any, outputs: Any) -> Any:  # noqa: ARG002  the worker names them
        """Build a model of the last layer's weight."""
        return Model(layers[-1]["weights"][0])

    def weights(self, model: Any) -> dict[str, list[Any]]:
        """Return the only weight."""
        return {"y": [model.weight]}
