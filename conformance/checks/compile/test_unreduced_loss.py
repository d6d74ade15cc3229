"""`compile`: a loss object that reduces nothing."""

from __future__ import annotations

from fitspec.conformance.arrangements.ways_of_ending import refused
from fitspec.conformance.checks import SGD, Build, answer, clause, recognise
from fitspec.conformance.vocabulary.models import linear
from fitspec.conformance.vocabulary.probes import UnreducedLoss
from fitspec.conformance.vocabulary.samples import constant
from fitspec.conformance.worker.answers import loss_of


@clause("compile.loss.instance-unreduced")
def test_what_a_loss_object_is_trained_by_that_reduces_nothing(build: Build) -> None:
    """Whether the mean is made small of what a loss gives one by one, or the sum."""
    model = build(linear(2.0))
    model.compile(SGD(1 / 16), UnreducedLoss("mse"))

    answered = answer(model.fit, constant(5, 2), constant(5, 0), batch_size=5, epochs=1)

    # Five errors of 4: squares of 16, whose slope is 2·4·2 = 16, and the weight 2 - 16/16.
    recognise(
        answered
        if isinstance(answered, str)
        else {"loss": loss_of(answered), "weight": model.weight("y")},
        {
            "their mean": {"loss": [16.0], "weight": 1.0},
            "their sum": {"loss": [80.0], "weight": -3.0},
            "their sum, while their mean is reported": {"loss": [16.0], "weight": -3.0},
            **refused("ValueError", "TypeError", "RuntimeError"),
        },
    )
