"""Batches from generators and Sequences: order, threads, counts."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from fitspec.reference import Input, Model, Sequence, callbacks, layers
from fitspec.reference.data import sources

ONE = np.ones((1, 1), "float32")


def rows(batches: list[list[float]]) -> list[float]:
    """Return the first row of every batch."""
    return [batch[0] for batch in batches]


@pytest.mark.parametrize("workers", [0, 1])
def test_generators_go_on_from_epoch_to_epoch(
    linear: Callable[..., Any], counting: Callable[..., Iterator[Any]], workers: int
) -> None:
    """Nothing is restarted, lost or put out of order at the end of an epoch."""
    model = linear()

    model.fit_generator(counting([]), 3, epochs=2, workers=workers, verbose=0)

    assert rows(model.seen.training) == [0, 1, 2, 3, 4, 5]


def test_main_thread_draws_exactly_what_is_needed(
    linear: Callable[..., Any], counting: Callable[..., Iterator[Any]]
) -> None:
    """With workers=0 six steps draw six items."""
    drawn: list[int] = []

    linear().fit(counting(drawn), steps_per_epoch=3, epochs=2, workers=0, verbose=0)

    assert drawn == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize(("workers", "on_main"), [(0, True), (1, False), (2, False)])
def test_where_generators_run(linear: Callable[..., Any], workers: int, on_main: bool) -> None:
    """workers=0 means the main thread, and one other thread draws otherwise."""
    threads: set[threading.Thread] = set()

    def generate() -> Iterator[Any]:
        while True:
            threads.add(threading.current_thread())
            yield ONE, ONE

    linear().fit(generate(), steps_per_epoch=4, workers=workers, verbose=0)

    assert len(threads) == 1
    assert (threading.main_thread() in threads) is on_main
    assert not any(thread.is_alive() for thread in threads - {threading.main_thread()})


@pytest.mark.parametrize(("arguments", "lead"), [({"max_queue_size": 3}, 4), ({}, 11)])
def test_queue_limits_how_far_the_generator_runs_ahead(
    linear: Callable[..., Any],
    counting: Callable[..., Iterator[Any]],
    arguments: dict[str, int],
    lead: int,
) -> None:
    """While a batch is trained, the queue is full and one more item is in the producer's hand."""
    drawn: list[int] = []
    leads: list[int] = []
    changed = threading.Condition()

    def watched() -> Iterator[Any]:
        for item in counting(drawn):
            with changed:
                changed.notify_all()
            yield item

    def wait_until_full(batch: int, logs: object) -> None:  # noqa: ARG001 - a hook's arguments
        with changed:
            assert changed.wait_for(lambda: len(drawn) >= batch + 1 + lead, timeout=60)
        leads.append(len(drawn) - (batch + 1))

    slow = callbacks.LambdaCallback(on_batch_end=wait_until_full)
    linear().fit(watched(), steps_per_epoch=4, callbacks=[slow], verbose=0, **arguments)

    assert leads == [lead] * 4
    assert len(drawn) == 4 + lead


@pytest.mark.parametrize("workers", [0, 1, 4])
def test_sequences_keep_their_order(
    linear: Callable[..., Any], batches: Callable[..., Any], workers: int
) -> None:
    """Each index comes once per epoch and in order, whoever reads it."""
    model, sequence = linear(), batches([0, 1, 2, 3, 4])

    model.fit(sequence, epochs=2, shuffle=False, workers=workers, verbose=0)

    assert rows(model.seen.training) == [0, 1, 2, 3, 4] * 2
    assert sorted(sequence.asked) == sorted([0, 1, 2, 3, 4] * 2)
    assert sequence.ended == 2


def test_several_workers_read_at_the_same_time(linear: Callable[..., Any]) -> None:
    """Three items wait for each other, which only three threads can; order is kept."""
    meeting = threading.Barrier(3, timeout=60)
    threads: set[int] = set()

    class Meeting(Sequence):
        def __len__(self) -> int:
            return 6

        def __getitem__(self, index: int) -> Any:
            threads.add(threading.get_ident())
            meeting.wait()
            return np.full((1, 1), index), ONE

    model = linear()
    model.fit(Meeting(), workers=3, shuffle=False, verbose=0)

    assert rows(model.seen.training) == [0, 1, 2, 3, 4, 5]
    assert len(threads) == 3


@pytest.mark.parametrize("workers", [0, 1])
def test_sequences_are_shuffled_by_batch_in_every_epoch(
    linear: Callable[..., Any], batches: Callable[..., Any], workers: int
) -> None:
    """The order of batches differs from epoch to epoch (with probability 1 - 1 / 12!)."""
    model = linear()

    model.fit_generator(batches(list(range(12))), epochs=2, workers=workers, verbose=0)

    seen = rows(model.seen.training)
    assert sorted(seen[:12]) == sorted(seen[12:]) == list(range(12))
    assert seen[:12] != seen[12:]
    assert seen[:12] != list(range(12))


def test_explicit_steps_continue_and_do_not_shuffle(
    linear: Callable[..., Any], batches: Callable[..., Any]
) -> None:
    """Passes follow each other: 0, 1, 2 | 3, 4, 0."""
    model = linear()

    model.fit_generator(batches([0, 1, 2, 3, 4]), steps_per_epoch=3, epochs=2, verbose=0)

    assert rows(model.seen.training) == [0, 1, 2, 3, 4, 0]


def test_length_may_change_between_epochs(
    linear: Callable[..., Any], batches: Callable[..., Any]
) -> None:
    """A Sequence that grows in on_epoch_end is followed."""
    sequence = batches([0, 1])
    sequence.on_epoch_end = lambda: sequence.values.append(len(sequence.values))
    model = linear()

    model.fit(sequence, epochs=2, shuffle=False, verbose=0)

    assert rows(model.seen.training) == [0, 1, 0, 1, 2]


def test_fractional_steps_are_rounded_up(
    linear: Callable[..., Any], counting: Callable[..., Iterator[Any]]
) -> None:
    """2.5 steps are 3."""
    model = linear()

    model.fit(counting([]), steps_per_epoch=2.5, verbose=0)

    assert rows(model.seen.training) == [0, 1, 2]


def test_batches_of_a_generator_may_differ_in_size(linear: Callable[..., Any]) -> None:
    """Sizes 1, 4, 1 with losses 1, 4, 9 have the mean 26 / 6 per sample."""

    def generate() -> Iterator[Any]:
        for value, size in ((1, 1), (2, 4), (3, 1)):
            yield np.full((size, 1), value), np.zeros((size, 1))

    model = linear()

    assert model.evaluate_generator(generate(), 3) == pytest.approx(26 / 6)
    assert model.fit(generate(), steps_per_epoch=3, verbose=0).history["loss"] == [
        pytest.approx(26 / 6)
    ]
    assert model.predict_generator(generate(), 3)[:, 0].tolist() == [1, 2, 2, 2, 2, 3]


@pytest.mark.parametrize(
    "item",
    [
        ONE,
        (ONE,),
        (ONE, ONE, ONE, ONE),
        None,
        3,
        {"x": ONE},
        "text",
        (np.ones((1, 2)), ONE),
        (ONE, np.ones((2, 1))),
        (ONE, ONE, np.ones(2)),
    ],
)
@pytest.mark.parametrize("workers", [0, 1])
def test_bad_items_are_refused(linear: Callable[..., Any], item: object, workers: int) -> None:
    """What is not (inputs, targets[, weights]) for the model is a ValueError."""
    model = linear(3.0, lr=0.1)

    for call in (model.fit_generator, model.evaluate_generator):
        with pytest.raises(ValueError, match=r"generator|x|y|sample_weight"):
            call(iter([item]), 1, workers=workers, verbose=0)

    assert model.get_weights()[0].tolist() == [[3]]


@pytest.mark.parametrize("item", [None, (ONE,) * 4, (), np.ones((1, 2)), [ONE, ONE]])
def test_bad_items_for_prediction_are_refused(linear: Callable[..., Any], item: object) -> None:
    """A list stands for several inputs, of which the model has one."""
    with pytest.raises(ValueError, match=r"generator|x"):
        linear().predict_generator(iter([item]), 1)


@pytest.mark.parametrize(
    "item", [ONE, (ONE,), (ONE, "ignored"), (ONE, np.nan, None), [ONE], {"input_x": ONE}]
)
def test_items_for_prediction_may_carry_targets(linear: Callable[..., Any], item: object) -> None:
    """Of a tuple only the inputs are used."""
    model = linear(2.0)
    if isinstance(item, dict):
        item = {model.input_names[0]: ONE}

    assert model.predict(iter([item]), steps=1).tolist() == [[2]]


def test_items_may_be_lists_and_dicts(two: Callable[..., Any]) -> None:
    """Inputs and targets go by name, and a list does in place of the tuple."""
    item = [{"in2": ONE * 2, "in1": ONE}, {"b": ONE * 0, "a": ONE * 0}]

    assert two().fit(iter([item]), steps_per_epoch=1, verbose=0).history == {
        "loss": [5],
        "a_loss": [1],
        "b_loss": [4],
    }


def test_items_may_carry_weights(linear: Callable[..., Any]) -> None:
    """Losses 9 and 4 with weights 1, 3 give 10.5; with class weights 1, 10 on 2, 3 they give 69."""
    x, y = np.ones(2), np.array([0, 1])
    model = linear(3.0)

    def loss(weights: list[int], class_weight: object = None) -> float:
        item = (x, y, np.array(weights))
        history = model.fit_generator(iter([item]), 1, verbose=0, class_weight=class_weight)
        return float(history.history["loss"][0])

    assert loss([1, 3]) == 10.5
    assert loss([2, 3], {0: 1, 1: 10}) == 69
    assert model.evaluate(iter([(x, y, np.array([1, 3]))]), steps=1, verbose=0) == 10.5


@pytest.mark.parametrize("workers", [0, 1])
def test_a_generator_that_ends_early_is_refused(linear: Callable[..., Any], workers: int) -> None:
    """The ValueError says how many batches came."""
    with pytest.raises(ValueError, match="ended after 1 batches of an epoch of 3"):
        linear().fit(iter([(ONE, ONE)]), steps_per_epoch=3, workers=workers, verbose=0)


@pytest.mark.parametrize("workers", [0, 1, 2])
def test_errors_of_the_data_reach_the_caller(linear: Callable[..., Any], workers: int) -> None:
    """An exception in a generator or Sequence is raised by fit, and no thread stays behind."""

    def generate() -> Iterator[Any]:
        yield ONE, ONE
        raise OSError("disk is gone")

    class Broken(Sequence):
        def __len__(self) -> int:
            return 3

        def __getitem__(self, index: int) -> Any:
            if index:
                raise OSError("disk is gone")
            return ONE, ONE

    for data in (generate(), Broken()):
        with pytest.raises(OSError, match="disk is gone"):
            linear().fit(data, steps_per_epoch=3, workers=workers, verbose=0)

    assert not [one for one in threading.enumerate() if one.name.startswith("fitspec-worker")]


@pytest.mark.parametrize(
    "arguments",
    [
        {"y": ONE},
        {"batch_size": 4},
        {"sample_weight": np.ones(1)},
        {"validation_split": 0.5},
        {"steps_per_epoch": None},
        {"steps_per_epoch": 0},
        {"max_queue_size": 0},
        {"workers": -1},
        {"validation_data": (ONE,)},
        {"validation_data": (ONE,) * 4},
        {"validation_data": iter([])},
    ],
)
def test_arguments_that_do_not_go_with_a_generator(
    linear: Callable[..., Any],
    counting: Callable[..., Iterator[Any]],
    arguments: dict[str, object],
) -> None:
    """They are ValueErrors, raised before anything is drawn."""
    drawn: list[int] = []
    model = linear()

    with pytest.raises(ValueError, match=r"cannot be given|must be"):
        model.fit(counting(drawn), **{"steps_per_epoch": 2, "verbose": 0, **arguments})

    assert drawn == []
    assert model.history is None


def test_arguments_that_do_not_go_with_a_sequence(
    linear: Callable[..., Any], batches: Callable[..., Any]
) -> None:
    """Evaluate and predict refuse a batch size, and evaluate refuses targets."""
    model, sequence = linear(), batches([1])

    with pytest.raises(ValueError, match="batch_size"):
        model.evaluate(sequence, batch_size=2)
    with pytest.raises(ValueError, match="y cannot"):
        model.evaluate(sequence, ONE)
    with pytest.raises(ValueError, match="batch_size"):
        model.predict(sequence, batch_size=2)
    with pytest.raises(ValueError, match="no batches"):
        model.fit(batches([]))
    assert sequence.asked == []


def test_steps_of_a_sequence(linear: Callable[..., Any], batches: Callable[..., Any]) -> None:
    """Left out they are its length; given they count."""
    model = linear()

    assert model.predict(batches([1, 2, 3])).tolist() == [[1], [2], [3]]
    assert model.predict_generator(batches([1, 2, 3]), steps=2, workers=3).tolist() == [[1], [2]]
    assert model.evaluate(batches([1, 2, 3]), verbose=0) == pytest.approx(14 / 3)
    assert model.evaluate_generator(batches([1, 2, 3]), steps=2) == 2.5
    with pytest.raises(ValueError, match="steps must be given"):
        model.evaluate(iter([(ONE, ONE)]))
    with pytest.raises(ValueError, match="steps must be given"):
        model.predict(iter([ONE]))


def test_validation_generators_go_on_from_epoch_to_epoch(
    linear: Callable[..., Any], counting: Callable[..., Iterator[Any]]
) -> None:
    """Items 0, 1 | 2, 3 | 4, 5 have mean squares 0.5, 6.5, 20.5."""
    drawn: list[int] = []

    history = linear().fit_generator(
        counting([]),
        2,
        epochs=3,
        verbose=0,
        validation_data=counting(drawn),
        validation_steps=2,
        workers=0,
    )

    assert history.history["val_loss"] == [0.5, 6.5, 20.5]
    assert drawn == [0, 1, 2, 3, 4, 5]


def test_validation_sequences_are_not_shuffled(
    linear: Callable[..., Any], batches: Callable[..., Any]
) -> None:
    """They are read in order every time, also when training data are arrays."""
    model = linear()

    history = model.fit(ONE, ONE, epochs=2, verbose=0, validation_data=batches([0, 1, 2])).history

    assert rows(model.seen.testing) == [0, 1, 2] * 2
    assert history["val_loss"] == [pytest.approx(5 / 3)] * 2


@pytest.mark.parametrize("workers", [0, 1, 3])
def test_validation_sequences_start_anew(
    linear: Callable[..., Any], batches: Callable[..., Any], workers: int
) -> None:
    """Every validation sees the same two of three batches, and training goes on where it was."""
    model, training, validation = linear(), batches([0, 1, 2]), batches([5, 6, 7])

    model.fit(
        training,
        steps_per_epoch=2,
        epochs=3,
        validation_data=validation,
        validation_steps=2,
        workers=workers,
        verbose=0,
    )

    assert rows(model.seen.training) == [0, 1, 2, 0, 1, 2]
    assert rows(model.seen.testing) == [5, 6] * 3


@pytest.mark.parametrize("arguments", [{}, {"steps_per_epoch": 2}, {"steps_per_epoch": 7}])
@pytest.mark.parametrize("workers", [0, 2])
def test_sequences_hear_of_the_end_of_every_epoch_once(
    linear: Callable[..., Any], batches: Callable[..., Any], arguments: dict[str, Any], workers: int
) -> None:
    """After each epoch of training, and each validation, however many batches they have."""
    training, validation = batches([0, 1, 2]), batches([5])

    linear().fit(
        training,
        epochs=3,
        validation_data=validation,
        verbose=0,
        workers=workers,
        **arguments,
    )

    assert (training.ended, validation.ended) == (3, 3)


@pytest.mark.parametrize("workers", [0, 1])
def test_a_sequence_may_not_run_empty(
    linear: Callable[..., Any], batches: Callable[..., Any], workers: int
) -> None:
    """One that has no batches left in a later epoch is refused there."""
    for steps in (None, 2):
        sequence = batches([0, 1])
        sequence.on_epoch_end = sequence.values.clear

        with pytest.raises(ValueError, match=r"the Sequence .* has no batches"):
            linear().fit(sequence, steps_per_epoch=steps, epochs=2, verbose=0, workers=workers)


def test_nothing_is_trained_twice_or_lost_between_calls_without_workers(
    linear: Callable[..., Any], counting: Callable[..., Iterator[Any]]
) -> None:
    """With workers=0 a second call goes on with the very next item."""
    model, items = linear(), counting([])

    for _ in range(2):
        model.fit(items, steps_per_epoch=2, epochs=2, workers=0, verbose=0)

    assert rows(model.seen.training) == list(range(8))


@pytest.mark.parametrize("size", [1, 4])
def test_items_drawn_ahead_are_lost_at_the_end_of_a_call(
    linear: Callable[..., Any], counting: Callable[..., Iterator[Any]], size: int
) -> None:
    """With a worker a second call goes on behind what was drawn, in order and without gaps."""
    model = linear()
    drawn: list[int] = []
    items = counting(drawn)

    model.fit(items, steps_per_epoch=3, epochs=2, max_queue_size=size, verbose=0)
    before = len(drawn)
    model.fit(items, steps_per_epoch=3, max_queue_size=size, verbose=0)

    assert rows(model.seen.training) == [*range(6), *range(before, before + 3)]
    assert 6 <= before <= 6 + size + 1


def test_validation_arrays_with_a_generator(
    linear: Callable[..., Any], counting: Callable[..., Iterator[Any]]
) -> None:
    """Pairs and triples work: (1 + 4) / 2 and (1 + 4 * 3) / 2."""
    x, y = np.array([1.0, 2.0]), np.zeros(2)

    def val_loss(*validation: object) -> object:
        history = linear().fit_generator(
            counting([]), 1, verbose=0, validation_data=validation, validation_steps=7
        )
        return history.history["val_loss"]

    assert val_loss(x, y) == [2.5]
    assert val_loss(x, y, np.array([1, 3])) == [6.5]


def test_streams_are_told_from_arrays() -> None:
    """Generators, iterators and whatever has a Sequence's methods are streams."""

    class Similar:
        def __getitem__(self, index: int) -> object: ...

        def __len__(self) -> int: ...  # type: ignore[empty-body]

        def on_epoch_end(self) -> None: ...

    assert all(
        map(sources.yields_batches, [iter([]), (item for item in [ONE]), Sequence(), Similar()])
    )
    assert not any(map(sources.yields_batches, [ONE, [ONE], {"x": ONE}, (ONE,), None, "text"]))


def test_file_reading_example() -> None:
    """A generator that reads a file over and over feeds two named inputs."""
    lines = ["1 10 0", "2 20 0", "3 30 0", "4 40 0", "5 50 0"]
    read: list[float] = []

    def generate() -> Iterator[Any]:
        while True:
            for line in lines:
                x1, x2, y = (np.array([float(word)]) for word in line.split())
                read.append(float(x1[0]))
                yield {"input_1": x1, "input_2": x2}, {"output": y}

    inputs = [Input(shape=(1,), name="input_1"), Input(shape=(1,), name="input_2")]
    model = Model(inputs, layers.Dense(1, name="output")(layers.Concatenate()(inputs)))
    model.compile("sgd", "mse")

    model.fit_generator(generate(), steps_per_epoch=7, epochs=2, workers=0, verbose=0)

    assert model.optimizer.iterations == 14
    assert read == [index % 5 + 1 for index in range(14)]


@pytest.mark.parametrize("workers", [0, 1, 2])
def test_a_sequence_is_told_of_the_end_of_each_validation(
    linear: Callable[..., Any], workers: int
) -> None:
    """As Keras 2.3.1 tells it: after the items of the validation, however many were asked for."""
    log: list[Any] = []

    class Noting(Sequence):
        """Notes what is asked of it."""

        def __len__(self) -> int:
            return 2

        def __getitem__(self, index: int) -> Any:
            log.append(index)
            return np.ones(1), np.ones(1)

        def on_epoch_end(self) -> None:
            """Note it."""
            log.append("end")

    one = np.ones(1)
    for steps, items in ((None, {0, 1}), (1, {0})):
        log.clear()
        linear().fit(
            one,
            one,
            epochs=2,
            validation_data=Noting(),
            validation_steps=steps,
            workers=workers,
            verbose=0,
        )
        first, second = log[: len(log) // 2], log[len(log) // 2 :]
        for *read, last in (first, second):
            assert (set(read), last) == (items, "end")
