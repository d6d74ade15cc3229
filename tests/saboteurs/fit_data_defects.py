"""Saboteurs of `fit`: its data and what it refuses."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference.api import calls
from fitspec.reference.data import batches, columns
from fitspec.reference.models.model import Model

from .changed_requests import change_request
from .planting import saboteur

if TYPE_CHECKING:
    from fitspec.reference.api.requests import FitRequest

    from .planting import Plant


@saboteur(
    "fit.signature.defaults",
    also=[
        "fit.max_queue_size.default-10",
    ],
)
def prepares_a_hundred_batches_by_default(plant: Plant) -> None:
    """Lets 100 batches wait in the queue by default."""
    plant.default(Model, "fit", "max_queue_size", 100)


@saboteur(
    "fit.x.array",
    also=(
        "fit.class_weight.one-hot-targets",
        "fit.class_weight.with-sample-weight",
        "fit.returns.history-successive-epochs",
        "fit.sample_weight.flat",
        "fit.validation_data.overrides-split",
        "fit.validation_freq.irrelevant-without-validation",
        "fit.validation_split.hdf5",
        "fit.validation_split.zero-is-off",
    ),
)
def leaves_the_last_sample_of_an_array_out(plant: Plant) -> None:
    """Does not train on the last sample of an array, unless a batch size is given."""
    original = calls.array_source

    def array_source(samples: Any, *args: Any, **kwargs: Any) -> Any:
        # Single features, and more than three: what other clauses are about stays right.
        if not kwargs and len(samples.inputs) == 1 and samples.inputs[0].shape[1:] == (1,):
            left_out = samples.count > 3 and args[0] == 32
            samples = samples.cut(samples.count - left_out)[0]
        return original(samples, *args, **kwargs)

    plant(calls, "array_source", array_source)


@saboteur(
    "fit.x.one-d-array",
    also=(
        "fit.class_weight.integer-keys-float-labels",
        "fit.validation_split.hdf5",
    ),
)
def compares_every_prediction_with_every_flat_target(plant: Plant) -> None:
    """Leaves a flat vector of targets flat, so that it is broadcast against the predictions."""
    original = batches.Samples.batch

    def batch(self: batches.Samples, rows: Any) -> batches.Batch:
        made = original(self, rows)
        targets = [
            target if target is None or column is None or column.ndim > 1 else target.reshape(-1)
            for target, column in zip(made.targets, self.targets, strict=True)
        ]
        return replace(made, targets=targets)

    plant(batches.Samples, "batch", batch)


@saboteur("fit.x.list-multi-input")
def feeds_the_arrays_of_a_list_in_reverse(plant: Plant) -> None:
    """Gives the last array of a list to the first input."""

    def reverse(_: Model, request: FitRequest) -> dict[str, Any]:
        return {"x": request.x[::-1]} if isinstance(request.x, list) else {}

    change_request(plant, "array_training_source", reverse)


@saboteur("fit.x.dict-by-name", also=["fit.raises.dict-names", "fit.x.dict-extra-key"])
def feeds_a_dict_of_inputs_in_its_order(plant: Plant) -> None:
    """Gives the first array of a dict to the first input, whatever its name."""

    def list_values(_: Model, request: FitRequest) -> dict[str, Any]:
        return {"x": list(request.x.values())} if isinstance(request.x, dict) else {}

    change_request(plant, "array_training_source", list_values)


@saboteur("fit.y.list-multi-output")
def gives_the_targets_of_a_list_in_reverse(plant: Plant) -> None:
    """Gives the last array of a list of targets to the first output."""

    def reverse(_: Model, request: FitRequest) -> dict[str, Any]:
        return {"y": request.y[::-1]} if isinstance(request.y, list) else {}

    change_request(plant, "array_training_source", reverse)


@saboteur(
    "fit.y.dict-by-output-name",
    also=[
        "fit.raises.dict-names",
    ],
)
def gives_a_dict_of_targets_in_its_order(plant: Plant) -> None:
    """Gives the first array of a dict of targets to the first output, whatever its name."""

    def list_values(_: Model, request: FitRequest) -> dict[str, Any]:
        return {"y": list(request.y.values())} if isinstance(request.y, dict) else {}

    change_request(plant, "array_training_source", list_values)


@saboteur("fit.raises.not-compiled-RuntimeError")
def says_ValueError_when_training_is_not_compiled(plant: Plant) -> None:  # noqa: N802  an exception's name
    """Raises a ValueError when a model is trained that was never compiled."""
    original = Model.fit

    def fit(self: Model, *args: Any, **kwargs: Any) -> Any:
        try:
            return original(self, *args, **kwargs)
        except RuntimeError as error:
            raise ValueError(str(error)) from error

    plant(Model, "fit", fit)


@saboteur("fit.raises.number-of-inputs", also=["fit.x.python-lists"])
def trains_on_as_many_arrays_as_there_are_inputs(plant: Plant) -> None:
    """Ignores the arrays of a list that are more than the model has inputs."""

    def cut(model: Model, request: FitRequest) -> dict[str, Any]:
        is_list = isinstance(request.x, list)
        return {"x": request.x[: len(model.input_names)]} if is_list else {}

    change_request(plant, "array_training_source", cut)


@saboteur(
    "fit.raises.unequal-sample-counts",
    also=[
        "fit_generator.output.same-length",
    ],
)
def trains_on_the_samples_that_all_arrays_have(plant: Plant) -> None:
    """Ignores the samples at the end that a shorter array has no counterpart for."""
    original = columns.number_of_samples

    def number_of_samples(what: str, each: Any) -> int:
        return min(len(column) for column in each) if fitting_now else original(what, each)

    fitting_now = plant.during(calls, "fit")
    plant(columns, "number_of_samples", number_of_samples)


@saboteur("fit.raises.input-shape")
def looks_at_the_features_and_not_at_the_rank(plant: Plant) -> None:
    """Lets inputs of another rank pass if their last axis has the right length."""
    original = columns.check_shape

    def check_shape(column: Any, port: batches.Port, what: str) -> None:
        if np.ndim(column) < 3 or column.shape[-1] != port.shape[-1]:
            original(column, port, what)

    plant(columns, "check_shape", check_shape)
