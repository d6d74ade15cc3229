"""Saboteurs of `fit`: the forms of the data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference.api import calls
from fitspec.reference.callbacks import History
from fitspec.reference.data import batches, columns, feeding, iterable_batches, iterables, sources

from ..changed_readings import change_items, in_order, without_weights
from ..changed_requests import change_request
from ..changed_streams import given_a
from ..dicts_by_alphabet import take_dicts_by_alphabet
from ..direct_calls import called
from ..fit_on_streams import Fitting
from ..later_batches import reverse_three
from ..planting import saboteur

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from fitspec.reference.api.arguments import Request
    from fitspec.reference.models.model import Model

    from ..planting import Plant


def change_data(plant: Plant, change: Callable[[Any], Any]) -> None:
    """Have the reference see other inputs and targets than the user gave."""
    original = columns.as_column
    plant(columns, "as_column", lambda value, what: original(change(value), what))


@saboteur("fit.x.array")
def leaves_the_last_sample_of_an_array_out(plant: Plant) -> None:
    """Does not train on the last of four samples, where they are one batch by its size."""
    original = calls.array_source

    def array_source(samples: Any, model: Any, request: Any, what: str, *shuffle: Any) -> Any:
        # Single features, and more than three: what other clauses are about stays right.
        single = [getattr(one, "shape", ())[1:] for one in samples.inputs] == [(1,)]
        if what == "steps_per_epoch" and single:
            left_out = samples.count == request.batch_size == 4
            samples = samples.cut(samples.count - left_out)[0]
        return original(samples, model, request, what, *shuffle)

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

    def reverse(_: Model, request: Request) -> dict[str, Any]:
        return {"x": request.x[::-1]} if isinstance(request.x, list) else {}

    change_request(plant, "array_training_source", reverse)


@saboteur("fit.x.dict-by-name", also=["fit.x.dict-extra-key"])
def feeds_a_dict_of_inputs_in_its_order(plant: Plant) -> None:
    """Gives the first array of a dict to the first input, whatever its name."""

    def list_values(_: Model, request: Request) -> dict[str, Any]:
        return {"x": list(request.x.values())} if isinstance(request.x, dict) else {}

    change_request(plant, "array_training_source", list_values)


@saboteur("fit.x.dict-by-name")
def feeds_a_dict_of_inputs_by_the_alphabet(plant: Plant) -> None:
    """Gives the arrays of a dict to the inputs in the alphabetical order of their names."""

    def list_values(model: Model, request: Request) -> dict[str, Any]:
        if not isinstance(request.x, dict) or set(request.x) != set(model.input_names):
            return {}
        return {"x": [request.x[name] for name in sorted(request.x)]}

    change_request(plant, "array_training_source", list_values)


@saboteur("fit.x.sequence", also=["fit.x.triple-with-weights"])
def uses_one_batch_of_a_sequence_twice(plant: Plant) -> None:
    """Trains on the first batch of a shuffled Sequence again in place of the last one."""
    original = sources.order_of_batches
    now = Fitting(plant)

    def order_of_batches(length: int, *, shuffle: bool) -> list[int]:
        order = original(length, shuffle=shuffle)
        return order[:-1] + order[:1] if now and shuffle else order

    plant(sources, "order_of_batches", order_of_batches)


@saboteur("fit.x.triple-with-weights")
def fits_without_the_weights_of_an_item(plant: Plant) -> None:
    """Trains without the weights in the items of a generator or Sequence."""
    change_items(plant, Fitting(plant).__bool__, without_weights)


@saboteur("fit.x.python-lists")
def takes_every_list_for_several_arrays(plant: Plant) -> None:
    """Takes a list of numbers for a list with an array for each input."""
    original = columns.entries

    def entries(value: Any, expected: int) -> list[object]:
        return list(value) if isinstance(value, list) else original(value, expected)

    plant(columns, "entries", entries)


@saboteur("fit.x.dict-extra-key")
def refuses_inputs_it_does_not_have(plant: Plant) -> None:
    """Refuses a dict with an input that the model does not have."""
    original = columns.columns

    def changed_columns(value: Any, ports: Any, what: str) -> Any:
        names = {port.name for port in ports}
        if what == "x" and isinstance(value, Mapping) and not set(value) <= names:
            raise ValueError("x has an unknown entry")
        return original(value, ports, what)

    plant(columns, "columns", changed_columns)


@saboteur(
    "fit.x.no-rows",
    also=("fit.x.single-value",),
)
def returns_at_once_without_rows(plant: Plant) -> None:
    """Returns an empty History for data without rows."""
    original = calls.fit

    def fit(model: Model, request: Any) -> Any:
        if isinstance(request.x, np.ndarray) and not len(request.x):
            return History()
        return original(model, request)

    plant(calls, "fit", fit)


@saboteur("fit.x.not-modified")
def shuffles_in_place(plant: Plant) -> None:
    """Leaves the user's arrays in another order."""
    original = calls.fit

    def fit(model: Model, request: Any) -> Any:
        history = original(model, request)
        for array in (request.x, request.y):
            if isinstance(array, np.ndarray):
                array[:] = array[::-1].copy()
        return history

    plant(calls, "fit", fit)


@saboteur("fit.x.ragged-rows")
def finds_no_type_for_ragged_rows(plant: Plant) -> None:
    """Raises TypeError for rows of different lengths."""
    original = columns.as_column

    def as_column(value: object, what: str) -> Any:
        try:
            return original(value, what)
        except ValueError as error:
            if "different lengths" in str(error):
                raise TypeError(str(error)) from error
            raise

    plant(columns, "as_column", as_column)


@saboteur("fit.x.not-numbers")
def takes_objects_that_are_numbers(plant: Plant) -> None:
    """Trains on arrays of objects if these are numbers."""

    def numbers_of(value: Any) -> Any:
        objects = isinstance(value, np.ndarray) and value.dtype == object
        return value.astype(float) if objects and None not in value else value

    change_data(plant, numbers_of)


@saboteur("fit.x.single-value")
def takes_a_number_for_a_sample(plant: Plant) -> None:
    """Makes one sample of a number."""
    change_data(plant, lambda value: value if np.ndim(value) else np.reshape(value, 1))


@saboteur("fit.x.foreign-tensors")
def does_not_detach_tensors(plant: Plant) -> None:
    """Asks tensors of other libraries for their NumPy array at once."""
    original = columns.on_host

    def on_host(value: Any) -> Any:
        return value.numpy() if hasattr(value, "detach") else original(value)

    plant(columns, "on_host", on_host)


@saboteur("fit.x.iterable")
def counts_the_batches_of_no_iterable(plant: Plant) -> None:
    """Asks for the number of steps of whatever is no Sequence."""
    original = iterable_batches.iterable_source

    def iterable_source(x: Any, steps: int | None, what: str, *args: Any, anew: bool) -> Any:
        if steps is None:
            raise ValueError(f"{what} must be given")
        return original(x, steps, what, *args, anew=anew)

    plant(iterable_batches, "iterable_source", iterable_source)


@saboteur("fit.x.empty-sequence")
def asks_for_the_first_of_no_batches(plant: Plant) -> None:
    """Looks for the first batch of a Sequence, and has nothing to say if there is none."""

    def number_of_batches(sequence: Any) -> int:
        length = len(sequence)
        next(iter(range(length)))
        return length

    plant(sources, "number_of_batches", number_of_batches)


@saboteur("fit.x.empty-iterable")
def asks_for_the_last_of_no_batches(plant: Plant) -> None:
    """Looks at the last item of an iteration when there was none."""

    def one_pass(iterable: Iterable[object]) -> Iterator[object]:
        for item in iterable:
            yield item
        del item

    plant(iterables, "one_pass", one_pass)


@saboteur("fit.x.list-multi-input")
def takes_lists_in_items_by_the_order_of_names(plant: Plant) -> None:
    """Gives the arrays of a list in an item to the inputs in the order of their names, in `fit`."""
    original = feeding.parts_of
    now, fits = Fitting(plant), plant.during(calls, "fit")

    def parts_of(item: object) -> Any:
        x, y, weights = original(item)
        if now and isinstance(x, list):
            names = fits.calls[-1][0][0].input_names
            x = [x[sorted(names).index(name)] for name in names]
        return x, y, weights

    plant(feeding, "parts_of", parts_of)


@saboteur("fit.x.triple-with-weights")
def weights_all_items_as_the_first(plant: Plant) -> None:
    """Uses the weights of the first item for those after it, in `fit`."""
    original = feeding.parts_of
    now, fits = Fitting(plant), plant.during(calls, "fit")
    kept: dict[int, tuple[Any, Any]] = {}

    def parts_of(item: object) -> Any:
        x, y, weights = original(item)
        if now and weights is not None:
            request = fits.calls[-1][0][1]
            # A request that is kept shares its address with no later one.
            weights = kept.setdefault(id(request), (request, weights))[1]
        return x, y, weights

    plant(feeding, "parts_of", parts_of)


@saboteur("fit.x.dict-by-name")
def trains_on_dicts_in_items_by_position(plant: Plant) -> None:
    """Takes the inputs of a dict in an item that `fit` reads in the dict's own order."""

    def change(inputs: Any, targets: Any, weights: Any) -> Any:
        return in_order(inputs), targets, weights

    change_items(plant, Fitting(plant).__bool__, change)


@saboteur("fit.x.list-multi-input")
def reverses_three_inputs_of_a_list_in_later_batches(plant: Plant) -> None:
    """Feeds three inputs of a list in reverse from the second batch on."""
    reverse_three(plant, "fit", "inputs", list, "x")


@saboteur("fit.x.dict-by-name")
def reverses_three_inputs_of_a_dict_in_later_batches(plant: Plant) -> None:
    """Feeds three inputs of a dict in reverse from the second batch on."""
    reverse_three(plant, "fit", "inputs", dict, "x")


@saboteur(
    "fit.x.dict-by-name",
    also=["fit.validation_data.pair", "fit.y.dict-by-output-name"],
)
def takes_entries_of_dicts_by_the_alphabet(plant: Plant) -> None:
    """Takes what is in a dict by position, in the order of its sorted names, in `fit`."""
    original, now = columns.columns, called(plant, "fit")

    def in_order(value: Any, ports: Any, what: str) -> Any:
        names = [port.name for port in ports]
        if now() and isinstance(value, dict) and value.keys() >= {*names}:
            value = dict(zip(names, (value[name] for name in sorted(names)), strict=True))
        return original(value, ports, what)

    plant(columns, "columns", in_order)


@saboteur("fit.x.one-d-array")
def takes_no_vector_in_an_item(plant: Plant) -> None:
    """Compares each prediction with each target where an item has vectors."""

    def change(inputs: Any, targets: Any, weights: Any) -> Any:
        vector = isinstance(targets, np.ndarray) and targets.ndim == 1
        return inputs, np.full_like(targets, targets.mean()) if vector else targets, weights

    change_items(plant, called(plant, "fit"), change)


@saboteur("fit.x.array", also=["fit.class_weight.weights-loss"])
def trains_on_the_array_of_the_first_call(plant: Plant) -> None:
    """Trains on the array that the model was first given wherever another has its shape."""

    def change(model: Model, request: Any) -> dict[str, Any]:
        if not isinstance(request.x, np.ndarray):
            return {}
        first = vars(model).setdefault("first_array", request.x)
        return {"x": first} if first.shape == request.x.shape else {}

    change_request(plant, "fit", change)


@saboteur("fit.x.triple-with-weights")
def knows_no_whole_numbers_as_weights_of_items(plant: Plant) -> None:
    """Ignores the weights in items that are an array of whole numbers."""
    original, fitting = feeding.parts_of, Fitting(plant)

    def parts_of(item: object) -> tuple[object, object, object]:
        x, y, weights = original(item)
        whole = fitting and isinstance(weights, np.ndarray) and weights.dtype.kind == "i"
        return x, y, None if whole else weights

    plant(feeding, "parts_of", parts_of)


@saboteur("fit.x.array")
def reads_bytes_as_signed(plant: Plant) -> None:
    """Takes the bytes of an array for numbers from -128 to 127."""
    original = columns.as_column

    def as_column(value: Any, what: str) -> Any:
        column = original(value, what)
        is_bytes = isinstance(column, np.ndarray) and column.dtype == np.uint8
        return column.view(np.int8) if is_bytes and what == "x" else column

    plant(columns, "as_column", as_column)


@saboteur("fit.x.dict-by-name", also=("fit.y.dict-by-output-name",))
def feeds_dicts_of_a_generator_by_alphabet(plant: Plant) -> None:
    """Takes the dicts in the items of a generator by position, in the order of the alphabet."""
    take_dicts_by_alphabet(plant, given_a(plant, "fit", "generator"))
