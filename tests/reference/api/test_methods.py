"""The documented methods work over an array engine that they know nothing of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from fitspec.reference import metrics
from fitspec.reference.api.compiled import feed_of
from fitspec.reference.api.methods import Trainable
from fitspec.reference.data.batches import Batch, Port, Samples
from fitspec.reference.losses import Loss
from fitspec.reference.training.engine import compared

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fitspec.reference.data.feeding import Feed
    from fitspec.reference.tensor.array_library import Array
    from fitspec.reference.training.engine import Outcome
    from fitspec.reference.training.plan import OutputPlan

X = np.array([[1], [2], [3]], np.float32)


class Squared(Loss):
    """The squared error of plain arrays."""

    def __call__(self, y_true: Any, y_pred: Any, sample_weight: Array | None = None) -> Any:
        """Return the mean over the batch."""
        weights = 1.0 if sample_weight is None else sample_weight[:, None]
        return (weights * (y_pred - y_true) ** 2).mean()


class Words:
    """Knows one loss, and a rate for an optimizer."""

    def optimizer(self, identifier: object) -> Any:
        """Return the rate."""
        return identifier

    def loss(self, identifier: object) -> Loss:
        """Return the only loss."""
        if identifier != "squared":
            raise ValueError(f"loss must be 'squared', not {identifier!r}")
        return Squared(name="squared", target_form="same")

    def metric(self, identifier: object, loss: Loss | None, what: str) -> metrics.Metric:
        """Return a metric of the reference."""
        return metrics.resolve(identifier, loss, what)

    def tensor(self, value: object) -> Any:
        """Return it as it is."""
        return value


class Scaling:
    """Multiplies by one weight, and differentiates by hand."""

    def __init__(self, weight: float) -> None:
        self.weight = weight
        self._inputs: Any = None

    def forward(self, batch: Batch, outputs: Sequence[OutputPlan], *, training: bool) -> Outcome:  # noqa: ARG002 - the same in both modes
        """Compare weight times x with the targets."""
        self._inputs = batch.inputs[0]
        return compared(
            self.predict(batch), batch, outputs, lambda given, _prediction, _plan: given
        )

    def update(self, outcome: Any, optimizer: Any) -> None:
        """Go against the derivative of the mean of (weight x - y)²."""
        error = outcome.predictions[0] - outcome.targets[0]
        self.weight -= optimizer * float((2 * error * self._inputs).mean())

    def predict(self, batch: Batch) -> list[Array]:
        """Return weight times x."""
        return [self.weight * batch.inputs[0]]

    def placed(self, samples: Samples) -> Samples:
        """Leave data where they are."""
        return samples


class Scaled(Trainable):
    """A model of one number."""

    name = "scaled"
    vocabulary = Words()
    output_names = ["y"]  # noqa: RUF012 - constant

    def __init__(self, weight: float) -> None:
        self.scaling = Scaling(weight)

    @property
    def engine(self) -> Scaling:
        """What computes."""
        return self.scaling

    def feed(self, x: object) -> Feed:  # noqa: ARG002 - always the same
        """Return that input and output have one feature."""
        return feed_of([Port("x", (1,))], [None], [Port("y", (1,))], self._plan)


def test_another_engine_is_trained_tested_and_used() -> None:
    """Epochs, batches, validation, metrics, History and callbacks come from the shared loop."""
    model = Scaled(0.0)
    model.compile(0.125, "squared", metrics=["mae"])

    history = model.fit(
        X, 2 * X, batch_size=1, epochs=20, shuffle=False, validation_data=(X, 2 * X), verbose=0
    )

    # The first update: 0 + 0.125·2·(2·1 - 0)·1 = 0.5; each reduces the distance to 2.
    assert history.history["val_loss"][-1] == pytest.approx(0, abs=1e-6)
    assert list(history.history) == ["loss", "mae", "val_loss", "val_mae"]
    assert model.evaluate(X, 2 * X, verbose=0) == pytest.approx([0, 0], abs=1e-3)
    assert np.allclose(model.predict(X), 2 * X, atol=1e-3)


def test_another_engine_is_told_sample_and_class_weights() -> None:
    """Weights come to the loss as one factor for each sample."""
    model = Scaled(1.0)
    model.compile(0.0, "squared")

    loss = model.train_on_batch(
        X, np.zeros(3), sample_weight=np.array([3, 0, 1]), class_weight={0: 2}
    )

    assert loss == 8  # 2·(3·1² + 0·2² + 1·3²) / 3


def test_another_engine_has_words_of_its_own() -> None:
    """What its vocabulary does not know is refused, and data are checked as ever."""
    model = Scaled(1.0)
    with pytest.raises(ValueError, match="loss must be 'squared', not 'mse'"):
        model.compile(0.1, "mse")
    model.compile(0.1, "squared")

    with pytest.raises(ValueError, match=r"x: samples for 'x' must have shape \(1,\), got \(2,\)"):
        model.fit(np.zeros((3, 2)), np.zeros(3), verbose=0)
