"""`fit` of R: what it adds to the method, or changes."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from fitspec.conformance.arrangements.r_training import BATCH, level_printed, model_of_1
from fitspec.conformance.checks import SGD, Build, Recorder, clause, expect
from fitspec.conformance.vocabulary.models import two_in_two_out
from fitspec.conformance.vocabulary.probes import GeneratorFunction, RSession
from fitspec.conformance.vocabulary.samples import column, constant

if TYPE_CHECKING:
    from collections.abc import Callable

    from fitspec.conformance.worker.remote import Model, Result


@clause("r.fit.epochs-default-10")
def test_fit_runs_ten_epochs_by_default(build: Build) -> None:
    """Without `epochs`, R's `fit` trains for 10 epochs."""
    result = model_of_1(build).fit(*BATCH, verbose=0, callbacks=[Recorder()])

    expect(
        result.events.of("epoch_begin").indices,
        equals=[*range(10)],
        otherwise={"one epoch, as the Python method has it": [0]},
    )


@clause("r.fit.verbose-default-auto")
def test_how_much_fit_prints_depends_on_option_knitr_and_server(build: Build) -> None:
    """The option decides; without it, or as "auto", a bar unless knitr renders or on a server."""
    seen = {}
    for option, knitr, server in product((None, "auto", 0, 1, 2), (False, True), (False, True)):
        model = model_of_1(build)
        options = {} if option is None else {"keras.fit_verbose": option}
        model.enter(RSession(knitr=knitr, server=server, options=options))
        seen[f"option {option}, knitr {knitr}, server {server}"] = level_printed(
            model.fit(*BATCH, epochs=2)
        )

    bar, lines, nothing = "a progress bar", "a line for each epoch", "nothing"
    # For knitr and server: neither, server, knitr, both.
    levels = [bar, lines, lines, lines] * 2 + [nothing] * 4 + [bar] * 4 + [lines] * 4
    expect(
        seen,
        equals=dict(zip(seen, levels, strict=True)),
        otherwise={
            "a bar, wherever it is": dict(
                zip(seen, [bar] * 8 + [nothing] * 4 + [bar] * 4 + [lines] * 4, strict=True)
            ),
            "the option has no effect": dict(
                zip(seen, [bar, lines, lines, lines] * 5, strict=True)
            ),
        },
    )


@clause("r.fit.named-list")
def test_named_lists_map_layer_names_to_data(build: Build) -> None:
    """Inputs and targets go to the layers that their names say, in whatever order they come."""
    model = build(two_in_two_out(2.0, 3.0))
    model.compile(SGD(0.0), "mse")
    x = {"in2": constant(2, 10), "in1": constant(2, 1)}
    y = {"b": constant(2, 30), "a": constant(2, 2)}

    history = model.fit(x, y, epochs=1).history.history

    # a = 2·1 and b = 3·10 are the targets. By position a = 2·10 meets 30 and b = 3·1 meets 2.
    expect(
        history["loss"],
        equals=[0.0],
        otherwise={"the names are ignored": [101.0]},
    )


@clause("r.fit.generator-function")
def test_a_function_gives_batches(build: Build) -> None:
    """A function that returns lists of two or three is trained on, one list a batch."""
    pair, triple = [*BATCH], [column(1, 3), column(1, 0), np.asarray([1, 0], np.float32)]
    # Two inputs and two outputs, targets met.
    several = [[constant(2, 1), constant(2, 10)], [constant(2, 2), constant(2, 30)]]

    def loss(model: Model, item: object) -> float:
        result = model.fit(GeneratorFunction([item]), steps_per_epoch=2, epochs=1)
        return float(result.history.history["loss"][0])

    branched = build(two_in_two_out(2.0, 3.0))
    branched.compile(SGD(0.0), "mse")
    seen = {
        "inputs and targets": loss(model_of_1(build), pair),
        "with sample weights": loss(model_of_1(build), triple),
        "of two layers each": loss(branched, several),
    }
    # (1 + 9)/2 = 5; the sample that counts meets its target; so do 2·1 = 2 and 3·10 = 30.
    expect(seen, equals=dict(zip(seen, (5.0, 0.0, 0.0), strict=True)))


@clause("r.fit.returns-invisible-history")
def test_the_history_comes_back_without_being_printed(build: Build) -> None:
    """Both functions return all results of each epoch, and nothing prints them."""
    validation = column(2, 4), column(0, 0)
    calls: dict[str, Callable[[Model], Result]] = {
        "fit": lambda model: model.fit(
            *BATCH, epochs=2, verbose=0, validation_data=validation, batch_size=2
        ),
        "fit_generator": lambda model: model.fit_generator(
            GeneratorFunction([BATCH]), 1, epochs=2, verbose=0, validation_data=validation
        ),
    }
    seen = {}
    for name, call in calls.items():
        result = call(model_of_1(build, "mae"))
        history = result.history.history
        seen[name] = {
            "printed": result.stdout,
            "loss": history["loss"],
            "validation loss": history["val_loss"],
            "all": sorted(history.values()),
        }

    # Squares (1 + 9)/2 and (4 + 16)/2, absolute values (1 + 3)/2 and (2 + 4)/2. What the metric is
    # called is open.
    losses = {"loss": [5.0] * 2, "validation loss": [10.0] * 2}
    everything = [[2.0] * 2, [3.0] * 2, [5.0] * 2, [10.0] * 2]
    expect(seen, equals=dict.fromkeys(calls, {"printed": "", **losses, "all": everything}))
