"""`fit_generator`: what is refused."""

from __future__ import annotations

import numpy as np

from fitspec.conformance.arrangements.streaming import on_each_thread
from fitspec.conformance.arrangements.two_errors import WEIGHTS, X, Y, model_of_3
from fitspec.conformance.checks import Build, Generator, clause, expect, outcome
from fitspec.conformance.vocabulary.models import linear
from fitspec.conformance.vocabulary.samples import column
from fitspec.conformance.worker.remote import Model, RemoteError

#: An item of the right form. Whether weights may come with it is another clause's matter.
GOOD = {"a pair": (X, Y)}


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
        for name, item in {**GOOD, **items}.items()
    }

    expect(
        outcomes,
        equals={**dict.fromkeys(GOOD, "returned"), **dict.fromkeys(items, "ValueError")},
    )


@clause("fit_generator.raises.none-item")
def test_none_in_place_of_an_item_is_refused(build: Build) -> None:
    """`None` among good items is a ValueError, in the background and on the main thread."""
    sources: dict[str, list[object]] = {
        "good items alone": [(X, Y)] * 3,
        "None among them": [(X, Y), None, (X, Y)],
    }
    outcomes = {
        where: {
            name: outcome(
                model_of_3(build).fit_generator, Generator(items), steps_per_epoch=2, **arguments
            )
            for name, items in sources.items()
        }
        for where, arguments in on_each_thread(build).items()
    }

    right = {"good items alone": "returned", "None among them": "ValueError"}
    passed_over = dict.fromkeys(sources, "returned")
    refused = dict.fromkeys(outcomes, right)
    expect(
        outcomes,
        equals=refused,
        otherwise={
            "workers pass over it": {**refused, "in the background": passed_over},
            "it is passed over": dict.fromkeys(outcomes, passed_over),
        },
    )


@clause("fit_generator.raises.not-compiled")
def test_an_uncompiled_model_is_refused_before_anything_is_drawn(build: Build) -> None:
    """A model that was never compiled raises RuntimeError and leaves the generator alone."""

    def tried(model: Model) -> dict[str, object]:
        source = Generator([(X, Y)])
        try:
            events = model.fit_generator(source, steps_per_epoch=1).events
        except RemoteError as error:
            raised = [name for name in error.classes if name == "RuntimeError"] or error.classes
            return {"raised": raised[0], "draws": bool(error.events.by(source).of("pull"))}
        return {"raised": "nothing", "draws": bool(events.by(source).of("pull"))}

    expect(
        {"compiled": tried(model_of_3(build)), "not compiled": tried(build(linear()))},
        equals={
            "compiled": {"raised": "nothing", "draws": True},
            "not compiled": {"raised": "RuntimeError", "draws": False},
        },
    )
