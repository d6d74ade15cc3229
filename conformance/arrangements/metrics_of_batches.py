"""What metrics of single batches come to where they go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fitspec.conformance.arrangements.returned import metric_in
from fitspec.conformance.arrangements.taken import taken
from fitspec.conformance.vocabulary.models import linear
from fitspec.conformance.vocabulary.probes import SGD
from fitspec.conformance.vocabulary.samples import column

if TYPE_CHECKING:
    from collections.abc import Callable

    from fitspec.conformance.arrangements.compiled import Build
    from fitspec.conformance.worker.remote import Model, Result


def weighted_squares(build: Build, method: Callable[[Model], Callable[..., Result]]) -> list[float]:
    """Return a weighted metric, the mean of squares, of errors 0.5 and 2 by one batch each.

    Nothing where there are no metrics with weights, which is another clause.

    Args:
        build: builds a model.
        method: gives the method of a model, such as `test_on_batch`.
    """
    model, ones = build(linear()), np.ones(1, np.float32)
    if not taken(model.compile, SGD(0.0), "mae", weighted_metrics=["mse"]):
        return []
    arguments = {"sample_weight": ones, "reset_metrics": False}
    return [
        metric_in(method(model)(column(error), column(0), **arguments).value)
        for error in (0.5, 2.0)
    ]
