"""Models, and what makes them of what was saved."""

from fitspec.reference.architecture import clone_model, model_from_config, model_from_json
from fitspec.reference.input_layer import Input, InputLayer
from fitspec.reference.model import Model
from fitspec.reference.saving import load_model, save_model
from fitspec.reference.sequential import Sequential

__all__ = [
    "Input",
    "InputLayer",
    "Model",
    "Sequential",
    "clone_model",
    "load_model",
    "model_from_config",
    "model_from_json",
    "save_model",
]
