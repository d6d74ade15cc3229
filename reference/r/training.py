"""From the arguments of the R functions to a training of the model."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fitspec.reference import callbacks
from fitspec.reference.api import arguments, whole_numbers
from fitspec.reference.r import (
    class_weights,
    generator_functions,
    live_plot,
    shuffling,
    verbosity,
)
from fitspec.reference.r.numbers import whole
from fitspec.reference.r.session_options import resolved
from fitspec.reference.r.training_history import TrainingHistory

if TYPE_CHECKING:
    from fitspec.reference.models.model import Model
    from fitspec.reference.r.session import Session


@dataclass(frozen=True)
class Plan:
    """The arguments that both functions have, as they were given; `shuffle` is only `fit`'s."""

    epochs: Any
    verbose: Any
    callbacks: Any
    view_metrics: Any
    validation_data: Any
    validation_steps: Any
    class_weight: Any
    initial_epoch: Any
    steps_per_epoch: Any
    shuffle: Any = True
    max_queue_size: Any = 10
    workers: Any = 1


def train(session: Session, model: Model, x: Any, plan: Plan, **arrays: Any) -> TrainingHistory:
    """Train a model. Everything is checked before the first batch.

    Args:
        session: Where the function was called.
        model: What is trained.
        x: Arrays, or what gives batches.
        plan: The arguments that both functions have.
        arrays: Those that only arrays have, by the names of `Model.fit`.

    """
    model.require_compiled()
    verbose = verbosity.level_of(resolved(plan.verbose), session)
    epochs = whole_numbers.whole_number(whole(plan.epochs), "epochs")
    view_metrics = resolved(plan.view_metrics)
    is_viewed = live_plot.is_wanted(view_metrics, session, model, epochs, verbose)
    workers = whole_numbers.whole_number(whole(plan.workers), "workers", 0)
    workers = generator_functions.reading(workers, x, plan.validation_data)
    history = TrainingHistory()
    plot = live_plot.LivePlot(history, epochs, session) if is_viewed else None
    # The plot draws what the history has heard of, and that what users' callbacks added.
    own = [history] if plot is None else [history, plot]
    with contextlib.nullcontext() if plot is None else contextlib.closing(plot):
        model.fit(
            generator_functions.iterated(x),
            epochs=epochs,
            verbose=verbose,
            callbacks=[*callbacks.listed(plan.callbacks), *own],
            validation_data=generator_functions.iterated(plan.validation_data),
            shuffle=shuffling.checked(plan.shuffle),
            class_weight=class_weights.by_index(plan.class_weight),
            initial_epoch=whole(plan.initial_epoch),
            steps_per_epoch=whole(plan.steps_per_epoch),
            validation_steps=whole(plan.validation_steps),
            max_queue_size=whole(plan.max_queue_size),
            workers=workers,
            **arrays,
        )
    model.history = history
    return history


def require_batches(generator: object, steps_per_epoch: object) -> None:
    """Refuse what cannot be trained on by `fit_generator`.

    Raises:
        ValueError: `generator` gives no batches, or there is no number of steps.

    """
    if not generator_functions.is_function(generator):
        arguments.require_stream(generator)
    if steps_per_epoch is None:
        raise ValueError("steps_per_epoch must be given: fit_generator has no default for it")
