"""What becomes of losses and metrics of several batches."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.adapters.reference.deviations.planting import deviation, instead_of
from fitspec.reference.callbacks import dispatch
from fitspec.reference.data import sources
from fitspec.reference.layers import normalization
from fitspec.reference.losses import base
from fitspec.reference.metrics import averages
from fitspec.reference.tensor import array_library, autodiff
from fitspec.reference.training import loop

if TYPE_CHECKING:
    from collections.abc import Callable


def without_a_batch(result: Callable[[], float]) -> None:
    """Have all results of an epoch that has no batch be a number."""

    @instead_of(loop, "results_of")
    def results(original: Callable[..., Any], model: Any, source: Any, *args: Any) -> Any:
        stage, step, callbacks = args
        steps: list[Any] = []

        def noted(model: Any, batch: Any) -> Any:
            steps.append(batch)
            return step(model, batch)

        found = original(model, source, stage, noted, callbacks)
        return found if steps else [result()] * len(model.plan.metrics_names)


@deviation("results-are-reset-after")
def results_are_reset_after() -> None:
    """Forget batches after a step that stands for itself, and not before it."""

    @instead_of(loop, "single_step")
    def step(original: Callable[..., Any], model: Any, *args: Any, reset: bool) -> Any:
        results = original(model, *args, reset=False)
        if reset:
            loop.reset_metrics(model.plan)
        return results


@deviation("parts-of-the-loss-count-batches-alike")
def parts_of_the_loss_count_batches_alike() -> None:
    """Report the loss of an output as the mean over the batches since the last reset."""

    @instead_of(loop, "batch_results")
    def results_so_far(original: Callable[..., Any], plan: Any, outcome: Any) -> list[Any]:
        results: list[Any] = original(plan, outcome)
        parts = loop.losses_in(plan, results)[1:]
        count, sums = vars(plan).get("parts_so_far", (0, [0.0] * len(parts)))
        count, sums = count + 1, [total + part for total, part in zip(sums, parts)]
        vars(plan)["parts_so_far"] = count, sums
        return [results[0], *(total / count for total in sums), *results[1 + len(parts) :]]

    @instead_of(loop, "reset_metrics")
    def reset(original: Callable[..., Any], plan: Any) -> None:
        original(plan)
        vars(plan).pop("parts_so_far", None)

    @instead_of(loop, "means")
    def last_of_parts(
        original: Callable[..., Any], losses: list[list[Any]], sizes: list[int]
    ) -> list[float]:
        total: list[float] = original([each[:1] for each in losses], sizes)
        return total + losses[-1][1:]


def with_steps(
    results_of: Callable[..., Any], model: Any, source: Any, *args: Any
) -> tuple[Any, list[Any]]:
    """Return the results over batches, and those of each step."""
    stage, step, callbacks = args
    steps: list[Any] = []

    def noted(model: Any, batch: Any) -> Any:
        steps.append(step(model, batch))
        return steps[-1]

    return results_of(model, source, stage, noted, callbacks), steps


@deviation("loss-of-a-stream-is-of-its-last-batch")
def loss_of_a_stream_is_of_its_last_batch() -> None:
    """Return of a test on a generator or Sequence the loss of the last batch for the mean."""

    @instead_of(loop, "results_of")
    def results(original: Callable[..., Any], model: Any, source: Any, *args: Any) -> Any:
        found, steps = with_steps(original, model, source, *args)
        if args[0] == "test" and isinstance(source, sources.StreamBatches):
            found[0] = steps[-1][0]
        return found


@deviation("steps-of-all-data-add-up-metrics")
def steps_of_all_data_add_up_metrics() -> None:
    """Test arrays in steps: the last loss divided by the steps, and sums of all other values."""

    @instead_of(loop, "results_of")
    def results(original: Callable[..., Any], model: Any, source: Any, *args: Any) -> Any:
        found, steps = with_steps(original, model, source, *args)
        if args[0] == "test" and isinstance(source, sources.WholeArrays):
            _, *others = zip(*steps)
            found = [steps[-1][0] / len(steps), *map(sum, others)]
        return found


@deviation("weights-are-counted-once-a-sample")
def weights_are_counted_once_a_sample() -> None:
    """Divide the weighted values of all steps by the weights of the samples, each counted once."""

    @instead_of(averages, "weighted_sum_and_count")
    def counts(original: Callable[..., Any], values: Any, weights: Any, samples: int) -> Any:
        found = original(values, weights, samples)
        if weights is not None and values.ndim > weights.ndim:
            found[0] *= values.size / weights.size
        return found

    @instead_of(loop, "batch_results")
    def results(original: Callable[..., Any], plan: Any, outcome: Any) -> Any:
        each = zip(plan.outputs, outcome.weights, outcome.targets)
        weights = [_ones(output, target) if one is None else one for output, one, target in each]
        return original(plan, dataclasses.replace(outcome, weights=weights))


def _ones(output: Any, target: Any) -> Any:
    """Return the weights that all samples have, of each step in temporal mode."""
    return None if target is None else np.ones(target.shape[: 2 if output.temporal else 1])


@deviation("moving-variances-have-epsilon-in-them")
def moving_variances_have_epsilon_in_them() -> None:
    """Move the variance of a BatchNormalization by one to which epsilon was added."""

    @instead_of(normalization.BatchNormalization, "_move_averages")
    def move(
        original: Callable[..., Any], self: Any, mean: Any, variance: Any, number: int, **_: Any
    ) -> None:
        kept, new = self.momentum, 1 - self.momentum
        short = number / (number - (1 + self.epsilon))
        self.moving_mean.move(kept * self.moving_mean.data + new * mean.data)
        moved = new * short * (variance.data + self.epsilon)
        self.moving_variance.move(kept * self.moving_variance.data + moved)


@deviation("moving-variances-are-of-the-batch")
def moving_variances_are_of_the_batch() -> None:
    """Move the variance of a BatchNormalization by that of the batch as it is."""

    @instead_of(normalization.BatchNormalization, "_move_averages")
    def move(
        original: Callable[..., Any], self: Any, mean: Any, variance: Any, *args: Any, **how: Any
    ) -> None:
        del args, how  # of one number nothing is made up for
        original(self, mean, variance, 1, of_images=False)


@deviation("an-absolute-value-rises-at-zero")
def an_absolute_value_rises_at_zero() -> None:
    """Take 1 for the slope of an absolute value at 0, in a mean of target less prediction too."""

    @instead_of(autodiff, "absolute")
    def absolute(original: Callable[..., Any], x: Any) -> Any:
        del original  # its slope is 0 there
        library = array_library.namespace(x.data)

        def slope() -> Any:
            return library.sign(library.sign(x.data) + 0.5)

        return autodiff.computed(library.abs(x.data), (x, lambda g: g * slope()))

    @instead_of(base.FunctionLoss, "call")
    def call(original: Callable[..., Any], self: Any, y_true: Any, y_pred: Any) -> Any:
        if getattr(self.function, "__name__", "") == "mean_absolute_error":
            return abs(y_true - y_pred).mean(axis=-1)
        return original(self, y_true, y_pred)


@deviation("logs-are-in-the-order-of-the-alphabet")
def logs_are_in_the_order_of_the_alphabet() -> None:
    """Put the logs of an epoch in the order of their names, those of validation last."""

    @instead_of(dispatch.CallbackList, "end_epoch")
    def end_epoch(original: Callable[..., Any], self: Any, epoch: int, logs: Any) -> None:
        names = sorted(logs, key=lambda name: (name.startswith("val_"), name))
        original(self, epoch, {name: logs[name] for name in names})
