"""What methods do with samples that do not fill the batches of a stateful model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.conformance.arrangements.returned import loss_in
from fitspec.conformance.claims.expect import answer, recognise
from fitspec.conformance.vocabulary.models import running_sum
from fitspec.conformance.vocabulary.probes import SGD
from fitspec.conformance.vocabulary.samples import constant
from fitspec.conformance.worker.answers import loss_of
from fitspec.conformance.worker.remote import RemoteObject

if TYPE_CHECKING:
    from collections.abc import Callable

    from fitspec.conformance.arrangements.compiled import Build
    from fitspec.conformance.worker.remote import Method, Model


def recognise_remainder(build: Build, method: Callable[[Model], Method], **more: Any) -> None:
    """Record what becomes of three samples in batches of two, where four are taken.

    Args:
        build: builds a model.
        method: gives the method of a model, such as `evaluate`.
        more: arguments of the call besides data and the size of a batch.
    """
    seen = {f"{samples} samples": _loss(build, method, samples, **more) for samples in (4, 3)}

    # The state grows by 1 with each batch: errors 1 and 1, then 2 and 2, or a single 2.
    recognise(
        seen,
        {
            "they are refused with a ValueError": {
                "4 samples": [2.5],
                "3 samples": "ValueError",
            },
            "the remainder is left out": {"4 samples": [2.5], "3 samples": [1.0]},
            "the remainder is a batch of one": {"4 samples": [2.5], "3 samples": [2.0]},
            "it fails in TensorFlow, InvalidArgumentError": {
                "4 samples": [2.5],
                "3 samples": "InvalidArgumentError",
            },
        },
    )


def _loss(
    build: Build, method: Callable[[Model], Method], samples: int, **more: Any
) -> list[float] | str:
    """Return the loss of so many samples on a fresh model, or how they were refused."""
    model = build(running_sum(2))
    model.compile(SGD(0.0), "mse")
    data = np.ones((samples, 1, 1), np.float32), constant(samples, 0)
    answered = answer(method(model), *data, batch_size=2, **more)
    if isinstance(answered, str):
        return answered
    fitted = isinstance(answered.value, RemoteObject)
    return list(loss_of(answered)) if fitted else [loss_in(answered.value)]
