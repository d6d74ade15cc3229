"""fit, evaluate and predict on arrays: batches, splits, validation, steps."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from fitspec.reference.tensor.array_library import Array

Column = Callable[[int], Array]


def test_batches_have_32_samples_by_default(linear: Callable[..., Any], column: Column) -> None:
    """70 samples make batches of 32, 32 and 6, in fit, evaluate and predict."""
    model = linear()

    model.fit(column(70), column(70), verbose=0)
    model.evaluate(column(70), column(70), verbose=0)
    model.predict(column(70))

    assert [len(batch) for batch in model.seen.training] == [32, 32, 6]
    assert [len(batch) for batch in model.seen.testing] == [32, 32, 6] * 2


def test_every_batch_is_one_update(linear: Callable[..., Any]) -> None:
    """Gradient 2w and rate 0.25 halve w with each update; one of both samples would give 0.5."""
    model = linear(1.0, lr=0.25)

    model.fit(np.ones(2), np.zeros(2), batch_size=1, verbose=0)

    assert model.get_weights()[0].tolist() == [[0.25]]
    assert model.optimizer.iterations == 2


def test_every_sample_comes_once_an_epoch(linear: Callable[..., Any], column: Column) -> None:
    """Shuffled batches hold the data, nothing twice and nothing dropped."""
    model = linear()

    model.fit(column(10), column(10), batch_size=4, epochs=3, verbose=0)

    sizes = [len(batch) for batch in model.seen.training]
    flat = [row for batch in model.seen.training for row in batch]
    assert sizes == [4, 4, 2] * 3
    assert all(sorted(flat[i : i + 10]) == list(range(1, 11)) for i in (0, 10, 20))
    assert flat[:10] != flat[10:20]


@pytest.mark.parametrize("shuffle", [True, "batch"])
def test_samples_keep_their_targets_and_weights(
    linear: Callable[..., Any], column: Column, shuffle: bool | str
) -> None:
    """The loss is 0 only if x meets its y; weights 1 / y^2 make it 1 only if they meet theirs."""
    y = column(11)

    assert linear(1.0).fit(y, y, 3, shuffle=shuffle, verbose=0).history["loss"] == [0]
    weighted = linear(0.0).fit(y, y, 3, shuffle=shuffle, verbose=0, sample_weight=1 / y[:, 0] ** 2)
    assert weighted.history["loss"] == pytest.approx([1])


def test_split_is_the_tail_of_the_data_as_given(linear: Callable[..., Any], column: Column) -> None:
    """Of 8 samples the last 2 are validated on in every epoch, and never trained on."""
    model = linear()

    model.fit(column(8), column(8), epochs=3, validation_split=0.25, verbose=0)

    assert model.seen.testing == [[7, 8]] * 3
    assert [sorted(batch) for batch in model.seen.training] == [[1, 2, 3, 4, 5, 6]] * 3


def test_split_does_not_influence_weights(linear: Callable[..., Any], column: Column) -> None:
    """Absurd targets in the tail leave the weights as training on the head alone does."""
    split, head = linear(lr=0.01), linear(lr=0.01)
    y = np.array([1.0, 2.0, 1e6, 1e6])

    split.fit(column(4), y, validation_split=0.5, shuffle=False, verbose=0)
    head.fit(column(2), y[:2], shuffle=False, verbose=0)

    assert split.get_weights()[0].tolist() == head.get_weights()[0].tolist()


def test_split_takes_its_sample_weights_along(linear: Callable[..., Any]) -> None:
    """Errors 1 and 2 with weights 1 and 4: (1 * 1 + 4 * 4) / 2."""
    history = linear(1.0).fit(
        np.ones(4),
        np.array([0, 0, 0, 3]),
        validation_split=0.5,
        sample_weight=np.array([1, 1, 1, 4]),
        verbose=0,
    )

    assert history.history["val_loss"] == [8.5]


@pytest.mark.parametrize("form", ["list", "dict"])
def test_split_cuts_all_inputs_and_outputs_alike(
    two: Callable[..., Any], column: Column, form: str
) -> None:
    """(9 + 16) / 2 for the first output, a hundred times that for the second."""
    x: Any = [column(4), column(4) * 10]
    y: Any = [column(4) * 0, column(4) * 0]
    if form == "dict":
        x, y = dict(zip(["in1", "in2"], x, strict=True)), dict(zip(["a", "b"], y, strict=True))

    history = two().fit(x, y, validation_split=0.5, verbose=0).history

    assert (history["val_a_loss"], history["val_b_loss"]) == ([12.5], [1250])


@pytest.mark.parametrize("split", [0, 0.0])
def test_no_split_means_no_validation(
    linear: Callable[..., Any], column: Column, split: float
) -> None:
    """History has no names of validation then."""
    history = linear().fit(column(2), column(2), validation_split=split, verbose=0)

    assert list(history.history) == ["loss"]


@pytest.mark.parametrize("form", [tuple, list])
def test_validation_data_may_be_weighted(
    linear: Callable[..., Any], column: Column, form: Callable[[object], object]
) -> None:
    """(1 + 4) / 2, and with weights 1 and 3 (1 + 4 * 3) / 2."""
    x, y = column(2), column(2) * 0

    def val_loss(*validation: object) -> object:
        history = linear().fit(x, y, validation_data=form(validation), verbose=0)
        return history.history["val_loss"]

    assert val_loss(x, y) == [2.5]
    assert val_loss(x, y, np.array([1, 3])) == [6.5]


def test_training_weights_do_not_reach_validation_data(linear: Callable[..., Any]) -> None:
    """Losses 9 and 4: (90 + 40) / 2 in training, (9 + 4) / 2 in validation."""
    x, y = np.ones(2), np.array([0, 1])

    history = linear(3.0).fit(
        x, y, sample_weight=np.array([10, 10]), validation_data=(x, y), verbose=0
    )

    assert history.history == {"loss": [65], "val_loss": [6.5]}


def test_validation_data_go_before_a_split(linear: Callable[..., Any], column: Column) -> None:
    """All of x is trained on then."""
    model = linear()
    validation = (np.array([100.0, 200.0]), np.zeros(2))

    model.fit(column(4), column(4), validation_split=0.5, validation_data=validation, verbose=0)

    assert [sorted(batch) for batch in model.seen.training] == [[1, 2, 3, 4]]
    assert model.seen.testing == [[100, 200]]


def test_validation_uses_the_batch_size_in_order(
    linear: Callable[..., Any], column: Column
) -> None:
    """Seven samples in batches of 3, not shuffled."""
    model = linear()

    model.fit(column(4), column(4), 3, validation_data=(column(7), column(7)), verbose=0)

    assert model.seen.testing == [[1, 2, 3], [4, 5, 6], [7]]


def test_validation_is_not_trained_on(linear: Callable[..., Any], column: Column) -> None:
    """Absurd validation data leave the weights as they would be without."""
    with_validation, without = linear(lr=0.01), linear(lr=0.01)
    absurd = (column(2) * 1e6, column(2) * -1e6)

    with_validation.fit(column(2), column(2) * 2, validation_data=absurd, verbose=0)
    without.fit(column(2), column(2) * 2, verbose=0)

    assert with_validation.get_weights()[0].tolist() == without.get_weights()[0].tolist()


def test_steps_with_arrays_take_everything_each_time(
    linear: Callable[..., Any], column: Column
) -> None:
    """Two steps an epoch see all samples twice, in order; validation_steps does the same."""
    model = linear()

    model.fit(
        column(3),
        column(3),
        steps_per_epoch=2,
        epochs=2,
        validation_split=0.34,
        validation_steps=1,
        verbose=0,
    )

    assert model.seen.training == [[1]] * 4
    assert model.seen.testing == [[2, 3]] * 2
    assert model.predict(column(2), steps=2).tolist() == [[1], [2], [1], [2]]
    assert model.evaluate(column(2), column(2) * 0, steps=3, verbose=0) == 2.5


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({"steps_per_epoch": 2, "batch_size": 2}, "batch_size"),
        ({"validation_steps": 1, "validation_split": 0.5}, "validation_steps"),
        ({"steps_per_epoch": 1, "validation_split": 0.5}, "validation_steps"),
        ({"validation_split": 1.0}, "validation_split"),
        ({"validation_split": -0.1}, "validation_split"),
        ({"validation_split": 0.9}, "validation_split"),
        ({"validation_split": "x"}, "validation_split"),
        ({"batch_size": 0}, "batch_size"),
        ({"batch_size": -1}, "batch_size"),
        ({"verbose": 3}, "verbose"),
        ({"verbose": "auto"}, "verbose"),
        ({"shuffle": "chunks"}, "shuffle"),
        ({"initial_epoch": -1}, "initial_epoch"),
        ({"steps_per_epoch": 0}, "steps_per_epoch"),
        ({"validation_split": 0.5, "validation_freq": 0}, "validation_freq"),
        ({"validation_split": 0.5, "validation_freq": -1}, "validation_freq"),
        ({"validation_split": 0.5, "validation_freq": 1.5}, "validation_freq"),
        ({"validation_split": 0.5, "validation_freq": None}, "validation_freq"),
        ({"validation_split": 0.5, "validation_freq": "12"}, "validation_freq"),
        ({"validation_split": 0.5, "validation_freq": True}, "validation_freq"),
        ({"validation_data": (1,)}, "validation_data"),
        ({"validation_data": (1, 2, 3, 4)}, "validation_data"),
        ({"validation_data": 3}, "validation_data"),
        ({"validation_data": (np.ones((2, 2)), np.ones(2))}, "x: samples"),
        ({"sample_weight": np.ones(3)}, "sample_weight"),
        ({"sample_weight": np.ones(1)}, "sample_weight"),
    ],
)
def test_invalid_arguments_are_refused_and_change_nothing(
    linear: Callable[..., Any], column: Column, arguments: dict[str, object], name: str
) -> None:
    """Everything invalid is a ValueError naming it, before hooks, updates or a new History."""
    model = linear(3.0, lr=0.1)

    with pytest.raises(ValueError, match=name):
        model.fit(column(2), column(2), **{"verbose": 0, **arguments})

    assert (model.get_weights()[0].tolist(), model.optimizer.iterations) == ([[3]], 0)
    assert model.history is None


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({"epochs": 1.5}, "epochs"),
        ({"epochs": None}, "epochs"),
        ({"batch_size": 2.0}, "batch_size"),
        ({"callbacks": [3]}, "callbacks"),
        ({"foo": 2}, "foo"),
    ],
)
def test_arguments_of_wrong_type_are_refused(
    linear: Callable[..., Any], column: Column, arguments: dict[str, object], name: str
) -> None:
    """They are TypeErrors naming the argument."""
    with pytest.raises(TypeError, match=name):
        linear().fit(column(2), column(2), **{"verbose": 0, **arguments})


def test_odd_frequency_is_irrelevant_without_validation(
    linear: Callable[..., Any], column: Column
) -> None:
    """Nothing is checked that has no effect."""
    assert linear().fit(column(2), column(2), validation_freq="x", verbose=0).epoch == [0]


def test_older_spelling_of_epochs(linear: Callable[..., Any], column: Column) -> None:
    """nb_epoch works, with a warning."""
    with pytest.warns(UserWarning, match="nb_epoch"):
        history = linear().fit(column(2), column(2), nb_epoch=2, verbose=0)

    assert history.epoch == [0, 1]


def test_integers_of_numpy_are_integers(linear: Callable[..., Any], column: Column) -> None:
    """They do wherever a Python integer does."""
    one = np.int64(1)

    history = linear().fit(
        column(2), column(2), one, np.int32(2), np.int64(0), initial_epoch=one, shuffle=np.True_
    )

    assert history.epoch == [1]


@pytest.mark.parametrize(
    ("x", "y"),
    [
        ([1], [1, 1]),
        ([1, 1, 1], [1, 1]),
        ([1, 1], [1]),
        ([4, 3], [4, 4]),
        ([4, 4], [4, 3]),
        ([4, 4], [3, 3]),
    ],
)
def test_numbers_of_arrays_and_samples_must_fit(
    two: Callable[..., Any], column: Column, x: list[int], y: list[int]
) -> None:
    """Each number is the length of one array; the model takes two of each, of equal length."""
    inputs, targets = [column(n) for n in x], [column(n) for n in y]
    model = two()

    for call in (model.fit, model.evaluate, model.train_on_batch, model.test_on_batch):
        with pytest.raises(ValueError, match=r"takes 2 arrays|equal numbers"):
            call(inputs, targets)


def test_single_arrays_do_not_fit_two_inputs(two: Callable[..., Any], column: Column) -> None:
    """One array is one array, whatever its shape."""
    model = two()

    for call in (model.predict, model.predict_on_batch):
        with pytest.raises(ValueError, match="takes 2 arrays, got 1"):
            call(np.ones((2, 1)))
        with pytest.raises(ValueError, match="no entry 'in2'"):
            call({"in1": column(2)})


def test_dicts_go_by_name(two: Callable[..., Any], column: Column) -> None:
    """Order does not matter, surplus names are tolerated, missing ones are refused."""
    model = two()
    x = {"other": 1, "in2": column(4) * 10, "in1": column(4)}
    y = {"b": column(4) * 0, "a": column(4) * 0}

    # squares 1, 4, 9, 16 have the mean 7.5
    assert model.evaluate(x, y, verbose=0) == [757.5, 7.5, 750]
    assert model.train_on_batch(x, y) == [757.5, 7.5, 750]
    assert [out[:, 0].tolist() for out in model.predict(x)] == [[1, 2, 3, 4], [10, 20, 30, 40]]
    with pytest.raises(ValueError, match="y has no entry 'b'"):
        model.fit(x, {"a": column(4)})


def test_targets_of_wrong_shape_are_refused(linear: Callable[..., Any]) -> None:
    """Two columns do not go with one output for mse; a user's loss takes what it likes."""
    with pytest.raises(ValueError, match="y: samples"):
        linear().fit(np.ones(4), np.ones((4, 2)), verbose=0)

    model = linear(loss=lambda y_true, y_pred: (y_true[:, 1:] - y_pred) ** 2)

    # only the second column counts
    assert model.train_on_batch(np.ones(2), np.array([[5, 1], [5, 3]])) == 2


def test_vectors_are_columns(linear: Callable[..., Any]) -> None:
    """A flat vector is one feature per sample: no n x n broadcasting."""
    assert linear().fit(np.array([1.0, 2.0]), np.zeros(2), verbose=0).history["loss"] == [2.5]
