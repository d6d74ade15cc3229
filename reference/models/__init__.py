"""Models, and what makes them of what was saved."""

from fitspec.reference.models.architecture import (
    clone_model,
    model_from_config,
    model_from_json,
    model_from_yaml,
)
from fitspec.reference.models.model import Model
from fitspec.reference.models.saving import load_model, save_model
from fitspec.reference.models.sequential import Sequential
from fitspec.reference.network.input_layer import Input, InputLayer

__all__ = [
    "Input",
    "InputLayer",
    "Model",
    "Sequential",
    "clone_model",
    "load_model",
    "model_from_config",
    "model_from_json",
    "model_from_yaml",
    "save_model",
]
