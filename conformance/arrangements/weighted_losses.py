"""Sample weights, given to a method that returns losses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fitspec.conformance.arrangements.returned import loss_in
from fitspec.conformance.arrangements.two_errors import BY_WEIGHTS, WEIGHTS, X, Y, model_of_3
from fitspec.conformance.claims.expect import expect
from fitspec.conformance.vocabulary.models import temporal
from fitspec.conformance.vocabulary.probes import SGD

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from fitspec.conformance.arrangements.compiled import Build
    from fitspec.conformance.worker.remote import Method, Model


def expect_weighted_samples(build: Build, method: Callable[[Model], Method]) -> None:
    """Claim that flat weights are factors on the loss of each sample.

    Args:
        build: builds a model.
        method: gives the method of a model, such as `evaluate`.

    Raises:
        ExpectationFell: the loss is another.
    """
    value = method(model_of_3(build))(X, Y, sample_weight=WEIGHTS).value

    # Errors 3 and 2: (1·9 + 3·4)/2; unweighted (9 + 4)/2; divided by 1 + 3.
    expect(
        loss_in(value),
        equals=10.5,
        otherwise={
            "sample weights had no effect": 6.5,
            BY_WEIGHTS: 21 / 4,
        },
    )


def expect_weighted_steps(
    build: Build,
    method: Callable[[Model], Method],
    otherwise: Mapping[str, float] | None = None,
    **more: Any,
) -> None:
    """Claim that 2D weights are factors on the loss of each time step in temporal mode.

    Args:
        build: builds a model.
        method: gives the method of a model, such as `evaluate`.
        otherwise: known deviations besides those of any method.
        more: arguments of the call besides data and weights.

    Raises:
        ExpectationFell: the loss is another.
    """
    model = build(temporal())
    model.compile(SGD(0.0), "mse", sample_weight_mode="temporal")
    x = np.asarray([[[1], [2], [3]], [[1], [1], [1]]], np.float32)
    weights = np.asarray([[1, 2, 4], [1, 1, 1]], np.float32)

    value = method(model)(x, 0 * x, sample_weight=weights, **more).value

    # (1·1 + 2·4 + 4·9 + 1 + 1 + 1)/6 = 8; sample by sample 15 and 1. No weight is 0, so that it is
    # no matter whether steps of weight 0 count. A third may be a product with a rounded 1/3.
    expect(
        loss_in(value),
        equals=8.0,
        ulps=2,
        otherwise={
            "sample weights had no effect": 17 / 6,
            "weights are averaged over time first": (7 / 3 * 14 / 3 + 1) / 2,
            BY_WEIGHTS: 48 / 10,
            **(otherwise or {}),
        },
    )
