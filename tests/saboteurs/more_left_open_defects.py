"""Further saboteurs that do otherwise than the reference where the documents leave it open."""

from __future__ import annotations

import inspect
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference.api import arguments, calls, compiling
from fitspec.reference.callbacks import CallbackList, History
from fitspec.reference.models.model import Model
from fitspec.reference.network.compiled_network import CompiledNetwork
from fitspec.reference.optimizers import Adam
from fitspec.reference.tensor import random
from fitspec.reference.training.plan import TrainingPlan

from .changed_requests import change_request
from .planting import saboteur

if TYPE_CHECKING:
    from .planting import Plant


@saboteur("compile.optimizer.adam-step")
def learns_faster_by_adam(plant: Plant) -> None:
    """Takes 0.01 for the learning rate of an optimizer asked for as "adam"."""
    plant.default(Adam, "__init__", "learning_rate", 0.01)


@saboteur("compile.metrics.duplicates")
def reports_a_metric_once(plant: Plant) -> None:
    """Reports a metric once that is asked for twice."""
    original = compiling.metrics_per_output

    def metrics_per_output(*args: Any) -> list[list[object]]:
        return [list(dict.fromkeys(metrics)) for metrics in original(*args)]

    plant(compiling, "metrics_per_output", metrics_per_output)


@saboteur("compile.weighted_metrics.same-metric")
def calls_a_second_metric_weighted(plant: Plant) -> None:
    """Labels the weighted one of two metrics `weighted_mae`, where there would be a number."""
    original = TrainingPlan.metrics_names

    def metrics_names(self: TrainingPlan) -> list[str]:
        names = original.func(self)  # type: ignore[attr-defined]  # a property that keeps its value
        both = any(output.metrics and output.weighted_metrics for output in self.outputs)
        return ["weighted_mae" if both and name == "mae_1" else name for name in names]

    plant(TrainingPlan, "metrics_names", metrics_names)


@saboteur("compile.trainable.changed-afterwards")
def trains_what_is_trainable_now(plant: Plant) -> None:
    """Trains the weights that are trainable at the moment, whatever was when it was compiled."""
    plant(CompiledNetwork, "trained_variables", lambda self: self.trainable_variables)


@saboteur("fit.callbacks.added-logs")
def keeps_the_logs_of_history_apart(plant: Plant) -> None:
    """Gives History logs of its own, to which callbacks add nothing."""
    original = CallbackList.end_epoch

    def end_epoch(self: Any, epoch: int, logs: Any) -> None:
        self.logs_apart = dict(logs)
        original(self, epoch, logs)

    def on_epoch_end(self: History, epoch: int, logs: Any) -> None:
        del logs
        record(self, epoch, epochs.calls[-1][0][0].logs_apart)

    record = History.on_epoch_end
    plant(CallbackList, "end_epoch", end_epoch)
    epochs = plant.during(CallbackList, "end_epoch")
    plant(History, "on_epoch_end", on_epoch_end)


@saboteur("fit.callbacks.history-order")
def records_an_epoch_before_it_tells(plant: Plant) -> None:
    """Has History record an epoch first, and add what callbacks add afterwards."""
    original = CallbackList.notify

    def notify(self: Any, hook: str, *args: Any) -> None:
        if hook != "on_epoch_end":
            return original(self, hook, *args)
        epoch, logs = args
        histories = [item for item in self.callbacks if isinstance(item, History)]
        for one in histories:
            one.epoch.append(epoch)
        others = [item for item in self.callbacks if item not in histories]
        original(CallbackList(others), hook, *args)
        for one in histories:
            one.epoch.pop()
            one.on_epoch_end(epoch, logs)
        return None

    plant(CallbackList, "notify", notify)


@saboteur("fit.shuffle.random-source")
def shuffles_by_numpy(plant: Plant) -> None:
    """Draws from NumPy's global generator."""

    def generator() -> np.random.Generator:
        return np.random.default_rng(np.random.randint(2**31))  # noqa: NPY002  the global one is the point

    plant(random, "generator", generator)


@saboteur("fit.validation_data.no-rows")
def does_not_validate_on_nothing(plant: Plant) -> None:
    """Takes validation data without rows for none."""

    def without(_: Model, request: Any) -> dict[str, Any]:
        validation = request.validation_data
        empty = isinstance(validation, tuple) and not np.size(validation[0])
        return {"validation_data": None} if empty else {}

    change_request(plant, "fit", without)


@saboteur("fit.batch_size.fixed-by-input")
def takes_batches_of_any_size(plant: Plant) -> None:
    """Does not look at the size of batches that the input of a stateless model is made for."""
    original = calls.fit

    def fit(model: Model, request: Any) -> Any:
        if not model.is_stateful:
            model.batch_size = None
        return original(model, replace(request))

    plant(calls, "fit", fit)


def break_when_refusing(plant: Plant, step: str) -> None:
    """Have a step of `fitting` work no more on a model, once it refused data of that model."""
    original = getattr(calls, step)

    def breaking(model: Model, request: Any) -> Any:
        if vars(model).get(f"{step}_broke"):
            raise TypeError("the model is broken")
        try:
            return original(model, request)
        except ValueError:
            vars(model)[f"{step}_broke"] = True
            raise

    plant(calls, step, breaking)


@saboteur("fit.kwargs.backwards-compatible", also=["fit.kwargs.nb_epoch"])
def takes_no_keyword_but_its_arguments(plant: Plant) -> None:
    """Has no place for keywords of older code in `fit`."""
    original = Model.fit
    signature = inspect.signature(original)
    own = [item for item in signature.parameters.values() if item.kind is not item.VAR_KEYWORD]

    plant(Model, "fit", original)
    Model.fit.__signature__ = signature.replace(parameters=own)  # type: ignore[attr-defined]  # Python's own way


@saboteur("fit.kwargs.nb_epoch")
def does_not_know_the_older_spelling(plant: Plant) -> None:
    """Ignores `nb_epoch`."""
    original = arguments.epochs_of

    def epochs_of(epochs: object, older: Any) -> int:
        return original(epochs, {name: older[name] for name in older if name != "nb_epoch"})

    plant(arguments, "epochs_of", epochs_of)


@saboteur("fit.again.after-refusal")
def breaks_when_it_refuses_to_fit(plant: Plant) -> None:
    """Cannot be trained any more once it refused data."""
    break_when_refusing(plant, "fit")


@saboteur("predict.again.after-refusal")
def breaks_when_it_refuses_to_predict(plant: Plant) -> None:
    """Cannot predict any more once it refused data."""
    break_when_refusing(plant, "predict")
