"""The R functions: the live plot."""

from __future__ import annotations

from itertools import product
from typing import Any

from fitspec.conformance.arrangements.r_training import BATCH, model_of_1
from fitspec.conformance.checks import Build, clause, expect
from fitspec.conformance.vocabulary.probes import GeneratorFunction, RSession


def _is_plotted(
    build: Build, session: RSession, *metrics: str, generator: bool = False, **arguments: object
) -> bool:
    """Train in a session, by `fit_generator` if asked to, and return whether a plot appeared."""
    model = model_of_1(build, *metrics)
    model.enter(session)
    result = (
        model.fit_generator(GeneratorFunction([BATCH]), 1, **arguments)
        if generator
        else model.fit(*BATCH, **arguments)
    )
    return len(result.events.by(session).of("plot")) > 0


@clause("r.view_metrics.auto-rule")
def test_a_plot_appears_when_all_four_conditions_hold(build: Build) -> None:
    """The plot needs RStudio, compiled metrics, several epochs and something printed."""
    shown: dict[str, list[str]] = {"fit": [], "fit_generator": []}
    for function, rstudio, metrics, epochs, verbose in product(
        shown, (True, False), ("mae", ""), (2, 1), (2, 0)
    ):
        session = RSession(rstudio=rstudio)
        compiled, generator = [metrics] if metrics else [], function == "fit_generator"
        if _is_plotted(
            build, session, *compiled, generator=generator, epochs=epochs, verbose=verbose
        ):
            place = "RStudio" if rstudio else "elsewhere"
            case = f"{place}, metrics [{metrics}], epochs {epochs}, verbose {verbose}"
            shown[function].append(case)

    right = ["RStudio, metrics [mae], epochs 2, verbose 2"]
    expect(
        shown,
        equals=dict.fromkeys(shown, right),
        otherwise={
            "without metrics too": dict.fromkeys(
                shown, [*right, "RStudio, metrics [], epochs 2, verbose 2"]
            ),
            "never": dict.fromkeys(shown, []),
        },
    )


@clause("r.view_metrics.option")
def test_the_option_replaces_the_default_of_view_metrics(build: Build) -> None:
    """Where `view_metrics` is not given the option counts, and where it is given it alone."""

    def plotted(option: object, *, rstudio: bool, **arguments: Any) -> bool:
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
        "fit_generator, option TRUE": plotted(True, rstudio=False, generator=True),
        "fit_generator, option FALSE, in RStudio": plotted(False, rstudio=True, generator=True),
    }
    right = (True, False, False, True, False, True, True, True, False)
    expect(seen, equals=dict(zip(seen, right, strict=True)))
