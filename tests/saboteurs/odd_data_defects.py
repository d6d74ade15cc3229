"""Saboteurs that meet data which are no arrays of numbers otherwise than the reference."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference.api import arguments, calls
from fitspec.reference.api.get_layer import Layered
from fitspec.reference.compute import engine
from fitspec.reference.data import batches, columns, iterables, sources
from fitspec.reference.network.input_layer import InputLayer
from fitspec.reference.network.network import Network
from fitspec.reference.tensor.autodiff import Tensor

from .planting import saboteur

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from .planting import Plant


def change_data(plant: Plant, change: Callable[[Any], Any]) -> None:
    """Have the reference see other inputs and targets than the user gave."""
    original = columns.as_column
    plant(columns, "as_column", lambda value, what: original(change(value), what))


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
    original = calls.iterable_source

    def iterable_source(x: Any, steps: int | None, what: str, *args: Any, anew: bool) -> Any:
        if steps is None:
            raise ValueError(f"{what} must be given")
        return original(x, steps, what, *args, anew=anew)

    plant(calls, "iterable_source", iterable_source)


@saboteur("fit.steps_per_epoch.iterable")
def iterates_anew_in_every_epoch(plant: Plant) -> None:
    """Begins with the first batch in every epoch of some steps."""
    original = calls.iterable_source

    def iterable_source(*args: Any, anew: bool) -> Any:
        del anew
        return original(*args, anew=True)

    plant(calls, "iterable_source", iterable_source)


@saboteur("fit.validation_steps.iterable")
def goes_on_in_every_validation(plant: Plant) -> None:
    """Begins a validation of some steps where the one before it ended."""
    original = calls.iterable_source

    def iterable_source(*args: Any, anew: bool) -> Any:
        del anew
        return original(*args, anew=False)

    plant(calls, "iterable_source", iterable_source)


@saboteur("fit.x.empty-iterable")
def asks_for_the_last_of_no_batches(plant: Plant) -> None:
    """Looks at the last item of an iteration when there was none."""

    def one_pass(iterable: Iterable[object]) -> Iterator[object]:
        for item in iterable:
            yield item
        del item

    plant(iterables, "one_pass", one_pass)


@saboteur("fit.x.empty-sequence")
def asks_for_the_first_of_no_batches(plant: Plant) -> None:
    """Looks for the first batch of a Sequence, and has nothing to say if there is none."""

    def number_of_batches(sequence: Any) -> int:
        length = len(sequence)
        next(iter(range(length)))
        return length

    plant(sources, "number_of_batches", number_of_batches)


@saboteur("fit.shuffle.hdf5")
def reads_shuffled_rows_in_order(plant: Plant) -> None:
    """Reads shuffled rows of an HDF5 file in their order there, and puts them back."""
    original = batches.scattered

    def scattered(column: Any, rows: Any, port: Any) -> Any:
        if isinstance(column, np.ndarray | batches.Section):
            return original(column, rows, port)
        return column[np.sort(rows)][np.argsort(np.argsort(rows))]

    plant(batches, "scattered", scattered)


@saboteur("fit.validation_split.hdf5")
def reads_all_rows_to_split_them(plant: Plant) -> None:
    """Reads both parts of an HDF5 data set into memory to split it."""
    section = batches.Section
    # The function behind the static method.
    original = section.of

    def of(column: Any, start: int, stop: int) -> Any:
        return original(column[:], start, stop)

    plant(section, "of", staticmethod(of))


@saboteur("fit.batch_size.inputs-differ")
def takes_batches_of_its_first_input(plant: Plant) -> None:
    """Takes the size of its batches from the first input, whatever the others are made for."""
    original = Network._connect  # noqa: SLF001  where the sizes are compared

    def connect(self: Network, inputs: Any, outputs: Any) -> None:
        for symbol in inputs[1:]:
            if isinstance(symbol.node.layer, InputLayer):
                symbol.node.layer.batch_size = None
        original(self, inputs, outputs)

    plant(Network, "_connect", connect)


@saboteur("train_on_batch.x.other-batch-size")
def trains_on_batches_of_any_size(plant: Plant) -> None:
    """Does not look at the size of a batch that is given as one."""

    def inputs(self: Any, batch: Any) -> list[Tensor]:
        fed = iter(batch.inputs)
        own = self._network.input_tensors
        return [Tensor(next(fed)) if tensor is None else tensor for tensor in own]

    plant(engine.ArrayEngine, "_inputs", inputs)


@saboteur("fit_generator.generator.arrays")
def draws_from_arrays(plant: Plant) -> None:
    """Finds only as it draws from it that an array is no generator."""

    def require_stream(generator: Any) -> None:
        if not sources.yields_batches(generator):
            next(generator)

    plant(arguments, "require_stream", require_stream)


@saboteur("get_layer.index-types")
def compares_indices_only(plant: Plant) -> None:
    """Raises ValueError for an index of any type that is none of its own."""
    original = Layered.layer_at

    def layer_at(self: Any, index: Any) -> Any:
        try:
            return original(self, index)
        except TypeError as error:
            raise ValueError(f"there is no layer {index!r}") from error

    plant(Layered, "layer_at", layer_at)
