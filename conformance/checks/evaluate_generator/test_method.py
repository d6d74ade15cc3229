"""`evaluate_generator`: the call itself, and arguments with a single clause."""

from __future__ import annotations

from typing import Any

import numpy as np

from fitspec.conformance.arrangements.compiled import frozen, small_model
from fitspec.conformance.arrangements.data_forms import LISTED, data_by_name, model_of_three
from fitspec.conformance.arrangements.labels import expect_bare_or_labelled
from fitspec.conformance.arrangements.printed import expect_silence_unless_a_bar_is_asked_for
from fitspec.conformance.arrangements.returned import loss_in
from fitspec.conformance.arrangements.signatures import REQUIRED, in_order
from fitspec.conformance.arrangements.stream_ends import left_behind, remains
from fitspec.conformance.arrangements.streaming import (
    EVALUATE_GENERATOR,
    expect_documented_reading,
    hooks_in_each_source,
)
from fitspec.conformance.arrangements.taken import takes_sequences, tried
from fitspec.conformance.arrangements.two_errors import WEIGHTS, X, Y, model_of_3
from fitspec.conformance.checks import (
    SGD,
    Build,
    Generator,
    clause,
    expect,
    outcome,
    recognise,
)
from fitspec.conformance.vocabulary.models import linear
from fitspec.conformance.vocabulary.probes import SequenceOf
from fitspec.conformance.vocabulary.samples import column, constant

#: The parameters of `evaluate_generator` in document 004 and their defaults, in order.
PARAMETERS = {
    "generator": REQUIRED,
    "steps": None,
    "callbacks": None,
    "max_queue_size": 10,
    "workers": 1,
    "use_multiprocessing": False,
    "verbose": 0,
}


@clause("evaluate_generator.signature.defaults")
def test_the_arguments_of_evaluate_generator_and_their_order(build: Build) -> None:
    """Only the generator is required; the others follow in the documented order."""
    parameters = in_order(build(linear()).evaluate_generator)

    expect(list(parameters.items())[: len(PARAMETERS)], equals=list(PARAMETERS.items()))


@clause("evaluate_generator.items")
def test_items_are_what_test_on_batch_takes(build: Build) -> None:
    """An item is a pair, or a triple with sample weights, of arrays, lists or dicts."""
    x, y = data_by_name()
    weights = {
        "c": np.asarray([1, 0.5], np.float32),
        "b": np.asarray([1, 3], np.float32),
        "a": np.asarray([0.25, 0.25], np.float32),
    }
    lists = [x[name] for name in LISTED], [y[name] for name in "bca"]
    items = {
        "pair": (X, Y),
        "triple": (X, Y, WEIGHTS),
        "lists": lists,
        "lists with weights": (*lists, [weights[name] for name in "bca"]),
        "dicts": (x, y),
        "dicts with weights": (x, y, weights),
    }

    seen = {}
    for name, item in items.items():
        for kind, source in {
            "generator": Generator([item]),
            "Sequence": SequenceOf([item] * 2),
        }.items():
            model = frozen(build, model_of_three()) if len(item[0]) == 3 else model_of_3(build)
            seen[f"{name} of a {kind}"] = loss_in(model.evaluate_generator(source, steps=2).value)

    # Errors 3 and 2: (9 + 4)/2, and with the weights (1·9 + 3·4)/2. Outputs 2·1, 3·10 and 5·100 for
    # 1, 20 and 300: 1 + 100 + 40,000; with weights that are 2, 0.75 and 0.25 on the average
    # 2 + 75 + 10,000.
    right = {
        "pair": 6.5,
        "triple": 10.5,
        "lists": 40101.0,
        "lists with weights": 10077.0,
        "dicts": 40101.0,
        "dicts with weights": 10077.0,
    }

    def of_each(losses: dict[str, float]) -> dict[str, float]:
        kinds = ("generator", "Sequence")
        return {f"{name} of a {kind}": loss for name, loss in losses.items() for kind in kinds}

    expect(
        seen,
        equals=of_each(right),
        otherwise={
            "the weights had no effect": of_each(
                {
                    **right,
                    "triple": 6.5,
                    "lists with weights": 40101.0,
                    "dicts with weights": 40101.0,
                }
            ),
        },
    )


@clause("evaluate_generator.steps")
def test_steps_are_batches_and_the_length_of_a_sequence_by_default(build: Build) -> None:
    """`steps` batches are tested, or all of a Sequence; for a generator it has to be given."""
    model = small_model(build)
    items = [(column(2.0**number), column(0)) for number in range(4)]
    values = {
        "generator, 3 steps": model.evaluate_generator(Generator(items), steps=3).value,
        "Sequence of 4, 3 steps": model.evaluate_generator(SequenceOf(items), steps=3).value,
        "Sequence of 4": model.evaluate_generator(SequenceOf(items, endless=True)).value,
        "Sequence of 2, 3 steps": model.evaluate_generator(SequenceOf(items[2:]), steps=3).value,
    }
    # Whether there may be several threads is another clause.
    if (by_3 := tried(model.evaluate_generator, SequenceOf(items), workers=3)) is not None:
        values["Sequence of 4, 3 threads"] = by_3.value
    # The losses of the batches are 1, 4, 16 and 64, and of two 16, 64 and 16 again. Whether what is
    # returned is their mean, or the last one, is another matter: either tells how many they were.
    batches = {1.0: 1, 5 / 2: 2, 21 / 3: 3, 85 / 4: 4, 4.0: 2, 16.0: 3, 64.0: 4, 96 / 3: 3}
    seen = {name: batches.get(loss_in(value), loss_in(value)) for name, value in values.items()}
    # One that ends: whoever reads it as far as it goes says so, and does not read for ever.
    refused = outcome(small_model(build).evaluate_generator, Generator(items, repeats=False))

    right = {name: 3 if "3 steps" in name else 4 for name in values}
    expect(
        {**seen, "generator without steps": refused},
        equals={**right, "generator without steps": "ValueError"},
        otherwise={
            "a generator may do without steps": {**right, "generator without steps": "returned"},
        },
    )


@clause("evaluate_generator.loss-mean-over-samples")
def test_the_loss_is_the_mean_over_samples_of_unequal_batches(build: Build) -> None:
    """The loss is the mean over all samples, whatever batch they came in."""
    model = small_model(build)
    items = [(constant(size, error), constant(size, 0)) for size, error in ((1, 1), (4, 2), (1, 3))]

    seen = {"a generator": loss_in(model.evaluate_generator(Generator(items), steps=3).value)}
    # Whether Sequences are taken is another clause.
    if takes_sequences(build, "evaluate_generator"):
        seen["a Sequence"] = loss_in(model.evaluate_generator(SequenceOf(items)).value)

    # (1·1 + 4·4 + 1·9)/6, rounded once; a factor 1/6 is rounded before.
    expect(
        seen,
        equals=dict.fromkeys(seen, 26 / 6),
        ulps=2,
        otherwise={
            "the loss of the last batch": dict.fromkeys(seen, 9.0),
            "every batch counts the same": dict.fromkeys(seen, 14 / 3),
            "the loss of the first batch": dict.fromkeys(seen, 1.0),
        },
    )


@clause("evaluate_generator.callbacks")
def test_callbacks_are_called_when_a_generator_is_evaluated(build: Build) -> None:
    """Callbacks get the hooks of testing, for each batch in turn, and no others."""
    seen = hooks_in_each_source(build, EVALUATE_GENERATOR)

    batch = ["test_batch_begin", "test_batch_end"]
    each = {"hooks": ["test_begin", *batch, *batch, "test_end"], "batches": [0, 1]}
    expect(
        seen,
        equals=dict.fromkeys(seen, each),
        otherwise={"no hook is called": dict.fromkeys(seen, {"hooks": [], "batches": []})},
    )


@clause("evaluate_generator.queue-and-workers", seconds=45)
def test_evaluate_generator_reads_as_fit_generator_does(build: Build) -> None:
    """Queue, workers and processes are those that are asked for, or 10, one thread and none."""
    expect_documented_reading(build, EVALUATE_GENERATOR)


@clause("evaluate_generator.workers.left-behind", seconds=40)
def test_threads_left_behind_by_evaluation_by_its_own_method(build: Build) -> None:
    """Whether worker threads still run when `evaluate_generator` has returned or raised."""
    seen = left_behind(build, EVALUATE_GENERATOR)

    recognise(seen, remains(seen, "threads"))


@clause("evaluate_generator.use_multiprocessing.left-behind", seconds=40)
def test_processes_left_behind_by_evaluation_by_its_own_method(build: Build) -> None:
    """Whether worker processes still run when `evaluate_generator` has returned or raised."""
    seen = left_behind(build, EVALUATE_GENERATOR, use_multiprocessing=True)

    recognise(seen, remains(seen, "processes", "processes and threads"))


@clause("evaluate_generator.verbose")
def test_evaluate_generator_is_silent_unless_a_bar_is_asked_for(build: Build) -> None:
    """Nothing is printed with level 0 and by default, a progress bar with level 1."""
    model = small_model(build)
    item = constant(2, 1), constant(2, 0)

    expect_silence_unless_a_bar_is_asked_for(
        {
            "a generator": lambda **verbose: model.evaluate_generator(
                Generator([item]), steps=3, **verbose
            ),
            "a Sequence": lambda **verbose: model.evaluate_generator(
                SequenceOf([item] * 3), **verbose
            ),
        },
        logs=True,
    )


@clause("evaluate_generator.returns")
def test_what_evaluating_a_generator_returns(build: Build) -> None:
    """A loss alone is returned bare, several values as a list that `metrics_names` labels."""
    expect_bare_or_labelled(
        build, lambda model: lambda *data: model.evaluate_generator(Generator([data]), steps=1)
    )


@clause("evaluate_generator.raises.bad-format")
def test_items_of_another_form_are_not_evaluated(build: Build) -> None:
    """An item that is no pair and no triple is a ValueError."""
    x, y = column(1, 2), column(0, 0)
    ones = np.ones(2, np.float32)
    # Whether weights may come with them is another clause's matter.
    good = {"a pair": (x, y)}
    bad = {"inputs alone": x, "one of them": (x,), "four": (x, y, ones, ones), "None": None}

    kinds: dict[str, type[Generator | SequenceOf]] = {"generator": Generator}
    # Whether Sequences are taken is another clause.
    if takes_sequences(build, "evaluate_generator"):
        kinds["Sequence"] = SequenceOf

    # A good item follows: what is left out silently returns.
    outcomes = {
        what: {
            name: outcome(small_model(build).evaluate_generator, kind([item, (x, y)]), steps=1)
            for name, item in {**good, **bad}.items()
        }
        for what, kind in kinds.items()
    }

    right = {**dict.fromkeys(good, "returned"), **dict.fromkeys(bad, "ValueError")}
    expect(
        outcomes,
        equals=dict.fromkeys(outcomes, right),
        otherwise={
            words: dict.fromkeys(outcomes, {**right, **taken})
            for words, taken in {
                "two rows without targets are taken for a pair, and None is left out": {
                    "inputs alone": "returned",
                    "None": "returned",
                },
                "None is left out": {"None": "returned"},
            }.items()
        },
    )


@clause("evaluate_generator.equals-evaluate")
def test_a_generator_is_evaluated_as_the_same_rows_in_arrays(build: Build) -> None:
    """`evaluate_generator`, and `evaluate` on the same batches or on their rows, agree."""
    model = build(linear())
    model.compile(SGD(0.0), "mae", metrics=["mse"])
    batches = [(column(1), column(0)), (column(1, 4, 7), constant(3, 0))]
    weights = np.asarray([2, 1, 0.5, 3], np.float32)

    # Whether Sequences are taken is another clause.
    sequences = takes_sequences(build, "evaluate_generator")

    def in_each_way(items: list[Any], **of_arrays: Any) -> dict[str, Any]:
        rows = column(1, 1, 4, 7), constant(4, 0)
        on_sequence = model.evaluate_generator(SequenceOf(items)).value if sequences else None
        return {
            "evaluate_generator": model.evaluate_generator(Generator(items), steps=2).value,
            **({"evaluate_generator on a Sequence": on_sequence} if sequences else {}),
            "evaluate on batches": model.evaluate(Generator(items), steps=2).value,
            "evaluate on arrays": model.evaluate(*rows, **of_arrays).value,
        }

    seen = {"plain": in_each_way(batches)}
    items = [(*batches[0], weights[:1]), (*batches[1], weights[1:])]
    # Whether weights are taken is another clause.
    if (weighted := tried(in_each_way, items, sample_weight=weights)) is not None:
        seen["weighted"] = weighted

    # (1 + 1 + 4 + 7)/4 and (1 + 1 + 16 + 49)/4; the batches have 1 and 4, and 1 and 22. With
    # weights (2·1 + 1·1 + 0.5·4 + 3·7)/4, where the metric has none; the batches have 2 and 8.
    right = {"plain": [3.25, 16.75], "weighted": [6.5, 16.75]}
    otherwise = {
        "of batches, the loss of the last one": {"plain": [4.0, 16.75], "weighted": [8.0, 16.75]},
        "every batch counts the same": {"plain": [2.5, 16.75], "weighted": [5.0, 16.75]},
        "the weights of items have no effect": {**right, "weighted": right["plain"]},
    }

    def of_batches(values: dict[str, list[float]]) -> dict[str, Any]:
        return {
            kind: dict.fromkeys(ways, values[kind]) | {"evaluate on arrays": right[kind]}
            for kind, ways in seen.items()
        }

    expect(
        seen,
        equals=of_batches(right),
        otherwise={words: of_batches(values) for words, values in otherwise.items()},
    )
