"""Telling a sentence from anything else."""

import pytest

from fitspec.spec.sentence import sentence_fault


@pytest.mark.parametrize(
    "text",
    [
        "Training stops.",
        "`fit` stops.",
        "A rate of 0.5 is kept.",
        "Read `a. B` as one name.",
    ],
)
def test_one_sentence_has_no_fault(text: str) -> None:
    """Full stops inside numbers and code names do not end a sentence."""
    assert sentence_fault(text) is None


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("training stops.", "starts without a capital letter"),
        ("Training stops", "does not end in one full stop"),
        ("Training stops...", "does not end in one full stop"),
        ("Does training stop?", "does not end in one full stop"),
        ("Training stops. It does.", "holds more than one sentence"),
        ("Does it stop? It does.", "holds more than one sentence"),
        ("Training\nstops.", "breaks the line"),
        ("Then `fit stops.", "leaves a backtick open"),
        ("", "starts without a capital letter"),
    ],
)
def test_anything_else_is_told_what_it_lacks(text: str, fault: str) -> None:
    """A fragment, a question or several sentences get the fault that they have."""
    assert sentence_fault(text) == fault
