"""Layers and models, where Keras has them: what layers of one's own derive from."""

from fitspec.reference.models.model import Model
from fitspec.reference.models.sequential import Sequential
from fitspec.reference.network.input_layer import Input, InputLayer
from fitspec.reference.network.layer import Layer

__all__ = ["Input", "InputLayer", "Layer", "Model", "Sequential"]
