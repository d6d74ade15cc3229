"""Losses that PyTorch differentiates."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from fitspec import reference
from fitspec.reference.tensor.autodiff import Tensor
from fitspec.reference.torch.losses import resolve

RANDOM = np.random.default_rng(7)
PREDICTIONS = RANDOM.uniform(0.1, 1, (4, 3)).astype(np.float32)
TARGETS = {
    "mse": RANDOM.uniform(0, 1, (4, 3)).astype(np.float32),
    "mae": RANDOM.uniform(0, 1, (4, 3)).astype(np.float32),
    "binary_crossentropy": RANDOM.integers(0, 2, (4, 3)).astype(np.float32),
    "categorical_crossentropy": np.eye(3, dtype=np.float32)[[0, 2, 1, 1]],
    "sparse_categorical_crossentropy": np.array([[0], [2], [1], [1]], np.float32),
}
WEIGHTS = np.array([1, 0, 3, 0.5], np.float32)


@pytest.mark.parametrize("weights", [None, WEIGHTS])
@pytest.mark.parametrize("name", TARGETS)
def test_a_loss_by_name_is_that_of_the_reference(name: str, weights: Any) -> None:
    """Values are the same as on NumPy, weighted or not, and so are the shapes asked for."""
    of_numpy = reference.losses.resolve(name)
    expected = float(of_numpy(Tensor(TARGETS[name]), Tensor(PREDICTIONS), weights))

    loss: Any = resolve(name)
    value = loss(torch.tensor(TARGETS[name]), torch.tensor(PREDICTIONS), weights)

    assert float(value) == pytest.approx(expected, rel=1e-6)
    assert loss.target_form == of_numpy.target_form


@pytest.mark.parametrize(
    "module",
    [nn.MSELoss(), nn.MSELoss(reduction="sum"), nn.KLDivLoss(reduction="batchmean"), nn.L1Loss()],
)
def test_a_loss_module_is_reduced_as_it_says(module: Any) -> None:
    """Weights of 1 are no weights, whatever the reduction; without, the module itself decides."""
    y, p = torch.tensor(TARGETS["mse"]), torch.tensor(PREDICTIONS)
    loss: Any = resolve(module)

    assert loss(y, p) == module(p, y)
    assert float(loss(y, p, np.ones(4))) == pytest.approx(float(module(p, y)), rel=1e-6)


def test_sample_weights_multiply_the_loss_of_their_sample() -> None:
    """A module that averages is asked for its values, and these are weighted."""
    loss: Any = resolve(nn.CrossEntropyLoss())
    logits, classes = torch.zeros(2, 4), torch.tensor([0, 3])

    # Four equal logits: log 4 for each sample. (3·log 4 + 1·log 4) / 2.
    assert float(loss(classes, logits, np.array([3, 1]))) == pytest.approx(2 * np.log(4), rel=1e-6)


def test_a_function_takes_targets_first() -> None:
    """A function of one's own is called as documented, one of PyTorch as PyTorch does."""
    one, two = torch.tensor([[1.0]]), torch.tensor([[2.0]])

    own: Any = resolve(lambda y_true, y_pred: y_pred - 10 * y_true)
    of_torch: Any = resolve(functional.poisson_nll_loss)

    assert float(own(one, two)) == -8
    assert of_torch(one, two) == functional.poisson_nll_loss(two, one)
    assert of_torch(one, two, np.ones(1)) == of_torch(one, two)


@pytest.mark.parametrize("identifier", ["nope", 3, nn.MSELoss, reference.losses.MeanSquaredError()])
def test_what_is_no_loss_is_refused(identifier: object) -> None:
    """An unknown name, a class and a loss of NumPy are refused with what is expected."""
    with pytest.raises(ValueError, match="loss must be a function, a loss of"):
        resolve(identifier)
