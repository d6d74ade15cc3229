"""Settings that change between batches, of a model with several inputs and outputs."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fitspec.reference import (
    Model,
    activations,
    callbacks,
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
SAMPLES = 12
WORDS = DRAW.integers(0, 7, (SAMPLES, 5))
STEPS = DRAW.normal(size=(SAMPLES, 6, 2)).astype("float32")
KINDS = np.eye(3, dtype="float32")[DRAW.integers(0, 3, SAMPLES)]
VALUES = DRAW.normal(size=(SAMPLES, 1)).astype("float32")
CLASS_WEIGHT = {"kind": {0: 0.5, 1: 2.0, 2: 1.0}}
OPTIMIZERS = (optimizers.Adam, optimizers.RMSprop, optimizers.Nadam, optimizers.Adagrad)


class Bench:
    """A model of words and steps, and the objects that it was made of."""

    def __init__(self, optimizer: int = 0) -> None:
        set_random_seed(5)
        words, steps = layers.Input((5,), name="words"), layers.Input((6, 2), name="steps")
        self.embedding = layers.Embedding(7, 3, embeddings_regularizer="l2")
        self.recurrent = layers.LSTM(3, dropout=0.2)
        self.convolution = layers.Conv1D(3, 3, activation="relu")
        self.normal = layers.BatchNormalization()
        self.shared = layers.Dense(4, activation="tanh", activity_regularizer="l2")
        one = self.shared(layers.Dropout(0.3)(self.recurrent(self.embedding(words))))
        found = layers.GlobalMaxPooling1D()(self.normal(self.convolution(steps)))
        both = layers.concatenate([one, self.shared(found)])
        outputs = [
            layers.Dense(3, activation="softmax", name="kind")(both),
            layers.Dense(1, name="value")(both),
        ]
        self.model = Model([words, steps], outputs)
        self.optimizer = OPTIMIZERS[optimizer](0.01, decay=0.01)
        self.kind = losses.CategoricalCrossentropy(label_smoothing=0.1)
        self.value = losses.Huber()
        self.loss_weights = {"kind": 1.0, "value": 0.5}
        self.metrics = [metrics.TopKCategoricalAccuracy(k=2, name="top"), "mae"]
        self.compile()

    def compile(self) -> None:
        """Compile the model with what there is now."""
        self.model.compile(
            self.optimizer,
            [self.kind, self.value],
            metrics=[[self.metrics[0]], [self.metrics[1]]],
            weighted_metrics={"value": ["mse"]},
            loss_weights=self.loss_weights,
        )


def changing(owner: str, name: str, *values: Any) -> list[Callable[[Bench], object]]:
    """Return changes of an attribute of one of the objects of a bench."""

    def change(bench: Bench, value: Any) -> None:
        setattr(getattr(bench, owner), name, value)

    return [partial(change, value=each) for each in values]


CHANGES: list[Callable[[Bench], object]] = [
    *changing("optimizer", "lr", 0.0, 0.1),
    *changing("optimizer", "clipnorm", None, 0.3),
    *changing("optimizer", "clipvalue", None, 0.05),
    *changing("kind", "label_smoothing", 0.0, 0.2),
    *changing("value", "reduction", "sum", "none"),
    *changing("normal", "trainable", True, False),
    *changing("normal", "momentum", 0.5, 0.9),
    *changing("convolution", "activation", activations.linear, activations.tanh),
    *changing("convolution", "trainable", True, False),
    *changing("shared", "activation", activations.relu, activations.softsign),
    *changing("shared", "activity_regularizer", None, regularizers.l1(0.1)),
    *changing("recurrent", "go_backwards", True, False),
    *changing("recurrent", "dropout", 0.0, 0.4),
    *changing("model", "trainable", True, False),
    lambda bench: bench.loss_weights.update(kind=3.0),
    lambda bench: bench.compile(),
    lambda bench: bench.model.reset_metrics(),
]


def data(samples: int) -> tuple[list[Any], list[Any]]:
    """Return inputs and targets."""
    return [WORDS[:samples], STEPS[:samples]], [KINDS[:samples], VALUES[:samples]]


def weights(samples: int) -> dict[str, Any]:
    """Return weights of samples for one of the outputs."""
    return {"value": np.arange(samples) / 5}


ACTS: list[Callable[[Model], Any]] = [
    lambda model: model.train_on_batch(*data(8)),
    lambda model: model.train_on_batch(*data(8), weights(8)),
    lambda model: model.train_on_batch(*data(5), None, CLASS_WEIGHT, reset_metrics=False),
    lambda model: model.test_on_batch(*data(7), weights(7), reset_metrics=False),
    lambda model: model.fit(*data(12), 5, 2, 0, validation_split=0.3, class_weight=CLASS_WEIGHT),
    lambda model: model.fit(
        *data(12), 4, 3, 0, [callbacks.LearningRateScheduler(lambda epoch: 0.01 / (epoch + 1))]
    ),
    lambda model: model.evaluate(*data(12), 5, 0),
    lambda model: [each.tolist() for each in model.predict(data(12)[0], 7)],
]
INDICES = [st.integers(0, len(some) - 1) for some in (CHANGES, ACTS, OPTIMIZERS)]
#: Some changes, and then something that is done so often that it is recorded and done again.
ROUNDS = st.tuples(st.lists(INDICES[0], max_size=2), INDICES[1], st.integers(1, 4))


def results(bench: Bench, rounds: list[Any]) -> list[Any]:
    """Return what a model makes of the rounds, one after the other, and its weights."""
    found: list[Any] = []
    for changes, act, times in rounds:
        for change in changes:
            CHANGES[change](bench)
        done = [ACTS[act](bench.model) for _ in range(times)]
        found += [getattr(each, "history", each) for each in done]
    return [*found, *(weight.tolist() for weight in bench.model.get_weights())]


def test_all_of_the_bench_is_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise the next test would compare a thing with itself."""
    replayed: list[None] = []
    original = RecordedStep.forward

    def forward(self: RecordedStep, batch: Batch) -> None:
        replayed.append(None)
        original(self, batch)

    monkeypatch.setattr(RecordedStep, "forward", forward)
    results(Bench(), [([], 0, 5)])

    assert len(replayed) == 3


@given(st.lists(ROUNDS, min_size=2, max_size=5), INDICES[2])
@settings(max_examples=15)
@pytest.mark.filterwarnings("ignore:Discrepancy")
def test_changes_between_batches_count_for_records_too(rounds: list[Any], optimizer: int) -> None:
    """The same bits as where every batch is computed as the definitions say."""
    recorded = results(Bench(optimizer), rounds)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kinds, "is_replayable", lambda *_: False)
        defined = results(Bench(optimizer), rounds)

    assert repr(recorded) == repr(defined)
