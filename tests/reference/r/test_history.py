"""Tests of `reference.r.history`."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest

from fitspec.reference.callbacks import Callback
from fitspec.reference.r import TrainingHistory

if TYPE_CHECKING:
    from pathlib import Path


def recorded(*epochs: dict[str, float], **params: object) -> TrainingHistory:
    """Return a history that has heard of epochs with the given results."""
    history = TrainingHistory()
    history.set_params(params)
    history.on_train_begin({})
    for epoch, logs in enumerate(epochs):
        history.on_epoch_end(epoch, logs)
    return history


def test_a_history_prints_what_it_is_about() -> None:
    """The printed form names the extent of the training and the last results."""
    history = recorded(
        {"loss": 0.5, "acc": 0.25}, {"loss": 0.25, "acc": 0.5}, samples=8, batch_size=4, steps=2
    )

    assert str(history) == (
        "Training history: 2 epochs (samples 8, batch_size 4, steps 2)\n"
        "Results of epoch 2:\n"
        "  loss  0.2500\n"
        "   acc  0.5000"
    )


def test_a_history_without_epochs_prints_so() -> None:
    """Where nothing was trained there are no results to print."""
    assert str(recorded()) == "Training history: 0 epochs"


def test_an_epoch_without_validation_has_gaps() -> None:
    """Where an epoch was not validated `metrics` and the rows of the data frame have nan."""
    history = recorded({"loss": 2.0, "val_loss": 3.0}, {"loss": 1.0})

    frame = history.as_data_frame()
    first, second = history.metrics["val_loss"]

    assert (first, math.isnan(second), history.history["val_loss"]) == (3.0, True, [3.0])
    assert [row[0] for row in frame] == [1, 2, 1, 2]
    assert frame.data == ["training", "training", "validation", "validation"]
    assert frame.metric == ["loss"] * 4


def test_a_metric_may_have_a_name_as_of_validation() -> None:
    """A name with the prefix is validation only beside the metric that it would belong to."""
    history = recorded({"loss": 1.0, "val_own": 2.0})

    assert list(history.as_data_frame()) == [
        (1, 1.0, "loss", "training"),
        (1, 2.0, "val_own", "training"),
    ]


def test_what_callbacks_add_need_not_be_a_number() -> None:
    """A text among the results is printed as it is, and is nan in the data frame."""
    history = TrainingHistory()
    history.on_epoch_end(0, {"loss": 1.0, "note": "good"})

    assert "note  good" in str(history)
    assert [math.isnan(value) for value in history.as_data_frame().value] == [False, True]


def test_a_history_can_be_written_as_a_picture(tmp_path: Path) -> None:
    """`plot` writes the picture in the format that the file's ending says."""
    file = tmp_path / "metrics.svg"

    recorded({"loss": 1.0}, {"loss": 0.5}).plot(file)

    assert file.read_text("utf-8").startswith("<?xml")


def test_the_picture_can_be_said_in_words() -> None:
    """Who cannot see the picture reads the last results."""
    history = recorded({"loss": 1.0, "val_loss": 2.0})

    assert history.words() == "Loss and metrics by epoch. In epoch 1: loss 1.0000, val_loss 2.0000."


def test_nothing_is_no_picture() -> None:
    """A history without epochs cannot be drawn."""
    with pytest.raises(RuntimeError, match="no epoch was trained"):
        recorded().plot()


def test_a_history_is_a_callback_that_starts_anew() -> None:
    """A second training leaves nothing of the first."""
    history = recorded({"loss": 1.0})

    history.on_train_begin({})

    assert (history.metrics, history.epoch) == ({}, [])
    assert isinstance(history, Callback)
