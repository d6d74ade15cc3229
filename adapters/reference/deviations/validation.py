"""What is validated on, and where the results go."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.adapters.reference.deviations.planting import deviation, instead_of
from fitspec.reference.api import arguments, calls
from fitspec.reference.callbacks import dispatch
from fitspec.reference.data import batches, feeding, sources
from fitspec.reference.training import loop

if TYPE_CHECKING:
    from collections.abc import Callable


@deviation("class-weights-reach-the-split")
def class_weights_reach_the_split() -> None:
    """Multiply class weights in before the tail is split off, so that it keeps them."""

    @instead_of(calls, "array_training_source")
    def source(original: Callable[..., Any], model: Any, request: Any) -> Any:
        if request.class_weight is None:
            return original(model, request)
        factors = feeding.class_weights_per_output(model.plan.output_names, request.class_weight)
        weighted = feeding.class_weighted(calls.arrays_of(model, request), factors)
        with_weights = request.but(
            class_weight=None,
            sample_weight=weighted.weights if len(weighted.weights) > 1 else weighted.weights[0],
        )
        return original(model, with_weights)


@deviation("logs-of-validation-come-first")
def logs_of_validation_come_first() -> None:
    """Put values of validation in front of those of training, in the logs of an epoch."""

    @instead_of(dispatch.CallbackList, "end_epoch")
    def end_epoch(original: Callable[..., Any], self: Any, epoch: int, logs: Any) -> None:
        first = {name: value for name, value in logs.items() if name.startswith("val_")}
        original(self, epoch, first | logs)


@dataclass(frozen=True)
class Remembered(loop.Validation):
    """A validation whose last results are known."""

    last: dict[str, float] = field(default_factory=dict)


@deviation("validation-stays-in-the-logs-of-streams")
def validation_stays_in_the_logs_of_streams() -> None:
    """Repeat the last values of validation after each epoch of a generator or Sequence."""

    @instead_of(calls, "validation_of")
    def remembering(original: Callable[..., Any], model: Any, request: Any, tail: Any) -> Any:
        found = original(model, request, tail)
        if found is not None and sources.yields_batches(request.x):
            return Remembered(found.source, found.frequency)
        return found

    @instead_of(loop, "validate")
    def validated(
        original: Callable[..., Any], model: Any, validation: Any, *args: Any
    ) -> dict[str, float]:
        results: dict[str, float] = original(model, validation, *args)
        if isinstance(validation, Remembered):
            validation.last.update(results)
            return dict(validation.last)
        return results


@deviation("a-stop-after-the-last-batch-is-forgotten")
def a_stop_after_the_last_batch_is_forgotten() -> None:
    """Validate after an epoch that was trained to its end, and forget by that that it is to stop.

    Steps of all data are validated after any stop.
    """

    @instead_of(loop, "train")
    def train(
        original: Callable[..., Any],
        model: Any,
        source: Any,
        validation: Any,
        epochs: range,
        *args: Any,
    ) -> None:
        frequency = 0 if validation is None else validation.frequency
        vars(model)["validates"] = iter(
            [bool(frequency) and loop.is_validation_due(each, frequency) for each in epochs]
        )
        original(model, source, validation, epochs, *args)

    @instead_of(loop, "train_step")
    def step(original: Callable[..., Any], model: Any, *args: Any) -> Any:
        vars(model)["trained"] = vars(model).get("trained", 0) + 1
        return original(model, *args)

    @instead_of(loop, "train_epoch")
    def epoch(original: Callable[..., Any], model: Any, source: Any, *args: Any) -> Any:
        before = vars(model).get("trained", 0)
        logs = original(model, source, *args)
        whole = vars(model)["trained"] - before == source.steps
        if next(vars(model)["validates"]) and (whole or isinstance(source, sources.WholeArrays)):
            model.stop_training = False
        return logs


@deviation("a-stopped-epoch-is-validated")
def a_stopped_epoch_is_validated() -> None:
    """Validate what is due after an epoch that a callback stopped, too."""

    @instead_of(loop, "train")
    def train(
        original: Callable[..., Any], model: Any, source: Any, validation: Any, *args: Any
    ) -> None:
        vars(model)["is_validated"] = validation is not None
        original(model, source, validation, *args)

    @instead_of(loop, "train_epoch")
    def epoch(original: Callable[..., Any], model: Any, *args: Any) -> Any:
        logs = original(model, *args)
        if vars(model)["is_validated"]:
            vars(model)["was_stopped"], model.stop_training = model.stop_training, False
        return logs

    @instead_of(loop, "validate")
    def validate(original: Callable[..., Any], model: Any, *args: Any) -> Any:
        results = original(model, *args)
        model.stop_training = model.stop_training or vars(model)["was_stopped"]
        return results


@deviation("validation-is-due-by-a-list-alone")
def validation_is_due_by_a_list_alone() -> None:
    """Find out after an epoch that `validation_freq` is neither a whole number nor a list."""

    @instead_of(arguments, "frequency")
    def frequency(original: Callable[..., Any], value: Any) -> Any:
        del original  # it takes every container, and refuses at once
        return value

    @instead_of(loop, "is_validation_due")
    def due(original: Callable[..., Any], epoch: int, value: Any) -> Any:
        if not isinstance(value, (int, list)):
            raise ValueError(  # noqa: TRY004  as Keras 3 does
                "validation_freq must be a whole number or a list, not %r" % (value,)
            )
        return original(epoch, value)


@deviation("steps-of-validation-need-no-others")
def steps_of_validation_need_no_others() -> None:
    """Take validation_steps for arrays whether or not there is steps_per_epoch."""

    @instead_of(calls, "validation_source")
    def source(original: Callable[..., Any], model: Any, request: Any, tail: Any) -> Any:
        return original(model, request.but(steps_per_epoch=request.validation_steps), tail)


def take_any_fraction() -> None:
    """Take every number for a fraction to split by."""

    @instead_of(arguments, "validation_fraction")
    def fraction(original: Callable[..., Any], value: Any) -> Any:
        return float(value) if isinstance(value, (int, float)) else original(value)


@deviation("a-split-is-a-slice")
def a_split_is_a_slice() -> None:
    """Cut wherever a fraction says, counting from the end below 0, if not at either end."""
    take_any_fraction()

    @instead_of(batches, "split")
    def split(original: Callable[..., Any], samples: Any, fraction: float) -> Any:
        count = samples.count
        at = math.floor(count * (1.0 - fraction))
        if at in (0, count) or 0 < at < count:
            return original(samples, fraction)
        return samples.cut(max(0, count + at) if at < 0 else count)


@deviation("no-rows-are-no-validation")
def no_rows_are_no_validation() -> None:
    """Validate on nothing where there is not one sample to validate on."""

    @instead_of(calls, "validation_source")
    def source(original: Callable[..., Any], model: Any, request: Any, tail: Any) -> Any:
        given = request.validation_data
        pairs = isinstance(given, (tuple, list)) and len(given) in (2, 3)
        arrays = [one for one in given if isinstance(one, np.ndarray)] if pairs else []
        empty = arrays and not any(map(len, arrays))
        if empty or (tail is not None and not tail.count):
            return None
        return original(model, request, tail)
