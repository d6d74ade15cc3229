"""`compile`: layers that are frozen."""

from __future__ import annotations

import numpy as np

from fitspec.conformance.checks import SGD, Build, clause, outcome, recognise
from fitspec.conformance.vocabulary.models import normalized_then_dense, three_layers
from fitspec.conformance.vocabulary.samples import column

ONE = column(1)


@clause("compile.trainable.changed-afterwards")
def test_when_a_layer_that_is_frozen_after_compile_stops_training(build: Build) -> None:
    """Whether `trainable` takes effect at once or only with the next `compile`."""
    moved: dict[str, bool | str] = {}
    for when, trains_before in (("before the first training", False), ("between two", True)):
        model = build(three_layers())
        model.compile(SGD(0.25), "mae")
        if trains_before:
            model.train_on_batch(ONE, column(-99))
        before = {layer: model.weight(layer) for layer in ("p", "q")}
        model.set_trainable("q", trained=False)
        ended = outcome(model.train_on_batch, ONE, column(-99))
        others, itself = (model.weight(layer) != before[layer] for layer in ("p", "q"))
        if ended != "returned":
            moved[when] = ended
        else:
            # What was not frozen shows that there was an update.
            moved[when] = itself if others else "no layer moved"

    recognise(
        moved,
        {
            "with the next compile": dict.fromkeys(moved, True),
            "at once": dict.fromkeys(moved, False),
            "at once before the first training; later an update is refused with a ValueError": {
                "before the first training": False,
                "between two": "ValueError",
            },
            "at once before the first training, then with the next compile": {
                "before the first training": False,
                "between two": True,
            },
        },
    )


@clause("compile.trainable.frozen-averages")
def test_the_averages_of_a_frozen_batch_normalization(build: Build) -> None:
    """Whether a frozen batch normalization uses, and gathers, the statistics of batches."""
    model = build(normalized_then_dense())
    model.set_trainable("n", trained=False)
    model.compile(SGD(0.25), "mse")

    loss = np.ravel(model.train_on_batch(column(1, 3), column(0, 0)).value)[0]

    # Mean 2 and variance 1: by these 1 and 3 become -1 and 1 over sqrt(1.25), and the moving mean
    # (0 + 2)/2. By the moving averages they stay 1 and 3 over sqrt(1.25).
    seen = {
        "loss": loss,
        "moving mean": float(np.ravel(model.weights()["n"][2])[0]),
        "the other layer learns": model.weight("y") != 1,
    }
    recognise(
        seen,
        {
            words: {"loss": squares, "moving mean": mean, "the other layer learns": True}
            for words, squares, mean in (
                ("the statistics of the batch are used, and gathered", 0.8, 1.0),
                ("the statistics of the batch are used, and not gathered", 0.8, 0.0),
                ("the moving averages are used, and stay", 4.0, 0.0),
                ("the moving averages are used, and the batch is gathered", 4.0, 1.0),
            )
        },
        ulps=16,
    )
