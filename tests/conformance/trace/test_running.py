"""Whatever a program does on a side, what it did is there, and nothing of it is left."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fitspec.conformance.implementations import registry
from fitspec.conformance.trace import running
from fitspec.conformance.trace.sides import Side
from fitspec.conformance.worker.limits import Limits

if TYPE_CHECKING:
    from .conftest import Make, Write

MODEL = """
import numpy as np
from keras.layers import Dense
from keras.models import Sequential

model = Sequential([Dense(1, input_shape=(1,))])
model.compile("sgd", "mse")
"""


def on(name: str, program: Path) -> Side:
    return Side(registry.find(name), Path(sys.executable), program)


def test_calls_are_recorded_with_what_goes_in_and_comes_out(write: Write, runs: Make) -> None:
    """One step from weight w and bias 0 on x = 2, y = 0: the loss is (2w)^2."""
    program = write(MODEL + "model.fit(np.array([[2.0]]), np.array([[0.0]]), verbose=0)\n")

    recording = runs().run(on("reference", program))

    compile_, fit = recording.calls
    assert (recording.ending, compile_.method, fit.method) == ("ended", "compile", "fit")
    assert fit.arguments["x"]["values"] == [[2.0]]
    assert fit.line == 8
    assert fit.step is not None
    weight = recording.arrays("before", 1)["0/0"].item()
    assert fit.step.value == {"epoch": [0], "loss": [pytest.approx((2 * weight) ** 2)]}
    # A step of 0.01 along the gradient, 2 * 2w * 2 = 8w.
    assert recording.arrays("after", 1)["0/0"].item() == pytest.approx(weight * (1 - 0.08))


@pytest.mark.parametrize("spelling", ["keras", "tensorflow.keras", "tf_keras"])
def test_every_spelling_finds_the_side(write: Write, runs: Make, spelling: str) -> None:
    """Also where neither is installed."""
    program = write(MODEL.replace("keras.", f"{spelling}."))

    recording = runs().run(on("reference", program))

    assert [call.method for call in recording.calls] == ["compile"], recording.words


def test_the_first_sides_weights_are_taken(write: Write, runs: Make) -> None:
    """Whatever another run draws, it starts where the first did."""
    program = write(MODEL + "model.predict(np.ones((1, 1)))\n")
    mine = runs(seed=1).run(on("reference", program))

    theirs = runs(seed=2).run(on("reference", program))
    again = runs(seed=2).run(on("reference", program), mine)

    assert mine.arrays("after", 1)["0/0"] != theirs.arrays("after", 1)["0/0"]
    assert mine.arrays("after", 1)["0/0"] == again.arrays("after", 1)["0/0"]


def test_weights_of_other_shapes_are_told(write: Write, runs: Make) -> None:
    """By layer, with both shapes; others are set."""
    program = write(
        "import sys\nsize = int(sys.argv[1])\n" + MODEL.replace("Dense(1,", "Dense(size,")
    )
    mine = runs(["1"]).run(on("reference", program))

    theirs = runs(["2"]).run(on("reference", program), mine)

    (word,) = theirs.calls[0].words
    assert word.startswith("layer dense_1: its weights have the shapes 1x2 2 here, and 1x1 1 on ")


SUBCLASSED = """
import numpy as np
from keras.layers import Dense
from keras.models import Model

class Two(Model):
    def __init__(self):
        super().__init__()
        self.inner, self.outer = Dense(2), Dense(1)

    def call(self, x):
        return self.outer(self.inner(x))

model = Two()
model.compile("sgd", "mse")
"""


def test_a_model_that_waits_for_data_takes_weights(write: Write, runs: Make) -> None:
    """Those of the first side, in the very call that would make its own."""
    program = write(SUBCLASSED + "model.fit(np.ones((4, 3)), np.ones((4, 1)), verbose=0)\n")
    mine = runs(seed=1).run(on("reference", program))

    theirs = runs(seed=2).run(on("reference", program), mine)

    assert [call.words for call in theirs.calls] == [(), ()]
    assert mine.arrays("after", 1).keys() == {"0/0", "0/1", "1/0", "1/1"}
    for name, array in mine.arrays("after", 1).items():
        assert theirs.arrays("after", 1)[name].tolist() == array.tolist()


def test_weights_that_a_call_makes_are_told(write: Write, runs: Make) -> None:
    """A generator shows no shape before it is drawn from; the next call has the weights."""
    program = write(
        SUBCLASSED
        + """
def batches():
    while True:
        yield np.ones((4, 3)), np.ones((4, 1))

model.fit(batches(), steps_per_epoch=2, verbose=0)
model.predict(np.ones((1, 3)))
"""
    )
    mine = runs(seed=1).run(on("reference", program))

    theirs = runs(seed=2).run(on("reference", program), mine)

    _, fit, predict = (call.words for call in theirs.calls)
    assert [word.rpartition(": its ")[2] for word in fit] == [
        "weights are made in this call: not set"
    ]
    assert predict == ()
    assert mine.arrays("after", 2)["value/0"] == theirs.arrays("after", 2)["value/0"]


def test_a_program_gets_arguments_input_and_files_and_changes_none(
    write: Write, runs: Make, tmp_path: Path
) -> None:
    """It writes into a copy of its folder."""
    data = write("1 2\n", "data.txt")
    given = write("3", "given")
    program = write("""
        import sys

        text = open("data.txt").read() + sys.stdin.read() + " ".join(sys.argv[1:])
        open("data.txt", "w").write("gone")
        sys.exit(text)
    """)

    recording = runs(["--epochs", "4 5"], stdin=given).run(on("reference", program))

    assert recording.said == ("SystemExit", "1 2\n3--epochs 4 5")
    assert data.read_text() == "1 2\n"
    assert not list((tmp_path / "programs").rglob("__pycache__"))


@pytest.mark.parametrize(
    ("does", "ending", "said"),
    [
        ("sys.exit(0)", "ended", ("", "")),
        ("sys.exit(3)", "raised", ("SystemExit", "3")),
        ("raise KeyError('name')", "raised", ("KeyError", "'name'")),
        ("os._exit(0)", "ended without a word", ("", "")),
        ("os.kill(os.getpid(), 9)", "was killed by signal 9", ("", "")),
        ("print(sys.stdin.read() + 'nothing')", "ended", ("", "")),
        ("os.fork() or model.compile('sgd', 'mae')", "ended", ("", "")),
    ],
)
def test_how_a_program_ends_is_a_result(
    write: Write, runs: Make, does: str, ending: str, said: tuple[str, str]
) -> None:
    """With all that was recorded before, and without what copies of the process did."""
    recording = runs().run(on("reference", write(MODEL + f"import os, sys\n{does}\n")))

    assert (recording.ending, recording.said) == (ending, said)
    assert len(recording.calls) == 1


def test_a_program_that_hangs_is_ended_with_what_it_started(write: Write, runs: Make) -> None:
    """After the time that each run may take."""
    program = write("""
        import os, subprocess, time

        child = subprocess.Popen(["sleep", "100"])
        raise_me = os.write(2, str(child.pid).encode())
        time.sleep(100)
    """)

    recording = runs(timeout=5.0).run(on("reference", program))

    assert recording.ending == "was ended after 5 s"
    assert not is_alive(int(recording.words))


def is_alive(process: int) -> bool:
    """Return whether a process is there; the dead are until somebody asks for them."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return False
    return True


def test_a_program_that_floods_is_ended(
    write: Write, runs: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beyond what a side may print."""
    monkeypatch.setattr(running, "Limits", lambda: Limits(output=2**20))

    recording = runs().run(on("reference", write("while True:\n    print('x' * 10000)\n")))

    assert recording.ending == "printed more than 1 MB and was ended"


def test_copies_lie_in_the_folder_itself_and_are_not_copied(write: Write, runs: Make) -> None:
    """Nor are environments, and what is no file; a link leads to where it led."""
    program = write("import os; raise OSError(sorted(os.listdir()), open('link').read())\n")
    folder = program.parent
    outside = folder.parent / "outside"
    outside.write_text("large data")
    (folder / "link").symlink_to("../outside")
    (folder / "env").mkdir()
    (folder / "env" / "pyvenv.cfg").touch()
    os.mkfifo(folder / "pipe")
    made = runs()
    kept = running.Runs(folder / "kept", folder)

    recording = kept.run(on("reference", program))

    assert made.folder == kept.folder
    assert recording.said == ("OSError", "[Errno ['link', 'program.py']] large data")


def test_a_folder_that_is_too_large_is_refused(
    write: Write, runs: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anything is copied."""
    monkeypatch.setattr(running, "LARGEST", 10)
    write("x = 'more than ten bytes'")

    with pytest.raises(ValueError, match=r"--folder .*: more than 0 MB, which are copied"):
        runs()


def test_a_recording_without_room_is_no_end_of_the_program(write: Write, runs: Make) -> None:
    """What a call would have come to is not known, and an exception there would be none of it."""
    program = write(
        MODEL
        + "import resource, sys\n"
        # Else half of a compiled module may be kept, which whoever imports it next fails at.
        + "sys.dont_write_bytecode = True\n"
        + "resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))\n"
        + "for _ in range(20):\n    model.predict(np.ones((1, 1)))\n"
    )

    with pytest.raises(RuntimeError, match=r"it could not be recorded: .*File too large"):
        runs().run(on("reference", program))
