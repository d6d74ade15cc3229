"""The optimizers that the contract's probes name."""

from fitspec.reference.optimizers.adam import Adam
from fitspec.reference.optimizers.adaptive import RMSprop
from fitspec.reference.optimizers.base import Optimizer, resolve
from fitspec.reference.optimizers.sgd import SGD

__all__ = ["SGD", "Adam", "Optimizer", "RMSprop", "resolve"]
