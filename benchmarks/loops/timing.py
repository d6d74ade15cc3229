# noqa: INP001 - a program's part, run by the interpreter of the libraries
"""Time every loop, in turn, and write what a step takes as JSON.

``python timing.py ROUNDS NAME...``, with the names of modules beside this one.
"""

import importlib
import json
import logging
import sys
import time
import warnings

import torch
from network import BATCH, CLASSES, INPUTS

SAMPLES, VALIDATED = 1600, 320
FEW, MANY = 1, 5


def data(samples):
    """Return inputs and the classes that a line draws in them."""
    x = torch.randn(samples, INPUTS)
    return x, (x @ torch.randn(INPUTS, CLASSES)).argmax(1)


def last_loss(history):
    """Return the loss of the last epoch, in whatever form results come."""
    return float(history["loss"][-1] if isinstance(history, dict) else history[-1]["loss"])


def main():
    """Train with each loop for few and for many epochs: the difference is made of steps alone."""
    warnings.simplefilter("ignore")
    logging.disable()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    x, y = data(SAMPLES + VALIDATED)
    parts = x[:SAMPLES], y[:SAMPLES], x[SAMPLES:], y[SAMPLES:]
    loops = {name: importlib.import_module(name) for name in sys.argv[2:]}
    turns = [(name, epochs) for name in loops for epochs in (FEW, MANY)]
    seconds = {turn: [] for turn in turns}
    results = {}
    for _ in range(int(sys.argv[1])):
        for name, epochs in turns:
            began = time.process_time()
            results[name] = loops[name].train(*parts, epochs)
            seconds[name, epochs].append(time.process_time() - began)
    steps = (MANY - FEW) * (SAMPLES // BATCH)
    answer = {
        name: {
            "step": (min(seconds[name, MANY]) - min(seconds[name, FEW])) / steps,
            "loss": last_loss(results[name]),
        }
        for name in loops
    }
    sys.__stdout__.write(json.dumps(answer) + "\n")


main()
