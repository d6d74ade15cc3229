"""Tests of `reference.r.drawing`: what a reader finds in the picture."""

from __future__ import annotations

import pytest

from fitspec.reference.r import TrainingHistory
from fitspec.reference.r.drawing import figure_of, words


def recorded(*epochs: dict[str, float], first: int = 0) -> TrainingHistory:
    """Return a history with the given results."""
    history = TrainingHistory()
    for epoch, logs in enumerate(epochs, start=first):
        history.on_epoch_end(epoch, logs)
    return history


def test_each_metric_has_a_panel_with_both_kinds_of_data() -> None:
    """The loss comes first; training and validation share the panel of their metric."""
    logs = {"loss": 1.0, "acc": 0.5, "val_loss": 2.0, "val_acc": 0.25}

    figure = figure_of(recorded(logs))

    panels = {
        axes.get_title(loc="left"): [line.get_label() for line in axes.lines]
        for axes in figure.axes
    }
    assert panels == {"loss": ["training", "validation"], "acc": ["training", "validation"]}


def test_training_and_validation_differ_by_more_than_colour() -> None:
    """Markers and lines differ too."""
    (axes,) = figure_of(recorded({"loss": 1.0, "val_loss": 2.0})).axes

    styles = [(line.get_marker(), line.get_linestyle()) for line in axes.lines]
    assert styles == [("o", "-"), ("^", "--")]


def test_epochs_to_come_are_empty() -> None:
    """The axis reaches to the final epoch, and the title says how far training is."""
    figure = figure_of(recorded({"loss": 1.0}, {"loss": 0.5}, first=3), epochs=20)

    assert figure.axes[0].get_xlim() == (3.5, 20.5)
    assert figure.get_suptitle() == "Training metrics, epoch 5 of 20"


@pytest.mark.parametrize("epochs", [1, 2, 3, 7, 40, 1000])
def test_ticks_are_whole_epochs(epochs: int) -> None:
    """No tick falls between two epochs, however many there are."""
    figure = figure_of(recorded({"loss": 1.0}), epochs)

    axes = figure.axes[0]
    low, high = axes.get_xlim()
    ticks = [tick for tick in axes.get_xticks() if low <= tick <= high]
    assert ticks
    assert all(float(tick).is_integer() for tick in ticks)


@pytest.mark.parametrize(("metrics", "columns"), [(1, 1), (3, 1), (4, 2), (5, 2)])
def test_many_panels_go_side_by_side(metrics: int, columns: int) -> None:
    """Up to three panels are in a column, more in two, and none is empty."""
    figure = figure_of(recorded({f"m{place}": 1.0 for place in range(metrics)}))

    specs = [axes.get_subplotspec() for axes in figure.axes]
    assert len(specs) == metrics
    assert {spec.get_geometry()[1] for spec in specs if spec is not None} == {columns}


def test_a_gap_is_drawn_as_a_gap() -> None:
    """An epoch without validation interrupts the line and spoils nothing."""
    figure = figure_of(recorded({"loss": 1.0, "val_loss": 2.0}, {"loss": 0.5}))

    figure.canvas.draw()

    assert len(figure.axes[0].lines) == 2


def test_the_picture_can_be_said_in_words() -> None:
    """Who cannot see the picture reads the last results."""
    history = recorded({"loss": 1.0, "val_loss": 2.0})

    assert words(history) == "Loss and metrics by epoch. In epoch 1: loss 1.0000, val_loss 2.0000."
