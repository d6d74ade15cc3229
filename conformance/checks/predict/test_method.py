"""`predict`: the call itself, and arguments with a single clause."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
from hypothesis.strategies import integers

from fitspec.conformance.arrangements.compiled import frozen
from fitspec.conformance.arrangements.inference import UNTRAINED
from fitspec.conformance.arrangements.printed import expect_silence_unless_a_bar_is_asked_for
from fitspec.conformance.arrangements.returned import numbers
from fitspec.conformance.arrangements.signatures import REQUIRED, defaults
from fitspec.conformance.arrangements.stream_ends import left_behind, remains
from fitspec.conformance.arrangements.streaming import (
    PREDICT,
    events_of_each_source,
    expect_documented_reading,
    from_the_first,
    in_halves,
)
from fitspec.conformance.arrangements.taken import (
    breaks_off,
    taken,
    takes_lists,
    takes_sequences,
    tried,
)
from fitspec.conformance.checks import (
    SGD,
    Build,
    ForAll,
    Generator,
    Sides,
    answer,
    clause,
    expect,
    outcome,
    recognise,
)
from fitspec.conformance.vocabulary.models import (
    dropped_sum,
    linear,
    normalized,
    running_sum,
    times_first,
    two_in_two_out,
)
from fitspec.conformance.vocabulary.probes import SequenceOf
from fitspec.conformance.vocabulary.samples import ascending, constant

if TYPE_CHECKING:
    from collections.abc import Callable

    from fitspec.conformance.worker.remote import Result

#: Two features, where the model has one.
WIDE = np.ones((2, 2), np.float32)
#: What can be seen of a good call after a bad one.
AFTERWARDS = {
    words: {"worked": True, "refused": refused, "works": works}
    for words, refused, works in (
        ("the model works as if nothing had happened", True, True),
        ("the model does not work any more", True, False),
        ("nothing was refused, and the model works", False, True),
        ("nothing was refused, and the model does not work any more", False, False),
    )
}
#: The parameters of `predict` in document 004 and their defaults.
DEFAULTS = {
    "x": REQUIRED,
    "batch_size": None,
    "verbose": 0,
    "steps": None,
    "callbacks": None,
    "max_queue_size": 10,
    "workers": 1,
    "use_multiprocessing": False,
}


@clause("predict.signature.defaults")
def test_every_argument_of_predict_has_its_documented_default(build: Build) -> None:
    """`predict` requires its inputs; the others have the documented default and place."""
    model = frozen(build, linear(2.0))

    found = defaults(model.predict, DEFAULTS)
    # Inputs, batch_size, verbose.
    by_position = answer(model.predict, ascending(4), 2, 0)

    rows = by_position if isinstance(by_position, str) else numbers(by_position.value)
    expect(
        {**found, "by position": rows},
        equals={**DEFAULTS, "by position": [2.0, 4.0, 6.0, 8.0]},
    )


@clause("predict.order")
def test_predictions_are_in_the_order_of_the_samples(build: Build, for_all: ForAll) -> None:
    """Row i of the predictions belongs to sample i, whatever the batch size."""
    model, several = frozen(build, linear(2.0)), takes_lists(build)
    two = frozen(build, two_in_two_out(2.0, 2.0)) if several else model
    # How several read a Sequence is the matter of other clauses.
    items = [(samples, samples) for samples in (ascending(3), ascending(2), ascending(1))]
    by_several: tuple[dict[str, Any], ...] = (
        {"workers": 3},
        {"workers": 2, "use_multiprocessing": True},
    )
    read = [tried(model.predict, SequenceOf(items), **readers) for readers in by_several]
    of_items = [numbers(result.value) for result in read if result is not None]

    def law(batches: int, batch_size: int) -> Sides:
        samples = ascending(batches * batch_size)
        predicted = [model.predict(samples, batch_size=batch_size).value]
        # Every other number of samples. Whether there may be several outputs is another clause.
        if several and len(samples) % 2 == 0:
            predicted = two.predict([samples] * 2, batch_size=batch_size).value
        # Twice a small whole number: nothing is rounded.
        right = [numbers(2 * samples)] * len(predicted)
        # Six rows in all, of the items one after the other.
        right += [[2.0, 4.0, 6.0, 2.0, 4.0, 2.0]] * len(of_items)
        return Sides([*(numbers(rows) for rows in predicted), *of_items], equals=right)

    # What becomes of an incomplete batch is another clause.
    for_all(
        law,
        batches=integers(1, 7),
        batch_size=integers(1, 40),
        examples=[(7, 1), (4, 2), (3, 3), (1, 7)],
    )


@clause("predict.batched")
def test_prediction_goes_through_the_data_in_batches(build: Build) -> None:
    """Samples are taken `batch_size` at a time."""
    model = frozen(build, times_first())

    seen = {"whole batches": numbers(model.predict(ascending(9), batch_size=3).value)}
    # Whether an array may come in a list, or in a dict, is another clause.
    for form, x in (("in a list", [ascending(9)]), ("in a dict", {"x": ascending(9)})):
        if (answered := tried(model.predict, x, batch_size=3)) is not None:
            seen[form] = numbers(answered.value)
    rest = numbers(model.predict(ascending(8), batch_size=3).value)
    # Whether the rest is predicted at all is another clause.
    if len(rest) == 8:
        seen["with a rest"] = rest

    # Each sample times the first of its batch: (1, 2, 3), (4, 5, 6) and (7, 8, 9).
    products = [1.0, 2.0, 3.0, 16.0, 20.0, 24.0, 49.0, 56.0, 63.0]
    right = {name: products[: len(values)] for name, values in seen.items()}
    singles = {"all samples are one batch": 1, "each sample is a batch": 2}
    expect(
        seen,
        equals=right,
        otherwise={
            **{
                words: {
                    name: [float(sample**power) for sample in range(1, len(values) + 1)]
                    for name, values in seen.items()
                }
                for words, power in singles.items()
            },
            "the rest is part of the last batch": {
                **right,
                "with a rest": [*products[:6], 28.0, 32.0],
            },
        },
    )


@clause("predict.batch_size.default-32")
def test_32_samples_are_predicted_at_a_time_by_default(build: Build) -> None:
    """Without `batch_size` a batch has 32 samples."""
    model, seen = frozen(build, times_first()), {}
    # Whether an array may come in a list is another clause.
    for form, x in (
        ("an array", ascending(64)),
        ("a list", [ascending(64)]),
        ("an array, after 16 at a time", ascending(64)),
    ):
        if "after" in form:
            tried(model.predict, x, batch_size=16)
        answered = tried(model.predict, x) if form == "a list" else model.predict(x)
        if answered is not None:
            # Products of whole numbers below 2²⁴ are exact, and so is the first factor got back.
            found = numbers(answered.value)
            firsts = Counter(product / sample for sample, product in enumerate(found, 1))
            seen[form] = {f"from sample {first:g}": size for first, size in firsts.items()}

    expect(
        seen,
        equals=dict.fromkeys(seen, {"from sample 1": 32, "from sample 33": 32}),
        otherwise={"all samples are one batch": dict.fromkeys(seen, {"from sample 1": 64})},
    )


@clause("predict.verbose.levels")
def test_prediction_is_silent_unless_a_bar_is_asked_for(build: Build) -> None:
    """Nothing is printed with level 0 and by default, a progress bar with level 1."""
    model, pair = frozen(build, linear()), (constant(2, 1), constant(2, 0))
    sources: dict[str, Callable[..., Result]] = {
        "arrays": lambda **verbose: model.predict(ascending(6), batch_size=2, **verbose)
    }
    if takes_sequences(build, "predict"):
        sources["a Sequence"] = lambda **verbose: model.predict(SequenceOf([pair] * 3), **verbose)
    if taken(model.predict, Generator([pair]), steps=3):
        sources["a generator"] = lambda **verbose: model.predict(
            Generator([pair]), steps=3, **verbose
        )
    expect_silence_unless_a_bar_is_asked_for(sources)


@clause("predict.callbacks.applied")
def test_callbacks_are_called_in_prediction(build: Build) -> None:
    """Callbacks get the hooks of prediction, and no others, and the outputs of each batch."""
    outputs = [[2.0, 4.0], [6.0, 8.0]]
    seen = {
        source: {
            "hooks": events.kinds,
            "batches": from_the_first(events.of("predict_batch_end").indices),
            "outputs": [
                next((one for one in map(numbers, logs.values()) if one in outputs), "none")
                for logs in (event.fields["logs"] for event in events.of("predict_batch_end"))
            ],
        }
        for source, events in events_of_each_source(build, PREDICT).items()
    }

    # 2·1 and 2·2, then 2·3 and 2·4. What the entry of the logs is called is open.
    batch = ["predict_batch_begin", "predict_batch_end"]
    each = {
        "hooks": ["predict_begin", *batch, *batch, "predict_end"],
        "batches": [0, 1],
        "outputs": outputs,
    }
    nothing: dict[str, list[str]] = {"hooks": [], "batches": [], "outputs": []}
    expect(
        seen,
        equals=dict.fromkeys(seen, each),
        otherwise={
            "no hook is called": dict.fromkeys(seen, nothing),
            "the logs do not hold the outputs": dict.fromkeys(
                seen, {**each, "outputs": ["none"] * 2}
            ),
        },
    )


@clause("predict.queue-workers-processes", seconds=45)
def test_predict_reads_as_fit_does(build: Build) -> None:
    """Queue, workers and processes are those that are asked for, or 10, one thread and none."""
    expect_documented_reading(build, PREDICT)


@clause("predict.workers.left-behind", seconds=40)
def test_threads_left_behind_by_prediction(build: Build) -> None:
    """Whether worker threads still run when `predict` has returned or raised."""
    seen = left_behind(build, PREDICT)

    recognise(seen, remains(seen, "threads"))


@clause("predict.test-mode")
def test_prediction_is_done_in_inference_mode(build: Build) -> None:
    """Nothing is dropped or changed, and the model need not be compiled."""
    dropping, normalizing = build(dropped_sum()), build(normalized())
    # What a prediction that failed left behind in a library is another clause, and goes with this.
    build(linear()).predict(constant(2, 1))

    data = np.ones((4, 63), np.float32), constant(4, 5)
    values = [
        [
            numbers(dropping.predict(data[0], batch_size=2).value),
            numbers(normalizing.predict(data[1], batch_size=2).value),
        ]
        for _ in range(2)
    ]
    if takes_sequences(build, "predict"):
        sequences = [in_halves(x, constant(4, 0)) for x in data]
        models = dropping, normalizing
        values.append(
            [
                numbers(model.predict(sequence).value)
                for model, sequence in zip(models, sequences, strict=True)
            ]
        )

    # Whether generators are taken is another clause; so is `compile`, for a training that breaks
    # off, and may leave its mode behind.
    halves = [(x[:2], x[2:]) for x in data]
    if taken(dropping.predict, Generator([*halves[0]]), steps=2):
        values.append(
            [
                numbers(model.predict(Generator([*items]), steps=2).value)
                for model, items in zip((dropping, normalizing), halves, strict=True)
            ]
        )
    trained = build(dropped_sum()), build(normalized())
    for model in trained:
        model.compile(SGD(0.25), "mse")
    pairs = [*zip(trained, data, strict=True)]
    if all(breaks_off(model, x, constant(4, 0)) for model, x in pairs):
        values.append([numbers(model.predict(x, batch_size=2).value) for model, x in pairs])

    # 63 ones add up to 63; with dropout to an even number. With the moving statistics 5 becomes
    # 5/sqrt(1.25), with those of the batch 0. A root and a quotient (or an inverse and two
    # products) are rounded.
    expect(
        {"values": values, "statistics and weights": normalizing.weights()["y"]},
        equals={
            "values": [[[63.0] * 4, [5 / 1.25**0.5] * 4]] * len(values),
            "statistics and weights": UNTRAINED,
        },
        ulps=4,
    )


@clause("predict.again.after-refusal")
def test_predicting_after_a_call_that_was_refused(build: Build) -> None:
    """Whether a model predicts as if data that did not fit had never been offered."""
    model = frozen(build, linear(2.0))

    def works() -> bool:
        answered = answer(model.predict, ascending(2))
        return not isinstance(answered, str) and numbers(answered.value) == [2.0, 4.0]

    seen = {"worked": works(), "refused": outcome(model.predict, WIDE) != "returned"}
    recognise({**seen, "works": works()}, AFTERWARDS)


@clause("predict.stateful.state-persists")
def test_a_stateful_model_goes_on_from_its_state(build: Build) -> None:
    """The state is carried from batch to batch, and from one call to the next."""
    model, ones = frozen(build, running_sum(2)), np.ones((4, 1, 1), np.float32)
    in_batches = takes_sequences(build, "predict")

    calls = [numbers(model.predict(ones, batch_size=2).value) for _ in range(2)]
    if in_batches:
        calls.append(numbers(model.predict(in_halves(ones, ones[:, 0])).value))

    # Each batch adds 1 to what the batch before left.
    right = [[1.0, 1.0, 2.0, 2.0], [3.0, 3.0, 4.0, 4.0], [5.0, 5.0, 6.0, 6.0]][: len(calls)]
    expect(
        calls,
        equals=right,
        otherwise={
            "every batch starts anew": [[1.0] * 4] * len(calls),
            "every call starts anew": [right[0]] * len(calls),
            "a call on a Sequence starts anew": [*right[:2], right[0]],
        },
    )
