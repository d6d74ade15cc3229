# noqa: INP001 - a program's part, run by the interpreter of the libraries
"""PyTorch alone, batches from its data loader, as its tutorials do."""

import torch
from network import BATCH, network
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def train(x, y, x_val, y_val, epochs):
    """Train for some epochs; return loss and accuracy of each, in training and in validation."""
    module = network()
    optimizer = torch.optim.Adam(module.parameters(), lr=0.001)
    loss_of = nn.CrossEntropyLoss()
    loader = DataLoader(TensorDataset(x, y), BATCH, shuffle=True)
    validation = DataLoader(TensorDataset(x_val, y_val), BATCH)
    history = []
    for _ in range(epochs):
        module.train()
        total, correct = 0.0, 0
        for inputs, targets in loader:
            optimizer.zero_grad()
            outputs = module(inputs)
            loss = loss_of(outputs, targets)
            loss.backward()
            optimizer.step()
            total += loss.item() * len(inputs)
            correct += (outputs.argmax(1) == targets).sum().item()
        module.eval()
        val_total, val_correct = 0.0, 0
        with torch.no_grad():
            for inputs, targets in validation:
                outputs = module(inputs)
                val_total += loss_of(outputs, targets).item() * len(inputs)
                val_correct += (outputs.argmax(1) == targets).sum().item()
        history.append(
            {
                "loss": total / len(x),
                "accuracy": correct / len(x),
                "val_loss": val_total / len(x_val),
                "val_accuracy": val_correct / len(x_val),
            }
        )
    return history
