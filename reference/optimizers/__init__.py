"""Optimizers: how gradients change weights."""

from fitspec.reference.optimizers.adaptive import RMSprop
from fitspec.reference.optimizers.base import NAMES, Optimizer, resolve
from fitspec.reference.optimizers.descent import SGD
from fitspec.reference.optimizers.moments import Adam
from fitspec.reference.optimizers.more_adaptive import Adadelta, Adagrad, Adamax, Nadam

# The names of Keras 2.3 in lower case.
sgd, rmsprop, adagrad, adadelta = SGD, RMSprop, Adagrad, Adadelta
adam, adamax, nadam = Adam, Adamax, Nadam

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
