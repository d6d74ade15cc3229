"""What a reader sees of a progress bar in what was printed."""

from __future__ import annotations

import pytest

from fitspec.conformance.arrangements import printed


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("1/3 [===...]\r3/3 [======]\n1/3 [===...]\r3/3 [======]\n", 2),
        ("2/6 [===...]\r6/6 [======]\n", 1),
        ("0%|     | 0/3\r 33.33%|#   | 1/3\r100.00%|####| 3/3\n", 1),
        ("3/3 [======]\n3/3 [======]\n", 0),
        ("Epoch 1/2\nEpoch 2/2\n", 0),
        ("1/3 [===...]\r2/3 [====..]\n", 0),
    ],
)
def test_a_count_rises_when_it_is_drawn_on_its_way_and_at_its_end(text: str, times: int) -> None:
    """Of a bar whose end alone is drawn, nobody saw it grow."""
    assert printed.rises(text, steps=3, samples=6) == times


def test_numbers_are_read_in_any_notation() -> None:
    """Whole, decimal and with an exponent."""
    assert printed.numbers("2s - loss: 12.25 - val: 1.5e-01") == [2.0, 12.25, 0.15]


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("2s - loss: 12.2500", True),
        ("loss: 1.225e+01", True),
        ("loss: 12.3", False),
        ("12/25", False),
    ],
)
def test_a_line_shows_a_number_in_any_notation(line: str, *, shown: bool) -> None:
    """It is shown to a few digits, and as a number of its own."""
    assert printed.shows(line, 12.25) is shown
