"""Whether a method that returns losses computes in test mode."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.conformance.arrangements.returned import loss_in
from fitspec.conformance.arrangements.taken import breaks_off
from fitspec.conformance.claims.expect import expect
from fitspec.conformance.vocabulary.models import dropped_sum, normalized
from fitspec.conformance.vocabulary.probes import SGD
from fitspec.conformance.vocabulary.samples import constant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import TypeAlias

    from fitspec.conformance.arrangements.compiled import Build
    from fitspec.conformance.worker.remote import Model, Result

    Way: TypeAlias = Callable[..., Result]

#: The weights of `normalized` as they are at the start: factor, offset, moving mean and variance.
UNTRAINED = [[1.0], [0.0], [0.0], [1.0]]


#: What is dropped, and what is normalized, with targets.
_TO_DROP = np.ones((4, 63), np.float32), constant(4, 63)
_TO_NORMALIZE = constant(4, 5), constant(4, 0)


def _losses(way: Callable[[Model], Way], pairs: Iterable[tuple[Model, Any]]) -> list[float]:
    return [loss_in(way(model)(*data).value) for model, data in pairs]


def expect_test_mode(build: Build, ways: Mapping[str, Callable[[Model], Way]]) -> None:
    """Claim that nothing is dropped, and that moving statistics are used and left as they are.

    Args:
        build: builds a model.
        ways: give, by name, what has a model test inputs and targets, such as its `evaluate`.

    Raises:
        ExpectationFell: something is dropped, or the statistics are others.
    """
    seen = {}
    for name, way in ways.items():
        dropping, normalizing = build(dropped_sum()), build(normalized())
        dropping.compile(SGD(0.25), "mse")
        normalizing.compile(SGD(0.25), "mse")
        pairs = [(dropping, _TO_DROP), (normalizing, _TO_NORMALIZE)]
        # Twice: what the first call does to the model would be seen in the second. And once more
        # behind a training that breaks off, where it does: it may leave its mode behind.
        losses = [_losses(way, pairs), _losses(way, pairs)]
        if all(breaks_off(model, *data) for model, data in pairs):
            losses.append(_losses(way, pairs))
        seen[name] = {"losses": losses, "statistics and weights": normalizing.weights()["y"]}

    # 63 ones add up to 63; with dropout to an even number. With the moving statistics 5 becomes
    # 5/sqrt(1.25), whose square is 20; with those of the batch 0. A root, a quotient (or an
    # inverse and two products) and a square are rounded.
    right = {
        name: {
            "losses": [[0.0, 20.0]] * len(found["losses"]),
            "statistics and weights": UNTRAINED,
        }
        for name, found in seen.items()
    }
    expect(seen, equals=right, ulps=8)
