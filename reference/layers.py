"""The layers: import this module and write `layers.Dense(1)`."""

from fitspec.reference.core_layers import Activation, Dense, Dropout, Flatten, Lambda, Reshape
from fitspec.reference.input_layer import Input, InputLayer
from fitspec.reference.layer import Layer
from fitspec.reference.merge_layers import Add, Average, Concatenate, Multiply
from fitspec.reference.normalization import BatchNormalization
from fitspec.reference.recurrent import SimpleRNN

__all__ = [
    "Activation",
    "Add",
    "Average",
    "BatchNormalization",
    "Concatenate",
    "Dense",
    "Dropout",
    "Flatten",
    "Input",
    "InputLayer",
    "Lambda",
    "Layer",
    "Multiply",
    "Reshape",
    "SimpleRNN",
]
