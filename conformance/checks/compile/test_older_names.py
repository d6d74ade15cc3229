"""`compile`: names of losses and metrics that are older than others for the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fitspec.conformance.checks import SGD, Build, clause, outcome, recognise
from fitspec.conformance.vocabulary.models import copies
from fitspec.conformance.vocabulary.samples import column

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: Two columns of shares, as divergences are of.
SHARES = np.array([[0.25, 0.75]])


def _taken(build: Build, arguments: Mapping[str, Mapping[str, object]]) -> list[str]:
    """Return the names with which a model can be compiled and trained.

    Args:
        build: makes a model.
        arguments: of `compile`, by name.
    """
    found = []
    for name, given in arguments.items():
        model = build(copies(2, 0.5))
        # Some refuse a name in `compile`, others as they train.
        if outcome(model.compile, SGD(0.5), **given) == "returned":
            found += [name] * (outcome(model.train_on_batch, column(1), SHARES) == "returned")
    return found


def _recognise(taken: list[str], names: Iterable[str]) -> None:
    recognise(taken, {"they are taken": [*names], "they are refused": []})


@clause("compile.loss.older-names")
def test_whether_older_names_of_losses_are_taken(build: Build) -> None:
    """Names of losses that have shorter or newer ones beside them."""
    names = ("kullback_leibler_divergence", "cosine_proximity", "logcosh", "huber_loss")

    taken = _taken(build, {name: {"loss": name} for name in names})

    _recognise(taken, names)


@clause("compile.metrics.older-names")
def test_whether_older_names_of_metrics_are_taken(build: Build) -> None:
    """Names of metrics that have shorter or newer ones beside them."""
    names = ("kullback_leibler_divergence", "cosine_proximity", "cosine", "logcosh")

    taken = _taken(build, {name: {"loss": "mse", "metrics": [name]} for name in names})

    _recognise(taken, names)
