"""Tests of `fitspec.conformance.explore.scripts`: a difference as a script."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from fitspec.conformance.explore.comparing import Aspect, Kind
from fitspec.conformance.explore.program import Call, Data, Program
from fitspec.conformance.explore.records import Sighting
from fitspec.conformance.explore.scripts import write
from fitspec.conformance.implementations import registry
from fitspec.conformance.worker.session import Session

# One sample: x = 1, y = 1/4, and the weight is 1/2: the loss is (1/2 - 1/4)² = 1/16.
COMPILED = Call("compile", {"optimizer": {"sgd": 0.0625}, "loss": "mse"})


@pytest.mark.parametrize(
    ("call", "aspect", "words"),
    [
        (Call("evaluate", {"verbose": 0}, Data(1)), Aspect.NUMBERS, "evaluate returns: 0.0625\n"),
        (
            Call("fit", {"verbose": 0}, Data(1)),
            Aspect.WEIGHTS,
            "fit returns: [0] {'loss': [0.0625]}\n",
        ),
        (Call("fit", {"epochs": "two"}, Data(1)), Aspect.ENDING, "fit ends: TypeError\n"),
        # In the words of fitspec, for a callback of it hears.
        (
            Call("fit", {"verbose": 0, "callbacks": [{}]}, Data(1)),
            Aspect.HOOKS,
            "epoch_end",
        ),
    ],
)
def test_a_script_does_what_the_program_does(
    call: Call, aspect: Aspect, words: str, reference: Session, tmp_path: Path
) -> None:
    """It runs by itself, and ends with what both sides did."""
    program = Program("linear", (COMPILED, call))
    kind = Kind("other", call.method, aspect, "")

    (file,) = write([Sighting(kind, program, "1", "2")], reference, None, tmp_path / "new")

    assert file == tmp_path / "new" / "001.py"
    done = subprocess.run([sys.executable, str(file)], capture_output=True, text=True, check=True)
    assert words in done.stdout
    assert done.stdout.endswith("observed  1\nother     2\n")
    assert ("fitspec.conformance" in file.read_text("utf-8")) == (aspect == Aspect.HOOKS)


def test_what_has_none_of_the_words_of_keras_is_asked_in_those_of_fitspec(tmp_path: Path) -> None:
    """A twin is the reference, but not as a program would import it."""
    twin = registry.find("twin:keras-2.3")
    program = Program("linear", (COMPILED, Call("evaluate", {"verbose": 0}, Data(1))))
    kind = Kind("other", "evaluate", Aspect.NUMBERS, "")

    with Session(twin, Path(sys.executable)) as session:
        session.start()
        (file,) = write([Sighting(kind, program, "1", "2")], session, None, tmp_path)

    assert "evaluate" in file.read_text("utf-8")
    assert 'converse("twin:keras-2.3")' in file.read_text("utf-8")
