"""Metrics on numbers worked out by hand."""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from fitspec.reference import Sequential, backend, callbacks, layers, losses, metrics, optimizers
from fitspec.reference.tensor.autodiff import Tensor

if TYPE_CHECKING:
    from fitspec.reference.tensor.array_library import Array


def tensor(*rows: list[float]) -> Tensor:
    """Return rows as a tensor."""
    return Tensor(np.array(rows))


@pytest.mark.parametrize(
    ("targets", "predictions"),
    [
        # two of three are right in every form
        (tensor([1, 0], [0, 1], [0, 1]), tensor([0.9, 0.1], [0.2, 0.8], [0.7, 0.3])),
        (tensor([0], [1], [1]), tensor([0.9, 0.1], [0.2, 0.8], [0.7, 0.3])),
        (tensor([1], [0], [1]), tensor([0.9], [0.1], [0.2])),
    ],
)
def test_accuracy_suits_the_output(targets: Tensor, predictions: Tensor) -> None:
    """One-hot, index and binary targets give the fraction of right predictions."""
    metric = metrics.resolve("accuracy", None)

    metric.update_state(targets, predictions)

    assert metric.result() == pytest.approx(2 / 3)


def test_accuracy_is_binary_with_binary_crossentropy() -> None:
    """With several independent probabilities every element counts: 3 of 4 are right."""
    metric = metrics.resolve("acc", losses.resolve("binary_crossentropy"))

    metric.update_state(tensor([1, 0], [1, 1]), tensor([0.9, 0.1], [0.2, 0.8]))

    assert metric.result() == 0.75


def test_value_covers_all_batches_since_the_reset() -> None:
    """Errors 1, 1, 1 and then 5 average to 2, whatever the batches' sizes."""
    metric = metrics.resolve("mae", None)

    metric.update_state(tensor([1], [1], [1]), tensor([0], [0], [0]))
    metric.update_state(tensor([5]), tensor([0]))

    assert metric.result() == 2
    metric.reset_states()
    assert metric.result() == 0


def test_weights_make_a_weighted_mean() -> None:
    """Errors 3 and 2 with weights 1 and 3 give (3 * 1 + 2 * 3) / 4."""
    metric = metrics.resolve("mae", None)

    metric.update_state(tensor([0], [1]), tensor([3], [3]), np.array([1.0, 3.0]))

    assert metric.result() == 2.25


@pytest.mark.parametrize("cut", [1, 2, 3, 4])
def test_precision_does_not_depend_on_batches(cut: int) -> None:
    """Three are predicted positive and two of them rightly, however the four are batched."""
    targets: Array = np.array([[1.0], [0.0], [1.0], [1.0]])
    predictions: Array = np.array([[0.9], [0.9], [0.9], [0.1]])
    metric = metrics.Precision()

    for start in range(0, 4, cut):
        rows = slice(start, start + cut)
        metric.update_state(Tensor(targets[rows]), Tensor(predictions[rows]))

    assert metric.result() == pytest.approx(2 / 3)


def test_recall_counts_positive_targets() -> None:
    """Two of three positive targets are found; weights 1, 1, 1, 3 make that 2 of 5."""
    targets, predictions = tensor([1], [0], [1], [1]), tensor([0.9], [0.9], [0.9], [0.1])
    plain, weighted = metrics.Recall(), metrics.Recall()

    plain.update_state(targets, predictions)
    weighted.update_state(targets, predictions, np.array([1.0, 1.0, 1.0, 3.0]))

    assert (plain.result(), weighted.result()) == pytest.approx((2 / 3, 2 / 5))


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        # (1 + 5) / 2: each batch counts once, however long
        ((None, None), 3.0),
        # of weights (1 + 1 + 0) and 2, (2 * 1 + 2 * 5) / 4
        (([1.0, 1.0, 0.0], [2.0]), 3.0),
        # of weights (1 + 2 + 3) and 2, (6 * 1 + 2 * 5) / 8
        (([1.0, 2.0, 3.0], [2.0]), 2.0),
    ],
)
def test_one_value_for_a_batch_is_averaged_over_batches(weights: Any, expected: float) -> None:
    """What a function gives for 3 rows is 1, for the one row after them 5."""
    metric = metrics.resolve(lambda t, p: abs(t - p).mean(), None)

    metric.update_state(tensor([1], [1], [1]), tensor([0], [0], [0]), weights[0])
    metric.update_state(tensor([5]), tensor([0]), weights[1])

    assert metric.result() == expected


def test_values_of_another_number_than_samples_count_once_each() -> None:
    """Means of two columns, 1 and 3 of three rows, then 6 and 6 of one: (1 + 3 + 6 + 6) / 4."""
    metric = metrics.resolve(lambda t, p: abs(t - p).mean(axis=0), None)

    metric.update_state(tensor([0, 0], [0, 0], [0, 0]), tensor([1, 3], [1, 3], [1, 3]))
    metric.update_state(tensor([0, 0]), tensor([6, 6]))

    assert metric.result() == 4


def test_predictions_of_one_axis_are_averaged_over_samples() -> None:
    """Of three errors, two are 1 and one is 4, cut into two and one: (1 + 1 + 4) / 3."""
    metric = metrics.resolve("mae", None)

    metric.update_state([0.0, 0.0], [1.0, 1.0])
    metric.update_state([0.0], [4.0])

    assert metric.result() == 2


@pytest.mark.parametrize("identifier", ["nope", 3, None, metrics.Precision])
def test_unknown_metrics_are_refused(identifier: object) -> None:
    """What is neither name, function nor instance is a ValueError."""
    with pytest.raises(ValueError, match="metrics must be"):
        metrics.resolve(identifier, None)


def result(metric: metrics.Metric, *batches: tuple[object, ...]) -> Any:
    """Return what a metric gives for batches of targets, predictions and perhaps weights."""
    for batch in batches:
        metric.update_state(*batch)
    return metric.result()


TRUE, FOUND = [0, 1, 1, 1], [0.2, 0.4, 0.6, 0.9]


@pytest.mark.parametrize(
    ("metric", "batch", "expected"),
    [
        (metrics.Accuracy(), ([1, 2, 3, 4], [0, 2, 3, 4]), 3 / 4),
        (metrics.Accuracy(), ([1, 2], [0, 2], [1, 3]), 3 / 4),
        # 1.7 is nearest to 2, so it is not what 1 stands for
        (metrics.BinaryAccuracy(), ([1, 1, 0, 2], [1.2, 1.7, 0.5, 2.1]), 3 / 4),
        (metrics.BinaryAccuracy(threshold=0.3), (TRUE, FOUND), 1),
        (metrics.RootMeanSquaredError(), ([2, 4, 6], [1, 3, 2]), (18 / 3) ** 0.5),
        (metrics.CosineSimilarity(), ([[1, 0]], [[2, 2]]), 0.5**0.5),
        (
            metrics.MeanRelativeError([1, 3, 2, 0]),
            ([1, 3, 2, 3], [2, 4, 6, 8]),
            (1 + 1 / 3 + 4 / 2 + 0) / 4,
        ),
        # the right class has the second largest prediction, and the third
        (metrics.TopKCategoricalAccuracy(2), ([[0, 1, 0], [0, 0, 1]], [[4, 3, 2], [4, 3, 2]]), 0.5),
        (metrics.SparseTopKCategoricalAccuracy(2), ([[1], [2]], [[4, 3, 2], [4, 3, 2]]), 0.5),
        (metrics.TruePositives(), (TRUE, FOUND), 2),
        (metrics.FalseNegatives(), (TRUE, FOUND, [1, 5, 1, 1]), 5),
        (metrics.TrueNegatives([0.1, 0.5]), (TRUE, FOUND), [0, 1]),
        (metrics.FalsePositives([0.1, 0.5]), (TRUE, FOUND), [1, 0]),
        (metrics.Precision([0.1, 0.95]), (TRUE, FOUND), [3 / 4, 0]),
        (metrics.Recall(0.5), ([[1], [1], [1]], [0.4, 0.6, 0.9], [[1], [2], [3]]), 5 / 6),
        # the two largest of each row are positive: 2 of 4 rightly, 2 of 3 found
        (metrics.Precision(top_k=2), ([[0, 1, 1], [0, 0, 1]], [[3, 2, 1], [1, 2, 3]]), 2 / 4),
        (metrics.Recall(top_k=2), ([[0, 1, 1], [0, 0, 1]], [[3, 2, 1], [1, 2, 3]]), 2 / 3),
        (metrics.Recall(class_id=1), ([[0, 1], [1, 1]], [[0.9, 0.6], [0.9, 0.4]]), 1 / 2),
        # class 0: 1 of 3 in either set is in both; so it is for class 1
        (metrics.MeanIoU(2), ([0, 0, 1, 1], [0, 1, 0, 1]), 1 / 3),
        # classes 0 and 1: 0.3 / (0.6 + 0.6 - 0.3) and 0.1 / (0.4 + 0.4 - 0.1)
        (
            metrics.MeanIoU(2),
            ([0, 0, 1, 1], [0, 1, 0, 1], [0.3, 0.3, 0.3, 0.1]),
            (0.3 / 0.9 + 0.1 / 0.7) / 2,
        ),
    ],
)
def test_results(metric: metrics.Metric, batch: tuple[object, ...], expected: object) -> None:
    """Every metric has the documented value, given lists and factors by sample."""
    assert result(metric, batch) == pytest.approx(expected)


# At thresholds just below 0, of 0.5, and just above 1 there are 2, 1 and 0 true positives, and
# 2, 0 and 0 false ones; so recall is 1, 1/2, 0 and the rate of false positives 1, 0, 0.
AREAS = ([0, 0, 1, 1], [0, 0.5, 0.3, 0.9])


@pytest.mark.parametrize(
    ("curve", "method", "area"),
    [
        ("ROC", "interpolation", (1 + 1 / 2) / 2),
        ("ROC", "minoring", 1 / 2),
        ("ROC", "majoring", 1),
        # precision is 1/2, 1, 0 over the steps of 1/2 of recall
        ("PR", "minoring", 1 / 2 * 1 / 2),
        ("PR", "majoring", 1 / 2 * 1 + 1 / 2 * 1),
        # slopes are (2 - 1) / (4 - 1) and 1, intercepts 1 - 1/3 and 0
        ("PR", "interpolation", (1 / 3 * (1 + 2 / 3 * math.log(4)) + 1) / 2),
    ],
)
def test_areas(curve: Any, method: Any, area: float) -> None:
    """The area is that under straight lines, the lower or the higher steps."""
    metric = metrics.AUC(3, curve, method)

    assert result(metric, AREAS) == pytest.approx(area)
    assert result(metrics.AUC(9, curve, method, thresholds=[0.5]), AREAS) == pytest.approx(area)


def test_rates_where_another_is_as_given() -> None:
    """Specificity is 1/2 from threshold 0 on, where both positives are found.

    Sensitivity is 1/2 from threshold 0.3 on, where one of two negatives is told.
    """
    assert result(metrics.SensitivityAtSpecificity(0.5), AREAS) == 1
    assert result(metrics.SpecificityAtSensitivity(0.5), AREAS) == 0.5


def test_counts_do_not_depend_on_batches() -> None:
    """Areas, counts and classes are those of all samples, however they are cut."""
    made: list[Callable[[], metrics.Metric]] = [
        metrics.AUC,
        lambda: metrics.MeanIoU(2),
        metrics.RootMeanSquaredError,
    ]
    for make in made:
        whole = result(make(), AREAS)
        parts = result(make(), *(([t], [p]) for t, p in zip(*AREAS, strict=True)))
        assert parts == pytest.approx(whole)


def test_numbers_are_averaged_and_added() -> None:
    """Numbers 1, 3, 5 and 7 have the mean 4; factors of 1, 1, 0 and 0 leave the first two."""
    for metric, plain, weighted in ((metrics.Mean(), 4, 2), (metrics.Sum("all"), 16, 4)):
        metric.update_state([1, 3, 5, 7])
        assert metric.result() == plain
        metric.reset_states()
        metric.update_state([1, 3, 5, 7], sample_weight=[1, 1, 0, 0])
        assert metric.result() == weighted
    assert (metrics.Mean().name, metrics.Sum("all").name) == ("mean", "all")


def test_crossentropy_suits_the_output() -> None:
    """It is that of class indices here: -log(0.5)."""
    metric = metrics.resolve("ce", None)

    assert result(metric, ([[1]], [[0.25, 0.5, 0.25]])) == pytest.approx(math.log(2))


def test_every_class_is_found_by_its_name() -> None:
    """What was saved of a metric is its class's name and what to make it with."""
    needed: dict[str, dict[str, Any]] = {
        "MeanIoU": {"num_classes": 2},
        "SensitivityAtSpecificity": {"specificity": 0.5},
        "SpecificityAtSensitivity": {"sensitivity": 0.5},
    }
    for name, metric in metrics.CLASSES.items():
        config = {**needed.get(name, {}), "name": "mine"}
        found = metrics.resolve({"class_name": name, "config": config}, None)
        assert type(found) is metric
        assert found.name == "mine"


@pytest.mark.parametrize(
    "make",
    [
        lambda: metrics.AUC(curve="PRC"),  # type: ignore[arg-type]  # the case
        lambda: metrics.AUC(summation_method="trapezes"),  # type: ignore[arg-type]  # the case
        lambda: metrics.AUC(1),
        lambda: metrics.Precision(1.5),
        lambda: metrics.SensitivityAtSpecificity(1.5),
        lambda: metrics.SpecificityAtSensitivity(0.5, 0),
    ],
)
def test_bad_settings_are_refused(make: Callable[[], object]) -> None:
    """Unknown words, thresholds outside of 0 to 1, and too few of them are ValueErrors."""
    with pytest.raises(ValueError, match="must be"):
        make()


def test_metrics_in_training() -> None:
    """Targets 0 and 1 are told apart by outputs 0 and 1, epoch by epoch."""
    model = Sequential([layers.Dense(1, use_bias=False, input_shape=(1,))])
    model.set_weights([np.ones((1, 1))])
    backend.clear_session()
    made = [metrics.AUC(), metrics.TruePositives([0.1, 0.9]), metrics.Recall()]
    model.compile(optimizers.SGD(0.0), "mse", metrics=made)

    x = np.array([[0.0], [1.0], [1.0]])
    history = model.fit(x, x, 2, 2, 0).history

    assert model.metrics_names == ["loss", "auc_1", "true_positives_1", "recall_1"]
    assert history["auc_1"] == pytest.approx([1, 1])
    assert [each.tolist() for each in history["true_positives_1"]] == [[2, 2], [2, 2]]
    assert history["recall_1"] == [1, 1]


class Largest(metrics.Metric):
    """A user's own metric, which keeps a state as it likes."""

    def __init__(self) -> None:
        super().__init__("largest")
        self.found = 0.0

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:  # noqa: ARG002 - as Metric
        """Look for a larger prediction."""
        self.found = max(self.found, float(y_pred.data.max()))

    def result(self) -> float:
        """Return the largest prediction."""
        return self.found

    def reset_states(self) -> None:
        """Begin anew."""
        self.found = 0.0


def test_a_metric_of_ones_own_keeps_what_it_likes() -> None:
    """Predictions are 3, 5 and 4: batch by batch the largest is 3, 5 and 5."""
    model = Sequential([layers.Dense(1, use_bias=False, input_shape=(1,))])
    model.set_weights([np.ones((1, 1))])
    model.compile(optimizers.SGD(0.0), "mse", metrics=[Largest()])
    seen: list[float] = []
    note = callbacks.LambdaCallback(on_batch_end=lambda _, logs: seen.append(logs["largest"]))

    x = np.array([[3.0], [5.0], [4.0]])
    history = model.fit(x, x, 1, 2, 0, [note], shuffle=False).history

    assert history["largest"] == [5, 5]
    assert seen == [3, 5, 5] * 2


def test_samples_of_one_number_have_a_weight_each() -> None:
    """Errors are 1 and 3, and only the first counts."""
    metric = metrics.RootMeanSquaredError()

    metric.update_state([0.0, 0.0], [1.0, 3.0], sample_weight=[1.0, 0.0])

    assert metric.result() == 1.0


def test_of_thresholds_that_are_as_near_to_a_goal_the_first_counts() -> None:
    """Specificities of 0.3 and 0.7 are as far from 0.5, as Keras has them, in single precision."""
    targets = np.array([0.0] * 10 + [1.0] * 5)
    predictions = np.array([0.1] * 3 + [0.5] * 4 + [0.9] * 3 + [0.1] + [0.5] * 3 + [0.9])

    found = result(metrics.SensitivityAtSpecificity(0.5, 4), (targets, predictions))

    assert found == pytest.approx(0.8)


def test_the_cosine_of_an_angle_is_named_as_in_keras() -> None:
    """By what the class is called; by another name on demand."""
    assert metrics.CosineSimilarity().name == "cosine_similarity"
    assert metrics.CosineSimilarity("angle").name == "angle"
