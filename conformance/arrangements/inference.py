"""Whether a method that returns losses computes in test mode."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fitspec.conformance.claims.expect import expect
from fitspec.conformance.vocabulary.models import dropped_sum, normalized
from fitspec.conformance.vocabulary.probes import SGD
from fitspec.conformance.vocabulary.samples import constant

if TYPE_CHECKING:
    from collections.abc import Callable

    from fitspec.conformance.arrangements.compiled import Build
    from fitspec.conformance.worker.remote import Method, Model


def expect_test_mode(build: Build, method: Callable[[Model], Method]) -> None:
    """Claim that nothing is dropped, and that moving statistics are used and left as they are.

    Args:
        build: builds a model.
        method: gives the method of a model, such as `evaluate`.

    Raises:
        ExpectationFell: something is dropped, or the statistics are others.
    """
    dropping, normalizing = build(dropped_sum()), build(normalized())
    dropping.compile(SGD(0.0), "mse")
    normalizing.compile(SGD(0.0), "mse")

    losses = [
        method(dropping)(np.ones((4, 63), np.float32), constant(4, 63)).value,
        method(normalizing)(constant(2, 5), constant(2, 0)).value,
    ]
    statistics = [array.tolist() for array in normalizing.weights()["y"][2:]]

    # 63 ones add up to 63; with dropout to an even number. With the moving statistics 5 becomes
    # 5/sqrt(1.25), whose square is 20; with those of the batch 0. A root, a quotient (or an
    # inverse and two products) and a square are rounded.
    expect(
        {"losses": losses, "moving statistics": statistics},
        equals={"losses": [0.0, 20.0], "moving statistics": [[0.0], [1.0]]},
        ulps=8,
    )
