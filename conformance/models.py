"""The models of the checks: tiny, linear, with injected weights, so that numbers can be derived."""

from __future__ import annotations

import numpy as np

from fitspec.conformance.vocabulary import Layer, ModelOf


def _dense(name: str, source: str, kernel: list[list[float]]) -> Layer:
    """Return a layer that computes x·kernel, without bias."""
    weights = np.asarray(kernel, np.float32)
    settings = {"units": weights.shape[1], "use_bias": False}
    return Layer("dense", name, [source], settings=settings, weights=[weights])


def linear(weight: float = 1.0) -> ModelOf:
    """Return y = weight·x with one feature: input ``x``, layer and output ``y``."""
    layers = [Layer("input", "x", shape=[1]), _dense("y", "x", [[weight]])]
    return ModelOf(layers, outputs=["y"])


def two_in_two_out(first: float, second: float) -> ModelOf:
    """Return a = first·in1 and b = second·in2; inputs ``in1``, ``in2``, outputs ``a``, ``b``."""
    layers = [
        Layer("input", "in1", shape=[1]),
        Layer("input", "in2", shape=[1]),
        _dense("a", "in1", [[first]]),
        _dense("b", "in2", [[second]]),
    ]
    return ModelOf(layers, outputs=["a", "b"])


def tally(samples: int) -> ModelOf:
    """Return a model whose weight i moves by rate/size when sample i is in a batch of `size`.

    It has one feature and one weight for each sample, all 0. Sample i is row i of the identity
    matrix. With the absolute error and a target far below every prediction the gradient of
    weight i is mean(x_i), that is (times that sample i is in the batch)/(batch size).
    """
    layers = [
        Layer("input", "x", shape=[samples]),
        _dense("y", "x", [[0.0]] * samples),
    ]
    return ModelOf(layers, outputs=["y"])


def dropped_sum() -> ModelOf:
    """Return the sum of 63 features behind a dropout of half of them.

    On ones the result is 63 without dropout, exactly. With it, k features are kept and doubled,
    and 2k is 63 for no whole k: a prediction of 63 proves that dropout was off.
    """
    layers = [
        Layer("input", "x", shape=[63]),
        Layer("dropout", "drop", ["x"], settings={"rate": 0.5}),
        _dense("y", "drop", [[1.0]] * 63),
    ]
    return ModelOf(layers, outputs=["y"])


def three_layers() -> ModelOf:
    """Return a Sequential of the dense layers ``p``, ``q`` and ``r``, each 1·x."""
    layers = [
        Layer("input", "x", shape=[1]),
        _dense("p", "x", [[1.0]]),
        _dense("q", "p", [[1.0]]),
        _dense("r", "q", [[1.0]]),
    ]
    return ModelOf(layers, style="sequential")
