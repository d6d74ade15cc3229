"""The documented Model API around any module of PyTorch.

from fitspec.reference.torch import Model

model = Model(torch.nn.Linear(1, 1))
model.compile("sgd", loss="mse")
model.fit(x, y, epochs=3)
"""

from fitspec.reference.torch.layers import Layer
from fitspec.reference.torch.model import Model
from fitspec.reference.torch.rates import Scheduler

__all__ = ["Layer", "Model", "Scheduler"]
