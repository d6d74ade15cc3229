"""Data sets and loaders of PyTorch as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader, Dataset, IterableDataset, TensorDataset

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .conftest import Build

X = torch.arange(5.0)[:, None]


class Stream(IterableDataset[Any]):
    """Five samples that cannot be counted."""

    def __iter__(self) -> Iterator[Any]:
        return iter([(x, 2 * x) for x in X])


DATA = {
    "loader": DataLoader(TensorDataset(X, 2 * X), batch_size=2),
    "data set": TensorDataset(X, 2 * X),
    "stream": Stream(),
}


def options(name: str) -> dict[str, int]:
    """Return how data are cut into batches of 2, unless they are batches already."""
    return {} if name == "loader" else {"batch_size": 2}


@pytest.mark.parametrize("name", DATA)
def test_data_of_pytorch_are_data(linear: Build, name: str) -> None:
    """A DataLoader and either kind of Dataset are tested and predicted as their arrays are."""
    model = linear(1.0)
    model.compile("sgd", "mse")

    # Errors x: (0 + 1 + 4 + 9 + 16) / 5.
    assert model.evaluate(DATA[name], verbose=0, **options(name)) == pytest.approx(6)
    assert np.array_equal(model.predict(DATA[name], **options(name)), X)


@pytest.mark.parametrize("name", DATA)
def test_data_of_pytorch_are_trained_and_validated_on(linear: Build, name: str) -> None:
    """An epoch is one pass, in batches of the size that was asked for."""
    model = linear(1.0)
    model.compile("sgd", "mse")

    history = model.fit(
        DATA[name], epochs=2, validation_data=DATA[name], verbose=0, **options(name)
    )

    assert model.updates == 6
    assert history.history["val_loss"][1] == pytest.approx(
        model.evaluate(DATA[name], verbose=0, **options(name))
    )


def seen(linear: Build, data: Dataset[Any], **arguments: Any) -> list[float]:
    """Return the samples in the order in which they are trained, batch by batch."""
    model, order = linear(1.0), []

    def note(y_true: Any, y_pred: Any) -> Any:
        order.extend(y_pred[:, 0].tolist())
        return y_true[:, 0]

    model.compile("sgd", "mse", metrics=[note], loss_weights=[0.0])
    model.fit(data, verbose=0, **arguments)
    return order


def test_a_data_set_is_shuffled_unless_told_not_to(linear: Build) -> None:
    """`shuffle` means samples, as for arrays, and every sample comes once."""
    data = TensorDataset(torch.arange(100.0)[:, None], torch.zeros(100, 1))

    shuffled, ordered = seen(linear, data), seen(linear, data, shuffle=False)

    assert ordered == list(range(100))
    assert shuffled != ordered
    assert sorted(shuffled) == ordered


def test_a_data_set_has_its_targets_itself(linear: Build) -> None:
    """Targets beside a data set are refused, as beside any source of batches."""
    model = linear()
    model.compile("sgd", "mse")

    with pytest.raises(ValueError, match="y cannot be given"):
        model.fit(DATA["data set"], X, verbose=0)
