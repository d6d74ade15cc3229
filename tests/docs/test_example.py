"""The worked example of the documentation works as the documentation says."""

from __future__ import annotations

from pathlib import Path

from fitspec import conformance
from fitspec.conformance import Verdict

ADAPTER = Path(__file__).parents[2] / "docs" / "example" / "tinyfit_adapter.py"


def test_the_example_is_held_against_the_contract() -> None:
    """A library with names of its own passes what it does as documented; the rest is told apart."""
    report = conformance.run(str(ADAPTER))

    verdicts = {item.clause: item.verdict for item in report.findings}
    assert not report.faults
    assert verdicts["fit.epochs.final-epoch"] is Verdict.PASS
    assert verdicts["fit.shuffle.each-epoch"] is Verdict.PASS
    assert verdicts["fit.class_weight.weights-loss"] is Verdict.ABSENT
    assert verdicts["fit.callbacks.called-in-training"] is Verdict.FAIL
    assert verdicts["fit.callbacks.none-or-empty"] is Verdict.ERROR
    (behaviour,) = [
        item.behaviour
        for item in report.findings
        if item.clause == "fit.returns.epoch-loss-sample-weighted-mean"
    ]
    assert behaviour is not None
    assert behaviour.startswith("the mean of the batches' losses")


def test_the_renamings_of_the_example_are_in_the_report() -> None:
    """What the adapter calls otherwise is told."""
    (subject,) = conformance.run(str(ADAPTER), clauses=["fit.epochs.*"]).subjects

    assert subject.renames["fit"] == "train"
    assert subject.renames["fit(epochs)"] == "rounds"
    assert subject.renames["epoch_begin"] == "on_round_start"
