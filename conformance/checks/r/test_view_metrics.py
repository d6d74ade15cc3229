"""The R functions: the live plot."""

from __future__ import annotations

from itertools import product

from fitspec.conformance.arrangements.r_training import BATCH, model_of_1
from fitspec.conformance.checks import Build, clause, expect
from fitspec.conformance.vocabulary.probes import RSession


def _is_plotted(build: Build, session: RSession, *metrics: str, **arguments: object) -> bool:
    """Train in a session and return whether a live plot appeared."""
    model = model_of_1(build, *metrics)
    model.enter(session)
    return len(model.fit(*BATCH, **arguments).events.by(session).of("plot")) > 0


@clause("r.view_metrics.auto-rule")
def test_a_plot_appears_when_all_four_conditions_hold(build: Build) -> None:
    """The plot needs RStudio, compiled metrics, several epochs and something printed."""
    shown = []
    for rstudio, metrics, epochs, verbose in product((True, False), ("mae", ""), (2, 1), (2, 0)):
        session = RSession(rstudio=rstudio)
        compiled = [metrics] if metrics else []
        if _is_plotted(build, session, *compiled, epochs=epochs, verbose=verbose):
            place = "RStudio" if rstudio else "elsewhere"
            shown.append(f"{place}, metrics [{metrics}], epochs {epochs}, verbose {verbose}")

    expect(
        shown,
        equals=["RStudio, metrics [mae], epochs 2, verbose 2"],
        otherwise={
            "without metrics too": [
                "RStudio, metrics [mae], epochs 2, verbose 2",
                "RStudio, metrics [], epochs 2, verbose 2",
            ],
            "never": [],
        },
    )


@clause("r.view_metrics.option")
def test_the_option_replaces_the_default_of_view_metrics(build: Build) -> None:
    """Where `view_metrics` is not given the option counts, and where it is given it alone."""

    def plotted(option: object, *, rstudio: bool, **arguments: object) -> bool:
        session = RSession(rstudio=rstudio, options={"keras.view_metrics": option})
        return _is_plotted(build, session, "mae", epochs=2, verbose=2, **arguments)

    seen = {
        "option TRUE": plotted(True, rstudio=False),
        "option TRUE, argument FALSE": plotted(True, rstudio=False, view_metrics=False),
        "option FALSE, in RStudio": plotted(False, rstudio=True),
        "option FALSE, argument TRUE": plotted(False, rstudio=False, view_metrics=True),
        "option auto": plotted("auto", rstudio=False),
        "option auto, in RStudio": plotted("auto", rstudio=True),
        "option FALSE, argument auto, in RStudio": plotted(
            False, rstudio=True, view_metrics="auto"
        ),
    }
    expect(seen, equals=dict(zip(seen, (True, False, False, True, False, True, True), strict=True)))
