"""Tests of `fitspec.adapters.data_objects`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from fitspec.adapters import Adapter
from fitspec.adapters.events import EventLog

if TYPE_CHECKING:
    from pathlib import Path

VALUES = np.asarray([[1.0], [2.0]], np.float32)


@pytest.fixture
def adapter(tmp_path: Path) -> Adapter:
    """Return an adapter with an empty log."""
    adapter = Adapter()
    adapter.log = EventLog(str(tmp_path / "events.jsonl"))
    return adapter


def test_an_iterable_gives_its_items_each_time(adapter: Adapter) -> None:
    """Each iteration begins with the first item, and the log tells where one began."""
    iterable = adapter.build_iterable("i", ["a", "b"], sized=True)

    given = [list(iterable), list(iterable)]

    assert given == [["a", "b"], ["a", "b"]]
    assert [item["kind"] for item in adapter.log.since(0)] == ["iterate", "give", "give"] * 2


def test_an_iterable_may_know_its_length(adapter: Adapter) -> None:
    """Only a sized one has a length."""
    sized, other = (adapter.build_iterable("i", ["a"], sized=sized) for sized in (True, False))

    assert len(sized) == 1
    assert not hasattr(other, "__len__")


def test_a_foreign_tensor_gives_its_values(adapter: Adapter) -> None:
    """It has a shape, rows and a length, and becomes an array of NumPy on demand."""
    tensor: Any = adapter.build_foreign_tensor(VALUES, attached=False)

    assert (tensor.shape, tensor.ndim, len(tensor)) == ((2, 1), 2, 2)
    assert np.asarray(tensor).tolist() == [[1.0], [2.0]]
    assert tensor[1:].numpy().tolist() == [[2.0]]


def test_an_attached_tensor_gives_them_once_it_is_detached(adapter: Adapter) -> None:
    """NumPy gets nothing of it before."""
    tensor: Any = adapter.build_foreign_tensor(VALUES, attached=True)

    with pytest.raises(RuntimeError, match="detach"):
        np.asarray(tensor)
    assert tensor.detach().cpu().numpy().tolist() == [[1.0], [2.0]]
