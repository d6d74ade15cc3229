"""Sample weights, given to a method that returns losses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fitspec.conformance.arrangements.returned import loss_in
from fitspec.conformance.claims.expect import expect
from fitspec.conformance.vocabulary.models import linear, temporal
from fitspec.conformance.vocabulary.probes import SGD
from fitspec.conformance.vocabulary.samples import column, constant

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from fitspec.conformance.vocabulary.probes import ModelOf
    from fitspec.conformance.worker.remote import Method, Model


def expect_weighted_samples(
    build: Callable[[ModelOf], Model], method: Callable[[Model], Method]
) -> None:
    """Claim that flat weights are factors on the loss of each sample.

    Args:
        build: builds a model.
        method: gives the method of a model, such as `evaluate`.

    Raises:
        ExpectationFell: the loss is another.
    """
    model = build(linear(3.0))
    model.compile(SGD(0.0), "mse")
    weights = np.asarray([1, 3], np.float32)

    value = method(model)(constant(2, 1), column(0, 1), sample_weight=weights).value

    # Errors 3 and 2: (1·9 + 3·4)/2; unweighted (9 + 4)/2; divided by 1 + 3.
    expect(
        loss_in(value),
        equals=10.5,
        otherwise={
            "sample weights had no effect": 6.5,
            "the weighted loss is divided by the sum of the weights": 21 / 4,
        },
    )


def expect_weighted_steps(
    build: Callable[[ModelOf], Model],
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
            "the weighted loss is divided by the sum of the weights": 48 / 10,
            **(otherwise or {}),
        },
    )
