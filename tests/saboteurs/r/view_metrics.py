"""Saboteurs of the R functions: the live plot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.reference.r import functions, live_plot
from fitspec.reference.r.session import get_option

from ..planting import saboteur

if TYPE_CHECKING:
    from fitspec.reference.models.model import Model
    from fitspec.reference.r.session import Session

    from ..planting import Plant


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


@saboteur("r.view_metrics.option")
def fit_generator_of_r_ignores_the_option_for_plots(plant: Plant) -> None:
    """The default of `view_metrics` in the R function `fit_generator` is "auto"."""
    plant.default(functions, "fit_generator", "view_metrics", "auto")
