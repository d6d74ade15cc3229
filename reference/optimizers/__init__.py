"""Optimizers: how gradients change weights."""

from fitspec.reference.optimizers.adam import Adam
from fitspec.reference.optimizers.adaptive import RMSprop
from fitspec.reference.optimizers.base import NAMES, Optimizer, resolve
from fitspec.reference.optimizers.more_adaptive import Adadelta, Adagrad, Adamax, Nadam
from fitspec.reference.optimizers.sgd import SGD

__all__ = [
    "NAMES",
    "SGD",
    "Adadelta",
    "Adagrad",
    "Adam",
    "Adamax",
    "Nadam",
    "Optimizer",
    "RMSprop",
    "resolve",
]
