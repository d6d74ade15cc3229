# noqa: INP001 - a program's part, run by the interpreter of the libraries
"""Poutyne."""

import torch
from network import BATCH, network
from poutyne import Model


def train(x, y, x_val, y_val, epochs):
    """Train for some epochs; return loss and accuracy of each, in training and in validation."""
    module = network()
    optimizer = torch.optim.Adam(module.parameters(), lr=0.001)
    model = Model(module, optimizer, "cross_entropy", batch_metrics=["accuracy"])
    return model.fit(
        x, y, validation_data=(x_val, y_val), epochs=epochs, batch_size=BATCH, verbose=False
    )
