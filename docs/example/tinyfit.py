"""tinyfit: a library of somebody else's, with names of its own. It fits one linear layer.

It is here to be held against the contract by `tinyfit_adapter.py`; see `docs/adapters.md`.
"""

import math

import numpy as np

__version__ = "0.3"


class Watcher:
    """Base class of what is told how training goes."""

    model = None

    def on_start(self, info=None):
        """Training starts."""

    def on_round_start(self, number, info=None):
        """Round `number`, from 0, starts."""

    def on_rows_done(self, number, info=None):
        """The update with part `number` of a round, from 0, is made."""

    def on_round_done(self, number, info=None):
        """Round `number` is done."""

    def on_finish(self, info=None):
        """Training is finished."""


class Curve:
    """How training went: the numbers of the rounds, and the error of each."""

    def __init__(self):
        self.rounds = []
        self.values = {"loss": []}


class Line:
    """targets = inputs · weights."""

    def __init__(self, weights):
        self.weights = np.asarray(weights, np.float32)
        self.step = None

    def setup(self, step, measure="squared"):
        """Choose the size of a step and how errors are measured: squared or absolute."""
        if measure not in ("squared", "absolute"):
            raise ValueError("measure: %r is neither 'squared' nor 'absolute'" % (measure,))
        self.step, self.measure = step, measure

    def apply(self, inputs):
        """Return the targets of `inputs`."""
        return np.asarray(inputs, np.float32) @ self.weights

    def score(self, inputs, targets):
        """Return the mean error over all rows."""
        errors = self.apply(inputs) - targets
        return float(np.mean(errors**2 if self.measure == "squared" else np.abs(errors)))

    def train(self, inputs, targets, rounds=1, first_round=0, rows=32, mix=True, watchers=()):
        """Run rounds `first_round` to `rounds` over all rows, `rows` of them at a time."""
        if self.step is None:
            raise RuntimeError("setup() comes before train()")
        if len(inputs) != len(targets):
            raise ValueError("%d inputs for %d targets" % (len(inputs), len(targets)))
        for watcher in watchers:
            watcher.model = self
            watcher.on_start()
        curve = Curve()
        for number in range(first_round, rounds):
            for watcher in watchers:
                watcher.on_round_start(number)
            curve.rounds.append(number)
            curve.values["loss"].append(self._round(inputs, targets, rows, mix, watchers))
            for watcher in watchers:
                watcher.on_round_done(number, {"loss": curve.values["loss"][-1]})
        for watcher in watchers:
            watcher.on_finish()
        return curve

    def _round(self, inputs, targets, rows, mix, watchers):
        order = np.random.permutation(len(inputs)) if mix else np.arange(len(inputs))
        losses = []
        for part in range(math.ceil(len(order) / rows)):
            chosen = order[part * rows : (part + 1) * rows]
            x, errors = inputs[chosen], self.apply(inputs[chosen]) - targets[chosen]
            losses.append(self.score(x, targets[chosen]))
            slope = 2 * errors if self.measure == "squared" else np.sign(errors)
            self.weights = self.weights - self.step * (x.T @ slope / len(chosen))
            for watcher in watchers:
                watcher.on_rows_done(part, {"loss": losses[-1]})
        return float(np.mean(losses))
