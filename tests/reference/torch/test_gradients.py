"""Layers and their gradients against those of torch, with the same weights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from torch import nn

from fitspec.reference import layers, losses
from fitspec.reference.tensor import autodiff
from fitspec.reference.tensor.autodiff import Tensor

if TYPE_CHECKING:
    from collections.abc import Callable

    from fitspec.reference.tensor.array_library import Array

IMAGES = np.random.default_rng(1).normal(size=(3, 7, 8, 2)).astype("float32")
SEQUENCES = np.random.default_rng(2).normal(size=(3, 6, 4)).astype("float32")


def ours(layer: layers.Layer, array: Array) -> tuple[Array, Array, list[Array]]:
    """Return the output, and the gradients of its squares with respect to input and weights."""
    x = Tensor(array, requires_gradient=True)
    layer.build_once([array.shape[1:]])
    (output,) = layer.run([x], training=True)
    of_x, *of_weights = autodiff.gradients((output**2).sum(), [x, *layer.trainable_variables])
    return output.data, of_x, of_weights


def theirs(compute: Callable[[torch.Tensor], torch.Tensor], array: Array) -> tuple[Array, Array]:
    """Return the output of torch, and the gradient with respect to the input."""
    x = torch.tensor(array, requires_grad=True)
    output = compute(x)
    (output**2).sum().backward()
    assert x.grad is not None
    return output.detach().numpy(), x.grad.numpy()


def close(array: Array) -> Any:
    """Return what is equal to an array but for rounding."""
    return pytest.approx(np.asarray(array), rel=1e-3, abs=1e-4)


def of_images(module: nn.Module) -> Callable[[torch.Tensor], torch.Tensor]:
    """Return what a module, whose channels come first, does with images."""
    return lambda x: module(x.permute(0, 3, 1, 2)).permute(0, 2, 3, 1)


@pytest.mark.parametrize(
    ("settings", "own"),
    [
        ({}, {}),
        ({"strides": 2}, {"stride": 2}),
        ({"dilation_rate": (2, 1)}, {"dilation": (2, 1)}),
        ({"padding": "same"}, {"padding": 1}),
    ],
)
def test_convolutions(settings: dict[str, Any], own: dict[str, Any]) -> None:
    """Outputs and all gradients are those of torch."""
    layer = layers.Conv2D(5, 3, **settings)
    module = nn.Conv2d(2, 5, 3, **own)
    layer.build_once([IMAGES.shape[1:]])
    kernel, bias = layer.get_weights()
    with torch.no_grad():
        module.weight.copy_(torch.tensor(kernel.transpose(3, 2, 0, 1)))
        assert module.bias is not None
        module.bias.copy_(torch.tensor(bias))

    output, of_x, (of_kernel, of_bias) = ours(layer, IMAGES)
    expected, expected_of_x = theirs(of_images(module), IMAGES)

    assert module.weight.grad is not None
    assert module.bias.grad is not None
    assert output == close(expected)
    assert of_x == close(expected_of_x)
    assert of_kernel == close(module.weight.grad.permute(2, 3, 1, 0).numpy())
    assert of_bias == close(module.bias.grad.numpy())


@pytest.mark.parametrize(
    ("layer", "module"),
    [
        (layers.MaxPooling2D((2, 3), strides=2), nn.MaxPool2d((2, 3), 2)),
        (layers.AveragePooling2D(2), nn.AvgPool2d(2)),
        (
            layers.AveragePooling2D(3, strides=1, padding="same"),
            nn.AvgPool2d(3, 1, 1, count_include_pad=False),
        ),
        (layers.MaxPooling2D(3, strides=1, padding="same"), nn.MaxPool2d(3, 1, 1)),
        (layers.BatchNormalization(), nn.BatchNorm2d(2, 1e-3)),
    ],
)
def test_layers_of_images(layer: layers.Layer, module: nn.Module) -> None:
    """Outputs and gradients are those of torch."""
    output, of_x, _ = ours(layer, IMAGES)
    expected, expected_of_x = theirs(of_images(module), IMAGES)

    assert output == close(expected)
    assert of_x == close(expected_of_x)


def in_order(array: Array, order: list[int]) -> torch.Tensor:
    """Return weights with their gates in torch's order, which keeps weights transposed."""
    parts = np.split(array, len(order), axis=-1)
    return torch.tensor(np.concatenate([parts[place] for place in order], axis=-1).T)


@pytest.mark.parametrize(
    ("layer", "kind", "order"),
    [
        (layers.SimpleRNN, nn.RNN, [0]),
        (layers.LSTM, nn.LSTM, [0, 1, 2, 3]),
        (layers.GRU, nn.GRU, [1, 0, 2]),
    ],
)
def test_layers_through_time(layer: Any, kind: Any, order: list[int]) -> None:
    """Outputs and gradients are those of torch, whose gates are in another order."""
    settings = {"reset_after": True} if layer is layers.GRU else {}
    recurrent = layer(5, return_sequences=True, bias_initializer="random_normal", **settings)
    recurrent.build_once([SEQUENCES.shape[1:]])
    kernel, recurrent_kernel, bias = recurrent.get_weights()
    module = kind(4, 5, batch_first=True)
    both = bias if bias.ndim == 2 else np.stack([bias, np.zeros_like(bias)])
    with torch.no_grad():
        module.weight_ih_l0.copy_(in_order(kernel, order))
        module.weight_hh_l0.copy_(in_order(recurrent_kernel, order))
        module.bias_ih_l0.copy_(in_order(both[0], order))
        module.bias_hh_l0.copy_(in_order(both[1], order))

    output, of_x, (of_kernel, of_recurrent, of_bias) = ours(recurrent, SEQUENCES)
    expected, expected_of_x = theirs(lambda x: module(x)[0], SEQUENCES)

    assert output == close(expected)
    assert of_x == close(expected_of_x)
    assert in_order(of_kernel, order).numpy() == close(module.weight_ih_l0.grad.numpy())
    assert in_order(of_recurrent, order).numpy() == close(module.weight_hh_l0.grad.numpy())
    first = of_bias[0] if of_bias.ndim == 2 else of_bias
    assert in_order(first, order).numpy() == close(module.bias_ih_l0.grad.numpy())


def test_embeddings() -> None:
    """A vector that is used several times gets the sum of the gradients."""
    words = np.random.default_rng(3).integers(0, 6, (4, 5))
    layer = layers.Embedding(6, 3)
    layer.build_once([(5,)])
    module = nn.Embedding.from_pretrained(torch.tensor(layer.get_weights()[0]), freeze=False)

    (output,) = layer.run([Tensor(words)], training=True)
    (gradient,) = autodiff.gradients((output**2).sum(), [layer.embeddings])
    (module(torch.tensor(words)) ** 2).sum().backward()

    assert module.weight.grad is not None
    assert gradient == close(module.weight.grad.numpy())


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("relu", torch.relu),
        ("elu", nn.functional.elu),
        ("selu", nn.functional.selu),
        ("softplus", nn.functional.softplus),
        ("softsign", nn.functional.softsign),
        ("sigmoid", torch.sigmoid),
        ("tanh", torch.tanh),
        ("exponential", torch.exp),
        ("softmax", lambda x: torch.softmax(x, -1)),
    ],
)
def test_activations(name: str, function: Callable[[torch.Tensor], torch.Tensor]) -> None:
    """Values and slopes are those of torch."""
    output, of_x, _ = ours(layers.Activation(name), SEQUENCES)
    expected, expected_of_x = theirs(function, SEQUENCES)

    assert output == close(expected)
    assert of_x == close(expected_of_x)


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("mse", nn.functional.mse_loss),
        ("mae", nn.functional.l1_loss),
        ("binary_crossentropy", nn.functional.binary_cross_entropy),
        ("poisson", lambda p, y: nn.functional.poisson_nll_loss(p, y, log_input=False, eps=1e-7)),
        ("huber_loss", nn.functional.huber_loss),
        ("cosine_similarity", lambda p, y: -nn.functional.cosine_similarity(p, y).mean()),
    ],
)
def test_losses(name: str, function: Callable[..., torch.Tensor]) -> None:
    """Values and slopes are those of torch."""
    given = np.random.default_rng(4).uniform(0.1, 0.9, (2, 5, 3)).astype("float32")
    targets, predictions = given
    x = Tensor(predictions, requires_gradient=True)
    own = torch.tensor(predictions, requires_grad=True)

    loss = losses.resolve(name)(Tensor(targets), x)
    (gradient,) = autodiff.gradients(loss, [x])
    expected = function(own, torch.tensor(targets))
    expected.backward()

    assert own.grad is not None
    assert float(loss) == pytest.approx(expected.item(), rel=1e-4)
    assert gradient == close(own.grad.numpy())
