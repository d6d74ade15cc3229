"""What the words of `compile` mean to PyTorch."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from torch import nn, optim

if TYPE_CHECKING:
    from .conftest import Build


@pytest.mark.parametrize(
    ("name", "kind", "rate"),
    [("sgd", optim.SGD, 0.01), ("RMSprop", optim.RMSprop, 0.001), ("Adam", optim.Adam, 0.001)],
)
def test_an_optimizer_is_found_by_name(
    linear: Build, name: str, kind: type[Any], rate: float
) -> None:
    """The name in any case stands for the optimizer of PyTorch, with the documented rate."""
    model = linear()
    model.compile(name, "mse")
    optimizer: Any = model.optimizer

    assert type(optimizer) is kind
    assert optimizer.param_groups[0]["lr"] == rate


def test_what_makes_an_optimizer_is_given_the_weights(linear: Build, numbers: Build) -> None:
    """A class or a partial of one is called when compile knows the model."""
    model = linear(3.0)
    model.compile(functools.partial(optim.SGD, lr=0.25), "mse")

    model.train_on_batch(numbers(1), numbers(0))

    assert model.get_weights()[0].item() == 1.5  # 3 - 0.25·2·3


def test_an_optimizer_keeps_its_state_when_compiled_again(linear: Build, numbers: Build) -> None:
    """An instance is used as it is, with its momentum and the count of its updates."""
    model = linear(1.0)
    optimizer = optim.SGD(model.module.parameters(), lr=0.25, momentum=1.0)
    for _ in range(2):
        model.compile(optimizer, "mae")
        model.train_on_batch(numbers(1), numbers(-9))

    # Gradient 1 both times: steps of 0.25 and, with momentum, 0.5.
    assert model.get_weights()[0].item() == 0.25
    assert model.updates == 2


@pytest.mark.parametrize("identifier", ["nope", None, 3, nn.Linear])
def test_what_is_no_optimizer_is_refused(linear: Build, identifier: object) -> None:
    """The message says what is taken, and the model stays as it was compiled before."""
    model = linear()
    model.compile("sgd", "mse")
    before = model.optimizer

    with pytest.raises((ValueError, TypeError)):
        model.compile(identifier, "mse")

    assert model.optimizer is before


def test_an_optimizer_of_another_module_is_refused(linear: Build) -> None:
    """An optimizer that would train something else is refused."""
    foreign = optim.SGD(linear().module.parameters(), lr=1.0)

    with pytest.raises(ValueError, match="made of other weights"):
        linear().compile(foreign, "mse")


def test_a_module_without_weights_can_be_compiled(numbers: Build) -> None:
    """There is nothing to train, and training works."""
    from fitspec.reference.torch import Model  # noqa: PLC0415 - one test alone makes such a model

    model = Model(nn.Identity())
    model.compile("sgd", "mse")

    assert model.fit(numbers(1, 2), numbers(0, 0), verbose=0).history["loss"] == [2.5]


def test_metrics_are_names_functions_and_modules(linear: Build, numbers: Build) -> None:
    """Functions get tensors of PyTorch, in the order in which they take targets and predictions."""

    def ahead(y_true: Any, y_pred: Any) -> Any:
        assert isinstance(y_pred, torch.Tensor)
        return (y_pred > y_true).float()[:, 0]

    model = linear(2.0)
    given = ["mae", ahead, nn.functional.poisson_nll_loss, nn.MSELoss()]
    model.compile("sgd", "mse", metrics=given, weighted_metrics=[ahead])

    results = model.test_on_batch(numbers(1, 1), numbers(1, 4), sample_weight=np.array([3.0, 1.0]))

    surprise = nn.functional.poisson_nll_loss(torch.tensor([2.0, 2]), torch.tensor([1.0, 4])).item()
    # Predictions 2 and 2: squares 1 and 4, weighted (3·1 + 4)/2; one of two is ahead, 3 of 4.
    assert model.metrics_names == ["loss", "mae", "ahead", "poisson_nll_loss", "MSELoss", "ahead_1"]
    assert results == pytest.approx([3.5, 1.5, 0.5, surprise, 2.5, 0.75])


def test_target_tensors_are_tensors_of_pytorch(linear: Build) -> None:
    """An array is no tensor."""
    with pytest.raises(TypeError, match="must hold tensors, not ndarray"):
        linear().compile("sgd", "mse", target_tensors=np.zeros((1, 1)))
