"""What is drawn at random is the same for all, and is drawn for each where it cannot be."""

from __future__ import annotations

import sys
import threading
from types import SimpleNamespace

import numpy as np
import pytest

from fitspec.adapters.tracing.chance import Orders, drawn_by, raced_by


def orders(call: int = 0, epoch: int = 0) -> Orders:
    made = Orders(3)
    made.begin(call, 0)
    made.epoch_begins(epoch)
    return made


def test_an_order_follows_from_the_call_and_the_epoch() -> None:
    """However often it is asked for, and whoever asks."""
    first = orders().order(20).tolist()

    assert sorted(first) == list(range(20))
    assert orders().order(20).tolist() == first
    assert orders(epoch=1).order(20).tolist() != first
    assert orders(call=1).order(20).tolist() != first


def test_a_thread_that_is_ahead_gets_one_pass_after_another() -> None:
    """It has the orders that the epochs will have."""
    found: list[list[int]] = []
    made = orders()
    thread = threading.Thread(target=lambda: found.extend(made.order(9).tolist() for _ in "12"))
    thread.start()
    thread.join()

    assert found == [orders(epoch=epoch).order(9).tolist() for epoch in (0, 1)]


@pytest.mark.parametrize("kind", [list, np.array])
def test_numbers_are_put_into_the_order_from_whatever_they_were_in(kind: type) -> None:
    """Keras 2.3 shuffles what it has shuffled before."""
    values = kind([3, 1, 0, 2])

    assert orders().reorder(values)
    assert list(values) == orders().order(4).tolist()


def test_rows_of_batches_are_kept_whole() -> None:
    """As chunks are shuffled."""
    values = np.array([[4, 5], [0, 1], [2, 3]])

    assert orders().reorder(values)
    assert values[:, 0].tolist() == (2 * orders().order(3)).tolist()
    assert (values[:, 1] - values[:, 0] == 1).all()


@pytest.mark.parametrize("values", [["a", "b"], np.array([0.5, 1.5]), np.array([], int)])
def test_what_is_no_order_is_left(values: object) -> None:
    """It is the library's own affair."""
    assert not orders().reorder(values)


@pytest.mark.parametrize(
    ("kind", "settings", "words"),
    [
        ("Dropout", {"rate": 0.5}, "Dropout layer, 0.5"),
        ("Dropout", {"rate": 0.0}, ""),
        ("GaussianNoise", {"stddev": 0.1}, "GaussianNoise layer, 0.1"),
        ("LSTM", {"dropout": 0.0, "recurrent_dropout": 0.25}, "LSTM layer, 0.25"),
        ("Dense", {}, ""),
    ],
)
def test_layers_that_draw_are_told(kind: str, settings: dict[str, float], words: str) -> None:
    """With how much."""
    layer = type(kind, (SimpleNamespace,), {})(name="layer", **settings)

    assert drawn_by(layer) == words


@pytest.mark.parametrize(
    ("module", "name", "tensorflow", "words"),
    [
        ("keras.optimizers", "Adam", "1.15.5", "the steps of Adam on TensorFlow 1"),
        ("keras.optimizers", "SGD", "1.15.5", ""),
        ("keras.optimizers", "Adam", None, ""),
        ("keras.src.optimizers.adam", "Adam", "2.21.0", ""),
    ],
)
def test_steps_that_a_graph_does_not_order_are_chance(
    module: str, name: str, tensorflow: str | None, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keras 2.3 on TensorFlow 1 alone; on Theano, or in Keras 3, an update is one."""
    optimizer = type(name, (), {"__module__": module})()
    loaded = None if tensorflow is None else SimpleNamespace(__version__=tensorflow)
    monkeypatch.setitem(sys.modules, "tensorflow", loaded)

    assert raced_by(optimizer) == words
