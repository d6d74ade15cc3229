"""Callbacks, and the bar, know how many batches the epoch of a Sequence has now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from fitspec.reference import Sequence, Sequential, callbacks, layers

if TYPE_CHECKING:
    from collections.abc import Mapping


class Shrinking(Sequence):
    """Has one batch less after each epoch."""

    length = 3

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, index: int) -> Any:
        return np.ones((2, 1)), np.ones((2, 1))

    def on_epoch_end(self) -> None:
        """Lose one."""
        self.length -= 1


class Told(callbacks.Callback):
    """Keeps what it is told of the number of batches."""

    def __init__(self) -> None:
        super().__init__()
        self.steps: list[object] = []

    def set_params(self, params: Mapping[str, object]) -> None:
        """Keep it."""
        super().set_params(params)
        self.steps.append(params["steps"])


def trained(told: Told, x: Any, y: Any = None, **arguments: Any) -> None:
    """Train for two epochs."""
    model = Sequential([layers.Dense(1, input_shape=(1,))])
    model.compile("sgd", "mse")
    model.fit(x, y, epochs=2, callbacks=[told], **arguments)


def test_a_sequence_may_change_its_length(capsys: pytest.CaptureFixture[str]) -> None:
    """3 batches in the first epoch, 2 in the second; the bar counts to the same."""
    told = Told()
    trained(told, Shrinking())

    assert told.steps == [3, 2]
    assert told.params["epochs"] == 2
    assert "2/2 [==" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("x", "y", "arguments"),
    [(Shrinking(), None, {"steps_per_epoch": 1}), (np.ones((2, 1)), np.ones((2, 1)), {})],
)
def test_what_does_not_change_is_told_once(x: Any, y: Any, arguments: dict[str, Any]) -> None:
    """A number that was given, and arrays."""
    told = Told()
    trained(told, x, y, verbose=0, **arguments)

    assert len(told.steps) == 1
