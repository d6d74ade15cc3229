"""Tests of `fitspec.conformance.upgrade.unseen`: answers of which some cannot be seen."""

from __future__ import annotations

import pytest

from fitspec.conformance.upgrade.unseen import any_of


@pytest.mark.parametrize(
    ("answers", "any_is"),
    [
        ([], False),
        ([False], False),
        ([None, True], True),
        ([False, None], None),
    ],
)
def test_whether_any_is_true(answers: list[bool | None], any_is: bool | None) -> None:
    """What is seen decides as far as it can."""
    assert any_of(answers) is any_is
