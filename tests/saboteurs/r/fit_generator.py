"""Saboteurs of `fit_generator` of R: what it adds to the method, or changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.reference import r
from fitspec.reference.r import arguments, functions
from fitspec.reference.r.session import FromOption

from ..planting import saboteur

if TYPE_CHECKING:
    from fitspec.reference.models.model import Model

    from ..planting import Plant


@saboteur("r.fit_generator.verbose-default-1")
def fit_generator_of_r_looks_at_knitr(plant: Plant) -> None:
    """The R function `fit_generator` has "auto" where the option is not set."""
    default = FromOption("keras.fit_verbose", "auto")
    plant.default(functions, "fit_generator", "verbose", default)


@saboteur("r.fit_generator.verbose-default-1")
def fit_generator_of_r_ignores_the_option(plant: Plant) -> None:
    """The R function `fit_generator` has the default 1, whatever the option."""
    plant.default(functions, "fit_generator", "verbose", 1)


@saboteur(
    "r.fit_generator.steps-required",
    also=[
        "fit_generator.sequence.on_epoch_end",
        "fit_generator.steps_per_epoch.required-for-generator",
    ],
)
def steps_default_to_one(plant: Plant) -> None:
    """`steps_per_epoch` of the R function `fit_generator` is 1 unless it is given."""
    original = functions.fit_generator

    def generate(object: Model, generator: Any, steps_per_epoch: float = 1, **rest: Any) -> Any:  # noqa: A002
        return original(object, generator, steps_per_epoch, **rest)

    plant(r, "fit_generator", generate)


@saboteur("r.fit_generator.workers-threads")
def functions_are_called_in_other_threads(plant: Plant) -> None:
    """A generator that is a function is read by a worker, as any other."""
    plant(arguments, "reading", lambda workers, *_streams: workers)


@saboteur("r.fit_generator.workers-threads")
def several_workers_are_none(plant: Plant) -> None:
    """More than one worker makes a native generator be read in the main thread."""
    original = arguments.reading

    def reading(workers: int, *streams: object) -> int:
        return 0 if workers == 2 else original(workers, *streams)

    plant(arguments, "reading", reading)


@saboteur("r.fit_generator.workers-threads")
def one_thread_reads_for_several_workers(plant: Plant) -> None:
    """Two workers are one thread."""
    original = arguments.reading

    def reading(workers: int, *streams: object) -> int:
        return min(original(workers, *streams), 1)

    plant(arguments, "reading", reading)
