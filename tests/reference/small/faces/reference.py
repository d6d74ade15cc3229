"""The documented Model API on NumPy: as little of it as passes the contract."""

from fitspec.reference import callbacks, layers, losses, metrics, optimizers
from fitspec.reference.data.random_source import set_random_seed
from fitspec.reference.data.sequence import Sequence
from fitspec.reference.models.model import Model
from fitspec.reference.models.sequential import Sequential
from fitspec.reference.network.input_layer import Input

__all__ = [
    "Input",
    "Model",
    "Sequence",
    "Sequential",
    "callbacks",
    "layers",
    "losses",
    "metrics",
    "optimizers",
    "set_random_seed",
]
