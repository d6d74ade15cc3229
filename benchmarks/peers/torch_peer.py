# noqa: INP001 - a program's part, run by the interpreter of a peer
"""The cases in PyTorch, eagerly, in the loop that its tutorials show, without a data loader."""

import numpy as np
import torch
from serving import serve
from torch import nn


class Last(nn.Module):
    """An LSTM of which the last output counts."""

    def __init__(self, inputs, units):
        super().__init__()
        self.lstm = nn.LSTM(inputs, units, batch_first=True)

    def forward(self, x):
        """Return the output after the last step."""
        return self.lstm(x)[0][:, -1]


class Mean(nn.Module):
    """The mean over the steps."""

    def forward(self, x):
        """Return the mean."""
        return x.mean(1)


class ChannelsFirst(nn.Module):
    """Images as PyTorch lays them out."""

    def forward(self, x):
        """Return a view."""
        return x.permute(0, 3, 1, 2)


def module_of(case):
    """Return the layers of a case; the last one gives logits, as the loss takes them."""
    kind, widths, shape = case["kind"], case["widths"], case["shape"]
    if kind == "dense":
        each = []
        for at in range(len(widths) - 1):
            each += [nn.Linear(widths[at], widths[at + 1]), nn.ReLU()]
        return nn.Sequential(*each[:-1])
    if kind == "conv2d":
        side = ((shape[0] - 2) // 2 - 2) ** 2
        return nn.Sequential(
            ChannelsFirst(),
            nn.Conv2d(shape[2], widths[0], 3),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(widths[0], widths[1], 3),
            nn.ReLU(),
            nn.Flatten(),
            nn.Linear(side * widths[1], widths[-1]),
        )
    if kind == "lstm":
        return nn.Sequential(Last(shape[1], widths[0]), nn.Linear(widths[0], widths[-1]))
    return nn.Sequential(
        nn.Embedding(widths[0], widths[1]), Mean(), nn.Linear(widths[1], widths[-1])
    )


def make(case):
    """Return what goes through the data of a case once."""
    module = module_of(case)
    kinds = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}
    rates = {"sgd": 0.01, "adam": 0.001}
    optimizer = kinds[case["optimizer"]](module.parameters(), rates[case["optimizer"]])
    loss_of = nn.CrossEntropyLoss() if case["widths"][-1] > 1 else nn.MSELoss()
    size = case["batch"]

    def train(x, y):
        order = torch.from_numpy(np.random.permutation(len(x)))
        for start in range(0, len(x), size):
            rows = order[start : start + size]
            optimizer.zero_grad()
            loss = loss_of(module(x[rows]), y[rows])
            loss.backward()
            optimizer.step()
            loss.item()

    def test(method, x, y):
        outputs = []
        with torch.no_grad():
            for start in range(0, len(x), size):
                output = module(x[start : start + size])
                if method == "evaluate":
                    loss_of(output, y[start : start + size]).item()
                else:
                    outputs.append(output)
            if outputs:
                torch.cat(outputs).numpy()

    def run(method, x, y):
        x, y = torch.from_numpy(x), torch.from_numpy(y)
        if method == "fit":
            train(x, y)
        else:
            test(method, x, y)

    return run


serve(make)
