"""Layers and models, where Keras has them: what layers of one's own derive from."""

from fitspec.reference.input_layer import Input, InputLayer
from fitspec.reference.layer import Layer
from fitspec.reference.model import Model
from fitspec.reference.sequential import Sequential

__all__ = ["Input", "InputLayer", "Layer", "Model", "Sequential"]
