"""The R functions `fit` and `fit_generator`: what they add to the methods they wrap, or change."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from fitspec.conformance.arrangements.printed import BAR
from fitspec.conformance.checks import SGD, Build, Recorder, answer, clause, expect, outcome
from fitspec.conformance.vocabulary.models import linear, tally, two_in_two_out
from fitspec.conformance.vocabulary.probes import (
    GeneratorFunction,
    RSession,
    SequenceOf,
    UserFunction,
)
from fitspec.conformance.vocabulary.samples import (
    TALLY_RATE,
    ascending,
    column,
    constant,
    far_below,
    identity,
)
from fitspec.conformance.worker.answers import led_batches, trained_batches

if TYPE_CHECKING:
    from collections.abc import Callable

    from fitspec.conformance.worker.remote import Events, Model, Result

#: A batch of two: predicted by weight 1, its squares 1 and 9 average 5.
BATCH = column(1, 3), column(0, 0)


def _compiled(build: Build, *metrics: str) -> Model:
    """Return a model that keeps its weight of 1."""
    model = build(linear(1.0))
    model.compile(SGD(0.0), "mse", metrics=list(metrics))
    return model


def _level(result: Result) -> str:
    """Say which level of `verbose` prints so."""
    if BAR.search(result.stdout):
        return "a progress bar"
    return "a line for each epoch" if result.stdout.strip() else "nothing"


def _is_plotted(build: Build, session: RSession, *metrics: str, **arguments: object) -> bool:
    """Train in a session and return whether a live plot appeared."""
    model = _compiled(build, *metrics)
    model.enter(session)
    return len(model.fit(*BATCH, **arguments).events.by(session).of("plot")) > 0


# --- defaults ---------------------------------------------------------------------------------


@clause("r.fit.epochs-default-10")
def test_fit_runs_ten_epochs_by_default(build: Build) -> None:
    """Without `epochs`, R's `fit` trains for 10 epochs."""
    result = _compiled(build).fit(*BATCH, verbose=0, callbacks=[Recorder()])

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
        model = _compiled(build)
        options = {} if option is None else {"keras.fit_verbose": option}
        model.enter(RSession(knitr=knitr, server=server, options=options))
        seen[f"option {option}, knitr {knitr}, server {server}"] = _level(
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


@clause("r.fit_generator.verbose-default-1")
def test_fit_generator_prints_a_bar_unless_the_option_says_otherwise(build: Build) -> None:
    """The option decides; without it there is a progress bar, also while knitr renders."""
    sessions = {
        "no option": RSession(),
        "no option, knitr": RSession(knitr=True),
        "option 0": RSession(options={"keras.fit_verbose": 0}),
        "option 2": RSession(options={"keras.fit_verbose": 2}),
    }
    seen = {}
    for name, session in sessions.items():
        model = _compiled(build)
        model.enter(session)
        seen[name] = _level(model.fit_generator(GeneratorFunction([BATCH]), 2, epochs=2))

    levels = ("a progress bar", "a progress bar", "nothing", "a line for each epoch")
    expect(seen, equals=dict(zip(sessions, levels, strict=True)))


# --- the live plot ----------------------------------------------------------------------------


@clause("r.view_metrics.auto-rule")
def test_a_plot_appears_when_all_four_conditions_hold(build: Build) -> None:
    """The plot needs RStudio, compiled metrics, several epochs and something printed."""
    shown = []
    for rstudio, metrics, epochs, verbose in product((True, False), ("mae", ""), (2, 1), (2, 0)):
        session = RSession(rstudio=rstudio)
        compiled = [metrics] if metrics else []
        if _is_plotted(build, session, *compiled, epochs=epochs, verbose=verbose):
            place = "RStudio" if rstudio else "elsewhere"
            shown.append(f"{place}, metrics [{metrics}], epochs {epochs}, verbose {verbose}")

    expect(
        shown,
        equals=["RStudio, metrics [mae], epochs 2, verbose 2"],
        otherwise={
            "without metrics too": [
                "RStudio, metrics [mae], epochs 2, verbose 2",
                "RStudio, metrics [], epochs 2, verbose 2",
            ],
            "never": [],
        },
    )


@clause("r.view_metrics.option")
def test_the_option_replaces_the_default_of_view_metrics(build: Build) -> None:
    """Where `view_metrics` is not given the option counts, and where it is given it alone."""

    def plotted(option: object, *, rstudio: bool, **arguments: object) -> bool:
        session = RSession(rstudio=rstudio, options={"keras.view_metrics": option})
        return _is_plotted(build, session, "mae", epochs=2, verbose=2, **arguments)

    seen = {
        "option TRUE": plotted(True, rstudio=False),
        "option TRUE, argument FALSE": plotted(True, rstudio=False, view_metrics=False),
        "option FALSE, in RStudio": plotted(False, rstudio=True),
        "option FALSE, argument TRUE": plotted(False, rstudio=False, view_metrics=True),
        "option auto": plotted("auto", rstudio=False),
        "option auto, in RStudio": plotted("auto", rstudio=True),
        "option FALSE, argument auto, in RStudio": plotted(
            False, rstudio=True, view_metrics="auto"
        ),
    }
    expect(seen, equals=dict(zip(seen, (True, False, False, True, False, True, True), strict=True)))


# --- data in R's forms ------------------------------------------------------------------------


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
        "inputs and targets": loss(_compiled(build), pair),
        "with sample weights": loss(_compiled(build), triple),
        "of two layers each": loss(branched, several),
    }
    # (1 + 9)/2 = 5; the sample that counts meets its target; so do 2·1 = 2 and 3·10 = 30.
    expect(seen, equals=dict(zip(seen, (5.0, 0.0, 0.0), strict=True)))


@clause("r.class_weight.named-list")
def test_names_of_class_weights_are_class_indices(build: Build) -> None:
    """A named list weights the classes whose indices are its names."""
    x, y = constant(2, 2), column(0, 1)
    weights = {"1": 5.0, "0": 1.0}
    calls: dict[str, Callable[[Model], Result]] = {
        "fit": lambda model: model.fit(x, y, class_weight=weights, epochs=1),
        "fit_generator": lambda model: model.fit_generator(
            GeneratorFunction([(x, y)]), 1, class_weight=weights
        ),
    }
    losses = {name: call(_compiled(build)).history.history["loss"] for name, call in calls.items()}

    # 2² = 4 of class 0 counts once, 1² = 1 of class 1 five times: (4 + 5)/2.
    expect(
        losses,
        equals=dict.fromkeys(calls, [4.5]),
        otherwise={
            "the weights are ignored": dict.fromkeys(calls, [2.5]),
            "the weights count by their places": dict.fromkeys(calls, [10.5]),
        },
    )


@clause("r.shuffle.logical-or-batch")
def test_shuffle_is_a_logical_or_batch(build: Build) -> None:
    """TRUE moves samples, "batch" moves chunks, FALSE nothing; with steps nothing is moved."""

    def batches(**arguments: object) -> list[list[list[int]]]:
        model, recorder = build(tally(12)), Recorder(weights=True)
        model.compile(SGD(TALLY_RATE), "mae")
        data = identity(12), far_below(12)
        result = model.fit(*data, epochs=4, callbacks=[recorder], **arguments)
        return trained_batches(result, recorder)

    def leaders(**arguments: object) -> list[int]:
        model, recorder = build(tally(16)), Recorder(weights=True)
        model.compile(SGD(1.0), UserFunction("prediction_times_first_target"))
        data = identity(16), ascending(16)
        result = model.fit(*data, epochs=5, callbacks=[recorder], **arguments)
        return [batches[0][0] for batches in led_batches(result, recorder)]

    in_order = [[sample, sample + 1] for sample in range(0, 12, 2)]
    chunks, mixed, kept = (
        batches(batch_size=2, shuffle=shuffle) for shuffle in ("batch", True, False)
    )
    # Six chunks keep their places in four epochs by accident once in (6!)^4, twelve samples make
    # up the same six pairs in all four once in (12!/(6!·2^6))^4, and sample 0 comes first in five
    # shuffled epochs of 16 once in 16^5.
    seen = {
        "batch: chunks of a batch": all(batch in in_order for one in chunks for batch in one),
        "batch: moved": any(one != in_order for one in chunks),
        "TRUE: chunks broken up": any(batch not in in_order for one in mixed for batch in one),
        "FALSE: in order": kept == [in_order] * 4,
        "with steps: in order": leaders(steps_per_epoch=1, shuffle=True) == [0] * 5,
    }
    expect(seen, equals=dict.fromkeys(seen, True))


# --- fit_generator ----------------------------------------------------------------------------


@clause("r.fit_generator.steps-required")
def test_fit_generator_demands_the_number_of_steps(build: Build) -> None:
    """Without `steps_per_epoch` R's `fit_generator` refuses, even where a length is known."""
    model, source = _compiled(build), SequenceOf([BATCH])

    refused = outcome(model.fit_generator, source, epochs=1) != "returned"

    seen = {
        "without steps": "refused" if refused else "trained",
        "with steps": outcome(model.fit_generator, source, steps_per_epoch=1, epochs=1),
    }
    expect(seen, equals={"without steps": "refused", "with steps": "returned"})


@clause("r.fit_generator.workers-threads")
def test_only_native_generators_are_read_in_other_threads(build: Build) -> None:
    """Several workers read a native generator in threads; a function runs in the main thread."""

    def readers(source: SequenceOf | GeneratorFunction, workers: int) -> str:
        answered = answer(_compiled(build).fit_generator, source, 4, workers=workers)
        return "refused" if isinstance(answered, str) else _readers(answered.events.by(source))

    batches = [BATCH] * 4
    seen = {
        "native, 2 workers": readers(SequenceOf(batches), 2),
        "function, 1 worker": readers(GeneratorFunction(batches), 1),
        "function, 3 workers": readers(GeneratorFunction(batches), 3),
    }
    # To refuse more workers than a function can have is as good: it does not run elsewhere.
    several = seen["function, 3 workers"]
    expect(
        seen,
        equals={
            "native, 2 workers": "other threads",
            "function, 1 worker": "the main thread",
            "function, 3 workers": several if several == "refused" else "the main thread",
        },
    )


def _readers(events: Events) -> str:
    """Say where a source was read: whichever thread or process asked it for an item."""
    asked = [event for event in events if event.kind in ("pull", "get_item")]
    if all(event.main_thread for event in asked):
        return "the main thread"
    return "other threads"


# --- what comes back --------------------------------------------------------------------------


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
        result = call(_compiled(build, "mae"))
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
