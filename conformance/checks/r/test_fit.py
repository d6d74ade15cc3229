"""`fit` of R: what it adds to the method, or changes."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.conformance.arrangements.data_forms import data_by_name, model_of_three
from fitspec.conformance.arrangements.r_training import BATCH, level_printed, model_of_1
from fitspec.conformance.checks import SGD, Build, Recorder, clause, expect
from fitspec.conformance.vocabulary.models import linear, two_in_two_out
from fitspec.conformance.vocabulary.probes import GeneratorFunction, RSession
from fitspec.conformance.vocabulary.samples import column, constant

if TYPE_CHECKING:
    from collections.abc import Callable

    from fitspec.conformance.vocabulary.probes import ModelOf
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
    model = build(model_of_three())
    model.compile(SGD(0.0), "mse")

    history = model.fit(*data_by_name(), epochs=1).history.history

    # 2·1, 3·10 and 5·100 for 1, 20 and 300: 1 + 100 + 40,000. In the order of the lists they are
    # 2·10, 3·1 and 5·100 for 20, 1 and 300; in that of the alphabet 2·100, 3·1 and 5·10 for 300, 1
    # and 20.
    expect(
        history["loss"],
        equals=[40101.0],
        otherwise={
            "the names are ignored": [4.0 + 40000.0],
            "the alphabet decided": [10000.0 + 4.0 + 900.0],
        },
    )


@clause("r.fit.generator-function")
def test_a_function_gives_batches(build: Build) -> None:
    """A function that returns lists of two or three is trained on, one list a batch."""
    pairs = [[constant(2, value), constant(2, 0)] for value in (1, 2, 3)]
    triples = [
        [*pair, np.asarray(weights, np.float32)]
        for pair, weights in zip(pairs, ([0.5, 1], [1.5, 3], [1, 2]), strict=True)
    ]
    several = [[[x, constant(2, 1)], [y, constant(2, 2)]] for x, y in pairs]

    def trained(description: ModelOf, items: list[Any]) -> list[float]:
        model = build(description)
        model.compile(SGD(2.0**-4), "mse")
        model.fit(GeneratorFunction(items), steps_per_epoch=3, epochs=1)
        return [model.weight(name) for name in description.outputs]

    seen = {
        "inputs and targets": trained(linear(1.0), pairs),
        "with sample weights": trained(linear(1.0), triples),
        "of two layers each": trained(two_in_two_out(1.0, 1.0), several),
    }
    # The gradient is 2·x²·w, so that w is multiplied by 1 - x²/8 for x = 1, 2 and 3; weights of
    # 0.75, 2.25 and 1.5 on average multiply x². The second layer is to make 2 of 1: what it lacks,
    # 2 - w, is multiplied by 7/8 each time.
    first = 7 / 8 * 4 / 8 * -1 / 8
    expect(
        seen,
        equals={
            "inputs and targets": [first],
            "with sample weights": [(1 - 0.75 / 8) * (1 - 9 / 8) * (1 - 13.5 / 8)],
            "of two layers each": [first, 2 - (7 / 8) ** 3],
        },
        ulps=8,
    )


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
