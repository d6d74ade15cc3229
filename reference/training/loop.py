"""The loops: batches go through the model, callbacks hear of it, results come out."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from fitspec.reference.data import devices, pending

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Generator, Sequence

    from fitspec.reference.callbacks.dispatch import CallbackList
    from fitspec.reference.data.arrays import Array
    from fitspec.reference.data.batches import Batch
    from fitspec.reference.data.sources import Source
    from fitspec.reference.training.engine import Model, Outcome
    from fitspec.reference.training.plan import Metric, TrainingPlan

    Step: TypeAlias = Callable[[Model, Batch], list[Any]]


@dataclass(frozen=True)
class Validation:
    """What to validate on, and when."""

    source: Source
    frequency: int | Container[int]


def means(losses: list[list[Any]], sizes: list[int]) -> list[float]:
    """Return the mean of every loss: the total, then that of each output if there are several.

    Args:
        losses: Those of every batch.
        sizes: How many samples each batch had.

    """
    each_loss = map(pending.known_numbers, zip(*losses, strict=True))
    return [mean_over_samples(each, sizes) for each in each_loss]


def mean_over_samples(losses: Sequence[float], sizes: Sequence[int]) -> float:
    """Average batch losses so that every sample counts the same.

    See `fit.returns.epoch-loss-sample-weighted-mean`, `evaluate.batch_size.invariance` and
    `evaluate_generator.loss-mean-over-samples`.
    """
    weighted = sum(loss * size for loss, size in zip(losses, sizes, strict=True))
    return weighted / sum(sizes)


def epoch_range(initial_epoch: int, epochs: int) -> range:
    """Return the indices of the epochs to run: none, if the final one is reached.

    See `fit.epochs.final-epoch`, `fit.epochs.not-greater-than-initial`,
    `fit_generator.epochs.final-epoch` and `fit_generator.initial_epoch`.
    """
    return range(initial_epoch, epochs)


def is_validation_due(epoch: int, frequency: int | Container[int]) -> bool:
    """Whether validation runs after the epoch with this index.

    Numbers in `frequency` count from 1 and, with `initial_epoch`, from the first epoch ever
    (`fit.validation_freq.int`, `fit.validation_freq.list`, `fit.validation_freq.absolute-epochs`,
    `fit_generator.validation_freq`).
    """
    number = epoch + 1
    return number % frequency == 0 if isinstance(frequency, int) else number in frequency


def train(
    model: Model,
    source: Source,
    validation: Validation | None,
    epochs: range,
    callbacks: CallbackList,
) -> None:
    """Run epochs, each followed by validation when it is due."""
    model.stop_training = False  # fit.again.after-stop
    source = devices.placed(source, model)
    if validation is not None:
        validation = replace(validation, source=devices.placed(validation.source, model))
    callbacks.begin("train")
    for epoch in epochs:
        callbacks.begin_epoch(epoch)  # fit.initial_epoch.hook-index
        logs = train_epoch(model, source, callbacks)
        if validation is not None and not model.stop_training:
            # fit.validation_split.each-epoch
            # fit.callbacks.hook-order: validation comes before the end of its epoch
            logs |= validate(model, validation, epoch, callbacks)
        callbacks.end_epoch(epoch, logs)
        source.end_epoch()
        if model.stop_training:
            break
    callbacks.end("train")


def train_epoch(model: Model, source: Source, callbacks: CallbackList) -> dict[str, float]:
    """Update the weights batch by batch, and return the results by name."""
    # fit.returns.history-loss-and-metrics: of all its batches
    return labelled(model.plan, results_of(model, source, "train", train_step, callbacks))


def results_of(
    model: Model, source: Source, stage: str, step: Step, callbacks: CallbackList
) -> list[float]:
    """Take a step with every batch of an epoch; return its results, of all batches together."""
    plan = model.plan
    losses: list[list[Any]] = []
    sizes: list[int] = []
    reset_metrics(plan)  # evaluate.repeatable

    def work(batch: Batch) -> list[Any]:
        results = step(model, batch)  # fit.batch_size.one-update-per-batch
        losses.append(losses_in(plan, results))
        sizes.append(batch.size)
        return results

    for_each_batch(model, source, stage, plan.metrics_names, work, callbacks)
    # compile.loss.parts-add-up: the total is a loss like the others
    # evaluate.metrics.dataset-level, compile.weighted_metrics.in-test
    return means(losses, sizes) + [metric.result() for metric in plan.all_metrics]


def for_each_batch(  # noqa: PLR0913, PLR0917 - what training, testing and predicting share
    model: Model,
    source: Source,
    stage: str,
    names: list[str],
    work: Callable[[Batch], list[Any]],
    callbacks: CallbackList,
) -> None:
    """Work with every batch of an epoch, and tell callbacks before and after.

    Args:
        model: May stop training.
        source: Gives the batches.
        stage: "train", "test" or "predict".
        names: Those of the results.
        work: Returns the results of a batch.
        callbacks: Who is told.

    """
    with contextlib.closing(each_batch(source)) as batches:
        for index, batch in batches:
            callbacks.begin_batch(stage, index, batch.size)
            callbacks.end_batch(stage, index, batch.size, names, work(batch))
            if stage == "train" and model.stop_training:
                break


def validate(
    model: Model, validation: Validation, epoch: int, callbacks: CallbackList
) -> dict[str, float]:
    """Return the results of validation by name, or nothing when it is not due."""
    if not is_validation_due(epoch, validation.frequency):
        return {}  # fit.validation_freq.history-has-only-run-epochs
    # fit.validation_data.not-trained, fit_generator.validation_data.not-trained
    results = test(model, validation.source, callbacks)
    validation.source.end_epoch()
    # fit.returns.history-val-keys: only where there was one
    return {f"val_{name}": value for name, value in labelled(model.plan, results).items()}


def test(model: Model, source: Source, callbacks: CallbackList) -> list[float]:
    """Compute losses and metrics over one epoch of a source, in inference mode."""
    callbacks.begin("test")  # fit.callbacks.called-in-validation
    source = devices.placed(source, model)
    results = results_of(model, source, "test", test_step, callbacks)
    callbacks.end("test", labelled(model.plan, results))
    return results


def predict(model: Model, source: Source, callbacks: CallbackList) -> list[Array]:
    """Compute the outputs over one epoch of a source, in order.

    See `predict.order` and `predict_generator.order-and-concatenation`.
    """
    callbacks.begin("predict")
    collected: list[list[Array]] = []

    def work(batch: Batch) -> list[Any]:
        outputs = model.engine.predict(batch)  # predict.test-mode
        pending.collect(collected, outputs)
        return [outputs]

    source = devices.placed(source, model)
    for_each_batch(model, source, "predict", ["outputs"], work, callbacks)
    collected[-1] = pending.known(collected[-1])
    callbacks.end("predict")
    return [np.concatenate(parts) for parts in zip(*collected, strict=True)]


def each_batch(source: Source) -> Generator[tuple[int, Batch]]:
    """Number the batches of an epoch from 0 (`fit.callbacks.batch-index-resets`)."""
    with contextlib.closing(source.epoch()) as batches:
        yield from enumerate(batches)


def train_step(model: Model, batch: Batch) -> list[Any]:
    """Make one update; return loss and losses of the outputs of the batch, and metrics so far.

    See `train_on_batch.equals-fit-step`.
    """
    engine = model.engine
    plan = model.plan
    outcome = engine.forward(batch, plan.outputs, training=True)
    # fit.returns.train-loss-is-running: all results belong to the weights before the update
    results = batch_results(plan, outcome)
    engine.update(outcome, plan.optimizer)
    return results


def test_step(model: Model, batch: Batch) -> list[Any]:
    """Change nothing; return loss and losses of the outputs of the batch, and metrics so far.

    See `evaluate.no-weight-update`, `test_on_batch.no-update` and `test_on_batch.equals-evaluate`.
    """
    plan = model.plan
    # evaluate.test-mode, test_on_batch.test-mode, fit.validation_data.inference-mode
    outcome = model.engine.forward(batch, plan.outputs, training=False)
    return batch_results(plan, outcome)


def single_step(model: Model, step: Step, batch: Batch, *, reset: bool) -> list[float]:
    """Run one step outside of an epoch; return the loss of the batch and the metrics so far."""
    if reset:  # train_on_batch.reset_metrics.true, test_on_batch.reset_metrics
        reset_metrics(model.plan)
    # train_on_batch.reset_metrics.false: metrics go on, the loss does not
    results: list[float] = pending.known(step(model, batch))
    return results


def batch_results(plan: TrainingPlan, outcome: Outcome) -> list[Any]:
    """Add a batch to the metrics, and return all its results in the order of `metrics_names`.

    They are numbers, or a `LateValue` each where a device computes them; training and testing have
    the same (`compile.metrics.train-and-test`).
    """
    results: list[Any] = [pending.number(outcome.total, late=outcome.late)]
    if len(plan.outputs) > 1:
        # compile.loss_weights.components-reported-unweighted
        results += [pending.number(loss, late=outcome.late) for loss in outcome.losses]
    for position, output in enumerate(plan.outputs):
        target, prediction = outcome.targets[position], outcome.predictions[position]
        for metric in output.metrics:  # compile.metrics.not-sample-weighted
            results.append(updated(metric, outcome, target, prediction))
        for metric in output.weighted_metrics:
            weights = outcome.weights[position]  # compile.weighted_metrics.by-sample-weight
            results.append(updated(metric, outcome, target, prediction, weights))
    return results


def updated(metric: Metric, outcome: Outcome, *batch: Any) -> Any:
    """Add a batch to a metric; return its value over all batches since the last reset."""
    metric.update_state(*batch)
    return pending.result_of(metric) if outcome.late else metric.result()


def reset_metrics(plan: TrainingPlan) -> None:
    """Forget all batches that metrics have seen."""
    for metric in plan.all_metrics:
        metric.reset_states()


def losses_in(plan: TrainingPlan, results: list[Any]) -> list[Any]:
    """Return the results that are losses."""
    return results[: len(results) - len(plan.all_metrics)]


def labelled(plan: TrainingPlan, results: list[float]) -> dict[str, float]:
    """Return results by name."""
    return dict(zip(plan.metrics_names, results, strict=True))


def scalar_or_list(results: list[float]) -> float | list[float]:
    """Return a bare number where there is only a loss.

    See `evaluate.returns.scalar` and `evaluate.returns.list`.
    """
    return results[0] if len(results) == 1 else results


def single_or_list(outputs: list[Array]) -> Array | list[Array]:
    """Return a bare array where there is only one output.

    See `predict.returns.numpy-single` and `predict.returns.numpy-list`.
    """
    return outputs[0] if len(outputs) == 1 else outputs
