"""Optimizers: how gradients change weights."""

from fitspec.reference.optimizers.accumulating import Adadelta, Adagrad
from fitspec.reference.optimizers.adam import Adam
from fitspec.reference.optimizers.base import NAMES, Optimizer, resolve
from fitspec.reference.optimizers.like_adam import Adamax, Nadam
from fitspec.reference.optimizers.rmsprop import RMSprop
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
