"""What one thread, or one model, computes is nobody else's affair."""

from __future__ import annotations

import copy
import pickle
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import numpy as np
import pytest

from fitspec.reference import (
    Sequence,
    Sequential,
    callbacks,
    layers,
    metrics,
    optimizers,
    set_random_seed,
)

DRAW = np.random.default_rng(0)
X = DRAW.random((640, 8), dtype=np.float32)
Y = X.sum(1, keepdims=True)


def encoder() -> Sequential:
    """Return a model with weights, which is never compiled."""
    return Sequential([layers.Dense(64, activation="relu", input_shape=(8,)), layers.Dense(8)])


def trained() -> Sequential:
    """Return a compiled model that begins like all others from here."""
    set_random_seed(7)
    model = Sequential([layers.Dense(16, activation="relu", input_shape=(8,)), layers.Dense(1)])
    model.compile("sgd", "mse")
    return model


def predicted_of_every_size(model: Sequential) -> list[Any]:
    """Return predictions of batches of 1, 2, and up to 59 samples."""
    return [model.predict_on_batch(X[:size]) for size in range(1, 60)]


class Encoded(Sequence):
    """Gives batches that another model has encoded, in whatever thread asks for them."""

    def __init__(self, by: Sequential) -> None:
        self.by = by

    def __len__(self) -> int:
        return 20

    def __getitem__(self, index: int) -> Any:
        rows = slice(index * 32, index * 32 + 32)
        return self.by.predict_on_batch(X[rows]), Y[rows]


@pytest.mark.parametrize("workers", [1, 4])
def test_a_model_that_encodes_in_workers_does_not_disturb_training(workers: int) -> None:
    """The same numbers, to the bit, as where everything happens in one thread."""
    by = encoder()
    arguments: dict[str, Any] = {"epochs": 5, "shuffle": False, "verbose": 0}

    alone = trained().fit(Encoded(by), workers=0, **arguments)
    beside = trained().fit(Encoded(by), workers=workers, **arguments)

    assert beside.history == alone.history


def test_models_train_while_others_predict_in_threads_of_their_own() -> None:
    """Training goes on with gradients, and predicting without recording, whoever begins or ends."""
    alone = trained().fit(X, Y, epochs=6, shuffle=False, verbose=0).history["loss"]
    others = [encoder() for _ in range(3)]
    model = trained()

    with ThreadPoolExecutor(3) as threads:
        busy = [threads.submit(predicted_of_every_size, other) for other in others]
        beside = model.fit(X, Y, epochs=6, shuffle=False, verbose=0).history["loss"]
        predicted = [each.result() for each in busy]

    assert beside == alone
    assert alone[-1] < alone[0]
    for other, each in zip(others, predicted, strict=True):
        np.testing.assert_array_equal(each[-1], other.predict_on_batch(X[:59]))


def test_one_model_predicts_in_several_threads() -> None:
    """A step that is recorded in one thread leaves the weights that the others see alone."""
    by = encoder()
    expected = predicted_of_every_size(by)

    with ThreadPoolExecutor(4) as threads:
        each = [threads.submit(predicted_of_every_size, by) for _ in range(4)]

    for found in each:
        for one, other in zip(found.result(), expected, strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-6, atol=1e-7)


def test_penalties_of_another_model_stay_out_of_a_loss() -> None:
    """A model that is asked for predictions meanwhile adds nothing: 1 + 1 - 0, squared, is 4."""
    x, y = np.ones((4, 2), np.float32), np.zeros((4, 1), np.float32)
    other = Sequential(
        [layers.Dense(2, input_shape=(2,), kernel_initializer="ones", activity_regularizer="l2")]
    )

    def beside(tensor: Any) -> Any:
        other.predict_on_batch(x[:3])
        return tensor

    model = Sequential(
        [
            layers.Lambda(beside, input_shape=(2,), output_shape=(2,)),
            layers.Dense(1, kernel_initializer="ones"),
        ]
    )
    model.compile("sgd", "mse")

    assert model.test_on_batch(x, y) == 4.0


def test_a_model_can_be_trained_where_another_one_predicts() -> None:
    """Predicting needs no gradients, and takes none away from who does."""
    inner = trained()
    before = inner.get_weights()

    def training(tensor: Any) -> Any:
        inner.train_on_batch(X[:16], Y[:16])
        return tensor

    outer = Sequential([layers.Lambda(training, input_shape=(8,), output_shape=(8,))])
    outer.predict_on_batch(X[:4])

    assert any((a != b).any() for a, b in zip(inner.get_weights(), before, strict=True))


def test_a_model_is_tested_by_one_thread_at_a_time() -> None:
    """What others ask of it meanwhile is refused, as metrics add up in the model, but predictions.

    Afterwards it is anybody's again, and what was refused has left no trace in the results.
    """
    model = trained()
    model.compile("sgd", "mse", metrics=["mae"])
    alone = model.evaluate(X, Y, verbose=0)
    begun, refused = Event(), Event()

    class Holding(callbacks.Callback):
        """Stays in the middle until others were refused."""

        def on_test_batch_end(self, batch: int, logs: object) -> None:  # noqa: ARG002 - a hook
            """Wait, once."""
            if batch == 1:
                begun.set()
                assert refused.wait(60)

    with ThreadPoolExecutor(1) as threads:
        tested = threads.submit(model.evaluate, X, Y, verbose=0, callbacks=[Holding()])
        assert begun.wait(60)
        for method in (model.evaluate, model.fit, model.train_on_batch, model.test_on_batch):
            with pytest.raises(RuntimeError, match=f"'{model.name}' is trained or tested by anoth"):
                method(X, Y)
        with pytest.raises(RuntimeError, match="compiled when its training has ended"):
            model.compile("sgd", "mae")
        np.testing.assert_array_equal(model.predict(X[:5]), model.predict_on_batch(X[:5]))
        refused.set()

    assert tested.result() == alone
    assert model.evaluate(X, Y, verbose=0) == alone


def shares_a_layer(model: Sequential, *, frozen: bool = False) -> Sequential:
    """Return a model with the first layer of another one."""
    first = model.layers[0]
    first.trainable = not frozen
    other = Sequential([first, layers.Dense(1)])
    other.compile("sgd", "mse")
    first.trainable = True
    return other


def shares_a_metric(model: Sequential) -> Sequential:
    """Return a model that adds up in a metric of another one."""
    other = encoder()
    other.compile("sgd", "mse", metrics=[model.metrics[0]])
    return other


def shares_the_optimizer(model: Sequential) -> Sequential:
    """Return a model that is updated by the optimizer of another one."""
    other = encoder()
    other.compile(model.optimizer, "mse")
    return other


@pytest.mark.parametrize("sharing", [shares_a_layer, shares_a_metric, shares_the_optimizer])
def test_what_one_thread_changes_no_other_one_does(sharing: Any) -> None:
    """A model that shares weights, a metric or the optimizer is refused, until nobody is there."""
    model = trained()
    model.compile(optimizers.Adam(), "mse", metrics=[metrics.MeanSquaredError()])
    alone = copy.deepcopy(model).fit(X, Y, verbose=0, shuffle=False).history
    other, target = sharing(model), (Y if sharing is shares_a_layer else X)
    refused: list[str] = []

    def intrude(*_: object) -> None:
        with ThreadPoolExecutor(1) as threads:
            tries = [
                threads.submit(method, X, target)
                for method in (other.train_on_batch, other.test_on_batch)
            ]
        refused.extend(str(each.exception()) for each in tries)

    note = callbacks.LambdaCallback(on_train_begin=intrude, on_epoch_end=intrude)
    beside = model.fit(X, Y, verbose=0, shuffle=False, callbacks=[note]).history

    assert beside == alone
    assert len(refused) == 4
    assert all("trained or tested by another thread now, or has a weight" in e for e in refused)
    with ThreadPoolExecutor(1) as threads:
        threads.submit(other.train_on_batch, X, target).result()


def test_models_that_share_what_both_have_frozen_train_in_threads() -> None:
    """A frozen layer is used by as many as like, to the same numbers as alone."""

    def heads() -> list[Sequential]:
        base = encoder()
        base.trainable = False
        set_random_seed(4)
        return [Sequential([base, layers.Dropout(0.2), layers.Dense(1)]) for _ in range(3)]

    def history(model: Sequential) -> Any:
        set_random_seed(5)
        model.compile("adam", "mse")
        return model.fit(X, Y, epochs=4, verbose=0).history["loss"]

    set_random_seed(3)
    alone = [history(head) for head in heads()]
    set_random_seed(3)
    with ThreadPoolExecutor(3) as threads:
        beside = list(threads.map(history, heads()))

    assert beside == alone


def test_a_copy_that_is_made_in_training_is_nobodys() -> None:
    """Another thread trains the copy at once, while the model goes on."""
    model = trained()
    histories: list[Any] = []

    def train_copies(*_: object) -> None:
        unpickled = pickle.loads(pickle.dumps(model))  # noqa: S301 - just made here
        for made in (copy.deepcopy(model), unpickled):
            with ThreadPoolExecutor(1) as threads:
                histories.append(threads.submit(made.fit, X, Y, verbose=0, shuffle=False).result())
            made.compile("sgd", "mse")

    note = callbacks.LambdaCallback(on_train_begin=train_copies)
    own = model.fit(X, Y, verbose=0, shuffle=False, callbacks=[note])

    assert [each.history for each in histories] == [own.history] * 2


@pytest.mark.parametrize("stage", ["train", "test"])
def test_what_a_callback_tests_leaves_the_metrics_of_the_call_around_it_alone(stage: str) -> None:
    """Those of the epoch are of its batches, whatever is looked at between two of them."""

    def results(look: Any) -> Any:
        model = trained()
        model.compile("sgd", "mse", metrics=["mae", metrics.MeanRelativeError(np.ones((1, 1)))])
        looking = callbacks.LambdaCallback()
        setattr(looking, f"on_{stage}_batch_end", lambda *_: look(model))
        if stage == "test":
            return model.evaluate(X, Y, verbose=0, callbacks=[looking])
        return model.fit(X, Y, verbose=0, shuffle=False, callbacks=[looking]).history

    def look(model: Sequential) -> None:
        model.evaluate(X[:3], 3 * Y[:3], verbose=0)
        model.test_on_batch(X[:3], 3 * Y[:3], reset_metrics=False)

    assert results(look) == results(lambda _: None)


def test_a_model_is_free_after_an_exception_or_an_interrupt() -> None:
    """Another thread may train it then, and it may be compiled."""
    model = trained()

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        model.fit(X, Y, verbose=0, callbacks=[callbacks.LambdaCallback(on_batch_end=stop)])
    model.compile("sgd", "mse")
    with ThreadPoolExecutor(1) as threads:
        history = threads.submit(model.fit, X, Y, verbose=0).result()

    assert len(history.history["loss"]) == 1


def test_a_model_is_not_compiled_while_it_is_trained() -> None:
    """A callback that tries hears so, and the model goes on as it was compiled."""
    model = trained()

    def compile_anew(*_: object) -> None:
        model.compile("adam", "mae", metrics=["mse"])

    note = callbacks.LambdaCallback(on_epoch_begin=compile_anew)
    with pytest.raises(RuntimeError, match="can be compiled when its training has ended"):
        model.fit(X, Y, verbose=0, callbacks=[note])

    assert model.metrics_names == ["loss"]
