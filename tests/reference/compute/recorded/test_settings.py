"""What a recorded step depends on: whatever is set between two batches counts from the next on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fitspec.reference import (
    Sequential,
    activations,
    backend,
    layers,
    losses,
    metrics,
    optimizers,
    regularizers,
    set_random_seed,
)
from fitspec.reference.compute.recorded import kinds
from fitspec.reference.compute.recorded.step import RecordedStep

if TYPE_CHECKING:
    from collections.abc import Callable

    from fitspec.reference.data.batches import Batch

DRAW = np.random.default_rng(1)
X = DRAW.normal(size=(6, 4)).astype("float32")
Y = np.eye(3, dtype="float32")[DRAW.integers(0, 3, 6)]


class Bench:
    """A model, and the objects that it was made of."""

    def __init__(self) -> None:
        set_random_seed(5)
        self.penalty = regularizers.l1_l2(0.01, 0.01)
        self.activity = regularizers.l2(0.0)
        self.dense = layers.Dense(
            5, input_shape=(4,), kernel_regularizer=self.penalty, activity_regularizer=self.activity
        )
        self.normal = layers.BatchNormalization(momentum=0.5)
        self.leaky = layers.LeakyReLU(0.1)
        self.dropout = layers.Dropout(0.25)
        self.inner = layers.Dense(5, activation="tanh")
        self.spread = layers.Dense(2, activation="relu")
        self.wrapped = Sequential([self.inner, layers.Reshape((5, 1)), self.spread])
        self.last = layers.Dense(3, activation="softmax")
        self.model = Sequential([
            self.dense, self.normal, self.leaky, self.dropout, self.wrapped,
            layers.Flatten(), self.last,
        ])  # fmt: skip
        self.loss: Any = losses.CategoricalCrossentropy(label_smoothing=0.1)
        self.optimizer: Any = optimizers.SGD(0.05, momentum=0.5)
        self.metric = metrics.TopKCategoricalAccuracy(k=2)
        self.compile()

    def compile(self) -> None:
        """Compile the model with what there is now."""
        self.model.compile(self.optimizer, self.loss, metrics=[self.metric, "mae"])


def setting(owner: str, name: str, *values: Any) -> st.SearchStrategy[Any]:
    """Draw a change of an attribute of one of the objects of a bench."""
    made = st.sampled_from(values)
    return st.tuples(st.just(f"{owner}.{name}"), made)


def put(bench: Bench, change: tuple[str, Any]) -> None:
    """Make a change."""
    place, value = change
    *way, name = place.split(".")
    owner: Any = bench
    for each in way:
        owner = getattr(owner, each)
    setattr(owner, name, value)


CHANGES = st.one_of(
    setting("penalty", "l1", 0.0, 0.5),
    setting("penalty", "l2", 0.0, 2.0),
    setting("activity", "l2", 0.0, 0.3),
    setting("dense", "activation", activations.relu, activations.linear),
    setting("dense", "activity_regularizer", None, regularizers.l1(0.2)),
    setting("dense.kernel", "regularizer", None, regularizers.l2(0.7)),
    setting("dense.bias", "regularizer", None, regularizers.l1(0.7)),
    setting("normal", "momentum", 0.9, 0.1),
    setting("normal", "epsilon", 0.1, 1e-3),
    setting("leaky", "alpha", 0.0, 0.6),
    setting("dropout", "rate", 0.0, 0.5),
    setting("inner", "activation", activations.sigmoid, activations.tanh),
    setting("inner", "activity_regularizer", None, regularizers.l2(0.4)),
    setting("spread", "activation", activations.elu, activations.relu),
    setting("last", "activation", activations.softmax, activations.sigmoid),
    setting("loss", "label_smoothing", 0.0, 0.3),
    setting("loss", "from_logits", True, False),
    setting("loss", "reduction", "sum", "sum_over_batch_size"),
    setting("metric", "k", 1, 3),
    setting("optimizer", "lr", 0.0, 0.2),
    setting("optimizer", "learning_rate", 0.01),
    setting("optimizer", "decay", 0.0, 0.5),
    setting("optimizer", "momentum", 0.0, 0.8),
    setting("optimizer", "nesterov", True, False),
    setting("optimizer", "clipnorm", None, 0.1),
    setting("optimizer", "clipvalue", None, 0.01),
    setting("dense", "trainable", True, False),
    setting("normal", "trainable", True, False),
    setting("wrapped", "trainable", True, False),
)
ACTS: dict[str, Callable[[Bench], Any]] = {
    "train": lambda bench: bench.model.train_on_batch(X, Y),
    "train on less": lambda bench: bench.model.train_on_batch(X[:3], Y[:3], np.arange(3.0)),
    "test": lambda bench: bench.model.test_on_batch(X, Y),
    "fit": lambda bench: bench.model.fit(X, Y, 4, 2, 0, validation_split=0.5).history,
    "predict": lambda bench: np.asarray(bench.model.predict_on_batch(X)).tolist(),
    "compile": lambda bench: bench.compile(),
    "set weights": lambda bench: bench.model.set_weights(
        [one / 2 for one in bench.model.get_weights()]
    ),
    "set the rate": lambda bench: backend.set_value(bench.optimizer.lr, 0.3),
}
#: Some changes, and then something that is done so often that it is recorded and done again.
ROUNDS = st.tuples(
    st.lists(CHANGES, max_size=2), st.sampled_from([*ACTS, "train", "train"]), st.integers(1, 4)
)


def results(rounds: list[Any]) -> list[Any]:
    """Return what a new model makes of the rounds, one after the other, and its weights."""
    bench = Bench()
    found: list[Any] = []
    for changes, act, times in rounds:
        for change in changes:
            put(bench, change)
        found += [ACTS[act](bench) for _ in range(times)]
    return [*found, *(weight.tolist() for weight in bench.model.get_weights())]


def test_all_of_the_bench_is_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise the next test would compare a thing with itself."""
    replayed: list[None] = []
    original = RecordedStep.forward

    def forward(self: RecordedStep, batch: Batch) -> None:
        replayed.append(None)
        original(self, batch)

    monkeypatch.setattr(RecordedStep, "forward", forward)
    results([([], "train", 5)])

    assert len(replayed) == 3


# A number is raised to 0.5 by another way than an array, and differs in the last bit.
@example([([("optimizer.learning_rate", 0.01), ("optimizer.clipnorm", 0.1)], "train", 3)])
@given(st.lists(ROUNDS, min_size=2, max_size=6))
@settings(max_examples=40)
@pytest.mark.filterwarnings("ignore:Discrepancy")
def test_changes_between_batches_count_for_records_too(rounds: list[Any]) -> None:
    """The same bits as where every batch is computed as the definitions say."""
    recorded = results(rounds)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kinds, "is_replayable", lambda *_: False)
        defined = results(rounds)

    assert repr(recorded) == repr(defined)
