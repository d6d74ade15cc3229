"""Saboteurs of `fit` of R: what it adds to the method, or changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.reference.r import arguments, functions
from fitspec.reference.r.session import get_option

from ..planting import saboteur

if TYPE_CHECKING:
    from fitspec.reference.models.model import Model
    from fitspec.reference.r.session import Session

    from ..planting import Plant


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
