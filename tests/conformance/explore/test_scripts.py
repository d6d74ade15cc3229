"""Tests of `fitspec.conformance.explore.scripts`: a difference as a script."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from fitspec.conformance.explore.comparing import Kind
from fitspec.conformance.explore.program import Call, Data, Program
from fitspec.conformance.explore.records import Sighting
from fitspec.conformance.explore.scripts import write

if TYPE_CHECKING:
    from pathlib import Path

    from fitspec.conformance.worker.session import Session


def test_a_script_does_what_the_program_does(reference: Session, tmp_path: Path) -> None:
    """It runs by itself, and ends with what both sides did."""
    # One sample: x = 1, y = 1/4, and the weight is 1/2: the loss is (1/2 - 1/4)² = 1/16.
    compiled = Call("compile", {"optimizer": {"sgd": 0.0625}, "loss": "mse"})
    program = Program("linear", (compiled, Call("evaluate", {"verbose": 0}, Data(1))))
    kind = Kind("other", "evaluate", "the numbers that it returns", "")

    (file,) = write([Sighting(kind, program, "1", "2")], reference, None, tmp_path / "new")

    assert file == tmp_path / "new" / "001.py"
    done = subprocess.run([sys.executable, str(file)], capture_output=True, text=True, check=True)
    assert "evaluate -> 0.0625" in done.stdout
    assert done.stdout.endswith("observed  1\nother     2\n")
