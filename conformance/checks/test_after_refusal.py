"""What the documents leave open: whether a model is of use after a call that was refused."""

from __future__ import annotations

import numpy as np

from fitspec.conformance.checks import SGD, Build, answer, clause, outcome, recognise
from fitspec.conformance.vocabulary.models import linear
from fitspec.conformance.vocabulary.samples import ascending, column, constant
from fitspec.conformance.worker.answers import loss_of

#: Two features, where the model has one.
WIDE = np.ones((2, 2), np.float32)

#: What can be seen of a good call after a bad one.
AFTERWARDS = {
    "the model works as if nothing had happened": {"refused": True, "works": True},
    "the model does not work any more": {"refused": True, "works": False},
    "nothing was refused, and the model works": {"refused": False, "works": True},
    "nothing was refused, and the model does not work any more": {"refused": False, "works": False},
}


@clause("fit.again.after-refusal")
def test_training_after_a_call_that_was_refused(build: Build) -> None:
    """Whether a model can be trained as if data that did not fit had never been offered."""
    model = build(linear(1.0))
    model.compile(SGD(0.25), "mse")

    refused = outcome(model.fit, WIDE, constant(2, 0), epochs=1) != "returned"
    loss = loss_of(answer(model.fit, column(1), column(0), epochs=1))

    # The gradient is 2·w: w is halved, by one update.
    works = loss == [1.0] and model.weight("y") == 0.5
    recognise({"refused": refused, "works": works}, AFTERWARDS)


@clause("predict.again.after-refusal")
def test_predicting_after_a_call_that_was_refused(build: Build) -> None:
    """Whether a model predicts as if data that did not fit had never been offered."""
    model = build(linear(2.0))

    refused = outcome(model.predict, WIDE) != "returned"
    answered = answer(model.predict, ascending(2))

    works = not isinstance(answered, str) and np.ravel(answered.value).tolist() == [2.0, 4.0]
    recognise({"refused": refused, "works": works}, AFTERWARDS)
