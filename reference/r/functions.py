"""The two documented functions, with the names, order and defaults of the R texts."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from fitspec.reference import callbacks as training_callbacks
from fitspec.reference.api.arguments import require_stream, whole_number
from fitspec.reference.r import arguments, live_plot, session
from fitspec.reference.r.arguments import whole
from fitspec.reference.r.history import TrainingHistory
from fitspec.reference.r.session import FromOption, resolved

if TYPE_CHECKING:
    from collections.abc import Callable

    from fitspec.reference.models.model import Model
    from fitspec.reference.r.session import Session

VERBOSE_OF_FIT: Any = FromOption("keras.fit_verbose", "auto")
# r.fit_generator.verbose-default-1
VERBOSE_OF_FIT_GENERATOR: Any = FromOption("keras.fit_verbose", 1)
VIEW_METRICS: Any = FromOption("keras.view_metrics", "auto")  # r.view_metrics.option

#: Arguments of `Model.fit` for which R has numbers that are no integers.
COUNTS = ("batch_size", "initial_epoch", "steps_per_epoch", "validation_steps", "max_queue_size")


def fit(  # noqa: PLR0913, PLR0917 - the documented signature
    object: Model,  # noqa: A002 - the documented name
    x: Any = None,
    y: Any = None,
    batch_size: int | None = None,
    epochs: int = 10,  # r.fit.epochs-default-10
    verbose: int | str = VERBOSE_OF_FIT,
    callbacks: Any = None,
    view_metrics: bool | str = VIEW_METRICS,
    validation_split: float = 0,
    validation_data: Any = None,
    shuffle: bool | str = True,
    class_weight: Any = None,
    sample_weight: Any = None,
    initial_epoch: int = 0,
    steps_per_epoch: float | None = None,
    validation_steps: float | None = None,
) -> TrainingHistory:
    """Train a model.

    Args:
        object: The compiled model.
        x: An array, a list of arrays or a named list of them; or what gives batches: a function,
            a generator or a Sequence. A function takes nothing and returns a list
            (inputs, targets) or (inputs, targets, sample_weights).
        y: Targets in the same forms as arrays; None when `x` gives them.
        batch_size: Samples per update, 32 when left out.
        epochs: The final epoch.
        verbose: 0, 1, 2 or "auto", which is 1, but 2 while knitr renders and on a server for
            distributed training. By default the option `keras.fit_verbose`, or "auto".
        callbacks: A list of callbacks.
        view_metrics: Whether to show a plot that grows with every epoch. "auto" does so in RStudio
            when metrics were compiled, `epochs` is above 1 and `verbose` above 0. By default the
            option `keras.view_metrics`, or "auto".
        validation_split: Part of the data, from the end, that is validated on.
        validation_data: A list of inputs, targets and perhaps sample weights; or what gives
            batches.
        shuffle: True, False or "batch", which moves only whole batches.
        class_weight: A named list of factors on the loss; the names are class indices.
        sample_weight: Factors on the loss by sample.
        initial_epoch: Index of the first epoch.
        steps_per_epoch: Number of batches of an epoch; needed for functions and generators.
        validation_steps: Number of batches of a validation.

    Returns:
        The history. It is for R not to print it: nothing here does.

    Raises:
        RuntimeError: The model was never compiled, or a plot is asked for without matplotlib.
        ValueError: Data or arguments do not fit the model or each other.

    """
    return train(
        session.current(),
        object,
        x,
        y=y,
        batch_size=batch_size,
        epochs=epochs,
        verbose=verbose,
        callbacks=callbacks,
        view_metrics=view_metrics,
        validation_split=validation_split,
        validation_data=validation_data,
        shuffle=shuffle,
        class_weight=class_weight,
        sample_weight=sample_weight,
        initial_epoch=initial_epoch,
        steps_per_epoch=steps_per_epoch,
        validation_steps=validation_steps,
    )


def fit_generator(  # noqa: PLR0913, PLR0917 - the documented signature
    object: Model,  # noqa: A002 - the documented name
    generator: Any,
    steps_per_epoch: float,  # r.fit_generator.steps-required
    epochs: int = 1,
    verbose: int = VERBOSE_OF_FIT_GENERATOR,
    callbacks: Any = None,
    view_metrics: bool | str = VIEW_METRICS,
    validation_data: Any = None,
    validation_steps: float | None = None,
    class_weight: Any = None,
    max_queue_size: int = 10,
    workers: int = 1,
    initial_epoch: int = 0,
) -> TrainingHistory:
    """Train a model on batches from a function, a generator or a Sequence.

    Args:
        object: The compiled model.
        generator: What gives batches, for as long as it is asked.
        steps_per_epoch: Number of batches of an epoch.
        epochs: As for `fit`.
        verbose: 0, 1 or 2. By default the option `keras.fit_verbose`, or 1.
        callbacks: As for `fit`.
        view_metrics: As for `fit`.
        validation_data: As for `fit`.
        validation_steps: As for `fit`.
        class_weight: As for `fit`.
        max_queue_size: How many batches may be prepared ahead.
        workers: Maximum number of threads that prepare batches of a native generator or Sequence;
            functions run in the main thread.
        initial_epoch: As for `fit`.

    Returns:
        The history, as for `fit`.

    Raises:
        RuntimeError: The model was never compiled, or a plot is asked for without matplotlib.
        ValueError: Data or arguments do not fit the model or each other.

    """
    if not arguments.is_function(generator):
        require_stream(generator)
    if steps_per_epoch is None:
        raise ValueError("steps_per_epoch must be given: fit_generator has no default for it")
    return train(
        session.current(),
        object,
        generator,
        steps_per_epoch=steps_per_epoch,
        epochs=epochs,
        verbose=verbose,
        callbacks=callbacks,
        view_metrics=view_metrics,
        validation_data=validation_data,
        validation_steps=validation_steps,
        class_weight=class_weight,
        max_queue_size=max_queue_size,
        workers=workers,
        initial_epoch=initial_epoch,
    )


def call_in(surroundings: Session, name: str, *args: Any, **kwargs: Any) -> TrainingHistory:
    """Call one of the two functions for a program that knows its surroundings itself, such as R.

    Args:
        surroundings: Where the function was called.
        name: "fit" or "fit_generator".
        args: Its arguments.
        kwargs: Its arguments by name.

    Raises:
        ValueError: There is no such function; otherwise as the functions do.

    """
    functions: dict[str, Callable[..., TrainingHistory]] = {
        "fit": fit,
        "fit_generator": fit_generator,
    }
    if name not in functions:
        raise ValueError(f"name must be 'fit' or 'fit_generator', not {name!r}")
    with session.surroundings(surroundings):
        return functions[name](*args, **kwargs)


def train(  # noqa: PLR0913 - what both functions have, and R says otherwise than Python
    surroundings: Session,
    model: Model,
    x: Any,
    *,
    epochs: Any,
    verbose: Any,
    callbacks: Any,
    view_metrics: Any,
    validation_data: Any,
    class_weight: Any,
    shuffle: Any = True,
    workers: Any = 1,
    **others: Any,
) -> TrainingHistory:
    """Train a model. Everything is checked before the first batch.

    Args:
        surroundings: Where the function was called.
        model: What is trained.
        x: Arrays, or what gives batches.
        epochs: As for `fit`, as are all that follow.
        verbose: A level, or the option that it is left to.
        callbacks: A list of them, one, or None.
        view_metrics: A logical or "auto", or the option that it is left to.
        validation_data: Data, or what gives batches.
        class_weight: A named list.
        shuffle: A logical or "batch".
        workers: How many threads may read.
        others: Further arguments, by the names of `Model.fit`.

    """
    _ = model.plan  # which refuses what was never compiled
    level = arguments.level_of(resolved(verbose), surroundings)
    final = whole_number(whole(epochs), "epochs")
    is_viewed = live_plot.is_wanted(resolved(view_metrics), surroundings, model, final, level)
    readers = whole_number(whole(workers), "workers", 0)
    readers = arguments.reading(readers, x, validation_data)
    history = TrainingHistory()
    plot = live_plot.LivePlot(history, final, surroundings) if is_viewed else None
    # The plot draws what the history has heard of, and that what users' callbacks added.
    own = [history] if plot is None else [history, plot]
    with contextlib.nullcontext() if plot is None else contextlib.closing(plot):
        model.fit(
            arguments.iterated(x),
            epochs=final,
            verbose=level,
            callbacks=[*training_callbacks.listed(callbacks), *own],
            validation_data=arguments.iterated(validation_data),
            shuffle=arguments.shuffling(shuffle),
            class_weight=arguments.by_index(class_weight),
            workers=readers,
            **{name: whole(value) if name in COUNTS else value for name, value in others.items()},
        )
    model.history = history
    return history
