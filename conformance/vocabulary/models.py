"""The models of the checks: tiny, linear, with injected weights, so that numbers can be derived."""

from __future__ import annotations

import functools
from dataclasses import replace
from typing import TYPE_CHECKING, ParamSpec

import numpy as np

from fitspec.conformance.vocabulary.layers import Layer
from fitspec.conformance.vocabulary.probes import MadeBy, ModelOf, NativeTensor

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_Arguments = ParamSpec("_Arguments")


def _described(recipe: Callable[_Arguments, ModelOf]) -> Callable[_Arguments, ModelOf]:
    """Have a model know how it is called here, for people who read what a check did."""

    @functools.wraps(recipe)
    def describe(*args: _Arguments.args, **kwargs: _Arguments.kwargs) -> ModelOf:
        return replace(recipe(*args, **kwargs), recipe=MadeBy(recipe.__name__, args, kwargs))

    return describe


def _dense(name: str, source: str, kernel: list[list[float]], **more: str) -> Layer:
    """Return a layer that computes x·kernel, without bias; `more` are further settings."""
    weights = np.asarray(kernel, np.float32)
    settings = {"units": weights.shape[1], "use_bias": False, **more}
    return Layer("dense", name, [source], settings=settings, weights=[weights])


def _activation(name: str, source: str, function: str = "linear") -> Layer:
    """Return a layer that computes a function of its features."""
    return Layer("activation", name, [source], settings={"activation": function})


def _normalization(name: str) -> Layer:
    """Return the normalization of ``x`` that `normalized` describes."""
    start = [np.asarray([value], np.float32) for value in (1, 0, 0, 1)]
    settings = {"epsilon": 0.25, "momentum": 0.5}
    return Layer("batch_normalization", name, ["x"], settings=settings, weights=start)


def _on_x(*layers: Layer, shape: Sequence[int] = (), **settings: object) -> ModelOf:
    """Return a model of one input, ``x``, and `layers`, the last of which is the output.

    Args:
        layers: behind the input.
        shape: of a sample; one feature, if it is not given.
        settings: of the input.
    """
    x = Layer("input", "x", shape=shape or [1], settings=settings)
    return ModelOf([x, *layers], outputs=[layers[-1].name])


@_described
def linear(weight: float = 1.0) -> ModelOf:
    """Return y = weight·x with one feature: input ``x``, layer and output ``y``."""
    return _on_x(_dense("y", "x", [[weight]]))


@_described
def penalized(weight: float) -> ModelOf:
    """Return `linear` with a penalty of 0.01·weight² on its kernel."""
    return _on_x(_dense("y", "x", [[weight]], kernel_regularizer="l2"))


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
    return _on_x(_dense("y", "x", [[weight] * outputs]))


@_described
def tally(samples: int) -> ModelOf:
    """Return a model whose weight i moves by rate/size when sample i is in a batch of `size`.

    It has one feature and one weight for each sample, all 0. Sample i is row i of the identity
    matrix. With the absolute error and a target far below every prediction the gradient of
    weight i is mean(x_i), that is (times that sample i is in the batch)/(batch size).
    """
    return _on_x(_dense("y", "x", [[0.0]] * samples), shape=[samples])


@_described
def dropped_sum() -> ModelOf:
    """Return the sum of 63 features behind a dropout of half of them.

    On ones the result is 63 without dropout, exactly. With it, k features are kept and doubled,
    and 2k is 63 for no whole k: a prediction of 63 proves that dropout was off.
    """
    drop = Layer("dropout", "drop", ["x"], settings={"rate": 0.5})
    return _on_x(drop, _dense("y", "drop", [[1.0]] * 63), shape=[63])


@_described
def temporal(weight: float = 1.0) -> ModelOf:
    """Return y = weight·x for sequences: 2 or any number of samples, 3 steps, 1 feature."""
    return _on_x(_dense("y", "x", [[weight]]), shape=[3, 1])


@_described
def masked_steps(weight: float = 1.0) -> ModelOf:
    """Return `temporal` behind a mask: steps whose input is 0 do not count."""
    return _on_x(Layer("masking", "m", ["x"]), _dense("y", "m", [[weight]]), shape=[3, 1])


@_described
def temporal_and_plain(weight: float, outputs: tuple[str, ...] = ("a", "b")) -> ModelOf:
    """Return a = weight·in1 for sequences of 3 steps and b = weight·in2 without steps.

    Of a third output, c = weight·in3, the sequences have 3 steps as well.
    """
    shapes = ([3, 1], [1], [3, 1])[: len(outputs)]
    names = [f"in{number}" for number in range(1, len(outputs) + 1)]
    inputs = [Layer("input", name, shape=shape) for name, shape in zip(names, shapes, strict=True)]
    dense = [_dense(*pair, [[weight]]) for pair in zip(outputs, names, strict=True)]
    return ModelOf([*inputs, *dense], outputs=outputs)


@_described
def two_temporal(weight: float) -> ModelOf:
    """Return a = b = weight·x for sequences of 3 steps."""
    ends = (_dense(output, "x", [[weight]]) for output in "ab")
    return ModelOf([Layer("input", "x", shape=[3, 1]), *ends], outputs=["a", "b"])


@_described
def shared_weight(weight: float) -> ModelOf:
    """Return a = b = weight·x, where one layer, ``shared``, computes both outputs."""
    layers = [
        Layer("input", "x", shape=[1]),
        _dense("shared", "x", [[weight]]),
        _activation("a", "shared"),
        _activation("b", "shared"),
    ]
    return ModelOf(layers, outputs=["a", "b"])


@_described
def running_sum(batch_size: int) -> ModelOf:
    """Return a stateful recurrence of one step: h = x + h of the batch before, at the same place.

    Input ``x`` has the shape (1 step, 1 feature) and a fixed batch size.
    """
    one = np.ones((1, 1), np.float32)
    settings = {"units": 1, "activation": "linear", "use_bias": False, "stateful": True}
    layer = Layer("simple_rnn", "y", ["x"], settings=settings, weights=[one, one])
    return _on_x(layer, shape=[1, 1], batch_size=batch_size)


@_described
def of_fixed_batches(batch_size: int) -> ModelOf:
    """Return y = x for batches of a fixed size."""
    return _on_x(_dense("y", "x", [[1.0]]), batch_size=batch_size)


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
    return _on_x(_dense("same", "x", [[1.0]]), Layer("times_first", "y", ["same"]))


@_described
def normalized() -> ModelOf:
    """Return a batch normalization of one feature: gamma 1, beta 0, moving mean 0, variance 1.

    Its epsilon is 0.25 and its momentum 0.5: with the moving statistics x becomes x/sqrt(1.25).
    """
    return _on_x(_normalization("y"))


@_described
def normalized_then_dense() -> ModelOf:
    """Return y = n, behind a batch normalization ``n`` as that of `normalized`."""
    return _on_x(_normalization("n"), _dense("y", "n", [[1.0]]))


@_described
def fed_by_tensor(tensor: NativeTensor, weight: float = 1.0) -> ModelOf:
    """Return `linear` whose input is a tensor of the framework's own."""
    return _on_x(_dense("y", "x", [[weight]]), tensor=tensor)


@_described
def softmax(*shape: int) -> ModelOf:
    """Return the softmax of the features as they are: of samples, or of their steps."""
    return _on_x(_activation("y", "x", "softmax"), shape=shape)


@_described
def as_they_are(*shape: int) -> ModelOf:
    """Return the features as they are."""
    return _on_x(_activation("y", "x"), shape=shape)


@_described
def sigmoid(*shape: int) -> ModelOf:
    """Return the sigmoid of one feature, or of each feature of another shape."""
    return _on_x(_activation("y", "x", "sigmoid"), shape=shape)


@_described
def classifier() -> ModelOf:
    """Return the softmax of x·kernel: three classes, two features; the kernel is in layer ``h``."""
    h = _dense("h", "x", [[0.5, -0.25, 0.0], [0.0, 0.75, -0.5]])
    return _on_x(h, _activation("y", "h", "softmax"), shape=[2])


@_described
def logistic() -> ModelOf:
    """Return the sigmoid of 0.5·x, of one feature; the layer with the weight is ``h``."""
    return _on_x(_dense("h", "x", [[0.5]]), _activation("y", "h", "sigmoid"))


@_described
def two_branches() -> ModelOf:
    """Return two branches of two layers: x to ``a`` to ``c``, x to ``b`` to ``d``, joined in ``o``.

    One branch is made before the other, so that the order of making is not that of the levels.
    """
    pairs = (("a", "x"), ("c", "a"), ("b", "x"), ("d", "b"))
    dense = (_dense(name, source, [[1.0]]) for name, source in pairs)
    return _on_x(*dense, Layer("concatenate", "o", ["c", "d"]))


@_described
def namesakes() -> ModelOf:
    """Return two layers with the same name, ``y``, and between them ``z``."""
    return _on_x(_activation("y", "x"), _activation("z", "y"), _activation("y", "z"))


@_described
def three_layers(names: tuple[str, str, str] = ("p", "q", "r")) -> ModelOf:
    """Return a Sequential of dense layers, ``p``, ``q`` and ``r`` if not named, each 1·x."""
    layers = [Layer("input", "x", shape=[1])]
    for name, source in zip(names, ("x", *names), strict=False):
        layers.append(_dense(name, source, [[1.0]]))
    return ModelOf(layers, style="sequential")
