"""Tests of `fitspec.conformance.repro.conversation`: asking an implementation by hand."""

from __future__ import annotations

import sys

import pytest

from fitspec.conformance.repro.conversation import converse
from fitspec.conformance.vocabulary.models import linear
from fitspec.conformance.vocabulary.probes import SGD, Recorder
from fitspec.conformance.vocabulary.samples import column

Capture = pytest.CaptureFixture[str]

pytestmark = pytest.mark.usefixtures("leaves_nothing")


def test_what_came_of_a_call_is_printed_and_returned(capsys: Capture) -> None:
    """Values, what the probes saw, and what was printed stand below the name of the call."""
    with converse("reference") as talk:
        model = talk.build(linear(2.0))
        talk.show(model.compile, SGD(0.0), "mse")
        result = talk.show(
            model.fit, column(1), column(0), epochs=1, verbose=2, callbacks=[Recorder()]
        )
        talk.show(model.weight, "y")

    lines = capsys.readouterr().out.splitlines()
    assert result.history.history == {"loss": [4.0]}
    assert lines[0] == "compile -> None"
    assert lines[1] == "fit -> History {epoch: [0], history: {loss: [4]}}"
    assert "    epoch_end {index: 0, logs: {loss: 4}}" in lines
    assert any("Epoch 1/1" in line for line in lines)
    assert lines[-1] == "weight -> 2"


def test_a_refusal_is_printed_and_the_conversation_goes_on(capsys: Capture) -> None:
    """An exception, or what is not offered, is a finding of its own."""
    with converse("reference") as talk:
        model = talk.build(linear(2.0))
        refused = talk.show(model.evaluate, column(1), column(0))
        talk.show(model.predict, column(3), colour="red")
        talk.show(model.predict, column(3))

    lines = capsys.readouterr().out.splitlines()
    assert refused is None
    assert lines[0].startswith("evaluate -> raised RuntimeError: ")
    assert lines[1].startswith("predict -> no argument `colour`")
    assert lines[2:] == ["predict -> [[6]]"]


def test_parameters_are_printed_as_in_a_signature(capsys: Capture) -> None:
    """A method's parameters stand in order, with their defaults."""
    with converse("reference", python=sys.executable) as talk:
        talk.show(talk.build(linear()).test_on_batch.parameters)

    assert capsys.readouterr().out == (
        "parameters -> x, y, sample_weight=None, reset_metrics=True\n"
    )


def test_the_name_has_to_be_known() -> None:
    """An unknown implementation is refused as on the command line."""
    with pytest.raises(ValueError, match="no implementation is called 'refrence'"):
        converse("refrence").__enter__()
