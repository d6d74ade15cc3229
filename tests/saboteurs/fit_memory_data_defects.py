"""Saboteurs of `fit` on data in memory: what it takes, what it refuses and what it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.reference.api import arguments, calls
from fitspec.reference.callbacks import History
from fitspec.reference.callbacks.progress import EpochLines
from fitspec.reference.data import batches, columns

from .changed_requests import change_request
from .planting import saboteur

if TYPE_CHECKING:
    from fitspec.reference.models.model import Model

    from .planting import Plant


@saboteur("fit.x.none-with-framework-tensors")
def draws_one_batch_an_epoch_from_tensors(plant: Plant) -> None:
    """Makes one update an epoch, whatever the number of steps, when there is no x."""

    def one_step(_: Model, request: Any) -> dict[str, Any]:
        return {"steps_per_epoch": 1} if request.x is None and request.steps_per_epoch else {}

    change_request(plant, "array_training_source", one_step)


@saboteur("fit.x.none-without-steps-ValueError")
def trains_on_nothing_in_silence(plant: Plant) -> None:
    """Returns an empty History when there is nothing to train on."""
    original = calls.fit

    def fit(model: Model, request: Any) -> History:
        given = request.x, request.y, request.steps_per_epoch, request.validation_split or None
        if all(item is None for item in given):
            return History()
        return original(model, request)

    plant(calls, "fit", fit)


@saboteur("fit.raises.number-of-targets", also=["fit.x.python-lists"])
def trains_on_as_many_targets_as_there_are_outputs(plant: Plant) -> None:
    """Ignores the targets of a list that are more than the model has outputs."""

    def cut(model: Model, request: Any) -> dict[str, Any]:
        is_list = isinstance(request.y, list)
        return {"y": request.y[: len(model.output_names)]} if is_list else {}

    change_request(plant, "array_training_source", cut)


@saboteur("fit.raises.target-shape")
def compares_a_prediction_with_every_column(plant: Plant) -> None:
    """Lets targets of any shape pass in `fit`, and leaves the rest to broadcasting."""
    original = columns.check_shape
    fits = plant.during(calls, "fit")

    def check_shape(column: Any, port: batches.Port, what: str) -> None:
        if not (fits and what == "y"):
            original(column, port, what)

    plant(columns, "check_shape", check_shape)


@saboteur("fit.raises.dict-names")
def feeds_a_missing_input_with_the_first_array(plant: Plant) -> None:
    """Gives an input whose name a dict lacks the first array of the dict."""

    def fill(model: Model, request: Any) -> dict[str, Any]:
        if not isinstance(request.x, dict):
            return {}
        first = next(iter(request.x.values()))
        return {"x": {**dict.fromkeys(model.input_names, first), **request.x}}

    change_request(plant, "array_training_source", fill)


@saboteur("fit.kwargs.unknown")
def ignores_unknown_keywords(plant: Plant) -> None:
    """Ignores keywords that are neither arguments nor older spellings of one."""
    original = arguments.epochs_of

    def epochs_of(epochs: object, older: Any) -> int:
        known = {name: value for name, value in older.items() if name == "nb_epoch"}
        return original(epochs, known)

    plant(arguments, "epochs_of", epochs_of)


@saboteur("fit.verbose.metrics-shown")
def leaves_validation_out_of_the_line(plant: Plant) -> None:
    """Prints the results of training alone in the line of an epoch."""
    original = EpochLines.on_epoch_end

    def on_epoch_end(self: EpochLines, epoch: int, logs: Any) -> None:
        shown = {name: value for name, value in logs.items() if not name.startswith("val_")}
        original(self, epoch, shown)

    plant(EpochLines, "on_epoch_end", on_epoch_end)
