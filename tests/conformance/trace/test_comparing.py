"""Tests of `fitspec.conformance.trace.comparing`: what of two recordings is a difference."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from fitspec.conformance.explore.performing import RETURNED, Step
from fitspec.conformance.trace.comparing import partings
from fitspec.conformance.trace.recording import Made, Recording

if TYPE_CHECKING:
    from pathlib import Path

X = {"shape": [40, 1], "digest": "a"}


@pytest.mark.parametrize(
    ("arguments", "first", "other", "counted"),
    [
        # One of 40 is a share of 0.025.
        ({"x": X}, [0.1, 0.5], [0.1, 0.525], 40),
        ({"x": [X, X]}, [0.1, 0.5, 0.9], [0.1, 0.475, 0.9], 40),
        # Two of them.
        ({"x": X}, [0.1, 0.5], [0.1, 0.55], 0),
        # Where the loss differs as well, or is all there is, it is no matter of counting.
        ({"x": X}, [0.1, 0.5], [0.2, 0.525], 0),
        ({"x": X}, 0.5, 0.525, 0),
        ({"x": X}, {"loss": [0.5]}, {"loss": [0.525]}, 0),
        # 30 of 40 are trained on, and 10 validated on.
        ({"x": X, "validation_split": 0.25}, {"val_acc": [0.5]}, {"val_acc": [0.6]}, 10),
        ({"x": X, "validation_data": [{"shape": [5]}]}, {"acc": [0, 0.2]}, {"acc": [0, 0.4]}, 5),
        # Of what a generator yields nobody knows how many they are.
        ({"x": {"object": "generator"}}, [0.1, 0.5], [0.1, 0.525], 0),
    ],
)
def test_a_sample_that_is_counted_otherwise_is_told(
    arguments: dict[str, Any], first: Any, other: Any, counted: int, tmp_path: Path
) -> None:
    """A share that jumps by one whole sample, and nothing else of the call."""

    def side(value: Any) -> Recording:
        step = Step(RETURNED, ("", ""), value)
        return Recording(
            "a", tmp_path, calls=[Made(0, "evaluate", "a.py", 1, 0, arguments, step=step)]
        )

    (found,) = partings(side(first), side(other))

    assert found.counted == counted
