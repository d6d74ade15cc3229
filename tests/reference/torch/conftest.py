"""Modules small enough for results to be worked out by hand."""

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import pytest
import torch

from fitspec.reference import set_random_seed
from fitspec.reference.tensor.array_library import Array
from fitspec.reference.torch import Model

Build: TypeAlias = Callable[..., Any]


@pytest.fixture(autouse=True)
def _seeded() -> None:
    set_random_seed(7)
    torch.manual_seed(7)


def column(*values: float) -> Array:
    """Return samples of one feature."""
    return np.array(values, np.float32)[:, None]


def weighing(*weights: float) -> torch.nn.Linear:
    """Return a module that computes the weighted sum of its features."""
    module = torch.nn.Linear(len(weights), 1, bias=False)
    with torch.no_grad():
        module.weight.copy_(torch.tensor([weights]))
    return module


@pytest.fixture
def linear() -> Build:
    """Build a model that computes weight times x."""

    def build(weight: float = 1.0) -> Model:
        return Model(weighing(weight), inputs={"x": (1,)}, outputs=["y"])

    return build


@pytest.fixture
def numbers() -> Build:
    """Make samples of one feature."""
    return column


@pytest.fixture
def weighted_sum() -> Build:
    """Make a module that computes the weighted sum of its features."""
    return weighing
