"""Whatever is raised in the middle of training, the model goes on from the weights that it has."""

from __future__ import annotations

import copy
import pickle
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from fitspec.reference import Sequence, Sequential, callbacks, layers, set_random_seed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DRAW = np.random.default_rng(2)
X = DRAW.normal(size=(24, 4)).astype("float32")
Y = X[:, :1] * 2
SIZE = 8


class Trap:
    """Raises when it is passed for the so-and-so-many-th time, and once only.

    Args:
        exception: What is raised.
        at: When, counted from 1.

    """

    def __init__(self, exception: type[BaseException], at: int) -> None:
        self._exception = exception
        self._left = at

    def __call__(self, *_: object) -> None:
        """Pass."""
        self._left -= 1
        if self._left == 0:
            raise self._exception("in the middle")


class Watched(layers.Layer):
    """Passes batches on, past a trap."""

    def __init__(self, trap: Callable[[], None]) -> None:
        super().__init__()
        self.trap = trap

    def call(self, inputs: list[Any], *, training: bool) -> Any:
        """Return the batch."""
        if training:
            self.trap()
        return inputs[0]


def made(trap: Callable[[], None] | None = None, **compiled: Any) -> Sequential:
    """Return a model with all that is moved by a step, and a layer that may raise."""
    set_random_seed(3)
    watched = [] if trap is None else [Watched(trap)]
    model = Sequential([
        layers.Dense(5, activation="relu", kernel_regularizer="l2", input_shape=(4,)),
        layers.BatchNormalization(), layers.Dropout(0.2), *watched, layers.Dense(1),
    ])  # fmt: skip
    model.compile(**{"optimizer": "adam", "loss": "mse", "metrics": ["mae"], **compiled})
    return model


class Training:
    """A call of `fit`.

    Args:
        model: What is trained.
        given: Arguments.

    """

    def __init__(self, model: Sequential, **given: Any) -> None:
        self.model = model
        data = {} if "x" in given else {"x": X, "y": Y, "batch_size": SIZE}
        self._given = {"epochs": 3, "verbose": 0, "validation_data": (X, Y), **data, **given}

    def __call__(self) -> Any:
        """Train, from a seed on, and return the history."""
        set_random_seed(9)
        return self.model.fit(**self._given).history


def fitted(model: Sequential) -> Any:
    """Train on arrays for some epochs, and return the history."""
    return Training(model)()


HOOKS = [
    f"on_{stage}{part}_{end}"
    for stage, parts in (("train", ("", "_batch")), ("test", ("", "_batch")), ("epoch", ("",)))
    for part in parts
    for end in ("begin", "end")
]


def in_hook(hook: str) -> Callable[[Trap], Training]:
    """Return a training with a trap in a hook of a callback."""

    def trapped(trap: Trap) -> Training:
        note = callbacks.LambdaCallback()
        setattr(note, hook, trap)
        return Training(made(), callbacks=[note])

    return trapped


def in_loss(trap: Trap) -> Training:
    """Train with a loss that raises."""

    def loss(true: Any, predicted: Any) -> Any:
        trap()
        return ((true - predicted) ** 2).mean(-1)

    return Training(made(loss=loss))


def in_metric(trap: Trap) -> Training:
    """Train with a metric that raises."""

    def metric(true: Any, predicted: Any) -> Any:
        trap()
        return abs(true - predicted).mean(-1)

    return Training(made(metrics=["mae", metric]))


def in_layer(trap: Trap) -> Training:
    """Train with a layer that raises."""
    return Training(made(trap))


def in_generator(workers: int) -> Callable[[Trap], Training]:
    """Return a training with a trap in a generator."""

    def batches(trap: Trap) -> Iterator[Any]:
        while True:
            for start in range(0, len(X), SIZE):
                trap()
                yield X[start : start + SIZE], Y[start : start + SIZE]

    return lambda trap: Training(made(), x=batches(trap), steps_per_epoch=3, workers=workers)


class Trapped(Sequence):
    """Gives batches, past a trap."""

    def __init__(self, trap: Trap) -> None:
        self.trap = trap

    def __len__(self) -> int:
        return 3

    def __getitem__(self, index: int) -> Any:
        self.trap()
        rows = slice(index * SIZE, index * SIZE + SIZE)
        return X[rows], Y[rows]


def in_sequence(workers: int) -> Callable[[Trap], Training]:
    """Return a training with a trap in a Sequence."""
    return lambda trap: Training(made(), x=Trapped(trap), workers=workers)


PLACES: dict[str, Callable[[Trap], Training]] = {
    **{hook: in_hook(hook) for hook in HOOKS},
    "loss": in_loss,
    "metric": in_metric,
    "layer": in_layer,
    **{f"generator, {workers} workers": in_generator(workers) for workers in (0, 1)},
    **{f"Sequence, {workers} workers": in_sequence(workers) for workers in (0, 3)},
}


@pytest.mark.parametrize("exception", [ValueError, KeyboardInterrupt])
@pytest.mark.parametrize("place", PLACES)
def test_training_goes_on_after_an_exception_anywhere(
    place: str, exception: type[BaseException]
) -> None:
    """As a copy does that has seen nothing of it but the weights and the optimizer's state.

    What was recorded, or was about to be, says nothing wrong; the model is free for any thread.
    """
    for at in (1,) if place.startswith("on_train_") and "batch" not in place else (1, 2, 3):
        training = PLACES[place](Trap(exception, at))
        with pytest.raises(exception, match="in the middle"):
            training()
        model = training.model
        anew = copy.deepcopy(model)  # which has recorded nothing

        assert fitted(model) == fitted(anew)
        model.compile("sgd", "mse")
        with ThreadPoolExecutor(1) as threads:
            threads.submit(model.train_on_batch, X, Y).result()


def test_a_model_is_written_down_after_an_update_that_was_stopped() -> None:
    """Nothing of a step that was being recorded is left in the optimizer."""
    for at in range(1, 13):  # two batches, the second of which is recorded, of six weights each
        model = made()
        optimizer = model.optimizer
        trap, change = Trap(KeyboardInterrupt, at), optimizer.change

        def stopping(*given: Any, trap: Trap = trap, change: Any = change) -> None:
            trap()
            change(*given)

        optimizer.change = stopping
        with pytest.raises(KeyboardInterrupt):
            fitted(model)
        del optimizer.change
        restored = pickle.loads(pickle.dumps(model))  # noqa: S301 - just made here

        assert fitted(restored) == fitted(model)
