# noqa: INP001 - a program's part, run by the interpreter of the libraries
"""Skorch."""

import torch
from network import BATCH, network
from skorch import NeuralNetClassifier
from skorch.callbacks import EpochScoring
from skorch.dataset import Dataset
from skorch.helper import predefined_split
from torch import nn


def train(x, y, x_val, y_val, epochs):
    """Train for some epochs; return loss and accuracy of each, in training and in validation."""
    net = NeuralNetClassifier(
        network,
        criterion=nn.CrossEntropyLoss,
        optimizer=torch.optim.Adam,
        lr=0.001,
        batch_size=BATCH,
        max_epochs=epochs,
        iterator_train__shuffle=True,
        train_split=predefined_split(Dataset(x_val, y_val)),
        callbacks=[("accuracy", EpochScoring("accuracy", on_train=True, lower_is_better=False))],
        verbose=0,
    )
    net.fit(x, y)
    names = {"train_loss": "loss", "accuracy": "accuracy"}
    names |= {"valid_loss": "val_loss", "valid_acc": "val_accuracy"}
    return [{new: epoch[old] for old, new in names.items()} for epoch in net.history]
