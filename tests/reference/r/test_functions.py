"""Tests of `reference.r.functions`, through to a trained model."""

from __future__ import annotations

import inspect
import threading
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from fitspec.reference import Sequence, Sequential, callbacks, layers
from fitspec.reference.r import Session, TrainingHistory, call_in, fit, fit_generator, options

if TYPE_CHECKING:
    from collections.abc import Callable

    from fitspec.reference.models.model import Model

    Make = Callable[..., Model]

X, Y = np.array([[1.0], [3.0]]), np.array([[0.0], [0.0]])

FIT = """object x y batch_size epochs verbose callbacks view_metrics validation_split
validation_data shuffle class_weight sample_weight initial_epoch steps_per_epoch validation_steps"""
FIT_GENERATOR = """object generator steps_per_epoch epochs verbose callbacks view_metrics
validation_data validation_steps class_weight max_queue_size workers initial_epoch"""


@pytest.mark.parametrize(("function", "names"), [(fit, FIT), (fit_generator, FIT_GENERATOR)])
def test_arguments_have_the_names_and_order_of_the_documents(
    function: Callable[..., object], names: str
) -> None:
    """The signature is the documented one, name by name."""
    assert list(inspect.signature(function).parameters) == names.split()


def test_fit_returns_the_history_and_prints_nothing(
    compiled: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    """All results come back, as the model's history too, and `verbose=0` prints none of them."""
    model = compiled("mae")

    history = fit(model, X, Y, verbose=0)

    assert (history.epoch, history.history) == (
        [*range(10)],
        {"loss": [5.0] * 10, "mae": [2.0] * 10},
    )
    assert (model.history is history, history.params["samples"]) == (True, 2)
    assert capsys.readouterr() == ("", "")


def test_whole_numbers_will_do_for_integers(compiled: Make) -> None:
    """Counts may be numbers as R has them, without a fraction."""
    history = fit(compiled(), X, Y, batch_size=1.0, epochs=3.0, initial_epoch=1.0, verbose=0.0)  # type: ignore[arg-type]  # as R calls it

    assert (history.epoch, history.params["steps"]) == ([1, 2], 2)


def test_fractions_are_refused(compiled: Make) -> None:
    """A count with a fraction is refused before anything is trained."""
    model = compiled()

    with pytest.raises(TypeError, match=r"epochs must be an integer, not 2\.5"):
        fit(model, X, Y, epochs=2.5)  # type: ignore[arg-type]  # the point

    assert model.history is None


def test_a_function_may_validate(compiled: Make) -> None:
    """Training and validation data may both come from functions, called in the main thread."""
    threads = []

    def batch() -> list[Any]:
        threads.append(threading.current_thread())
        return [X, Y]

    history = fit(
        compiled(),
        batch,
        epochs=2,
        verbose=0,
        steps_per_epoch=2,
        validation_data=batch,
        validation_steps=1,
    )

    assert history.history == {"loss": [5.0] * 2, "val_loss": [5.0] * 2}
    assert threads == [threading.main_thread()] * 6


def test_a_function_that_ends_early_is_said_to(compiled: Make) -> None:
    """None ends a function, which an epoch that wants more of it does not bear."""
    items = iter([[X, Y], None])

    with pytest.raises(ValueError, match="ended after 1 batches of an epoch of 2"):
        fit_generator(compiled(), lambda: next(items), 2, verbose=0)


def test_other_callbacks_are_told_too(compiled: Make) -> None:
    """Callbacks hear of every epoch, and what they add to the logs is in the history."""

    def add(_epoch: int, logs: dict[str, Any]) -> None:
        logs["own"] = 7.0

    own = callbacks.LambdaCallback(on_epoch_end=add)

    history = fit(compiled(), X, Y, epochs=2, verbose=0, callbacks=[own])

    assert history.metrics["own"] == [7.0, 7.0]


class Batches(Sequence):
    """Three batches, which note the threads that read them."""

    def __init__(self) -> None:
        self.threads: set[threading.Thread] = set()

    def __len__(self) -> int:
        return 3

    def __getitem__(self, index: int) -> Any:
        self.threads.add(threading.current_thread())
        return X, Y


def test_sequences_are_read_by_workers(compiled: Make) -> None:
    """Workers of `fit_generator` read a Sequence in other threads."""
    batches = Batches()

    fit_generator(compiled(), batches, 3, workers=2, verbose=0)

    assert threading.main_thread() not in batches.threads


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"generator": X, "steps_per_epoch": 1}, "generator must be a generator or Sequence"),
        ({"generator": lambda: [X, Y], "steps_per_epoch": None}, "steps_per_epoch must be given"),
        ({"generator": lambda: [X, Y], "steps_per_epoch": 1, "workers": 2}, "workers must be at"),
    ],
)
def test_fit_generator_refuses_what_it_cannot_read(
    arguments: dict[str, Any], words: str, compiled: Make
) -> None:
    """Arrays, no number of steps and several workers for a function are refused."""
    with pytest.raises(ValueError, match=words):
        fit_generator(compiled(), **arguments)


def test_fit_needs_a_compiled_model() -> None:
    """A model that was never compiled is a RuntimeError, whatever else is wrong."""
    model = Sequential([layers.Dense(1, input_shape=(1,))])

    with pytest.raises(RuntimeError, match="compile"):
        fit(model, X, Y, view_metrics=True)


def test_options_are_other_defaults(compiled: Make, capsys: pytest.CaptureFixture[str]) -> None:
    """The options count where the arguments are not given, and the arguments where they are."""
    options({"keras.fit_verbose": 2, "keras.view_metrics": False})

    fit(compiled("mae"), X, Y, epochs=1)
    fit(compiled("mae"), X, Y, epochs=1, verbose=0)

    assert capsys.readouterr().out == "Epoch 1/1 - loss: 5.0000 - mae: 2.0000\n"


def test_a_program_may_call_from_other_surroundings(
    compiled: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who knows the surroundings passes them beside the arguments."""
    history = call_in(Session(knitr=True), "fit", compiled(), X, Y, epochs=1)

    assert isinstance(history, TrainingHistory)
    assert capsys.readouterr().out == "Epoch 1/1 - loss: 5.0000\n"


def test_there_are_two_functions(compiled: Make) -> None:
    """Another name is refused."""
    with pytest.raises(ValueError, match="'fit' or 'fit_generator', not 'predict'"):
        call_in(Session(), "predict", compiled())
