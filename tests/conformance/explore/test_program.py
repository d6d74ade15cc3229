"""Tests of `fitspec.conformance.explore.program`: programs as plain data."""

from __future__ import annotations

import json

import pytest

from fitspec.conformance.explore.program import Call, Data, Program

COMPILE = Call("compile", {"optimizer": {"sgd": 0.5}, "loss": "mse"})


def test_a_program_is_what_its_text_says() -> None:
    """All of it, and what is as by default does not stand in it."""
    data = Data(3, "generator", batch=2, weights="rising")
    program = Program("two", (COMPILE, Call("fit", {"epochs": 2}, data, Data(1))))

    assert Program.of(json.loads(program.text())) == program
    assert program.plain()["calls"][1] == {
        "method": "fit",
        "arguments": {"epochs": 2},
        "data": {"samples": 3, "form": "generator", "batch": 2, "weights": "rising"},
        "validation": {"samples": 1},
    }


@pytest.mark.parametrize(
    ("plain", "words"),
    [
        ([], r"program: expected an object: \[\]"),
        ({"model": "linear"}, "program.calls: missing"),
        ({"model": "huge", "calls": []}, "program.model: expected one of 'linear'.*: 'huge'"),
        ({"model": "linear", "calls": 1}, "program.calls: expected a list: 1"),
        ({"model": "linear", "calls": [{"method": "eval"}]}, r"calls\[0\].method: .*: 'eval'"),
        ({"model": "linear", "calls": [{"method": "fit"}]}, r"calls\[0\]: fit without data"),
        (
            {"model": "linear", "calls": [{"method": "compile", "data": {"samples": 1}}]},
            r"calls\[0\]: compile with data",
        ),
        (
            {"model": "linear", "calls": [{"method": "fit", "data": {"samples": 0}}]},
            r"calls\[0\].data.samples: expected a whole number of 1 to 10000: 0",
        ),
        (
            {"model": "linear", "calls": [{"method": "fit", "data": {"rows": 2}}]},
            r"calls\[0\].data.rows: unknown; known are .*samples",
        ),
        (
            {"model": "linear", "calls": [{"method": "compile", "arguments": 2}]},
            r"calls\[0\].arguments: expected an object: 2",
        ),
    ],
)
def test_what_is_no_program_is_refused_with_its_place(plain: object, words: str) -> None:
    """A file may have been changed by hand."""
    with pytest.raises(ValueError, match=words):
        Program.of(plain)
