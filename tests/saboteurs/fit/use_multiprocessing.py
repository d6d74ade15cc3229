"""Saboteurs of `fit`: the processes that make batches."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from fitspec.reference.data.sources import is_sequence
from fitspec.reference.models.model import Model

from ..changed_streams import read_otherwise
from ..direct_calls import change_calls
from ..planting import saboteur

if TYPE_CHECKING:
    from ..planting import Plant


@saboteur("fit.use_multiprocessing.default-false")
def starts_processes_unasked(plant: Plant) -> None:
    """Has a process read a Sequence in `fit` though none was asked for."""
    original = Model.fit

    def fit(self: Model, x: Any = None, *args: Any, **named: Any) -> Any:
        if is_sequence(x):
            named.setdefault("use_multiprocessing", True)
        return original(self, x, *args, **named)

    plant(Model, "fit", fit)


@saboteur("fit.use_multiprocessing.true-child-process")
def takes_threads_for_processes_in_fit(plant: Plant) -> None:
    """Reads in threads of `fit` what was to be read in processes."""
    change_calls(
        plant, "fit", lambda request: {"workers": replace(request.workers, processes=False)}
    )


@saboteur("fit.use_multiprocessing.default-false")
def validates_by_processes_unasked(plant: Plant) -> None:
    """Has a process read a Sequence that `fit` validates on though none was asked for."""
    read_otherwise(plant, "fit", validating=True, applies=is_sequence, processes=True)


@saboteur("fit.use_multiprocessing.true-child-process")
def validates_without_processes(plant: Plant) -> None:
    """Reads in threads of `fit` what it validates on, though processes were asked for."""
    read_otherwise(plant, "fit", validating=True, processes=False)


@saboteur("fit.use_multiprocessing.true-child-process")
def runs_a_generator_of_fit_without_processes(plant: Plant) -> None:
    """Runs a generator in a thread of `fit` though processes were asked for."""

    def is_none(source: Any) -> bool:
        return not is_sequence(source)

    read_otherwise(plant, "fit", validating=False, applies=is_none, processes=False)
