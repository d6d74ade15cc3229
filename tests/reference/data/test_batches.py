"""Decisions about data: forms, splits, orders."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from fitspec.reference.data import batch_order, batches
from fitspec.reference.tensor.array_library import Array


@pytest.mark.parametrize(
    ("count", "fraction", "index"),
    [
        (10, 0.2, 8),
        # 1 - 0.8 is slightly below 0.2 in floating point
        (10, 0.8, 1),
        (10, 0.25, 7),
        (7, 0.5, 3),
        (3, 0.34, 1),
        (10, 0.01, 9),
        (8, 0.25, 6),
    ],
)
def test_split_index_is_rounded_down(count: int, fraction: float, index: int) -> None:
    """The first validation sample is number int(n * (1 - split))."""
    assert batches.split_index(count, fraction) == index


def rows(count: int, batch_size: int, shuffle: bool | str) -> list[list[int]]:
    """Return the indices of the samples of each batch."""
    everything = np.arange(count)
    return [
        everything[chosen].tolist()
        for chosen in batch_order.rows_of_batches(count, batch_size, shuffle)
    ]


def test_unshuffled_rows_keep_their_order() -> None:
    """The last batch has what is left."""
    assert rows(7, 3, shuffle=False) == [[0, 1, 2], [3, 4, 5], [6]]
    assert rows(5, 100, shuffle=False) == [[0, 1, 2, 3, 4]]


def test_shuffled_rows_are_a_new_permutation_each_time() -> None:
    """Each sample comes once, batches mix, and two epochs differ (one in 12! would not)."""
    first, second = rows(12, 5, shuffle=True), rows(12, 5, shuffle=True)

    assert [len(batch) for batch in first] == [5, 5, 2]
    assert sorted(index for batch in first for index in batch) == list(range(12))
    assert first != second != rows(12, 5, shuffle=False)


def test_shuffled_chunks_stay_whole() -> None:
    """With "batch" only whole batches move, and an incomplete one stays last."""
    orders = [rows(11, 2, shuffle="batch") for _ in range(5)]

    chunks = [[0, 1], [2, 3], [4, 5], [6, 7], [8, 9]]
    assert all(sorted(order[:5]) == chunks and order[5] == [10] for order in orders)
    assert len({str(order) for order in orders}) > 1


@pytest.mark.parametrize(("count", "size", "number"), [(70, 32, 3), (64, 32, 2), (1, 32, 1)])
def test_number_of_batches_is_rounded_up(count: int, size: int, number: int) -> None:
    """The incomplete batch counts."""
    assert batch_order.number_of_batches(count, size) == number


class OnDisk:
    """Stands for a data set that is read on demand and only in order, as HDF5 does it."""

    def __init__(self, array: Array) -> None:
        self.array = array
        self.shape = array.shape
        self.dtype = array.dtype
        self.rows_read = 0

    def __getitem__(self, selected: slice) -> Array:
        if not isinstance(selected, slice):
            raise TypeError("Indexing elements must be in increasing order")
        part = self.array[selected]
        self.rows_read += len(part)
        return part


@pytest.mark.parametrize("shuffle", ["batch", False])
def test_data_on_disk_is_read_batch_by_batch(
    linear: Callable[..., Any], column: Callable[[int], Array], shuffle: bool | str
) -> None:
    """Whole batches are read, each once per epoch, also when a tail is split off."""
    x, y = OnDisk(column(8)), OnDisk(column(8) * 0)
    model = linear()

    history = model.fit(x, y, batch_size=2, shuffle=shuffle, validation_split=0.5, verbose=0)

    assert sorted(row for batch in model.seen.training for row in batch) == [1, 2, 3, 4]
    assert model.seen.testing == [[5, 6], [7, 8]]
    # the mean of 25, 36, 49 and 64
    assert history.history["val_loss"] == [43.5]
    assert (x.rows_read, y.rows_read) == (8, 8)


def test_data_on_disk_cannot_be_shuffled_by_sample(
    linear: Callable[..., Any], column: Callable[[int], Array]
) -> None:
    """The TypeError names the remedy."""
    with pytest.raises(TypeError, match="shuffle='batch'"):
        linear().fit(OnDisk(column(4)), column(4), verbose=0)


@pytest.mark.parametrize(
    ("x", "problem"),
    [
        (None, "takes 1 arrays, got 0"),
        ([], "samples"),
        (np.zeros((0, 1)), "samples"),
        (["a", "b"], "expected numbers"),
        ([[1.0], [2.0, 3.0]], "different lengths"),
        (3.0, "array of samples"),
        ([np.ones((2, 1)), np.ones((2, 1))], "takes 1 arrays, got 2"),
        (np.ones((2, 2)), "must have shape"),
        (np.ones((2, 1, 1)), "must have shape"),
        ({"other": np.ones((2, 1))}, "no entry"),
    ],
)
def test_data_that_do_not_fit_are_refused(
    linear: Callable[..., Any], x: object, problem: str
) -> None:
    """Everything wrong with x is a ValueError that says what is wrong, before any update."""
    model = linear(3.0, lr=0.1)

    with pytest.raises(ValueError, match=problem):
        model.fit(x, np.zeros((2, 1)), verbose=0)

    assert (model.get_weights()[0].tolist(), model.optimizer.iterations) == ([[3]], 0)
    assert model.history is None


def test_arrays_are_left_as_they_are(linear: Callable[..., Any]) -> None:
    """Training does not change the arrays it is given."""
    x, y, w = np.arange(4.0), np.arange(4.0), np.ones(4)

    linear(lr=0.1).fit(x, y, sample_weight=w, class_weight=dict.fromkeys(range(4), 2), verbose=0)

    assert (x.tolist(), y.tolist(), w.tolist()) == ([0, 1, 2, 3], [0, 1, 2, 3], [1] * 4)


@pytest.mark.parametrize("dtype", ["int8", "uint16", "int64", "float16", "float64", "bool"])
def test_all_number_types_are_taken(linear: Callable[..., Any], dtype: str) -> None:
    """Whatever the data's type, predictions are in single precision."""
    predictions = linear(2.0).predict(np.ones((2, 1), dtype))

    assert predictions.dtype == np.float32
    assert predictions.tolist() == [[2], [2]]


def test_lists_of_numbers_are_one_array(linear: Callable[..., Any]) -> None:
    """A one-input model takes a Python list as its data."""
    # the mean of 1 and 4
    assert linear().evaluate([1.0, 2.0], [0, 0], verbose=0) == 2.5
    assert linear().evaluate([[1.0], [2.0]], ((0,), (0,)), verbose=0) == 2.5
