"""What callbacks listen to."""

from __future__ import annotations

from typing import Any


def model_of(listeners: Any) -> Any:
    """Return the model that callbacks listen to."""
    return listeners.callbacks[-1].model
