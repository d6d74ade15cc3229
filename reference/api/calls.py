"""From the arguments of fit, evaluate and predict to sources of batches."""

from __future__ import annotations

import contextlib
import functools
from typing import TYPE_CHECKING, Any, TypeAlias

from fitspec.reference.api import arguments
from fitspec.reference.callbacks import base, dispatch, progress
from fitspec.reference.data import batches, feeding, iterable_batches, iterables, sources
from fitspec.reference.training import loop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fitspec.reference.api.arguments import Request
    from fitspec.reference.api.compiled import Compiled
    from fitspec.reference.data.arrays import Array
    from fitspec.reference.data.batches import Samples
    from fitspec.reference.data.sources import Source

    Reader: TypeAlias = Callable[[object], batches.Batch]


def fit(model: Compiled, request: Request) -> base.History:
    """Train a model. Everything is checked before the first batch."""
    verbose = arguments.verbosity(request.verbose)
    initial_epoch = arguments.whole_number(request.initial_epoch, "initial_epoch", 0)
    user_callbacks = dispatch.listed(request.callbacks)
    history = base.History()
    with contextlib.ExitStack() as at_the_end:
        at_the_end.enter_context(model.tentatively())
        source, tail = training_source(model, request)
        at_the_end.enter_context(contextlib.closing(source))
        validation = validation_of(model, request, tail)
        model.require_engine()
        names = model.metrics_names
        bar = progress.callback(verbose, "train", names[len(loop.losses_in(model.plan, names)) :])
        # The history comes last, so that it holds what callbacks add to the logs.
        listeners = dispatch.CallbackList([*bar, *user_callbacks, history])
        params = {
            "epochs": request.epochs,
            "steps": source.steps,
            "samples": source.samples,
            "batch_size": getattr(source, "batch_size", None),
            "verbose": verbose,
            "do_validation": validation is not None,
            "metrics": names + [f"val_{name}" for name in names if validation is not None],
        }
        listeners.prepare(model, params, validation, source)
        model.history = history
        if validation is not None:
            at_the_end.enter_context(contextlib.closing(validation.source))
        epochs = loop.epoch_range(initial_epoch, request.epochs)
        loop.train(model, source, validation, epochs, listeners)
    return history  # fit_generator.returns.history


def training_source(model: Compiled, request: Request) -> tuple[Source, Samples | None]:
    """Return where training batches come from, and the samples split off for validation."""
    if not sources.yields_batches(request.x):
        return array_training_source(model, request)
    fraction = arguments.validation_fraction(request.validation_split)
    convert = reader(model, request.class_weight)
    shuffle = bool(arguments.shuffling(request.shuffle))
    # fit.validation_split.not-with-generator
    refused = {"validation_split": fraction or None}
    return stream_of_x(request, "steps_per_epoch", convert, refused, shuffle=shuffle), None


def reader(model: Compiled, class_weight: object) -> Reader:
    """Return what turns an item with targets into a batch (`fit_generator.class_weight`)."""
    factors = feeding.class_weights_per_output(model.plan.output_names, class_weight)
    return functools.partial(feeding.training_batch, model.feed, factors)


def array_training_source(model: Compiled, request: Request) -> tuple[Source, Samples | None]:
    """Return the batches of arrays, and the samples split off for validation."""
    fraction = arguments.validation_fraction(request.validation_split)
    shuffle = arguments.shuffling(request.shuffle)
    samples, tail = arrays_of(model, request), None
    if request.validation_data is None and fraction:  # fit.validation_data.overrides-split
        if not samples.inputs or None in samples.target_ports:
            # fit.validation_split.needs-sliceable-x: the data live in the model's own tensors
            raise ValueError("validation_split needs arrays for every input and output")
        # fit.validation_split.not-trained
        samples, tail = batches.split(samples, fraction)
    factors = feeding.class_weights_per_output(model.plan.output_names, request.class_weight)
    # fit.class_weight.training-only, fit.validation_split.class-weight-not-applied: after the
    # split, so that the tail keeps its own weights
    samples = feeding.class_weighted(samples, factors)
    return array_source(samples, model, request, "steps_per_epoch", shuffle), tail


def arrays_of(model: Compiled, request: Request) -> Samples:
    """Return the samples in arrays with targets."""
    return feeding.samples_of(model.feed(request.x), request.x, request.y, request.sample_weight)


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


def array_source(
    samples: Samples, model: Compiled, request: Request, what: str, shuffle: bool | str = False
) -> Source:
    """Return batches of arrays: cut to size, or everything in each of some steps.

    Args:
        samples: The arrays.
        model: What they are for.
        request: Says how many samples a batch has, or how many steps there are.
        what: The name of the argument that does the latter.
        shuffle: Whether samples come in a new order in every epoch; "batch" for whole batches.

    Raises:
        ValueError: The arguments contradict each other or the model.

    """
    steps = arguments.steps_of(getattr(request, what), what)
    batch_size = arguments.batch_size_of(request.batch_size, model.batch_size)
    if steps is not None:  # fit.steps_per_epoch.excludes-batch_size
        arguments.refuse(f"together with {what}", batch_size=request.batch_size)
        return sources.WholeArrays(samples, steps)
    require_whole_batches(model, samples.count, batch_size)
    if not samples.inputs and not any(one is not None for one in samples.targets):
        # fit.x.none-without-steps-ValueError
        raise ValueError(f"{what} must be given when no data comes from outside the model")
    return sources.ArrayBatches(samples, batch_size, shuffle)


def stream_of_x(
    request: Request, what: str, convert: Reader, refused: dict[str, Any], *, shuffle: bool = False
) -> Source:
    """Return the batches of an x that is a generator, Sequence or other iterable.

    Args:
        request: The call.
        what: The name of its argument that says the number of steps.
        convert: Turns an item into a batch.
        refused: What else makes no sense beside such an x.
        shuffle: Whether the batches of a Sequence come in a new order in every epoch.

    Raises:
        ValueError: An argument is given that is about arrays.

    """
    arguments.refuse(
        "when x is a generator or Sequence",
        y=request.y,  # fit.y.forbidden-with-generator
        # fit.batch_size.not-with-generator, evaluate.batch_size.not-with-generator
        batch_size=request.batch_size,
        sample_weight=request.sample_weight,  # fit.sample_weight.not-with-generator
        **refused,
    )
    return stream(request.x, request, what, convert, shuffle=shuffle)


def stream(  # noqa: PLR0913 - what it takes to read a generator or Sequence
    x: Any,
    request: Request,
    what: str,
    convert: Reader,
    *,
    shuffle: bool = False,
    anew: bool = False,
) -> Source:
    """Return the batches of a generator, Sequence or other iterable.

    Args:
        x: What gives the items.
        request: Says who reads, and how many steps there are.
        what: The name of the argument that does the latter.
        convert: Turns an item into a batch.
        shuffle: Whether the batches of a Sequence come in a new order in every epoch.
        anew: Whether every epoch starts at the first batch, where that can be reached again; or
            goes on where the last one stopped, if it has an explicit number of steps.

    Raises:
        ValueError: A generator comes without a number of steps, or a Sequence is empty.

    """
    steps = arguments.steps_of(getattr(request, what), what)
    if sources.is_sequence(x):  # fit.x.sequence, evaluate.x.generator-or-sequence
        return sources.SequenceBatches(x, steps, request.workers, convert, shuffle, anew)
    if iterables.is_iterable(x):
        return iterable_batches.iterable_source(x, steps, what, request.workers, convert, anew=anew)
    # fit_generator.steps_per_epoch.required-for-generator,
    # fit_generator.validation_steps.required-for-generator
    if steps is None:
        raise ValueError(f"{what} must be given with a generator, whose length is unknown")
    # fit.x.generator, fit_generator.shuffle.ignored-for-generators
    return sources.IteratorBatches(x, steps, request.workers, convert)


def validation_of(
    model: Compiled, request: Request, tail: Samples | None
) -> loop.Validation | None:
    """Return what to validate on, and when."""
    source = validation_source(model, request, tail)
    if source is None:  # fit.validation_freq.irrelevant-without-validation
        return None
    return loop.Validation(source, arguments.frequency(request.validation_freq))


def validation_source(model: Compiled, request: Request, tail: Samples | None) -> Source | None:
    """Return where validation batches come from.

    Raises:
        ValueError: Exactly one of two step counts is given, where validation data are arrays
            (`fit.validation_steps.needs-steps_per_epoch`).

    """
    what, given = "validation_steps", request.validation_data
    steps = arguments.steps_of(request.validation_steps, what)
    if given is not None and sources.yields_batches(given):
        # fit.class_weight.training-only, fit.validation_data.dataset-or-iterator,
        # fit.validation_steps.number-of-batches,
        # fit_generator.validation_data.generator, fit_generator.validation_data.sequence
        return stream(given, request, what, reader(model, None), anew=True)
    if given is not None:
        x, y, weights = validation_arrays(given)
        # fit.sample_weight.training-only, fit.validation_data.class-weight-not-applied: they have
        # weights of their own
        tail = feeding.samples_of(model.feed(x), x, y, weights)
    if tail is None:
        return None
    if sources.yields_batches(request.x):
        # fit.validation_steps.number-of-batches: it is about validation generators only
        size = arguments.batch_size_of(request.batch_size, model.batch_size)
        return sources.ArrayBatches(tail, size, shuffle=False)
    if (steps is None) != (request.steps_per_epoch is None):
        pair = (what, "steps_per_epoch") if steps is not None else ("steps_per_epoch", what)
        raise ValueError("{} needs {} when validation data are arrays".format(*pair))
    # fit.validation_data.batched-with-batch_size
    return array_source(tail, model, request, what)


def validation_arrays(given: object) -> tuple[object, object, object]:
    """Take validation arrays apart (`fit.validation_data.pair`, `fit.validation_data.list-form`).

    Raises:
        ValueError: There are not 2 or 3 (`fit.validation_data.bad-length-ValueError`,
            `fit_generator.validation_data.bad-tuple`).

    """
    # fit.validation_data.triple-weights, fit_generator.validation_data.tuple
    return feeding.pair_or_triple(given, "validation_data")


def evaluate(model: Compiled, request: Request) -> float | list[float]:
    """Test a model; its weights stay as they are."""
    # evaluate.x.array-list-dict, evaluate.sample_weight.flat, evaluate.sample_weight.temporal
    arrays = functools.partial(arrays_of, model, request)
    # evaluate_generator.items: targets, and no class weights
    with prepared_round(model, request, "test", arrays, reader(model, None)) as (source, listeners):
        model.require_engine()
        # evaluate_generator.returns: as evaluate does
        return loop.scalar_or_list(loop.test(model, source, listeners))


def predict(model: Compiled, request: Request) -> Array | list[Array]:
    """Compute the outputs; the model need not be compiled."""
    request = request.but(y=None, sample_weight=None)
    # predict_generator.items: inputs, whatever comes with them
    convert = functools.partial(feeding.prediction_batch, model.feed)

    def arrays() -> Samples:
        return feeding.inputs_of(model.feed(request.x), request.x)  # predict.x.list-and-dict

    with prepared_round(model, request, "predict", arrays, convert) as (source, listeners):
        # predict_generator.returns: as predict does
        return loop.single_or_list(loop.predict(model, source, listeners))


@contextlib.contextmanager
def prepared_round(
    model: Compiled, request: Request, stage: str, arrays: Callable[[], Samples], convert: Reader
) -> Iterator[tuple[Source, dispatch.CallbackList]]:
    """Check the arguments that evaluate and predict share, and make source and callbacks."""
    verbose = arguments.verbosity(request.verbose)
    user_callbacks = dispatch.listed(request.callbacks)
    with model.tentatively():
        if sources.yields_batches(request.x):
            # evaluate.steps.number-of-batches, predict.steps.number-of-batches,
            # evaluate_generator.steps, predict_generator.steps
            source = stream_of_x(request, "steps", convert, {})
        else:
            # evaluate.batched, evaluate.steps.number-of-batches: all data without steps;
            # predict.batched, predict.steps.number-of-batches
            source = array_source(arrays(), model, request, "steps")
        params = {"steps": source.steps, "samples": source.samples, "verbose": verbose}
        # evaluate.callbacks.applied, predict.callbacks.applied, evaluate_generator.callbacks,
        # predict_generator.callbacks
        listeners = dispatch.CallbackList([*progress.callback(verbose, stage), *user_callbacks])
        listeners.prepare(model, params)
        with contextlib.closing(source):
            yield source, listeners
