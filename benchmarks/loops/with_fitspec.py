# noqa: INP001 - a program's part, run by the interpreter of the libraries
"""`fitspec.reference.torch`."""

import torch
from network import BATCH, network
from torch import nn

from fitspec.reference.torch import Model


def train(x, y, x_val, y_val, epochs):
    """Train for some epochs; return loss and accuracy by name, in training and in validation."""
    model = Model(network())
    optimizer = torch.optim.Adam(model.module.parameters(), lr=0.001)
    model.compile(optimizer, nn.CrossEntropyLoss(), metrics=["accuracy"])
    history = model.fit(x, y, BATCH, epochs, verbose=0, validation_data=(x_val, y_val))
    return history.history
