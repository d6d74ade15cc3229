"""Sample and class weights, on predictions 3, 3 for targets 0, 1: losses 9 and 4."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from fitspec.reference import Input, Model, layers, optimizers
from fitspec.reference.data import sample_weights
from fitspec.reference.initializers import Constant

X = np.ones((2, 1), "float32")
Y = np.array([[0.0], [1.0]], "float32")
CLASSES = {0: 1, 1: 10}


@pytest.mark.parametrize(
    ("weights", "loss", "w"),
    [
        # (9 + 4) / 2; gradient (2*3 + 2*2) / 2 = 5
        ({}, 6.5, 2.95),
        # (9 * 1 + 4 * 3) / 2; gradient (6 + 4 * 3) / 2 = 9
        ({"sample_weight": [1, 3]}, 10.5, 2.91),
        # only the second sample counts, and the divisor stays 2: 4 / 2; gradient 4 / 2
        ({"sample_weight": [0, 1]}, 2.0, 2.98),
        # (9 * 1 + 4 * 10) / 2; gradient (6 + 4 * 10) / 2 = 23
        ({"class_weight": CLASSES}, 24.5, 2.77),
        # (9 * 2 * 1 + 4 * 3 * 10) / 2; gradient (6 * 2 + 4 * 30) / 2 = 66
        ({"sample_weight": [2, 3], "class_weight": CLASSES}, 69.0, 2.34),
    ],
)
@pytest.mark.parametrize("method", ["fit", "train_on_batch"])
def test_weights_scale_loss_and_gradient(
    linear: Callable[..., Any], weights: dict[str, object], loss: float, w: float, method: str
) -> None:
    """Sample and class weights multiply each sample's loss, and with it its gradient."""
    model = linear(3.0, lr=0.01)

    if method == "fit":
        (result,) = model.fit(X, Y, verbose=0, **weights).history["loss"]
    else:
        result = model.train_on_batch(X, Y, **weights)

    assert result == pytest.approx(loss)
    assert model.get_weights()[0] == pytest.approx(w)


def test_evaluate_takes_sample_weights(linear: Callable[..., Any]) -> None:
    """They count in the loss and in weighted metrics, not in plain metrics."""
    model = linear(3.0, metrics=["mse", "mae"], weighted_metrics=["mae"])

    # errors 3 and 2: mean 2.5, weighted mean (3 + 2 * 3) / 4
    expected = [10.5, 6.5, 2.5, 2.25]
    assert model.evaluate(X, Y, sample_weight=np.array([1, 3]), verbose=0) == expected
    assert model.test_on_batch(X, Y, np.array([1, 3])) == expected


def test_weighted_metrics_cover_the_whole_set(linear: Callable[..., Any]) -> None:
    """Errors 3, 2, 1 with weights 1, 3, 8 give (3 + 6 + 8) / 12, in batches of 2 as well."""
    model = linear(3.0, weighted_metrics=["mae"])
    y = np.array([0.0, 1.0, 2.0])

    result = model.evaluate(np.ones(3), y, 2, verbose=0, sample_weight=np.array([1, 3, 8]))

    assert result[1] == pytest.approx(17 / 12)


def test_class_weights_count_in_training_only(linear: Callable[..., Any]) -> None:
    """Weighted metrics of training use them; validation, a split and evaluate do not."""
    model = linear(3.0, weighted_metrics=["mae"])
    x, y = np.ones(4), np.array([0, 1, 0, 1])

    split = model.fit(x, y, verbose=0, validation_split=0.5, class_weight=CLASSES).history
    given = model.fit(X, Y, verbose=0, validation_data=(X, Y), class_weight=CLASSES).history

    assert split == given
    # errors 3 and 2: (3 * 1 + 2 * 10) / 11 in training, (3 + 2) / 2 in validation
    assert given == {
        "loss": [24.5],
        "mae": [pytest.approx(23 / 11)],
        "val_loss": [6.5],
        "val_mae": [2.5],
    }
    assert model.evaluate(X, Y, verbose=0) == [6.5, 2.5]


@pytest.mark.parametrize(
    "y", [np.array([0.0, 1.0]), np.array([0, 1]), np.array([[0], [1]]), [0, 1], [False, True]]
)
def test_classes_in_all_number_forms(linear: Callable[..., Any], y: object) -> None:
    """Labels as floats, integers, columns, vectors and truth values mean the same."""
    assert linear(3.0).train_on_batch(X, y, class_weight=CLASSES) == 24.5


def test_class_of_one_hot_targets_is_the_position_of_the_maximum() -> None:
    """All outputs are 2, so each sample loses (1 + 4 + 4) / 3 = 3; weights are 1, 10, 100, 10."""
    x = Input(shape=(1,))
    model = Model(x, layers.Dense(3, use_bias=False, kernel_initializer=Constant(2.0))(x))
    model.compile(optimizers.SGD(0.0), "mse")
    y = np.eye(3)[[0, 1, 2, 1]]

    loss = model.train_on_batch(np.ones(4), y, class_weight={0: 1, 1: 10, 2: 100})

    assert loss == pytest.approx(3 * 121 / 4)


@pytest.mark.parametrize(
    "class_weight", [[1, 10], np.array([1, 10]), "auto", {0: 1}, {"0": 1, "1": 10}, {0: 1, 1: "x"}]
)
def test_bad_class_weights_are_refused(linear: Callable[..., Any], class_weight: object) -> None:
    """What is no dict of class to factor, or lacks a class, is a ValueError before any update."""
    model = linear(3.0, lr=0.1)

    with pytest.raises(ValueError, match="class_weight"):
        model.fit(X, Y, class_weight=class_weight, verbose=0)

    assert model.get_weights()[0].tolist() == [[3]]


def test_class_weights_by_output(two: Callable[..., Any]) -> None:
    """A dict by output name or a list weights each output on its own."""
    model = two(3.0, 3.0)

    for given in ({"a": CLASSES}, [CLASSES, None]):
        assert model.train_on_batch([X, X], [Y, Y], class_weight=given) == [31, 24.5, 6.5]


@pytest.mark.parametrize("given", [{"a": [1, 3]}, [[1, 3], None], {"a": [1, 3], "b": [1, 1]}])
def test_sample_weights_by_output(two: Callable[..., Any], given: object) -> None:
    """A dict by output name or a list weights each output on its own."""
    assert two(3.0, 3.0).train_on_batch([X, X], [Y, Y], given) == [17, 10.5, 6.5]


@pytest.mark.parametrize("given", [np.array([1, 3]), {"zz": [1, 3]}, [[1, 3]], [[1, 3], [1], None]])
def test_sample_weights_that_fit_no_output_are_refused(
    two: Callable[..., Any], given: object
) -> None:
    """One array for two outputs, unknown names and wrong numbers are ValueErrors."""
    with pytest.raises(ValueError, match="sample_weight"):
        two().train_on_batch([X, X], [Y, Y], given)


def test_a_tuple_of_weights_for_several_outputs_is_refused(two: Callable[..., Any]) -> None:
    """It may as well stand for the weights of two samples."""
    with pytest.raises(TypeError, match="sample_weight must be a list or a dict, not the tuple"):
        two().train_on_batch([X, X], [Y, Y], sample_weight=([1.0, 1.0], [1.0, 1.0]))


@pytest.mark.parametrize("given", [[1.0, 2.0, 3.0], [1.0], [[1.0], [2.0]], ["a", "b"], 2.0])
def test_sample_weights_of_wrong_shape_are_refused(
    linear: Callable[..., Any], given: object
) -> None:
    """Without temporal mode there is one number per sample."""
    for call in (linear().train_on_batch, linear().test_on_batch):
        with pytest.raises(ValueError, match="sample_weight"):
            call(X, Y, np.array(given))


def test_temporal_weights_count_per_step(temporal: Callable[..., Any]) -> None:
    """Predictions 3 for targets 0..5: 9*1 + 0*2 and all else 0, where (3-5)^2*2 = 8; 17 / 6."""
    y = np.arange(6.0).reshape(2, 3, 1)
    weights = np.array([[1, 0, 0], [0, 0, 2]])

    model = temporal(3.0)

    for loss in (
        model.fit(np.ones((2, 3, 1)), y, sample_weight=weights, verbose=0).history["loss"][0],
        model.evaluate(np.ones((2, 3, 1)), y, sample_weight=weights, verbose=0),
        model.train_on_batch(np.ones((2, 3, 1)), y, weights),
    ):
        assert loss == pytest.approx(17 / 6)


def test_flat_weights_of_temporal_data_count_per_sample(temporal: Callable[..., Any]) -> None:
    """Without the mode: sample losses (9+4+1)/3 and (0+1+4)/3 with weights 1 and 2 give 4."""
    y = np.arange(6.0).reshape(2, 3, 1)

    loss = temporal(3.0, mode=None).train_on_batch(np.ones((2, 3, 1)), y, np.array([1, 2]))

    assert loss == pytest.approx((14 / 3 + 2 * 5 / 3) / 2)


def test_temporal_weights_need_the_mode(
    temporal: Callable[..., Any], linear: Callable[..., Any]
) -> None:
    """2D weights without, flat weights with, and the mode on flat targets are ValueErrors."""
    x = np.ones((2, 3, 1))

    with pytest.raises(ValueError, match="sample_weight"):
        temporal(mode=None).train_on_batch(x, x, np.ones((2, 3)))
    with pytest.raises(ValueError, match="sample_weight"):
        temporal().train_on_batch(x, x, np.ones(2))
    with pytest.raises(ValueError, match="sample_weight"):
        temporal().train_on_batch(x, x, np.ones((3, 2)))
    with pytest.raises(ValueError, match="sample_weight_mode"):
        linear(sample_weight_mode="temporal").train_on_batch(X, Y)


def test_combined_weights_multiply() -> None:
    """Either kind alone stands for itself; none stays none."""
    two, three = np.array([2.0]), np.array([3.0])

    assert sample_weights.combined(two, three) == 6
    assert sample_weights.combined(two, None) is two
    assert sample_weights.combined(None, three) is three
    assert sample_weights.combined(None, None) is None


def test_classes_need_flat_or_one_hot_targets() -> None:
    """Targets with more axes are a ValueError."""
    with pytest.raises(ValueError, match="class_weight"):
        sample_weights.of_classes(np.zeros((2, 3, 1)), {0: 1})


def test_a_class_is_the_same_whichever_type_its_number_has() -> None:
    """As pandas and scikit-learn give them."""
    for key in (1, 1.0, np.float32(1), np.int8(1), True):
        found = sample_weights.check_class_weight({key: 0.5})
        assert found is not None
        assert sample_weights.of_classes(np.array([[1.0]]), found).tolist() == [0.5]


def test_half_a_class_is_refused() -> None:
    """No target could be of it."""
    with pytest.raises(ValueError, match=r"class_weight must map .* not 0.5 to 1.0"):
        sample_weights.check_class_weight({0.5: 1.0})
