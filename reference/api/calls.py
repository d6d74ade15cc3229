"""From the arguments of fit, evaluate and predict to sources of batches."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias

from fitspec.reference.api import arguments, whole_numbers
from fitspec.reference.api.tentative import tentative
from fitspec.reference.callbacks import base, dispatch, progress
from fitspec.reference.data import batches, feeding, iterables, sources
from fitspec.reference.training import loop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fitspec.reference.api.compiled import Compiled
    from fitspec.reference.api.requests import FitRequest, RoundRequest
    from fitspec.reference.callbacks.base import Callback, History
    from fitspec.reference.data.arrays import Array
    from fitspec.reference.data.batches import Samples
    from fitspec.reference.data.sources import Source, Workers

    Reader: TypeAlias = Callable[[object], batches.Batch]

VALIDATION_FORM = "(inputs, targets) or (inputs, targets, sample_weights)"


@tentative
def fit(model: Compiled, request: FitRequest) -> History:
    """Train a model. Everything is checked before the first batch."""
    verbose = arguments.verbosity(request.verbose)
    initial_epoch = whole_numbers.whole_number(request.initial_epoch, "initial_epoch", 0)
    epochs = whole_numbers.whole_number(request.epochs, "epochs")
    user_callbacks = dispatch.listed(request.callbacks)
    history = base.History()
    source, tail = training_source(model, request)
    with contextlib.closing(source):
        validation = validation_of(model, request, tail)
        model.require_engine()
        printer = progress.callback(verbose, "train")
        # The history comes last, so that it holds what callbacks add to the logs.
        listeners = dispatch.CallbackList([*printer, *user_callbacks, history])
        listeners.prepare(
            model,
            {
                "epochs": epochs,
                "steps": source.steps,
                "samples": source.samples,
                "batch_size": getattr(source, "batch_size", None),
                "verbose": verbose,
                "do_validation": validation is not None,
                "metrics": reported_names(model, validating=validation is not None),
            },
        )
        model.history = history
        with contextlib.closing(validation.source) if validation else contextlib.nullcontext():
            loop.train(
                model,
                source,
                validation,
                loop.epoch_range(initial_epoch, epochs),
                listeners,
            )
    return history  # fit_generator.returns.history


def reported_names(model: Compiled, *, validating: bool) -> list[str]:
    """Return the names of an epoch's results."""
    names = model.metrics_names
    return names + [f"val_{name}" for name in names] if validating else names


def training_source(model: Compiled, request: FitRequest) -> tuple[Source, Samples | None]:
    """Return where training batches come from, and the samples split off for validation."""
    if sources.yields_batches(request.x):
        return streamed_training_source(model, request), None
    return array_training_source(model, request)


def streamed_training_source(model: Compiled, request: FitRequest) -> Source:
    """Return the batches of a generator or Sequence."""
    arguments.refuse(
        "when x is a generator or Sequence",
        y=request.y,  # fit.y.forbidden-with-generator
        batch_size=request.batch_size,  # fit.batch_size.not-with-generator
        sample_weight=request.sample_weight,  # fit.sample_weight.not-with-generator
        # fit.validation_split.not-with-generator
        validation_split=arguments.validation_fraction(request.validation_split) or None,
    )
    steps = arguments.steps_of(request.steps_per_epoch, "steps_per_epoch")
    names = model.plan.output_names
    feeding.class_weights_per_output(names, request.class_weight)
    convert = reader(model, request.class_weight)
    shuffle = bool(arguments.shuffling(request.shuffle))
    return stream(request.x, steps, "steps_per_epoch", request.workers, convert, shuffle=shuffle)


def reader(model: Compiled, class_weight: object) -> Reader:
    """Return what turns an item with targets into a batch (`fit_generator.class_weight`)."""

    def convert(item: object) -> batches.Batch:
        inputs, _, _ = feeding.parts_of(item)
        return feeding.training_batch(model.feed(inputs), item, class_weight)

    return convert


def array_training_source(model: Compiled, request: FitRequest) -> tuple[Source, Samples | None]:
    """Return the batches of arrays, and the samples split off for validation."""
    fraction = arguments.validation_fraction(request.validation_split)
    shuffle = arguments.shuffling(request.shuffle)
    steps = arguments.steps_of(request.steps_per_epoch, "steps_per_epoch")
    batch_size = batch_size_of(model, request.batch_size)
    if steps is not None:  # fit.steps_per_epoch.excludes-batch_size
        arguments.refuse("together with steps_per_epoch", batch_size=request.batch_size)
    feed = model.feed(request.x)
    samples = feeding.samples_of(feed, request.x, request.y, request.sample_weight)
    tail = None
    if request.validation_data is None and fraction:  # fit.validation_data.overrides-split
        require_arrays(samples)
        # fit.validation_split.not-trained
        samples, tail = batches.split(samples, fraction)
    # fit.class_weight.training-only, fit.validation_split.class-weight-not-applied: after the
    # split, so that the tail keeps its own weights
    samples = feeding.class_weighted(samples, feed, request.class_weight)
    if steps is None:
        require_whole_batches(model, samples.count, batch_size)
    return array_source(samples, batch_size, steps, shuffle, "steps_per_epoch"), tail


def batch_size_of(model: Compiled, given: object) -> int:
    """Return the number of samples of a step: what the inputs demand, as given, or 32.

    Raises:
        ValueError: The inputs demand another number than was given.

    """
    size = arguments.batch_size_of(given)
    if model.batch_size is None:
        return size
    if given is not None and size != model.batch_size:
        raise ValueError(f"batch_size must be {model.batch_size} for this model, not {size}")
    return model.batch_size


def require_whole_batches(model: Compiled, count: int, batch_size: int) -> None:
    """Refuse an incomplete last batch where samples go on from batch to batch.

    Raises:
        ValueError: The number of samples is no multiple of the batch size, and the model is
            stateful (`predict.raises.stateful-not-multiple`) or its inputs fix that size.

    """
    fixed = model.is_stateful or model.batch_size is not None
    if fixed and count % batch_size:
        raise ValueError(
            f"a stateful model, or one whose inputs have a batch_shape, needs a number of samples "
            f"that is a multiple of batch_size ({batch_size}), got {count}"
        )


def require_arrays(samples: Samples) -> None:
    """Refuse to split data that lives in the model's own tensors.

    Raises:
        ValueError: An input or target does (`fit.validation_split.needs-sliceable-x`).

    """
    targets_missing = any(port is None for port in samples.target_ports)
    if not samples.inputs or targets_missing:
        raise ValueError("validation_split needs arrays for every input and output")


def array_source(
    samples: Samples, batch_size: int, steps: int | None, shuffle: bool | str, what: str
) -> Source:
    """Return batches of arrays: cut to size, or everything in each of `steps`."""
    if steps is not None:
        return sources.WholeArrays(samples, steps)
    if not samples.inputs and not any(one is not None for one in samples.targets):
        # fit.x.none-without-steps-ValueError
        raise ValueError(f"{what} must be given when no data comes from outside the model")
    return sources.ArrayBatches(samples, batch_size, shuffle)


def stream(  # noqa: PLR0913 - what it takes to read a generator or Sequence
    x: Any,
    steps: int | None,
    what: str,
    workers: Workers,
    convert: Any,
    *,
    shuffle: bool = False,
    anew: bool = False,
) -> Source:
    """Return the batches of a generator, Sequence or other iterable.

    Args:
        x: What gives the items.
        steps: Number of batches of an epoch, None if not given.
        what: The name of that argument, for messages.
        workers: Who reads.
        convert: Turns an item into a batch.
        shuffle: Whether the batches of a Sequence come in a new order in every epoch.
        anew: Whether every epoch starts at the first batch, where that can be reached again; or
            goes on where the last one stopped, if it has an explicit number of steps.

    Raises:
        ValueError: A generator comes without a number of steps, or a Sequence is empty.

    """
    if sources.is_sequence(x):  # fit.x.sequence
        sources.number_of_batches(x)
        return sources.SequenceBatches(x, steps, workers, convert, shuffle=shuffle, anew=anew)
    if iterables.is_iterable(x):
        return iterable_source(x, steps, what, workers, convert, anew=anew)
    # fit_generator.steps_per_epoch.required-for-generator,
    # fit_generator.validation_steps.required-for-generator
    if steps is None:
        raise ValueError(f"{what} must be given with a generator, whose length is unknown")
    # fit.x.generator, fit_generator.shuffle.ignored-for-generators
    return sources.IteratorBatches(x, steps, workers, convert)


def iterable_source(  # noqa: PLR0913 - as stream
    x: Any, steps: int | None, what: str, workers: Workers, convert: Any, *, anew: bool
) -> Source:
    """Return the batches of an object that can be iterated anew.

    Raises:
        ValueError: It has no end and comes without a number of steps.

    """
    if steps is None and iterables.is_endless(x):
        raise ValueError(f"{what} must be given with data that have no end")

    def convert_item(item: object) -> batches.Batch:
        batch: batches.Batch = convert(
            iterables.uncollated(item) if iterables.is_loader(x) else item
        )
        return batch

    if steps is None or anew:
        return sources.IterableBatches(x, steps, workers, convert_item)
    one_worker = replace(workers, count=min(workers.count, 1))
    return sources.IteratorBatches(iterables.passes_of(x), steps, one_worker, convert_item)


def validation_of(
    model: Compiled, request: FitRequest, tail: Samples | None
) -> loop.Validation | None:
    """Return what to validate on, and when."""
    source = validation_source(model, request, tail)
    if source is None:  # fit.validation_freq.irrelevant-without-validation
        return None
    return loop.Validation(source, arguments.frequency(request.validation_freq))


def validation_source(model: Compiled, request: FitRequest, tail: Samples | None) -> Source | None:
    """Return where validation batches come from."""
    steps = arguments.steps_of(request.validation_steps, "validation_steps")
    given = request.validation_data
    if given is not None and sources.yields_batches(given):
        # fit.class_weight.training-only
        convert = reader(model, None)
        # fit.validation_data.dataset-or-iterator, fit.validation_steps.number-of-batches,
        # fit_generator.validation_data.generator, fit_generator.validation_data.sequence
        return stream(given, steps, "validation_steps", request.workers, convert, anew=True)
    if given is not None:
        x, y, weights = validation_arrays(given)
        # fit.sample_weight.training-only, fit.validation_data.class-weight-not-applied: they have
        # weights of their own
        tail = feeding.samples_of(model.feed(x), x, y, weights)
    if tail is None:
        return None
    # fit.validation_data.batched-with-batch_size
    batch_size = batch_size_of(model, request.batch_size)
    if sources.yields_batches(request.x):
        # fit.validation_steps.number-of-batches: it is about validation generators only
        return sources.ArrayBatches(tail, batch_size)
    check_validation_steps(steps, request.steps_per_epoch)
    if steps is None:
        require_whole_batches(model, tail.count, batch_size)
    return array_source(tail, batch_size, steps, shuffle=False, what="validation_steps")


def validation_arrays(given: object) -> tuple[object, object, object]:
    """Take validation arrays apart (`fit.validation_data.pair`, `fit.validation_data.list-form`).

    Raises:
        ValueError: There are not 2 or 3 (`fit.validation_data.bad-length-ValueError`,
            `fit_generator.validation_data.bad-tuple`).

    """
    if not isinstance(given, (tuple, list)) or len(given) not in (2, 3):
        size = f" of {len(given)}" if isinstance(given, (tuple, list)) else ""
        raise ValueError(
            f"validation_data must be {VALIDATION_FORM}, got {type(given).__name__}{size}"
        )
    # fit.validation_data.triple-weights, fit_generator.validation_data.tuple
    return given[0], given[1], given[2] if len(given) == 3 else None


def check_validation_steps(validation_steps: object, steps_per_epoch: object) -> None:
    """Refuse one of the two step counts without the other, where validation data are arrays.

    Raises:
        ValueError: Exactly one is given (`fit.validation_steps.needs-steps_per_epoch`).

    """
    if validation_steps is not None and steps_per_epoch is None:
        raise ValueError("validation_steps needs steps_per_epoch when validation data are arrays")
    if validation_steps is None and steps_per_epoch is not None:
        raise ValueError("steps_per_epoch needs validation_steps when validation data are arrays")


@tentative
def evaluate(model: Compiled, request: RoundRequest) -> float | list[float]:
    """Test a model; its weights stay as they are."""

    def arrays() -> Samples:
        # evaluate.x.array-list-dict, evaluate.sample_weight.flat, evaluate.sample_weight.temporal
        return feeding.samples_of(
            model.feed(request.x), request.x, request.y, request.sample_weight
        )

    # evaluate_generator.items: targets, and no class weights
    with prepared_round(model, request, "test", arrays, reader(model, None)) as (source, listeners):
        model.require_engine()
        # evaluate_generator.returns: as evaluate does
        return loop.scalar_or_list(loop.test(model, source, listeners))


@tentative
def predict(model: Compiled, request: RoundRequest) -> Array | list[Array]:
    """Compute the outputs; the model need not be compiled."""

    def convert(item: object) -> batches.Batch:
        # predict_generator.items: inputs, whatever comes with them
        return feeding.prediction_batch(model.feed(feeding.inputs_in(item)), item)

    def arrays() -> Samples:
        return feeding.inputs_of(model.feed(request.x), request.x)  # predict.x.list-and-dict

    with prepared_round(model, request, "predict", arrays, convert) as (source, listeners):
        # predict_generator.returns: as predict does
        return loop.single_or_list(loop.predict(model, source, listeners))


@contextlib.contextmanager
def prepared_round(
    model: Compiled,
    request: RoundRequest,
    stage: str,
    arrays: Any,
    convert: Any,
) -> Iterator[tuple[Source, dispatch.CallbackList]]:
    """Check the arguments that evaluate and predict share, and make source and callbacks."""
    verbose = arguments.verbosity(request.verbose)
    user_callbacks = dispatch.listed(request.callbacks)
    # evaluate.steps.number-of-batches, predict.steps.number-of-batches, evaluate_generator.steps,
    # predict_generator.steps
    steps = arguments.steps_of(request.steps, "steps")
    if sources.yields_batches(request.x):
        arguments.refuse(
            "when x is a generator or Sequence",
            y=request.y,
            batch_size=request.batch_size,  # evaluate.batch_size.not-with-generator
            sample_weight=request.sample_weight,
        )
        # evaluate.x.generator-or-sequence
        source = stream(request.x, steps, "steps", request.workers, convert)
    else:
        batch_size = batch_size_of(model, request.batch_size)
        if steps is not None:
            arguments.refuse("together with steps", batch_size=request.batch_size)
        samples = arrays()
        if steps is None:
            require_whole_batches(model, samples.count, batch_size)
        # evaluate.batched, predict.batched
        source = array_source(samples, batch_size, steps, shuffle=False, what="steps")
    listeners = round_listeners(user_callbacks, verbose, stage)
    listeners.prepare(model, {"steps": source.steps, "samples": source.samples, "verbose": verbose})
    with contextlib.closing(source):
        yield source, listeners


def round_listeners(
    user_callbacks: list[Callback], verbose: int, stage: str
) -> dispatch.CallbackList:
    """Return the callbacks of evaluate or predict."""
    # evaluate.callbacks.applied, predict.callbacks.applied, evaluate_generator.callbacks,
    # predict_generator.callbacks
    return dispatch.CallbackList([*progress.callback(verbose, stage), *user_callbacks])
