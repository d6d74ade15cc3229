"""Losses on numbers worked out by hand."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from fitspec.reference import Sequential, layers, losses, optimizers, set_random_seed
from fitspec.reference.tensor import autodiff
from fitspec.reference.tensor.autodiff import Tensor

if TYPE_CHECKING:
    from collections.abc import Callable

    from fitspec.reference.compute.recorded.step import RecordedStep
    from fitspec.reference.tensor.array_library import Array

T = Tensor(np.array([[1.0, 0.0], [0.0, 1.0]]))
P = Tensor(np.array([[0.8, 0.2], [0.5, 0.5]]))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("mse", [(0.04 + 0.04) / 2, 0.25]),
        ("mae", [0.2, 0.5]),
        ("binary_crossentropy", [-math.log(0.8), -math.log(0.5)]),
        ("categorical_crossentropy", [-math.log(0.8), -math.log(0.5)]),
    ],
)
def test_values_per_sample(name: str, expected: list[float]) -> None:
    """Every named loss gives one value per sample."""
    assert losses.resolve(name).call(T, P).data == pytest.approx(expected)


def test_sparse_crossentropy_takes_class_indices() -> None:
    """Indices 0 and 1 stand for the one-hot targets (1, 0) and (0, 1)."""
    indices = Tensor(np.array([[0.0], [1.0]]))

    values = losses.sparse_categorical_crossentropy(indices, P)

    assert values.data == pytest.approx([-math.log(0.8), -math.log(0.5)])


@pytest.mark.parametrize("name", ["binary_crossentropy", "categorical_crossentropy"])
def test_certain_and_wrong_is_finite(name: str) -> None:
    """Probabilities 0 and 1 are kept away from the logarithm's pole."""
    wrong = Tensor(np.array([[0.0, 1.0]]))

    values = losses.resolve(name).call(Tensor(np.array([[1.0, 0.0]])), wrong)

    assert np.isfinite(values.data).all()


@pytest.mark.parametrize(
    ("values", "weights", "expected"),
    [
        ([9.0, 4.0], None, 6.5),
        # the divisor is the number of samples: (9 * 1 + 4 * 3) / 2
        ([9.0, 4.0], [1.0, 3.0], 10.5),
        # inner axes are averaged first: (3 * 1 + 6 * 2) / 2
        ([[2.0, 4.0], [6.0, 6.0]], [1.0, 2.0], 7.5),
        # per step it is (2*1 + 4*0 + 6*0 + 6*2) / 4
        ([[2.0, 4.0], [6.0, 6.0]], [[1.0, 0.0], [0.0, 2.0]], 3.5),
        # one value stands for the whole batch: 5 * (1 + 3) / 2
        (5.0, [1.0, 3.0], 10.0),
    ],
)
def test_batch_mean_weights_then_averages(values: object, weights: object, expected: float) -> None:
    """The loss of a batch is the mean of weighted values."""
    factors: Array | None = None if weights is None else np.array(weights)

    assert float(losses.batch_mean(Tensor(np.array(values)), factors)) == expected


def test_function_gets_targets_first() -> None:
    """A user's function is called as f(targets, predictions): 3 - 2 * 1 = 1."""
    loss = losses.resolve(lambda y_true, y_pred: (y_pred - 2 * y_true).mean())

    assert float(loss(Tensor(np.ones((1, 1))), Tensor(np.full((1, 1), 3.0)))) == 1


@pytest.mark.parametrize("identifier", ["nope", 3, None, losses.MeanSquaredError])
def test_unknown_losses_are_refused(identifier: object) -> None:
    """What is neither name, function nor instance is a ValueError."""
    with pytest.raises(ValueError, match="loss must be"):
        losses.resolve(identifier)


def test_instances_are_taken_as_they_are() -> None:
    """A Loss object stands for itself, and one's own needs only `call`."""

    class Twice(losses.Loss):
        def call(self, y_true: Tensor, y_pred: Tensor) -> Tensor:
            return (y_pred - y_true) * 2

    loss = Twice()

    assert losses.resolve(loss) is loss
    # (2 * (0.8 - 1) + 2 * 0.2 + 2 * 0.5 - 2 * 0.5) / 4 = 0
    assert float(loss(T, P)) == pytest.approx(0)


LOG2 = math.log(2)


@pytest.mark.parametrize(
    ("loss", "targets", "predictions", "expected"),
    [
        ("mape", [1, -2], [2, 2], 100 * (1 / 1 + 4 / 2) / 2),
        # differences of log(4) and log(2), and of log(1) and log(4)
        ("msle", [1, 3], [3, 0], (LOG2**2 + 4 * LOG2**2) / 2),
        ("hinge", [1, -1], [0.5, 0.5], (0.5 + 1.5) / 2),
        ("squared_hinge", [1, -1], [0.5, 0.5], (0.25 + 2.25) / 2),
        # targets that are all 0 or 1 stand for -1 and 1, other ones for themselves
        ("hinge", [1, 0], [0.5, 0.5], (0.5 + 1.5) / 2),
        ("hinge", [1, 0.5], [0.5, 0.5], (0.5 + 0.75) / 2),
        ("categorical_hinge", [0, 1, 0], [0.1, 0.6, 0.3], 0.3 - 0.6 + 1),
        ("categorical_hinge", [0, 1, 0], [0.1, 2, 0.3], 0),
        ("logcosh", [1, 2], [1, 3], math.log(math.cosh(1)) / 2),
        # 0.5 * 0.5 ** 2, and 0.5 * 1 ** 2 up to delta and 1 * (2 - 1) beyond
        ("huber", [0, 0], [0.5, -2], [0.125, 1.5]),
        (losses.Huber(delta=0.5), [0, 0], [0.5, -2], [0.125, 0.125 + 0.5 * 1.5]),
        ("kld", [0.5, 0.5], [0.25, 0.75], 0.5 * math.log(2) + 0.5 * math.log(2 / 3)),
        ("poisson", [2, 0], [math.e, 1], (math.e - 2 + 1) / 2),
        ("cosine_similarity", [1, 0], [2, 2], -math.sqrt(0.5)),
        # logits 0 and log(3) are the probabilities 1/4 and 3/4
        (
            losses.CategoricalCrossentropy(from_logits=True),
            [0, 1],
            [0, math.log(3)],
            -math.log(3 / 4),
        ),
        (
            losses.SparseCategoricalCrossentropy(from_logits=True),
            [0],
            [0, math.log(3)],
            -math.log(1 / 4),
        ),
        # smoothing by 0.2 makes 1 to 0.8 + 0.2 / 2 for two classes
        (
            losses.CategoricalCrossentropy(label_smoothing=0.2),
            [0, 1],
            [0.25, 0.75],
            -0.9 * math.log(0.75) - 0.1 * math.log(0.25),
        ),
        (
            losses.BinaryCrossentropy(from_logits=True, label_smoothing=0.2),
            [1],
            [math.log(3)],
            -0.9 * math.log(0.75) - 0.1 * math.log(0.25),
        ),
        # the second probability counts as 1 before both are divided by their sum, 1.25
        ("sparse_categorical_crossentropy", [0], [0.25, 4], -math.log(0.25 / 1.25)),
        ("categorical_crossentropy", [1, 0], [1, 4], -math.log(0.2)),
    ],
)
def test_values(loss: object, targets: object, predictions: object, expected: object) -> None:
    """Every loss of one sample has the documented value."""
    t, p = (Tensor(np.array([each], float)) for each in (targets, predictions))

    values = losses.resolve(loss).call(t, p).data

    assert values[0] == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("name", sorted(set(losses.NAMES.values())))
def test_slopes(name: str) -> None:
    """The gradient is what a small step changes, divided by its size."""
    index = name == "sparse_categorical_crossentropy"
    t = Tensor(np.array([[1.0], [0.0]] if index else [[0.2, 0.7, 0.1], [0.5, 0.1, 0.4]]))
    p = Tensor(np.array([[0.3, 0.2, 0.5], [0.1, 0.3, 0.6]]), requires_gradient=True)
    loss = losses.resolve(name)

    (gradient,) = autodiff.gradients(loss(t, p), [p])

    for place in np.ndindex(p.shape):
        step = np.zeros(p.shape)
        step[place] = 1e-6
        high, low = (float(loss(t, Tensor(p.data + sign * step))) for sign in (1, -1))
        assert gradient[place] == pytest.approx((high - low) / 2e-6, abs=1e-6)


def test_classes_do_what_the_functions_do() -> None:
    """Every class is called as its function, which it may be found by as well."""
    for name, loss in losses.CLASSES.items():
        made = losses.resolve({"class_name": name, "config": {"name": "mine"}})
        assert type(made) is loss
        assert made.name == "mine"
        assert losses.resolve(name).name in losses.NAMES


def test_reductions() -> None:
    """Squares 1, 4 and 9, with weights 1, 0 and 2, are averaged, added up or left as they are."""
    arguments = [[0.0], [0.0], [0.0]], [[1.0], [2.0], [3.0]], [[1.0], [0.0], [2.0]]

    mean, total, each = (
        losses.MeanSquaredError(reduction=reduction)(*arguments).data.tolist()
        for reduction in ("sum_over_batch_size", "sum", "none")
    )

    assert (mean, total, each) == (pytest.approx(19 / 3), 19, [1, 0, 18])
    with pytest.raises(ValueError, match="reduction"):
        losses.MeanSquaredError(reduction="mean")  # type: ignore[arg-type]  # the case


def test_what_is_not_reduced_is_averaged_in_training() -> None:
    """A rate of 1 moves the weight by the mean of -2 * 1 and -2 * 2, for inputs of 1."""
    model = Sequential([layers.Dense(1, use_bias=False, input_shape=(1,))])
    model.set_weights([np.zeros((1, 1))])
    model.compile(optimizers.SGD(1.0), losses.MeanSquaredError(reduction="none"))

    loss = model.train_on_batch(np.ones((2, 1)), np.array([[1.0], [2.0]]))

    assert loss == pytest.approx((1 + 4) / 2)
    assert model.get_weights()[0] == pytest.approx(3)


@pytest.mark.parametrize("loss", [*sorted(set(losses.NAMES.values())), *losses.CLASSES])
def test_recorded_losses_give_the_same_bits(
    loss: str, plans: list[RecordedStep], never_recorded: Callable[[], None]
) -> None:
    """What is done again in training is what the definition says."""
    index = "sparse" in losses.resolve(loss).name
    targets = np.array([[1.0], [0.0]] if index else [[0.0, 1.0, 0.0], [0.5, 0.1, 0.4]])

    def trained() -> list[Any]:
        set_random_seed(1)
        model = Sequential([layers.Dense(3, "softmax", input_shape=(2,))])
        model.compile(optimizers.SGD(0.5), loss)
        for _ in range(4):
            model.train_on_batch(np.array([[1.0, 2.0], [3.0, -1.0]]), targets)
        return model.get_weights()

    weights = trained()
    never_recorded()

    assert len(plans) == 1
    assert all(map(np.array_equal, weights, trained()))


@pytest.mark.parametrize(
    ("activation", "loss", "target", "gradient"),
    [
        ("softmax", "categorical_crossentropy", [1.0, 0.0], [-1, 1]),
        ("softmax", "sparse_categorical_crossentropy", [0.0], [-1, 1]),
        # the logits are 0 and 200, of which the second one is 200 off; the mean is over both
        ("sigmoid", "binary_crossentropy", [0.5, 0.0], [0, 0.5]),
    ],
)
def test_there_is_a_slope_at_certainty(
    activation: str, loss: str, target: list[float], gradient: list[float]
) -> None:
    """Where a wrong probability is rounded to 1, the loss is that of its logit."""
    model = Sequential([layers.Dense(2, activation, use_bias=False, input_shape=(1,))])
    model.set_weights([np.array([[0.0, 200.0]])])
    model.compile(optimizers.SGD(1.0), loss)

    value = model.train_on_batch(np.ones((1, 1)), np.array([target]))

    assert value == pytest.approx(200 if activation == "softmax" else (math.log(2) + 200) / 2)
    assert model.get_weights()[0][0] == pytest.approx(np.array([0, 200]) - gradient)


def test_whole_targets_are_smoothed_as_others_are() -> None:
    """A fifth spread evenly makes 0.1 and 0.9 of targets 0 and 1, whatever type they have."""
    predictions = np.array([[0.3], [0.6]])
    surprises = [
        -(0.1 * np.log(0.3) + 0.9 * np.log(0.7)),
        -(0.9 * np.log(0.6) + 0.1 * np.log(0.4)),
    ]

    loss = losses.BinaryCrossentropy(label_smoothing=0.2)(np.array([[0], [1]]), predictions)

    assert float(loss.data) == pytest.approx(np.mean(surprises), rel=1e-6)


@pytest.mark.parametrize("label", [-1.0, 2.0, np.nan, np.inf])
def test_a_label_that_is_no_class_is_refused(label: float) -> None:
    """However many batches were trained on before, and before anything is changed."""
    model = Sequential([layers.Dense(2, activation="softmax", input_shape=(1,))])
    model.compile("sgd", "sparse_categorical_crossentropy")
    x = np.ones((2, 1))
    for _ in range(4):
        model.train_on_batch(x, np.array([[0.0], [1.0]]))
    before = model.get_weights()

    with pytest.raises(ValueError, match=f"label {label} is none of the 2 classes"):
        model.train_on_batch(x, np.array([[1.0], [label]]))

    np.testing.assert_equal(model.get_weights(), before)
