"""Tests of `fitspec.conformance.explore.grammar`: which programs are drawn."""

from __future__ import annotations

from fitspec.conformance.explore.grammar import draw
from fitspec.conformance.explore.program import METHODS
from fitspec.conformance.explore.subjects import SUBJECTS


def test_the_same_seed_gives_the_same_programs_and_another_one_others() -> None:
    """However many are wanted."""
    few = [program.text() for program in draw(7, 20)]

    assert [program.text() for program in draw(7, 30)][:20] == few
    assert [program.text() for program in draw(8, 20)] != few
    assert len(set(few)) == 20


def test_every_method_model_and_argument_is_drawn() -> None:
    """Each within a few hundred programs, each program after a first `compile`."""
    drawn = list(draw(0, 300))
    calls = [call for program in drawn for call in program.calls]

    assert {program.model for program in drawn} == set(SUBJECTS)
    assert {call.method for call in calls} == set(METHODS)
    assert {name for call in calls for name in call.arguments} >= {
        "batch_size",
        "callbacks",
        "class_weight",
        "epochs",
        "initial_epoch",
        "loss_weights",
        "metrics",
        "sample_weight_mode",
        "steps",
        "steps_per_epoch",
        "validation_freq",
        "validation_split",
        "validation_steps",
        "weighted_metrics",
    }
    assert all(program.calls[0].method == "compile" for program in drawn)
