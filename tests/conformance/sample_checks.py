"""A few checks, written into a folder of their own, so that a run of them takes no time."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

HEAD = """
import os, signal, pytest
from fitspec.conformance.claims.mark import clause
from fitspec.conformance.claims.expect import expect, recognise
from fitspec.conformance.models import linear
from fitspec.conformance.samples import ascending
"""

#: One that passes; one that stands or falls with `get_layer`; one that depends on it; one that
#: is recorded without verdict; one that passes after all of them.
CHECKS = '''
@clause("predict.order")
def test_predicts(build):
    """Predictions are in order."""
    expect(build(linear(2.0)).predict(ascending(2)).value, equals=[[2], [4]])


@clause("fit.epochs.final-epoch")
def test_layer(build):
    """The layer comes."""
    value = build(linear()).get_layer("y").value
    expect(getattr(value, "name", value), equals="y", otherwise={"it printed": "printed"})


@clause("fit.initial_epoch.resume-equivalence")
def test_after(build):
    """This one depends on the one before."""
    expect(build(linear()).get_layer("y").value.name, equals="y")


@clause("train_on_batch.loss-before-update")
def test_open(build):
    """What is seen is recorded."""
    value = build(linear()).get_layer("y").value
    recognise(getattr(value, "name", value), {"a layer": "y", "a text": "printed"})


@clause("predict.test-mode")
def test_goes_on(build):
    """Whatever happened before, the next check works."""
    expect(build(linear(3.0)).predict(ascending(1)).value, equals=[[3]])
'''


def write_checks(folder: Path, text: str = CHECKS) -> Path:
    """Write checks into a folder and return it."""
    folder.mkdir(exist_ok=True)
    # pytest imports no module of the same name twice within a process.
    (folder / f"test_sample_{uuid.uuid4().hex}.py").write_text(HEAD + text, "utf-8")
    return folder
