# noqa: INP001 - a program, and part of no package
"""The floor: the arithmetic of one model, written out by hand, and nothing else.

A stack of dense layers with relu between them; the mean squared error of a linear output, or the
crossentropy of a softmax. Every array is allocated once.
"""

from __future__ import annotations

import itertools

import numpy as np


class Stack:
    """Dense layers, trained batch by batch with buffers for batches of one size."""

    def __init__(self, widths: list[int], batch: int, optimizer: str) -> None:
        draw = np.random.default_rng(0)
        pairs = list(itertools.pairwise(widths))
        self.kernels = [draw.normal(0, a**-0.5, (a, b)).astype(np.float32) for a, b in pairs]
        self.biases = [np.zeros(b, np.float32) for _, b in pairs]
        self.softmax = widths[-1] > 1
        self.batch = batch
        self.layers = range(len(pairs))
        self.x = np.empty((batch, widths[0]), np.float32)
        self.y = np.empty((batch, widths[-1]), np.float32)
        self.outs = [np.empty((batch, b), np.float32) for _, b in pairs]
        self.masks = [np.empty((batch, b), bool) for _, b in pairs]
        self.grads = [np.empty((batch, b), np.float32) for _, b in pairs]
        self.kernel_grads = [np.empty_like(each) for each in self.kernels]
        self.bias_grads = [np.empty_like(each) for each in self.biases]
        self.squares = np.empty((batch, widths[-1]), np.float32)
        self.column = np.empty((batch, 1), np.float32)
        self.optimizer = optimizer
        self.count = 0
        if optimizer == "adam":
            self.means = [np.zeros_like(each) for each in [*self.kernels, *self.biases]]
            self.variances = [np.zeros_like(each) for each in [*self.kernels, *self.biases]]
            self.scratch = [np.empty_like(each) for each in [*self.kernels, *self.biases]]

    def forward(self) -> np.ndarray:
        """Compute the output for the inputs in `x`."""
        below = self.x
        last = len(self.kernels) - 1
        for at in self.layers:
            out = self.outs[at]
            np.matmul(below, self.kernels[at], out)
            np.add(out, self.biases[at], out)
            if at < last:
                np.greater(out, 0, self.masks[at])
                np.multiply(out, self.masks[at], out)
            below = out
        if self.softmax:
            np.maximum.reduce(below, 1, None, self.column, True)
            np.subtract(below, self.column, below)
            np.exp(below, below)
            np.add.reduce(below, 1, None, self.column, True)
            np.divide(below, self.column, below)
        return below

    def loss(self) -> float:
        """Return the loss of the output against `y`."""
        out = self.outs[-1]
        if self.softmax:
            np.clip(out, 1e-7, 1 - 1e-7, self.squares)
            np.log(self.squares, self.squares)
            np.multiply(self.squares, self.y, self.squares)
            return -float(self.squares.sum()) / self.batch
        np.subtract(out, self.y, self.grads[-1])
        np.multiply(self.grads[-1], self.grads[-1], self.squares)
        return float(self.squares.sum()) / self.batch

    def step(self) -> float:
        """Make one update, and return the loss before it."""
        self.forward()
        loss = self.loss()
        gradient = self.grads[-1]
        if self.softmax:
            np.subtract(self.outs[-1], self.y, gradient)
            np.multiply(gradient, 1 / self.batch, gradient)
        else:
            np.multiply(gradient, 2 / self.batch, gradient)
        for at in reversed(self.layers):
            gradient = self.grads[at]
            below = self.outs[at - 1] if at else self.x
            np.matmul(below.T, gradient, self.kernel_grads[at])
            np.add.reduce(gradient, 0, None, self.bias_grads[at])
            if at:
                np.matmul(gradient, self.kernels[at].T, self.grads[at - 1])
                np.multiply(self.grads[at - 1], self.masks[at - 1], self.grads[at - 1])
        if self.optimizer == "sgd":
            for weight, grad in zip(
                [*self.kernels, *self.biases], [*self.kernel_grads, *self.bias_grads], strict=True
            ):
                np.multiply(grad, 0.01, grad)
                np.subtract(weight, grad, weight)
        else:
            self.adam()
        return loss

    def adam(self) -> None:
        """Update by Adam."""
        self.count += 1
        rate = 0.001 * (1 - 0.999**self.count) ** 0.5 / (1 - 0.9**self.count)
        grads = [*self.kernel_grads, *self.bias_grads]
        for at, weight in enumerate([*self.kernels, *self.biases]):
            grad, mean, variance, scratch = (
                grads[at],
                self.means[at],
                self.variances[at],
                self.scratch[at],
            )
            np.multiply(grad, 0.1, scratch)
            np.multiply(mean, 0.9, mean)
            np.add(mean, scratch, mean)
            np.multiply(grad, grad, grad)
            np.multiply(grad, 0.001, grad)
            np.multiply(variance, 0.999, variance)
            np.add(variance, grad, variance)
            np.sqrt(variance, grad)
            np.add(grad, 1e-7, grad)
            np.divide(mean, grad, grad)
            np.multiply(grad, rate, grad)
            np.subtract(weight, grad, weight)


def epochs(stack: Stack, x: np.ndarray, y: np.ndarray, count: int, method: str) -> None:
    """Go through the data as often as asked, shuffled if training."""
    draw = np.random.default_rng(1)
    size = stack.batch
    for _ in range(count):
        if method == "fit":
            order = draw.permutation(len(x))
            for start in range(0, len(x), size):
                rows = order[start : start + size]
                np.take(x, rows, 0, stack.x)
                np.take(y, rows, 0, stack.y)
                stack.step()
        else:
            found = []
            for start in range(0, len(x), size):
                np.copyto(stack.x, x[start : start + size])
                if method == "evaluate":
                    np.copyto(stack.y, y[start : start + size])
                    stack.forward()
                    stack.loss()
                else:
                    found.append(stack.forward().copy())
            if found:
                np.concatenate(found)
