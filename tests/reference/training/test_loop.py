"""The training loop: epochs, losses, validation, hooks."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from fitspec.reference import Input, Model, callbacks, layers, metrics, optimizers
from fitspec.reference.initializers import Constant
from fitspec.reference.tensor.array_library import Array
from fitspec.reference.training import loop


@pytest.mark.parametrize(
    ("interval", "expected"),
    [((0, 1), [0]), ((2, 5), [2, 3, 4]), ((2, 2), []), ((5, 2), [])],
)
def test_epochs_is_where_training_stops(
    linear: Callable[..., Any],
    column: Callable[[int], Array],
    log: Any,
    interval: tuple[int, int],
    expected: list[int],
) -> None:
    """Hooks and History have the absolute indices; without epochs nothing is trained."""
    model = linear(3.0, lr=0.001)

    history = model.fit(
        column(4),
        column(4),
        batch_size=2,
        initial_epoch=interval[0],
        epochs=interval[1],
        callbacks=[log],
        verbose=0,
    )

    assert history.epoch == expected
    assert [index for hook, index in log.events if hook == "epoch_begin"] == expected
    assert [index for hook, index in log.events if hook == "epoch_end"] == expected
    assert model.optimizer.iterations == 2 * len(expected)
    if not expected:
        assert history.history == {}
        assert [hook for hook, _ in log.events] == ["train_begin", "train_end"]


def test_resuming_equals_an_unbroken_run(column: Callable[[int], Array]) -> None:
    """Epochs 0..1 and then 2..3 leave the weights and losses of 0..3, momentum included."""

    def model() -> Model:
        x = Input(shape=(1,))
        built = Model(x, layers.Dense(1, kernel_initializer=Constant(1.0))(x))
        built.compile(optimizers.SGD(0.01, momentum=0.9), "mse")
        return built

    resumed, unbroken = model(), model()
    arguments: dict[str, Any] = {"shuffle": False, "verbose": 0, "batch_size": 2}
    first = resumed.fit(column(4), column(4) * 2, epochs=2, **arguments).history["loss"]
    second = resumed.fit(column(4), column(4) * 2, epochs=4, initial_epoch=2, **arguments)
    whole = unbroken.fit(column(4), column(4) * 2, epochs=4, **arguments)

    assert first + second.history["loss"] == whole.history["loss"]
    assert [w.tolist() for w in resumed.get_weights()] == [
        w.tolist() for w in unbroken.get_weights()
    ]


def test_known_course_of_training(
    linear: Callable[..., Any], column: Callable[[int], Array], zeros: Callable[[int], Array]
) -> None:
    """Full batches on X(4): loss 7.5 w^2, gradient 15 w, so w shrinks by 0.85 an epoch."""
    history = linear(1.0, lr=0.01).fit(column(4), zeros(4), epochs=3, verbose=0)

    assert history.history["loss"] == pytest.approx([7.5, 7.5 * 0.85**2, 7.5 * 0.85**4])


def test_epoch_loss_counts_every_sample_once(
    linear: Callable[..., Any], column: Callable[[int], Array], zeros: Callable[[int], Array]
) -> None:
    """(1 + 4 + 9 + 16 + 25) / 5 = 11; a mean of the three batch means would be 13.33."""
    model = linear()

    assert model.fit(column(5), zeros(5), batch_size=2, verbose=0).history["loss"] == [11]
    for size in (1, 2, 5, 100):
        assert model.evaluate(column(5), zeros(5), batch_size=size, verbose=0) == 11


def test_training_loss_is_measured_before_each_update(linear: Callable[..., Any]) -> None:
    """Gradient 2w and rate 0.25 halve w twice: (1 + 0.25) / 2, and 0.25^2 in the end."""
    ones, zeros = np.ones((2, 1)), np.zeros((2, 1))

    history = linear(1.0, lr=0.25).fit(
        ones, zeros, batch_size=1, validation_data=(ones, zeros), verbose=0
    )

    assert history.history == {"loss": [0.625], "val_loss": [0.0625]}


def test_metrics_start_anew_with_every_epoch(
    linear: Callable[..., Any], column: Callable[[int], Array], zeros: Callable[[int], Array]
) -> None:
    """Training, validation and epochs do not leak into each other; values are Python floats."""
    model = linear(metrics=["mae"])

    history = model.fit(
        column(3), zeros(3), 2, 2, verbose=0, validation_data=(column(1), zeros(1))
    ).history

    # losses 1, 4, 9 and errors 1, 2, 3
    assert history == {
        "loss": [pytest.approx(14 / 3)] * 2,
        "mae": [2] * 2,
        "val_loss": [1] * 2,
        "val_mae": [1] * 2,
    }
    assert list(history) == ["loss", "mae", "val_loss", "val_mae"]
    assert {type(value) for values in history.values() for value in values} == {float}


def test_hooks_nest(linear: Callable[..., Any], column: Callable[[int], Array], log: Any) -> None:
    """Validation stands between the last training batch and the end of its epoch."""
    model = linear()

    model.fit(column(2), column(2), 1, 2, 0, [log], validation_data=(column(2), column(2)))

    def rounds(stage: str) -> list[tuple[str, int]]:
        return [
            (f"{stage}_batch_begin", 0),
            (f"{stage}_batch_end", 0),
            (f"{stage}_batch_begin", 1),
            (f"{stage}_batch_end", 1),
        ]

    def epoch(index: int) -> list[tuple[str, int | None]]:
        return [
            ("epoch_begin", index),
            *rounds("train"),
            ("test_begin", None),
            *rounds("test"),
            ("test_end", None),
            ("epoch_end", index),
        ]

    assert log.events == [("train_begin", None), *epoch(0), *epoch(1), ("train_end", None)]


def test_batch_logs_tell_the_loss_of_the_batch_and_metrics_so_far(
    linear: Callable[..., Any],
    column: Callable[[int], Array],
    zeros: Callable[[int], Array],
    log: Any,
) -> None:
    """Batches (1, 2) and (3) have losses 2.5 and 9, and errors 1.5 and, of all three, 2."""
    linear(metrics=["mae"]).fit(column(3), zeros(3), 2, shuffle=False, verbose=0, callbacks=[log])

    assert log.of("train_batch_begin") == [{"batch": 0, "size": 2}, {"batch": 1, "size": 1}]
    assert log.of("train_batch_end") == [
        {"batch": 0, "size": 2, "loss": 2.5, "mae": 1.5},
        {"batch": 1, "size": 1, "loss": 9, "mae": 2},
    ]
    assert log.of("epoch_end") == [{"loss": pytest.approx(14 / 3), "mae": 2}]


def test_validation_is_computed_in_inference_mode() -> None:
    """Dropout acts on the training loss and not on the validation loss."""
    x = Input(shape=(1,))
    model = Model(x, layers.Dropout(0.5)(x))
    model.compile("sgd", "mse")
    ones = np.ones((100, 1))

    history = model.fit(ones, ones, validation_data=(ones, ones), verbose=0).history

    # every element is 0 or 2, one away from its target
    assert history == {"loss": [1], "val_loss": [0]}


@pytest.mark.parametrize(
    ("frequency", "due"),
    [
        (1, [0, 1, 2, 3, 4]),
        (2, [1, 3]),
        (3, [2]),
        (7, []),
        ([1, 2, 10], [0, 1]),
        ((1, 3), [0, 2]),
        ({2, 5}, [1, 4]),
        (range(1, 3), [0, 1]),
        (np.int64(2), [1, 3]),
    ],
)
def test_validation_runs_when_it_is_due(
    linear: Callable[..., Any],
    column: Callable[[int], Array],
    log: Any,
    frequency: object,
    due: list[int],
) -> None:
    """An integer means every k-th epoch, a container names epochs counted from 1."""
    history = linear().fit(
        column(1),
        column(1),
        epochs=5,
        verbose=0,
        validation_data=(column(1), column(1)),
        validation_freq=frequency,
        callbacks=[log],
    )

    epochs = [index for hook, index in log.events if hook == "epoch_begin"]
    begun = [hook for hook, _ in log.events if hook in ("epoch_begin", "test_begin")]
    validated = [
        epochs[begun[: position + 1].count("epoch_begin") - 1]
        for position, hook in enumerate(begun)
        if hook == "test_begin"
    ]
    assert validated == due
    # fit.validation_freq.history-has-only-run-epochs
    assert len(history.history.get("val_loss", [])) == len(due)


def test_validation_epochs_are_counted_from_the_first_ever(
    linear: Callable[..., Any], column: Callable[[int], Array]
) -> None:
    """With initial_epoch=3, [1, 5] validates after epoch index 4 only."""
    data = (column(1), column(1))

    history = linear().fit(
        *data, epochs=6, initial_epoch=3, validation_data=data, validation_freq=[1, 5], verbose=0
    )

    assert len(history.history["val_loss"]) == 1
    assert loop.is_validation_due(4, [1, 5])
    assert not loop.is_validation_due(3, [1, 5])


def test_stopping_in_a_batch_hook_ends_the_epoch_at_once(
    linear: Callable[..., Any], column: Callable[[int], Array], log: Any
) -> None:
    """The epoch ends after that batch, without validation, and training with it."""
    model = linear()

    def stop(batch: int, logs: object) -> None:  # noqa: ARG001 - a hook's arguments
        model.stop_training = True

    stopper = callbacks.LambdaCallback(on_batch_end=stop)
    history = model.fit(
        column(4), column(4), 1, 3, 0, [log, stopper], validation_data=(column(1), column(1))
    )

    assert [hook for hook, _ in log.events] == [
        "train_begin",
        "epoch_begin",
        "train_batch_begin",
        "train_batch_end",
        "epoch_end",
        "train_end",
    ]
    assert list(history.history) == ["loss"]
    # the next call starts afresh
    assert model.fit(column(1), column(1), epochs=2, verbose=0).epoch == [0, 1]


def test_stateful_metrics_cover_the_epoch() -> None:
    """Precision is 2 / 3 over four samples, however they are batched."""
    x = Input(shape=(1,))
    model = Model(x, layers.Activation("linear")(x))
    model.compile("sgd", "mse", metrics=[metrics.Precision()])
    predictions, targets = np.array([0.9, 0.9, 0.9, 0.1]), np.array([1, 0, 1, 1])

    for size in (1, 3, 4):
        assert model.evaluate(predictions, targets, size, verbose=0)[1] == pytest.approx(2 / 3)  # type: ignore[index]


def test_reset_metrics_begins_anew_or_goes_on(
    linear: Callable[..., Any], zeros: Callable[[int], Array]
) -> None:
    """Errors 1, 3, 5 go on to 1, 2, 3, then 9 to 4.5; with a reset each stands alone."""
    model = linear(metrics=["mae"])

    def errors(*calls: tuple[float, bool]) -> list[float]:
        return [
            model.train_on_batch(np.array([error]), zeros(1), reset_metrics=reset)[1]
            for error, reset in calls
        ]

    assert errors((1, True), (3, True), (5, True)) == [1, 3, 5]
    model.evaluate(zeros(1), zeros(1), verbose=0)
    assert errors((1, True), (3, False), (5, False)) == [1, 2, 3]
    assert model.test_on_batch(np.array([9.0]), zeros(1), reset_metrics=False) == [81, 4.5]
    assert errors((1, False), (3, True), (5, True))[1:] == [3, 5]


def test_accumulated_metrics_count_samples(
    linear: Callable[..., Any], zeros: Callable[[int], Array]
) -> None:
    """Three errors of 1 and one of 5 average to 2; the loss is that of the batch."""
    model = linear(metrics=["mae"])

    first = model.train_on_batch(np.ones(3), zeros(3))
    second = model.train_on_batch(np.array([5.0]), zeros(1), reset_metrics=False)

    assert (first, second) == ([1, 1], [25, 2])


def test_what_is_trained_is_settled_by_compile(
    linear: Callable[..., Any], zeros: Callable[[int], Array]
) -> None:
    """Of two models with the same layer, that which was compiled before it was frozen trains it."""
    before = linear(lr=0.25)
    before.get_layer("a").trainable = False
    after = Model(before.inputs, before.outputs)
    after.compile("sgd", "mse")

    weights = []
    after.train_on_batch(np.ones(1), zeros(1))
    weights.append(after.get_weights()[0].item())
    with pytest.warns(UserWarning, match="0 weights of '.*' are trainable, but 1 were when"):
        before.train_on_batch(np.ones(1), zeros(1))
    weights.append(before.get_weights()[0].item())

    assert weights == [1, 0.5]
    assert (len(before.trainable_weights), len(before.non_trainable_weights)) == (0, 1)
