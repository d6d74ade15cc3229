"""A program is traced on real implementations: weights and orders are those of the first side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fitspec.conformance.trace import sides
from fitspec.conformance.trace.running import Runs
from fitspec.conformance.trace.tracing import trace

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.needs("the implementation that runs the program")

PROGRAM = """
import numpy as np
from keras.layers import Dense
from keras.models import Sequential

x = np.random.rand(60, 4).astype("float32")
y = (x.sum(axis=1) > 2).astype("float32")
model = Sequential([Dense(8, activation="tanh", input_shape=(4,)), Dense(1, activation="sigmoid")])
model.compile(optimizer="sgd", loss="binary_crossentropy")
weights = {0: 1.0, 1: 5.0}
model.fit(x, y, epochs=3, batch_size=16, validation_split=0.25, class_weight=weights, verbose=0)
model.predict(x, verbose=0)
"""
#: What is known to differ, by implementation.
DIFFERS = {
    "keras-2.3": ["class-weights-reach-the-split"],
    "keras-2.3-theano": ["class-weights-reach-the-split"],
    "keras-3-jax": [],
    "keras-3-tensorflow": [],
    "keras-3-torch": [],
}


def test_only_what_is_known_differs_from_the_reference(subject: str, tmp_path: Path) -> None:
    """Training, shuffled three times, is the same but for rounding."""
    if subject not in DIFFERS:
        pytest.skip(f"of {', '.join(DIFFERS)} it is known what differs")
    folder = tmp_path / "programs"
    folder.mkdir()
    (folder / "program.py").write_text(PROGRAM, "utf-8")
    names = ("reference", subject)

    found = trace(
        Runs(tmp_path / "runs", folder), sides.sides(names, folder / "program.py", {}, {})
    )

    (other,) = found.others
    assert len(other.recording.calls) == 3, other.recording.words
    assert other.proved == DIFFERS[subject]
    expected = [("fit", "val_loss")] if DIFFERS[subject] else []
    assert [(each.parting.method, each.parting.detail) for each in other.seen] == expected
