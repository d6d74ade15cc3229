"""`fit_generator`: the example that the documents print."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fitspec.conformance.checks import SGD, Build, Recorder, clause, expect
from fitspec.conformance.vocabulary.models import of_the_example
from fitspec.conformance.vocabulary.probes import FileReader

if TYPE_CHECKING:
    from fitspec.conformance.worker.remote import Result

#: A power of two, so that it adds no rounding of its own.
RATE = 2.0**-10
#: Two inputs and a target so far above or below every prediction that its sign decides alone.
LINES = {
    "1 10 -1000": (1, 10),
    "2 20 1000": (-2, -20),
    "3 30 -1000": (3, 30),
    "4 40 1000": (-4, -40),
    "5 50 -1000": (5, 50),
}


def _lines_trained(result: Result, recorder: Recorder) -> list[list[str]]:
    """Return the lines that each epoch was trained on, in order."""
    epochs: list[list[str]] = []
    before = np.zeros(2)
    named = {moves: line for line, moves in LINES.items()}
    for event in result.events.by(recorder).of("epoch_begin", "train_batch_end"):
        if event.kind == "epoch_begin":
            epochs.append([])
            continue
        weights = event.fields["weights"]["output"][0].ravel().astype(np.float64)
        # The absolute error of w1·x1 + w2·x2 for y: w falls by rate·x where y lies below, and
        # rises where it lies above. All are whole multiples of the rate, and exact.
        moves = tuple(((before - weights) / RATE).tolist())
        epochs[-1].append(named.get(moves, f"moved by {moves}"))
        before = weights
    return epochs


@clause("fit_generator.example.file-reader")
def test_the_documented_example_trains_on_the_lines_of_a_file(build: Build) -> None:
    """A generator that reads a file again and again, and yields dicts, can be trained on."""
    model = build(of_the_example())
    model.compile(SGD(RATE), "mae")
    reader, recorder = FileReader(list(LINES)), Recorder(weights=True)

    result = model.fit_generator(reader, steps_per_epoch=7, epochs=2, callbacks=[recorder])

    files = result.events.by(reader).kinds
    lines = list(LINES) * 3
    # 14 lines of 5: the third time it is opened. Lines are read ahead; the last file may be open.
    expect(
        {
            "trained on": _lines_trained(result, recorder),
            "opened three times or more": files.count("file_open") >= 3,
            "closed before it is opened again": set(files[1::2]) == {"file_close"}
            and set(files[::2]) == {"file_open"},
        },
        equals={
            "trained on": [lines[:7], lines[7:14]],
            "opened three times or more": True,
            "closed before it is opened again": True,
        },
    )
