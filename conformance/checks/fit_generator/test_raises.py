"""`fit_generator`: what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.conformance.arrangements.fit_generator_calls import kinds_of_streams
from fitspec.conformance.arrangements.streaming import asked_of, on_each_thread
from fitspec.conformance.arrangements.two_errors import WEIGHTS, X, Y, model_of_3
from fitspec.conformance.checks import Build, Generator, clause, expect, outcome
from fitspec.conformance.vocabulary.models import linear
from fitspec.conformance.vocabulary.samples import column
from fitspec.conformance.worker.remote import Model, RemoteError

if TYPE_CHECKING:
    from fitspec.conformance.vocabulary.probes import Source

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
        what: {
            name: outcome(model_of_3(build).fit_generator, kind([item]), steps_per_epoch=1)
            for name, item in {**GOOD, **items}.items()
        }
        for what, kind in kinds_of_streams(build).items()
    }

    for what, kind in kinds_of_streams(build).items():
        late = [(X, Y), items["a tuple of four"]]
        order = {} if kind is Generator else {"shuffle": False}
        fit = model_of_3(build).fit_generator
        outcomes[what]["a tuple of four behind a pair"] = outcome(
            fit, kind(late), steps_per_epoch=2, **order
        )

    right = {
        **dict.fromkeys(outcomes["generator"], "ValueError"),
        **dict.fromkeys(GOOD, "returned"),
    }
    expect(outcomes, equals=dict.fromkeys(outcomes, right))


@clause("fit_generator.raises.none-item")
def test_none_in_place_of_an_item_is_refused(build: Build) -> None:
    """`None` among good items is a ValueError, in the background and on the main thread."""
    sources: dict[str, list[object]] = {
        "good items alone": [(X, Y)] * 3,
        "None among them": [(X, Y), None, (X, Y)],
    }
    outcomes = {
        f"{what} {where}": {
            name: outcome(
                model_of_3(build).fit_generator, kind(items), steps_per_epoch=2, **arguments
            )
            for name, items in sources.items()
        }
        for what, kind in kinds_of_streams(build).items()
        for where, arguments in on_each_thread(build).items()
    }

    right = {"good items alone": "returned", "None among them": "ValueError"}
    passed_over = dict.fromkeys(sources, "returned")
    refused = dict.fromkeys(outcomes, right)
    expect(
        outcomes,
        equals=refused,
        otherwise={
            "workers of a generator pass over it": {
                **refused,
                "generator in the background": passed_over,
            },
            "it is passed over in a Sequence": {
                name: passed_over if name.startswith("Sequence") else right for name in outcomes
            },
            "it is passed over": dict.fromkeys(outcomes, passed_over),
        },
    )


@clause("fit_generator.raises.not-compiled")
def test_an_uncompiled_model_is_refused_before_anything_is_drawn(build: Build) -> None:
    """A model that was never compiled raises RuntimeError and leaves the generator alone."""

    def tried(model: Model, source: Source, **arguments: Any) -> dict[str, object]:
        try:
            events = model.fit_generator(source, steps_per_epoch=1, **arguments).events
        except RemoteError as error:
            raised = [name for name in error.classes if name == "RuntimeError"] or error.classes
            return {"raised": raised[0], "draws": bool(asked_of(source, error.events))}
        return {"raised": "nothing", "draws": bool(asked_of(source, events))}

    seen = {
        f"{what} {where}": {
            "compiled": tried(model_of_3(build), kind([(X, Y)]), **arguments),
            "not compiled": tried(build(linear()), kind([(X, Y)]), **arguments),
        }
        for what, kind in kinds_of_streams(build).items()
        for where, arguments in on_each_thread(build).items()
    }
    right = {
        "compiled": {"raised": "nothing", "draws": True},
        "not compiled": {"raised": "RuntimeError", "draws": False},
    }
    expect(seen, equals=dict.fromkeys(seen, right))
