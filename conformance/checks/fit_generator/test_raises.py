"""`fit_generator`: what is refused."""

from __future__ import annotations

import numpy as np

from fitspec.conformance.arrangements.two_errors import WEIGHTS, X, Y, model_of_3
from fitspec.conformance.checks import Build, Generator, clause, expect, outcome
from fitspec.conformance.vocabulary.models import linear
from fitspec.conformance.vocabulary.samples import column
from fitspec.conformance.worker.remote import RemoteError


@clause("fit_generator.raises.bad-format")
def test_an_item_of_another_form_is_refused(build: Build) -> None:
    """An item that is neither a pair nor a triple, or does not fit the model, is a ValueError."""
    items = {
        # Two rows could pass for inputs and targets, as could the keys and the letters below.
        "an array of two rows": column(1, 2),
        "a tuple of one": (X,),
        "a tuple of four": (X, Y, WEIGHTS, WEIGHTS),
        "a number": 5,
        "a dict of two": {"x": X, "y": Y},
        "a string of two": "xy",
        "two features for one": (np.ones((2, 2), np.float32), Y),
    }

    outcomes = {
        name: outcome(model_of_3(build).fit_generator, Generator([item]), steps_per_epoch=1)
        for name, item in items.items()
    }

    expect(outcomes, equals=dict.fromkeys(items, "ValueError"))


@clause("fit_generator.raises.none-item")
def test_none_in_place_of_an_item_is_refused(build: Build) -> None:
    """`None` among good items is a ValueError, in the background and on the main thread."""
    outcomes = {
        f"workers={workers}": outcome(
            model_of_3(build).fit_generator,
            Generator([(X, Y), None, (X, Y)]),
            steps_per_epoch=2,
            workers=workers,
        )
        for workers in (1, 0)
    }

    expect(
        outcomes,
        equals=dict.fromkeys(outcomes, "ValueError"),
        otherwise={
            "workers pass over it": {"workers=1": "returned", "workers=0": "ValueError"},
            "it is passed over": dict.fromkeys(outcomes, "returned"),
        },
    )


@clause("fit_generator.raises.not-compiled")
def test_an_uncompiled_model_is_refused_before_anything_is_drawn(build: Build) -> None:
    """A model that was never compiled raises RuntimeError and leaves the generator alone."""
    source = Generator([(X, Y)])
    seen: dict[str, object] = {"raised": "nothing", "drawn": 0}

    try:
        build(linear()).fit_generator(source, steps_per_epoch=1)
    except RemoteError as error:
        drawn = len(error.events.by(source).of("pull"))
        raised = [name for name in error.classes if name == "RuntimeError"] or error.classes
        seen = {"raised": raised[0], "drawn": drawn}

    expect(seen, equals={"raised": "RuntimeError", "drawn": 0})
