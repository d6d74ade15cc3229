"""What the checks of the R functions train, and what is printed meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitspec.conformance.arrangements.printed import BAR
from fitspec.conformance.vocabulary.models import linear
from fitspec.conformance.vocabulary.probes import SGD
from fitspec.conformance.vocabulary.samples import column

if TYPE_CHECKING:
    from fitspec.conformance.arrangements.compiled import Build
    from fitspec.conformance.worker.remote import Model, Result

#: A batch of two: predicted by weight 1, its squares 1 and 9 average 5.
BATCH = column(1, 3), column(0, 0)


def model_of_1(build: Build, *metrics: str) -> Model:
    """Return a model that keeps its weight of 1."""
    model = build(linear(1.0))
    model.compile(SGD(0.0), "mse", metrics=list(metrics))
    return model


def level_printed(result: Result) -> str:
    """Say which level of `verbose` prints so."""
    if BAR.search(result.stdout):
        return "a progress bar"
    return "a line for each epoch" if result.stdout.strip() else "nothing"
