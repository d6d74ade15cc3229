"""`predict_generator`: the call itself, and arguments with a single clause."""

from __future__ import annotations

import numpy as np

from fitspec.conformance.arrangements.compiled import frozen, small_model
from fitspec.conformance.arrangements.printed import expect_silence_unless_a_bar_is_asked_for
from fitspec.conformance.arrangements.returned import kind
from fitspec.conformance.arrangements.signatures import REQUIRED, in_order
from fitspec.conformance.arrangements.stream_ends import left_behind, remains
from fitspec.conformance.arrangements.streaming import (
    PATIENCE,
    PREDICT_GENERATOR,
    expect_documented_reading,
    hooks_in_each_source,
)
from fitspec.conformance.arrangements.taken import taken
from fitspec.conformance.checks import (
    Build,
    Generator,
    clause,
    expect,
    outcome,
    recognise,
)
from fitspec.conformance.vocabulary.models import linear, two_in_two_out
from fitspec.conformance.vocabulary.probes import SequenceOf, until
from fitspec.conformance.vocabulary.samples import column, constant

#: The parameters of `predict_generator` in document 004 and their defaults, in order.
PARAMETERS = {
    "generator": REQUIRED,
    "steps": None,
    "callbacks": None,
    "max_queue_size": 10,
    "workers": 1,
    "use_multiprocessing": False,
    "verbose": 0,
}


@clause("predict_generator.signature.defaults")
def test_the_arguments_of_predict_generator_and_their_order(build: Build) -> None:
    """Only the generator is required; the others follow in the documented order."""
    parameters = in_order(build(linear()).predict_generator)

    expect(list(parameters.items())[: len(PARAMETERS)], equals=list(PARAMETERS.items()))


@clause("predict_generator.steps")
def test_steps_are_batches_and_the_length_of_a_sequence_by_default(build: Build) -> None:
    """`steps` batches are predicted, or all of a Sequence; for a generator it has to be given."""
    model = frozen(build, linear())
    items = [constant(2, value) for value in (1, 2, 3)]

    values = {
        "generator, 2 steps": model.predict_generator(Generator(items), steps=2).value,
        "Sequence of 3, 2 steps": model.predict_generator(SequenceOf(items), steps=2).value,
        "Sequence of 3": model.predict_generator(SequenceOf(items, endless=True)).value,
    }
    more = model.predict_generator(SequenceOf(items), steps=4).value
    # One that ends: whoever reads it as far as it goes says so, and does not read for ever.
    refused = outcome(frozen(build, linear()).predict_generator, Generator(items, repeats=False))

    right = {
        "generator, 2 steps": [1, 1, 2, 2],
        "Sequence of 3, 2 steps": [1, 1, 2, 2],
        "Sequence of 3": [1, 1, 2, 2, 3, 3],
        # Which batches come after the last one is another matter.
        "rows of a Sequence of 3 in 4 steps": 8,
        "generator without steps": "ValueError",
    }
    expect(
        {
            **{name: np.ravel(value) for name, value in values.items()},
            "rows of a Sequence of 3 in 4 steps": np.size(more),
            "generator without steps": refused,
        },
        equals=right,
        otherwise={
            "a generator may do without steps": {**right, "generator without steps": "returned"},
        },
    )


@clause("predict_generator.order-and-concatenation", seconds=30)
def test_rows_follow_the_batches_though_these_are_made_out_of_order(build: Build) -> None:
    """With several workers too, the rows are in the order of the batches, whatever their size."""
    sizes = [column(1, 2, 3), column(4, 5, 6), column(7)]
    # With workers enough, the last batch is ready first and the first one last.
    waits = {index: until("give", 2 - index, within=PATIENCE) for index in (0, 1)}

    rows = {}
    for where, processes in {"threads": {}, "processes": {"use_multiprocessing": True}}.items():
        predict = frozen(build, linear(2.0)).predict_generator
        value = predict(SequenceOf(sizes, waits=waits), workers=4, **processes).value
        rows[where] = np.ravel(value)

    ready = [14.0, 8.0, 10.0, 12.0, 2.0, 4.0, 6.0]
    expect(
        rows,
        equals=dict.fromkeys(rows, [2.0, 4.0, 6.0, 8.0, 10.0, 12.0, 14.0]),
        otherwise={"in the order they became ready": dict.fromkeys(rows, ready)},
    )


@clause("predict_generator.returns")
def test_predictions_are_numpy_arrays_however_many_steps(build: Build) -> None:
    """One output gives a NumPy array, several a list of them, for one step as for two."""
    one, two = frozen(build, linear()), frozen(build, two_in_two_out(1.0, 2.0))
    first, second = column(1, 2), column(3, 4)

    values = {
        "one output, one step": one.predict_generator(Generator([first]), steps=1).value,
        "one output, two steps": one.predict_generator(Generator([first, second]), steps=2).value,
        "one output, a Sequence": one.predict_generator(SequenceOf([first, second])).value,
        "two outputs, one step": two.predict_generator(Generator([[first] * 2]), steps=1).value,
        "two outputs, two steps": two.predict_generator(
            Generator([[first] * 2, [second] * 2]), steps=2
        ).value,
    }

    array, arrays = "NumPy array", "list of NumPy array, NumPy array"
    both = column(1, 2, 3, 4)
    expect(
        {name: {"kind": kind(value), "values": value} for name, value in values.items()},
        equals={
            "one output, one step": {"kind": array, "values": first},
            "one output, two steps": {"kind": array, "values": both},
            "one output, a Sequence": {"kind": array, "values": both},
            "two outputs, one step": {"kind": arrays, "values": [first, 2 * first]},
            "two outputs, two steps": {"kind": arrays, "values": [both, 2 * both]},
        },
    )


@clause("predict_generator.callbacks")
def test_callbacks_are_called_when_a_generator_is_predicted(build: Build) -> None:
    """Callbacks get the hooks of prediction, for each batch in turn, and no others."""
    seen = hooks_in_each_source(build, PREDICT_GENERATOR)

    batch = ["predict_batch_begin", "predict_batch_end"]
    each = {"hooks": ["predict_begin", *batch, *batch, "predict_end"], "batches": [0, 1]}
    expect(
        seen,
        equals=dict.fromkeys(seen, each),
        otherwise={"no hook is called": dict.fromkeys(seen, {"hooks": [], "batches": []})},
    )


@clause("predict_generator.queue-and-workers", seconds=45)
def test_predict_generator_reads_as_fit_generator_does(build: Build) -> None:
    """Queue, workers and processes are those that are asked for, or 10, one thread and none."""
    expect_documented_reading(build, PREDICT_GENERATOR)


@clause("predict_generator.workers.left-behind", seconds=40)
def test_threads_left_behind_by_prediction_by_its_own_method(build: Build) -> None:
    """Whether worker threads still run when `predict_generator` has returned or raised."""
    seen = left_behind(build, PREDICT_GENERATOR)

    recognise(seen, remains(seen, "threads"))


@clause("predict_generator.use_multiprocessing.left-behind", seconds=40)
def test_processes_left_behind_by_prediction_by_its_own_method(build: Build) -> None:
    """Whether worker processes still run when `predict_generator` has returned or raised."""
    seen = left_behind(build, PREDICT_GENERATOR, use_multiprocessing=True)

    recognise(seen, remains(seen, "processes", "processes and threads"))


@clause("predict_generator.verbose")
def test_predict_generator_is_silent_unless_a_bar_is_asked_for(build: Build) -> None:
    """Nothing is printed with level 0 and by default, a progress bar with level 1."""
    model, item = frozen(build, linear()), constant(2, 1)

    expect_silence_unless_a_bar_is_asked_for(
        {
            "a generator": lambda **verbose: model.predict_generator(
                Generator([item]), steps=3, **verbose
            ),
            "a Sequence": lambda **verbose: model.predict_generator(
                SequenceOf([item] * 3), **verbose
            ),
        },
        logs=True,
    )


@clause("predict_generator.raises.bad-format")
def test_items_that_are_no_inputs_are_not_predicted(build: Build) -> None:
    """A tuple of four, None and inputs of another size than the model's are a ValueError."""
    x = column(1, 2)
    bad = {"four": (x, x, x, x), "None": None, "two features": np.ones((2, 2), np.float32)}

    kinds: dict[str, type[Generator | SequenceOf]] = {"generator": Generator}
    # Whether Sequences are taken is another clause.
    if taken(small_model(build).predict_generator, SequenceOf([x])):
        kinds["Sequence"] = SequenceOf

    # A good item follows: what is left out silently returns.
    outcomes = {
        what: {
            name: outcome(small_model(build).predict_generator, kind([item, x]), steps=1)
            for name, item in {"inputs": x, **bad}.items()
        }
        for what, kind in kinds.items()
    }

    right = {"inputs": "returned", **dict.fromkeys(bad, "ValueError")}
    left_out = {**right, "None": "returned"}
    expect(
        outcomes,
        equals=dict.fromkeys(outcomes, right),
        otherwise={"None is left out": dict.fromkeys(outcomes, left_out)},
    )
