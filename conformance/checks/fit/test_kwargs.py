"""`fit`: keywords that are no argument."""

from __future__ import annotations

from fitspec.conformance.arrangements.compiled import small_model
from fitspec.conformance.checks import Build, answer, clause, expect, outcome, recognise
from fitspec.conformance.vocabulary.models import linear
from fitspec.conformance.vocabulary.samples import ascending, constant
from fitspec.conformance.worker.remote import NotOffered

DATA = ascending(4), constant(4, 0)


@clause("fit.kwargs.backwards-compatible")
def test_fit_takes_keywords_of_older_code(build: Build) -> None:
    """`fit` takes keywords beyond its own arguments."""
    parameters = build(linear()).fit.parameters()

    expect(any(item.kind == "var_keyword" for item in parameters), equals=True)


@clause("fit.kwargs.nb_epoch")
def test_the_spelling_of_epochs_before_keras_2(build: Build) -> None:
    """What becomes of the keyword `nb_epoch`."""
    try:
        answered = answer(small_model(build).fit, *DATA, nb_epoch=2)
    except NotOffered:
        answered = "TypeError"

    recognise(
        answered if isinstance(answered, str) else answered.history.epoch,
        {
            "it is taken for epochs": [0, 1],
            "it is ignored": [0],
            "it is refused with a TypeError": "TypeError",
            "it is refused with a ValueError": "ValueError",
        },
    )


@clause("fit.kwargs.unknown")
def test_a_keyword_that_never_was_one(build: Build) -> None:
    """What becomes of a keyword that nobody knows."""
    try:
        ended = outcome(small_model(build).fit, *DATA, never_an_argument=2)
    except NotOffered:
        # Not to have it is to raise a TypeError that names it.
        ended = "TypeError"

    recognise(
        ended,
        {
            "it is refused with a TypeError": "TypeError",
            "it is refused with a ValueError": "ValueError",
            "it is ignored": "returned",
        },
    )
