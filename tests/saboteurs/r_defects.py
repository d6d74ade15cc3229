"""Defects in the R functions of the reference."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.reference import r
from fitspec.reference.r import arguments, functions, live_plot
from fitspec.reference.r.session import FromOption, get_option

from .planting import saboteur

if TYPE_CHECKING:
    from fitspec.reference.models.model import Model
    from fitspec.reference.r.session import Session

    from .planting import Plant


# --- defaults ---------------------------------------------------------------------------------


@saboteur("r.fit.epochs-default-10")
def fit_of_r_runs_one_epoch_by_default(plant: Plant) -> None:
    """The R function `fit` has the default of the Python method, one epoch."""
    plant.default(functions, "fit", "epochs", 1)


@saboteur("r.fit.verbose-default-auto")
def auto_is_a_bar_everywhere(plant: Plant) -> None:
    """Where "auto" is asked for, neither knitr nor a server is looked at."""
    plant(arguments, "automatic_level", lambda _session: arguments.PROGRESS_BAR)


@saboteur("r.fit.verbose-default-auto")
def auto_does_not_know_servers(plant: Plant) -> None:
    """Where "auto" is asked for, only knitr is looked at."""

    def level(session: Session) -> int:
        return arguments.LINE_PER_EPOCH if session.knitr else arguments.PROGRESS_BAR

    plant(arguments, "automatic_level", level)


@saboteur("r.fit.verbose-default-auto")
def fit_of_r_prints_a_bar_whatever_the_option(plant: Plant) -> None:
    """The default of `verbose` in the R function `fit` is 1, as in Python."""
    plant.default(functions, "fit", "verbose", 1)


@saboteur("r.fit.verbose-default-auto")
def knitr_beats_the_option(plant: Plant) -> None:
    """A document in the making gets a line an epoch, whatever the option says."""
    original = arguments.level_of

    def level(verbose: object, session: Session) -> int:
        is_option = get_option("keras.fit_verbose") is not None
        return (
            arguments.LINE_PER_EPOCH if session.knitr and is_option else original(verbose, session)
        )

    plant(arguments, "level_of", level)


@saboteur("r.fit_generator.verbose-default-1")
def fit_generator_of_r_looks_at_knitr(plant: Plant) -> None:
    """The R function `fit_generator` has "auto" where the option is not set."""
    default = FromOption("keras.fit_verbose", "auto")
    plant.default(functions, "fit_generator", "verbose", default)


@saboteur("r.fit_generator.verbose-default-1")
def fit_generator_of_r_ignores_the_option(plant: Plant) -> None:
    """The R function `fit_generator` has the default 1, whatever the option."""
    plant.default(functions, "fit_generator", "verbose", 1)


# --- the live plot ----------------------------------------------------------------------------


def _without(plant: Plant, condition: str) -> None:
    """Drop one of the conditions for a plot."""

    def automatic(session: Session, model: Model, epochs: int, verbose: int) -> bool:
        held = {
            "rstudio": session.rstudio,
            "metrics": live_plot.has_metrics(model),
            "epochs": epochs > 1,
            "verbose": verbose > 0,
        }
        return all(holds for name, holds in held.items() if name != condition)

    plant(live_plot, "is_automatic", automatic)


@saboteur("r.view_metrics.auto-rule")
def plots_appear_without_metrics(plant: Plant) -> None:
    """The plot does not ask whether metrics were compiled."""
    _without(plant, "metrics")


@saboteur("r.view_metrics.auto-rule")
def plots_appear_for_one_epoch(plant: Plant) -> None:
    """The plot does not ask for several epochs."""
    _without(plant, "epochs")


@saboteur("r.view_metrics.auto-rule")
def plots_appear_in_silence(plant: Plant) -> None:
    """The plot does not ask whether anything is printed."""
    _without(plant, "verbose")


@saboteur("r.view_metrics.auto-rule", also=["r.view_metrics.option"])
def plots_appear_outside_rstudio(plant: Plant) -> None:
    """The plot does not ask where the session runs."""
    _without(plant, "rstudio")


@saboteur("r.view_metrics.option")
def the_option_for_plots_is_ignored(plant: Plant) -> None:
    """The default of `view_metrics` is "auto", whatever the option."""
    plant.default(functions, "fit", "view_metrics", "auto")


@saboteur("r.view_metrics.option")
def the_option_for_plots_beats_the_argument(plant: Plant) -> None:
    """An argument `view_metrics` has no effect once the option is set."""
    original = live_plot.is_wanted

    def wanted(view_metrics: object, *rest: Any) -> bool:
        return original(get_option("keras.view_metrics", view_metrics), *rest)

    plant(live_plot, "is_wanted", wanted)


# --- data in R's forms ------------------------------------------------------------------------


@saboteur(
    "r.fit.named-list",
    also=["fit.x.dict-by-name", "fit.x.dict-extra-key", "fit.y.dict-by-output-name"],
)
def names_of_lists_are_dropped(plant: Plant) -> None:
    """A named list is taken for a list by position."""
    original = functions.train

    def train(session: Session, model: Model, x: Any, **given: Any) -> Any:
        def unnamed(value: Any) -> Any:
            return list(value.values()) if isinstance(value, dict) else value

        if "y" in given:
            given["y"] = unnamed(given["y"])
        return original(session, model, unnamed(x), **given)

    plant(functions, "train", train)


@saboteur("r.fit.generator-function")
def lists_of_functions_are_taken_for_inputs(plant: Plant) -> None:
    """The list that a function returns is taken for the inputs of a model."""
    original = functions.train

    def train(session: Session, model: Model, x: Any, **given: Any) -> Any:
        # `fit_generator` has no arguments for arrays, and is right.
        is_defective = "y" in given and arguments.is_function(x)
        return original(session, model, (lambda: [x()]) if is_defective else x, **given)

    plant(functions, "train", train)


@saboteur(
    "r.class_weight.named-list",
    also=("fit.class_weight.odd-entries",),
)
def names_of_class_weights_stay_texts(plant: Plant) -> None:
    """The names of class weights are handed on as they are."""
    plant(arguments, "by_index", lambda class_weight: class_weight)


@saboteur("r.class_weight.named-list")
def class_weights_count_by_their_places(plant: Plant) -> None:
    """The first of the class weights is for class 0, whatever its name."""
    original = arguments.by_index

    def by_place(class_weight: Any) -> Any:
        if isinstance(class_weight, dict) and all(str(name) in "0123" for name in class_weight):
            return dict(enumerate(class_weight.values()))
        return original(class_weight)

    plant(arguments, "by_index", by_place)


@saboteur(
    "r.shuffle.logical-or-batch",
    also=[
        "fit.shuffle.batch-chunks",
        "fit.shuffle.batch-partial-chunk-last",
        "fit.shuffle.hdf5-purpose",
        "fit.shuffle.other-values",
    ],
)
def batch_is_taken_for_true(plant: Plant) -> None:
    """Anything but FALSE shuffles single samples."""
    plant(arguments, "shuffling", lambda shuffle: shuffle is not False)


# --- fit_generator ----------------------------------------------------------------------------


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


# --- what comes back --------------------------------------------------------------------------


@saboteur("r.fit.returns-invisible-history", also=["fit.verbose.0-silent"])
def the_history_is_printed(plant: Plant) -> None:
    """The R function `fit` prints the history, as R prints a value that is visible."""
    original = functions.train

    def train(session: Session, model: Model, x: Any, **given: Any) -> Any:
        history = original(session, model, x, **given)
        if "y" in given and given["verbose"] == 0:
            print(history)  # noqa: T201  the defect
        return history

    plant(functions, "train", train)
