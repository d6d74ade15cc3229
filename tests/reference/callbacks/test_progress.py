"""What is printed."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

X = np.array([1.0, 2.0])
Y = np.zeros(2)


def test_verbose_0_prints_nothing(
    linear: Callable[..., Any], capfd: pytest.CaptureFixture[str]
) -> None:
    """Neither on standard output nor on standard error."""
    model = linear()

    model.fit(X, Y, verbose=0, validation_data=(X, Y))
    model.evaluate(X, Y, verbose=0)
    model.predict(X)

    assert capfd.readouterr() == ("", "")


def test_verbose_1_is_a_bar_that_moves(
    linear: Callable[..., Any], capsys: pytest.CaptureFixture[str]
) -> None:
    """The count of samples reaches its target; results stand at the end of the epoch."""
    linear(metrics=["mae"]).fit(X, Y, 1, 2, validation_data=(X, Y), shuffle=False)

    printed = capsys.readouterr().out
    headline, *drawn = printed.split("Epoch 2/2")[0].split("\r")
    assert headline == "Epoch 1/2\n"
    assert drawn[0].startswith("1/2 [====")
    assert "loss: 1.0000" in drawn[0]
    assert drawn[-1].rstrip() == (
        "2/2 [==============================] "
        "- loss: 2.5000 - mae: 1.5000 - val_loss: 2.5000 - val_mae: 1.5000"
    )


def test_a_bar_shows_the_mean_loss_and_the_metrics_so_far(
    linear: Callable[..., Any], capsys: pytest.CaptureFixture[str]
) -> None:
    """Of errors 1 and 2 the squares have the mean 2.5, and the second batch moves the bar too."""
    linear(metrics=["mae"]).fit(X, Y, 1, shuffle=False)

    _, first, second, end = capsys.readouterr().out.split("\r")
    assert "loss: 1.0000 - mae: 1.0000" in first
    assert "loss: 2.5000 - mae: 1.5000" in second
    assert "loss: 2.5000 - mae: 1.5000" in end


def test_verbose_1_counts_steps_of_a_generator(
    linear: Callable[..., Any],
    counting: Callable[..., Iterator[Any]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The number of samples is not known beforehand."""
    linear().fit(counting([], 5), steps_per_epoch=2)

    printed = capsys.readouterr().out
    assert re.findall(r"\d/\d \[", printed) == ["1/2 [", "2/2 [", "2/2 ["]


def test_verbose_2_is_one_line_per_epoch(
    linear: Callable[..., Any], capsys: pytest.CaptureFixture[str]
) -> None:
    """No bar, no return to the beginning of a line; numbers are those of History."""
    linear().fit(X, Y, 1, 3, 2, validation_data=(X, Y))

    assert capsys.readouterr().out.splitlines() == [
        f"Epoch {number}/3 - loss: 2.5000 - val_loss: 2.5000" for number in (1, 2, 3)
    ]


def test_bars_of_evaluate_and_predict(
    linear: Callable[..., Any], capsys: pytest.CaptureFixture[str]
) -> None:
    """Evaluate shows one unless told not to, predict only when asked."""
    model = linear()

    model.evaluate(X, Y)
    evaluated = capsys.readouterr().out
    model.predict(X, verbose=1)
    predicted = capsys.readouterr().out

    assert evaluated.endswith("2/2 [==============================] - loss: 2.5000\n")
    assert predicted.endswith("2/2 [==============================]\n")


def test_tiny_numbers_are_written_by_exponent(
    linear: Callable[..., Any], capsys: pytest.CaptureFixture[str]
) -> None:
    """Four decimals would show a zero."""
    linear(0.001).fit(np.array([1.0]), np.zeros(1), verbose=2)

    assert capsys.readouterr().out == "Epoch 1/1 - loss: 1.0000e-06\n"
