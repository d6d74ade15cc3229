"""Numbers of other types than that of plain integers, as arguments of `fit`."""

from __future__ import annotations

import numpy as np

from fitspec.conformance.arrangements.compiled import Build, small_model
from fitspec.conformance.claims.expect import answer
from fitspec.conformance.vocabulary.probes import Recorder
from fitspec.conformance.vocabulary.samples import ascending, constant

DATA = ascending(4), constant(4, 0)
NUMBERS = {"numpy": np.int64(2), "float": 2.0, "true": True}


def trained_with_each(build: Build, argument: str) -> dict[str, object]:
    """Return the epochs and batches trained with each number, or what was raised."""
    seen: dict[str, object] = {}
    for name, number in NUMBERS.items():
        arguments: dict[str, object] = {
            "batch_size": 2,
            argument: number,
            "callbacks": [Recorder()],
        }
        trained = answer(small_model(build).fit, *DATA, **{"epochs": 1, **arguments})
        seen[name] = (
            trained if isinstance(trained, str) else len(trained.events.of("train_batch_end"))
        )
    return seen
