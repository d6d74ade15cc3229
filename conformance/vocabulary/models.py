"""The models of the checks: tiny, linear, with injected weights, so that numbers can be derived."""

from __future__ import annotations

import functools
from dataclasses import replace
from typing import TYPE_CHECKING, ParamSpec

import numpy as np

from fitspec.conformance.vocabulary.probes import Layer, MadeBy, ModelOf, NativeTensor

if TYPE_CHECKING:
    from collections.abc import Callable

_Arguments = ParamSpec("_Arguments")


def _described(recipe: Callable[_Arguments, ModelOf]) -> Callable[_Arguments, ModelOf]:
    """Have a model know how it is called here, for people who read what a check did."""

    @functools.wraps(recipe)
    def describe(*args: _Arguments.args, **kwargs: _Arguments.kwargs) -> ModelOf:
        return replace(recipe(*args, **kwargs), recipe=MadeBy(recipe.__name__, args, kwargs))

    return describe


def _dense(name: str, source: str, kernel: list[list[float]]) -> Layer:
    """Return a layer that computes x·kernel, without bias."""
    weights = np.asarray(kernel, np.float32)
    settings = {"units": weights.shape[1], "use_bias": False}
    return Layer("dense", name, [source], settings=settings, weights=[weights])


@_described
def linear(weight: float = 1.0) -> ModelOf:
    """Return y = weight·x with one feature: input ``x``, layer and output ``y``."""
    layers = [Layer("input", "x", shape=[1]), _dense("y", "x", [[weight]])]
    return ModelOf(layers, outputs=["y"])


@_described
def penalized(weight: float) -> ModelOf:
    """Return `linear` with a penalty of 0.01·weight² on its kernel."""
    kernel = np.asarray([[weight]], np.float32)
    settings = {"units": 1, "use_bias": False, "kernel_regularizer": "l2"}
    layers = [
        Layer("input", "x", shape=[1]),
        Layer("dense", "y", ["x"], settings=settings, weights=[kernel]),
    ]
    return ModelOf(layers, outputs=["y"])


@_described
def two_in_two_out(first: float, second: float, outputs: tuple[str, str] = ("a", "b")) -> ModelOf:
    """Return a = first·in1 and b = second·in2; inputs ``in1``, ``in2``, outputs ``a``, ``b``."""
    layers = [
        Layer("input", "in1", shape=[1]),
        Layer("input", "in2", shape=[1]),
        _dense(outputs[0], "in1", [[first]]),
        _dense(outputs[1], "in2", [[second]]),
    ]
    return ModelOf(layers, outputs=outputs)


@_described
def three_in_three_out(first: float, second: float, third: float) -> ModelOf:
    """Return b = first·in2, c = second·in3 and a = third·in1, inputs and outputs in this order.

    It is neither that of the alphabet nor its reverse.
    """
    layers = [Layer("input", name, shape=[1]) for name in ("in2", "in3", "in1")]
    outputs = {"b": ("in2", first), "c": ("in3", second), "a": ("in1", third)}
    layers += [_dense(output, name, [[weight]]) for output, (name, weight) in outputs.items()]
    return ModelOf(layers, outputs=list(outputs))


@_described
def of_the_example() -> ModelOf:
    """Return 0·input_1 + 0·input_2 by the names of the documents' example; output ``output``."""
    layers = [
        Layer("input", "input_1", shape=[1]),
        Layer("input", "input_2", shape=[1]),
        Layer("concatenate", "both", ["input_1", "input_2"]),
        _dense("output", "both", [[0.0], [0.0]]),
    ]
    return ModelOf(layers, outputs=["output"])


def copies(outputs: int, weight: float = 1.0) -> ModelOf:
    """Return weight·x in each of several columns of one output."""
    layers = [Layer("input", "x", shape=[1]), _dense("y", "x", [[weight] * outputs])]
    return ModelOf(layers, outputs=["y"])


@_described
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


@_described
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


@_described
def temporal(weight: float = 1.0) -> ModelOf:
    """Return y = weight·x for sequences: 2 or any number of samples, 3 steps, 1 feature."""
    layers = [Layer("input", "x", shape=[3, 1]), _dense("y", "x", [[weight]])]
    return ModelOf(layers, outputs=["y"])


@_described
def masked_steps(weight: float = 1.0) -> ModelOf:
    """Return `temporal` behind a mask: steps whose input is 0 do not count."""
    layers = [
        Layer("input", "x", shape=[3, 1]),
        Layer("masking", "m", ["x"]),
        _dense("y", "m", [[weight]]),
    ]
    return ModelOf(layers, outputs=["y"])


@_described
def temporal_and_plain(weight: float, outputs: tuple[str, str] = ("a", "b")) -> ModelOf:
    """Return a = weight·in1 for sequences of 3 steps and b = weight·in2 without steps."""
    layers = [
        Layer("input", "in1", shape=[3, 1]),
        Layer("input", "in2", shape=[1]),
        _dense(outputs[0], "in1", [[weight]]),
        _dense(outputs[1], "in2", [[weight]]),
    ]
    return ModelOf(layers, outputs=outputs)


@_described
def shared_weight(weight: float) -> ModelOf:
    """Return a = b = weight·x, where one layer, ``shared``, computes both outputs."""
    layers = [
        Layer("input", "x", shape=[1]),
        _dense("shared", "x", [[weight]]),
        Layer("activation", "a", ["shared"], settings={"activation": "linear"}),
        Layer("activation", "b", ["shared"], settings={"activation": "linear"}),
    ]
    return ModelOf(layers, outputs=["a", "b"])


@_described
def running_sum(batch_size: int) -> ModelOf:
    """Return a stateful recurrence of one step: h = x + h of the batch before, at the same place.

    Input ``x`` has the shape (1 step, 1 feature) and a fixed batch size.
    """
    one = np.ones((1, 1), np.float32)
    settings = {"units": 1, "activation": "linear", "use_bias": False, "stateful": True}
    layers = [
        Layer("input", "x", shape=[1, 1], settings={"batch_size": batch_size}),
        Layer("simple_rnn", "y", ["x"], settings=settings, weights=[one, one]),
    ]
    return ModelOf(layers, outputs=["y"])


@_described
def of_fixed_batches(batch_size: int) -> ModelOf:
    """Return y = x for batches of a fixed size."""
    layers = [
        Layer("input", "x", shape=[1], settings={"batch_size": batch_size}),
        _dense("y", "x", [[1.0]]),
    ]
    return ModelOf(layers, outputs=["y"])


@_described
def of_two_batch_sizes() -> ModelOf:
    """Return a = in1 and b = in2, where ``in1`` takes batches of 2 and ``in2`` batches of 3."""
    layers = [
        Layer("input", "in1", shape=[1], settings={"batch_size": 2}),
        Layer("input", "in2", shape=[1], settings={"batch_size": 3}),
        _dense("a", "in1", [[1.0]]),
        _dense("b", "in2", [[1.0]]),
    ]
    return ModelOf(layers, outputs=["a", "b"])


@_described
def times_first() -> ModelOf:
    """Return y = x·(the x of the batch's first sample): it tells where batches begin."""
    # With a weight, which is 1: some optimizers are refused when there is nothing to train.
    layers = [
        Layer("input", "x", shape=[1]),
        _dense("same", "x", [[1.0]]),
        Layer("times_first", "y", ["same"]),
    ]
    return ModelOf(layers, outputs=["y"])


@_described
def normalized() -> ModelOf:
    """Return a batch normalization of one feature: gamma 1, beta 0, moving mean 0, variance 1.

    Its epsilon is 0.25 and its momentum 0.5: with the moving statistics x becomes x/sqrt(1.25).
    """
    start = [np.asarray([value], np.float32) for value in (1, 0, 0, 1)]
    settings = {"epsilon": 0.25, "momentum": 0.5}
    layers = [
        Layer("input", "x", shape=[1]),
        Layer("batch_normalization", "y", ["x"], settings=settings, weights=start),
    ]
    return ModelOf(layers, outputs=["y"])


@_described
def normalized_then_dense() -> ModelOf:
    """Return y = n, behind a batch normalization ``n`` as that of `normalized`."""
    start = [np.asarray([value], np.float32) for value in (1, 0, 0, 1)]
    settings = {"epsilon": 0.25, "momentum": 0.5}
    layers = [
        Layer("input", "x", shape=[1]),
        Layer("batch_normalization", "n", ["x"], settings=settings, weights=start),
        _dense("y", "n", [[1.0]]),
    ]
    return ModelOf(layers, outputs=["y"])


@_described
def fed_by_tensor(tensor: NativeTensor, weight: float = 1.0) -> ModelOf:
    """Return `linear` whose input is a tensor of the framework's own."""
    layers = [
        Layer("input", "x", shape=[1], settings={"tensor": tensor}),
        _dense("y", "x", [[weight]]),
    ]
    return ModelOf(layers, outputs=["y"])


@_described
def softmax(*shape: int) -> ModelOf:
    """Return the softmax of the features as they are: of samples, or of their steps."""
    layers = [
        Layer("input", "x", shape=shape),
        Layer("activation", "y", ["x"], settings={"activation": "softmax"}),
    ]
    return ModelOf(layers, outputs=["y"])


@_described
def as_they_are(*shape: int) -> ModelOf:
    """Return the features as they are."""
    layers = [
        Layer("input", "x", shape=shape),
        Layer("activation", "y", ["x"], settings={"activation": "linear"}),
    ]
    return ModelOf(layers, outputs=["y"])


@_described
def sigmoid(*shape: int) -> ModelOf:
    """Return the sigmoid of one feature, or of each feature of another shape."""
    layers = [
        Layer("input", "x", shape=shape or [1]),
        Layer("activation", "y", ["x"], settings={"activation": "sigmoid"}),
    ]
    return ModelOf(layers, outputs=["y"])


@_described
def classifier() -> ModelOf:
    """Return the softmax of x·kernel: three classes, two features; the kernel is in layer ``h``."""
    layers = [
        Layer("input", "x", shape=[2]),
        _dense("h", "x", [[0.5, -0.25, 0.0], [0.0, 0.75, -0.5]]),
        Layer("activation", "y", ["h"], settings={"activation": "softmax"}),
    ]
    return ModelOf(layers, outputs=["y"])


@_described
def logistic() -> ModelOf:
    """Return the sigmoid of 0.5·x, of one feature; the layer with the weight is ``h``."""
    layers = [
        Layer("input", "x", shape=[1]),
        _dense("h", "x", [[0.5]]),
        Layer("activation", "y", ["h"], settings={"activation": "sigmoid"}),
    ]
    return ModelOf(layers, outputs=["y"])


@_described
def two_branches() -> ModelOf:
    """Return two branches of two layers: x to ``a`` to ``c``, x to ``b`` to ``d``, joined in ``o``.

    One branch is made before the other, so that the order of making is not that of the levels.
    """
    layers = [
        Layer("input", "x", shape=[1]),
        _dense("a", "x", [[1.0]]),
        _dense("c", "a", [[1.0]]),
        _dense("b", "x", [[1.0]]),
        _dense("d", "b", [[1.0]]),
        Layer("concatenate", "o", ["c", "d"]),
    ]
    return ModelOf(layers, outputs=["o"])


@_described
def namesakes() -> ModelOf:
    """Return two layers on top of each other with the same name, ``y``."""
    layers = [
        Layer("input", "x", shape=[1]),
        Layer("activation", "y", ["x"], settings={"activation": "linear"}),
        Layer("activation", "y", ["y"], settings={"activation": "linear"}),
    ]
    return ModelOf(layers, outputs=["y"])


@_described
def three_layers() -> ModelOf:
    """Return a Sequential of the dense layers ``p``, ``q`` and ``r``, each 1·x."""
    layers = [
        Layer("input", "x", shape=[1]),
        _dense("p", "x", [[1.0]]),
        _dense("q", "p", [[1.0]]),
        _dense("r", "q", [[1.0]]),
    ]
    return ModelOf(layers, style="sequential")
