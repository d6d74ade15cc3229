"""Saboteurs of `fit`: what is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference.api import calls
from fitspec.reference.data import batches, columns, feeding
from fitspec.reference.models.model import Model

from ..changed_requests import change_request
from ..changed_streams import given_a
from ..on_sequences import OnSequence
from ..planting import saboteur

if TYPE_CHECKING:
    from collections.abc import Callable

    from fitspec.reference.api.arguments import Request

    from ..planting import Plant


def passes_in_fit(plant: Plant, lets_pass: Callable[[str, Any], bool]) -> None:
    """Have `fit` not look at the shape of some data.

    Args:
        plant: plants the look.
        lets_pass: whether data pass, given "x" or "y" and them.
    """
    original = columns.check_shape
    fits = plant.during(calls, "fit")

    def check_shape(column: Any, port: batches.Port, what: str) -> None:
        if not (fits and lets_pass(what, column)):
            original(column, port, what)

    plant(columns, "check_shape", check_shape)


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

    def cut(model: Model, request: Request) -> dict[str, Any]:
        is_list = isinstance(request.x, list)
        return {"x": request.x[: len(model.input_names)]} if is_list else {}

    change_request(plant, "array_training_source", cut)


@saboteur("fit.raises.number-of-targets", also=["fit.x.python-lists"])
def trains_on_as_many_targets_as_there_are_outputs(plant: Plant) -> None:
    """Ignores the targets of a list that are more than the model has outputs."""

    def cut(model: Model, request: Any) -> dict[str, Any]:
        is_list = isinstance(request.y, list)
        return {"y": request.y[: len(model.output_names)]} if is_list else {}

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

    def number_of_samples(what: str, each: Any, own: int) -> int:
        return min(len(column) for column in each) if fitting_now else original(what, each, own)

    fitting_now = plant.during(calls, "fit")
    plant(columns, "number_of_samples", number_of_samples)


@saboteur("fit.raises.unequal-sample-counts", also=["fit_generator.output.same-length"])
def repeats_a_single_sample(plant: Plant) -> None:
    """Takes a single sample for as many as the other arrays of `fit` have."""
    original = columns.number_of_samples
    fits = plant.during(calls, "fit")

    def number_of_samples(what: str, each: Any, own: int) -> int:
        lengths = {len(column) for column in each}
        if fits and len(lengths) > 1 and lengths != {1, max(lengths)}:
            return original(what, each, own)
        return max(lengths, default=own)

    plant(columns, "number_of_samples", number_of_samples)


@saboteur("fit.raises.input-shape")
def looks_at_the_features_and_not_at_the_rank(plant: Plant) -> None:
    """Lets inputs of another rank pass if their last axis has the right length."""
    original = columns.check_shape

    def check_shape(column: Any, port: batches.Port, what: str) -> None:
        if what != "x" or np.ndim(column) < 3 or column.shape[-1] != port.shape[-1]:
            original(column, port, what)

    plant(columns, "check_shape", check_shape)


@saboteur("fit.raises.input-shape")
def looks_at_the_features_alone(plant: Plant) -> None:
    """Lets any number of steps but one pass in `fit`."""
    passes_in_fit(plant, lambda _, data: data.ndim == 3 and data.shape[1] > 1 == data.shape[2])


@saboteur("fit.raises.target-shape")
def compares_each_step_with_every_column(plant: Plant) -> None:
    """Lets targets pass in `fit` that have as many steps as the output, whatever they hold."""
    passes_in_fit(plant, lambda what, column: what == "y" and column.shape[1:-1] == (3,))


@saboteur("fit.raises.target-shape")
def compares_a_prediction_with_every_column(plant: Plant) -> None:
    """Lets targets of any shape pass in `fit`, and leaves the rest to broadcasting."""
    passes_in_fit(plant, lambda what, _: what == "y")


@saboteur("fit.raises.target-shape")
def compares_every_column_with_one(plant: Plant) -> None:
    """Lets one column of targets pass in `fit` for any number of columns."""
    passes_in_fit(plant, lambda what, column: what == "y" and column.shape[1:] == (1,))


@saboteur("fit.raises.input-shape")
def repeats_a_single_feature(plant: Plant) -> None:
    """Takes one feature for as many as the model has, in `fit`."""
    passes_in_fit(plant, lambda what, column: what == "x" and column.shape[1:] == (1,))
    read = batches.Samples.batch

    def batch(self: batches.Samples, rows: Any) -> batches.Batch:
        made = read(self, rows)
        inputs = [
            np.repeat(each, port.shape[0] or 1, axis=1) if each.shape[1:] == (1,) else each
            for each, port in zip(made.inputs, self.input_ports, strict=True)
        ]
        return replace(made, inputs=inputs)

    plant(batches.Samples, "batch", batch)


@saboteur("fit.raises.dict-names")
def feeds_a_missing_input_with_the_first_array(plant: Plant) -> None:
    """Gives an input whose name a dict lacks the first array of the dict."""

    def fill(model: Model, request: Any) -> dict[str, Any]:
        if not isinstance(request.x, dict):
            return {}
        first = next(iter(request.x.values()))
        return {"x": {**dict.fromkeys(model.input_names, first), **request.x}}

    change_request(plant, "array_training_source", fill)


@saboteur("fit.raises.dict-names")
def takes_any_name_for_the_only_output(plant: Plant) -> None:
    """Takes the first entry of a dict of targets where there is one output."""

    def first(model: Model, request: Any) -> dict[str, Any]:
        is_dict = isinstance(request.y, dict) and len(model.output_names) == 1
        return {"y": next(iter(request.y.values()))} if is_dict else {}

    change_request(plant, "array_training_source", first)


@saboteur("fit.raises.number-of-targets")
def trains_on_as_many_targets_of_an_item(plant: Plant) -> None:
    """Ignores the targets in the list of an item that are more than the model has outputs."""
    original = feeding.parts_of
    fits = plant.during(calls, "fit")

    def parts_of(item: object) -> Any:
        x, y, weights = original(item)
        if fits and isinstance(y, list):
            y = y[: len(fits.calls[-1][0][0].output_names)]
        return x, y, weights

    plant(feeding, "parts_of", parts_of)


@saboteur("fit.raises.target-shape")
def drops_a_last_axis_of_targets(plant: Plant) -> None:
    """Takes targets of one column with a further axis of length 1, in `fit`."""
    original, read = columns.check_shape, batches.with_feature_axis
    fits = plant.during(calls, "fit")

    def is_further(array: Any, port: batches.Port) -> bool:
        return bool(fits) and array.shape[1:] == (1, 1) and port.shape == (1,)

    def check_shape(column: Any, port: batches.Port, what: str) -> None:
        if what != "y" or not is_further(column, port):
            original(column, port, what)

    def with_feature_axis(array: Any, port: batches.Port) -> Any:
        return array[..., 0] if is_further(array, port) else read(array, port)

    plant(columns, "check_shape", check_shape)
    plant(batches, "with_feature_axis", with_feature_axis)


@saboteur("fit.raises.unequal-sample-counts")
def compares_the_lengths_of_batches(plant: Plant) -> None:
    """Ends `fit` with the shorter array where that ends with a batch."""
    original = columns.number_of_samples
    fits = plant.during(calls, "fit")

    def number_of_samples(what: str, each: Any, own: int) -> int:
        shortest = min((len(column) for column in each), default=0)
        if fits and shortest and shortest % (fits.calls[-1][0][1].batch_size or 32) == 0:
            return shortest
        return original(what, each, own)

    plant(columns, "number_of_samples", number_of_samples)


@saboteur("fit.raises.not-compiled-RuntimeError")
def raises_another_error_on_a_generator(plant: Plant) -> None:
    """Raises a ValueError when a model that was never compiled is trained on a generator."""
    original = Model.fit

    def fit(self: Model, x: Any = None, *args: Any, **named: Any) -> Any:
        if hasattr(x, "__next__") and not self.is_compiled:
            raise ValueError("the model is not compiled")
        return original(self, x, *args, **named)

    plant(Model, "fit", fit)


def change_columns(
    plant: Plant, applies: Callable[[], object], change: Callable[[Any, Any], Any]
) -> None:
    """Have data be others before they are matched with inputs and outputs, where `applies()`.

    Args:
        plant: plants the match.
        applies: whether it is the time.
        change: takes them and the inputs or outputs.
    """
    original = columns.columns

    def matched(value: Any, ports: Any, what: str) -> Any:
        return original(change(value, ports) if applies() else value, ports, what)

    plant(columns, "columns", matched)


def _cut(value: Any, ports: Any) -> Any:
    return value[: len(ports)] if isinstance(value, list) else value


def _by_position(value: Any, ports: Any) -> Any:
    as_many = isinstance(value, dict) and len(value) == len(ports)
    return list(value.values()) if as_many else value


@saboteur("fit.raises.number-of-inputs", also=["fit.raises.number-of-targets"])
def trains_on_as_many_arrays_of_an_item(plant: Plant) -> None:
    """Ignores the arrays in lists of an item that are more than the model has."""
    change_columns(plant, OnSequence(plant, "fit").__bool__, _cut)


@saboteur("fit.raises.unequal-sample-counts")
def validates_on_the_samples_that_both_arrays_have(plant: Plant) -> None:
    """Ignores the samples at the end of validation data that inputs or targets lack."""
    original = calls.validation_arrays

    def validation_arrays(given: Any) -> Any:
        x, y, weights = original(given)
        if isinstance(x, np.ndarray) and isinstance(y, np.ndarray):
            both = min(len(x), len(y))
            x, y = x[:both], y[:both]
        return x, y, weights

    plant(calls, "validation_arrays", validation_arrays)


@saboteur("fit.raises.dict-names")
def trains_on_other_names_in_an_item_by_position(plant: Plant) -> None:
    """Takes the arrays in dicts of an item by their order, whatever their names."""
    change_columns(plant, OnSequence(plant, "fit").__bool__, _by_position)


@saboteur("fit.raises.dict-names", also=["fit.validation_data.pair"])
def validates_on_other_names_by_position(plant: Plant) -> None:
    """Takes the arrays in dicts to validate on by their order, whatever their names."""
    change_columns(plant, plant.during(calls, "validation_source").__bool__, _by_position)


def _cut_to_validate_on(plant: Plant, part: int) -> None:
    """Cut a list of inputs, 0, or of targets, 1, to validate on to as many as the model has."""

    def cut(model: Model, request: Any) -> dict[str, Any]:
        data = request.validation_data
        if not isinstance(data, tuple) or len(data) < 2 or not isinstance(data[part], list):
            return {}
        count = len((model.input_names, model.output_names)[part])
        return {"validation_data": (*data[:part], data[part][:count], *data[part + 1 :])}

    change_request(plant, "fit", cut)


@saboteur("fit.raises.number-of-inputs")
def ignores_surplus_inputs_to_validate_on(plant: Plant) -> None:
    """Takes of a list of inputs to validate on as many as the model has."""
    _cut_to_validate_on(plant, 0)


@saboteur("fit.raises.number-of-targets")
def ignores_surplus_targets_to_validate_on(plant: Plant) -> None:
    """Takes of a list of targets to validate on as many as the model has."""
    _cut_to_validate_on(plant, 1)


@saboteur("fit.raises.unequal-sample-counts")
def compares_the_lengths_of_two_inputs_alone(plant: Plant) -> None:
    """Takes no notice in `fit` of the length of a third array where there are more than four."""
    original, fits = columns.number_of_samples, plant.during(calls, "fit")

    def number_of_samples(what: str, each: Any, own: int) -> int:
        return original(what, each[:2] if fits and len(each) > 4 else each, own)

    plant(columns, "number_of_samples", number_of_samples)


@saboteur("fit.raises.target-shape")
def spreads_targets_of_items_over_columns(plant: Plant) -> None:
    """Compares a target of one column in the items of a Sequence with each of two."""
    _spread_targets(plant, given_a(plant, "fit", "Sequence"))


@saboteur("fit.raises.target-shape")
def spreads_targets_to_validate_on_over_columns(plant: Plant) -> None:
    """Compares a target of one column to validate on with each of two."""
    validating = plant.during(calls, "validation_source")
    _spread_targets(plant, lambda: validating)


def _spread_targets(plant: Plant, applies: Callable[[], object]) -> None:
    original = columns.check_shape

    def check_shape(column: Any, port: Any, what: str) -> None:
        if not (what == "y" and tuple(column.shape[1:]) == (1,) and applies()):
            original(column, port, what)

    plant(columns, "check_shape", check_shape)


@saboteur("fit.raises.input-shape")
def cuts_surplus_features_of_a_second_input(plant: Plant) -> None:
    """Takes too many features of all inputs but the first, and passes over the last ones."""
    _cut_all_but_the_first(plant, "x")


@saboteur("fit.raises.target-shape")
def cuts_surplus_columns_of_a_second_target(plant: Plant) -> None:
    """Takes too many columns of all targets but the first, and passes over the last ones."""
    _cut_all_but_the_first(plant, "y")


def _cut_all_but_the_first(plant: Plant, part: str) -> None:
    original, now = columns.columns, plant.during(calls, "fit")

    def cut(value: Any, ports: Any, what: str) -> Any:
        if now and what == part and isinstance(value, list) and len(value) == 2:
            value = [value[0], value[1][:, :1]]
        return original(value, ports, what)

    plant(columns, "columns", cut)
