"""Callbacks that come with the reference, and how users' own are called."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from fitspec.reference import callbacks

ONE = np.ones(1)


def test_functions_can_be_hooks(linear: Callable[..., Any]) -> None:
    """LambdaCallback calls each function with what the hook gets."""
    seen: list[object] = []
    hooks = callbacks.LambdaCallback(
        on_train_begin=seen.append,
        on_epoch_end=lambda epoch, logs: seen.append((epoch, logs["loss"])),
        on_batch_end=lambda batch, logs: seen.append((batch, logs["size"])),
    )

    linear(2.0).fit(ONE, ONE, callbacks=[hooks], verbose=0)

    assert seen == [{}, (0, 1), (0, 1)]
    with pytest.raises(TypeError, match="on_nothing"):
        callbacks.LambdaCallback(on_nothing=print)


def test_old_batch_hooks_are_called_for_training_batches(linear: Callable[..., Any]) -> None:
    """on_batch_begin and on_batch_end stand for those of training, not of validation."""
    seen: list[str] = []

    class Old(callbacks.Callback):
        def on_batch_begin(self, batch: int, logs: object) -> None:  # noqa: ARG002 - a hook
            seen.append("begin")

        def on_batch_end(self, batch: int, logs: object) -> None:  # noqa: ARG002 - a hook
            seen.append("end")

    linear().fit(ONE, ONE, callbacks=[Old()], validation_data=(ONE, ONE), verbose=0)

    assert seen == ["begin", "end"]


@pytest.mark.parametrize("form", [lambda c: [c], lambda c: (c,), lambda c: c])
def test_callbacks_come_in_lists_or_alone(
    linear: Callable[..., Any], form: Callable[[callbacks.Callback], object]
) -> None:
    """A tuple and a single callback do as well; a user's History is filled like ours."""
    history = callbacks.History()

    ours = linear(2.0).fit(ONE, ONE, callbacks=form(history), verbose=0)

    assert history.history == ours.history == {"loss": [1]}


def test_callbacks_learn_about_model_and_call(linear: Callable[..., Any]) -> None:
    """set_model and set_params come before all hooks."""
    model = linear(metrics=["mae"])
    callback = callbacks.Callback()

    model.fit(np.ones(5), np.ones(5), 2, 3, 0, [callback], validation_split=0.2)

    assert callback.model is model
    assert callback.params == {
        "epochs": 3,
        "steps": 2,
        "samples": 4,
        "batch_size": 2,
        "verbose": 0,
        "do_validation": True,
        "metrics": ["loss", "mae", "val_loss", "val_mae"],
    }


def test_history_holds_what_callbacks_add(linear: Callable[..., Any]) -> None:
    """It comes last."""
    adder = callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: logs.update(extra=epoch))

    history = linear().fit(ONE, ONE, epochs=2, callbacks=[adder], verbose=0)

    assert history.history["extra"] == [0, 1]


@pytest.mark.parametrize(("patience", "epochs"), [(0, [0, 1]), (1, [0, 1]), (2, [0, 1, 2])])
def test_early_stopping_ends_training(
    linear: Callable[..., Any], patience: int, epochs: list[int]
) -> None:
    """Training stops after `patience` epochs without improvement, or the first one."""
    stopping = callbacks.EarlyStopping("loss", patience=patience)

    history = linear().fit(ONE, ONE, epochs=9, callbacks=[stopping], verbose=0)

    assert history.epoch == epochs
    assert stopping.stopped_epoch == epochs[-1]


def test_early_stopping_waits_while_there_is_improvement(linear: Callable[..., Any]) -> None:
    """A loss that keeps falling does not stop, and a quantity that is not there neither."""
    falling = callbacks.EarlyStopping("loss")
    absent = callbacks.EarlyStopping("val_loss")
    rising = callbacks.EarlyStopping("loss", mode="max")
    model = linear(1.0, lr=0.1)

    with pytest.warns(RuntimeWarning, match="val_loss"):
        history = model.fit(ONE, ONE * 0, epochs=3, callbacks=[falling, absent], verbose=0)

    assert history.epoch == [0, 1, 2]
    assert model.fit(ONE, ONE * 0, epochs=3, callbacks=[rising], verbose=0).epoch == [0, 1]
    with pytest.raises(ValueError, match="mode"):
        callbacks.EarlyStopping(mode="best")  # type: ignore[arg-type]  # the case


def test_errors_in_callbacks_reach_the_caller(linear: Callable[..., Any]) -> None:
    """The model can be used afterwards."""

    def fail(epoch: int, logs: object) -> None:
        raise ArithmeticError(epoch, logs)

    model = linear()

    with pytest.raises(ArithmeticError):
        model.fit(ONE, ONE, callbacks=[callbacks.LambdaCallback(on_epoch_end=fail)], verbose=0)

    assert model.fit(ONE, ONE, verbose=0).epoch == [0]
