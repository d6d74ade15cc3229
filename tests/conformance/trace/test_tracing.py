"""Where a program goes another way, and why: on the reference and on twins."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fitspec.conformance.trace import sides
from fitspec.conformance.trace.tracing import State, trace

if TYPE_CHECKING:
    from pathlib import Path

    from fitspec.conformance.trace.running import Runs
    from fitspec.conformance.trace.tracing import Compared

    from .conftest import Make, Write

HEAD = """
import numpy as np
from keras.layers import Dense, Dropout
from keras.models import Sequential

x = np.random.rand(40, 3).astype("float32")
y = (x.sum(axis=1) > 1.5).astype("float32")
"""


def compared(runs: Runs, program: Path, *names: str) -> Compared:
    """Return what became of a program on the second side."""
    (other,) = trace(runs, sides.sides(names, program, {}, {})).others
    return other


def test_the_first_difference_is_explained_and_confirmed(write: Write, runs: Make) -> None:
    """Class weights reach the validation of Keras 2.3: the weights trained are the same."""
    program = write(
        HEAD
        + """
model = Sequential([Dense(1, activation="sigmoid", input_shape=(3,))])
model.compile("sgd", "binary_crossentropy")
model.fit(x, y, epochs=2, validation_split=0.25, class_weight={0: 1.0, 1: 5.0}, verbose=0)
model.evaluate(x, y, verbose=0)
"""
    )

    found = compared(runs(), program, "reference", "twin:keras-2.3")

    (seen,) = found.seen
    assert (seen.state, seen.parting.method, seen.parting.detail) == (
        State.FIRST,
        "fit",
        "val_loss",
    )
    assert found.reasons[0].clause == "fit.validation_split.class-weight-not-applied"
    assert found.proved == ["class-weights-reach-the-split"]


def test_what_is_shuffled_comes_in_one_order(write: Write, runs: Make) -> None:
    """Arrays, chunks of them and a Sequence, whatever else a side draws."""
    program = write(
        HEAD
        + """
from keras.utils import Sequence

class Batches(Sequence):
    def __len__(self):
        return 8
    def __getitem__(self, index):
        return x[5 * index:5 * index + 5], y[5 * index:5 * index + 5]

np.random.rand(SHIFT)
model = Sequential([Dense(1, input_shape=(3,))])
model.compile("sgd", "mse")
model.fit(x, y, batch_size=7, epochs=3, verbose=0)
model.fit(x, y, batch_size=7, epochs=3, shuffle="batch", verbose=0)
model.fit(Batches(), epochs=3, verbose=0)
""",
        "first.py",
    )
    other = write(program.read_text().replace("SHIFT", "5"), "other.py")
    program.write_text(program.read_text().replace("SHIFT", "0"))
    names = ("reference", "twin:keras-2.3")

    (found,) = trace(runs(), sides.sides(names, program, {"twin:keras-2.3": other}, {})).others

    assert list(found.seen) == []


def test_what_follows_is_told_from_what_is_new(write: Write, runs: Make) -> None:
    """The second call differs as its weights do; the third does by itself."""
    first = (
        HEAD
        + """
model = Sequential([Dense(1, input_shape=(3,))])
model.compile("sgd", "mse")
model.fit(x, y, epochs=EPOCHS, verbose=0)
model.predict(x)
model.evaluate(x, SIGN * y, verbose=0)
"""
    )
    program = write(first.replace("EPOCHS", "2").replace("SIGN", "1"), "first.py")
    other = write(first.replace("EPOCHS", "3").replace("SIGN", "-1"), "other.py")
    names = ("reference", "twin:keras-2.3")

    (found,) = trace(runs(), sides.sides(names, program, {"twin:keras-2.3": other}, {})).others

    states = {(each.parting.method, each.parting.aspect): each.state for each in found.seen}
    assert states["fit", "the weights afterwards"] is State.FIRST
    assert states["predict", "the numbers that it returns"] is State.FOLLOWS
    assert states["evaluate", "what is handed over"] is State.NEW
    assert states["evaluate", "the numbers that it returns"] is State.NEW


@pytest.mark.parametrize(
    ("optimizer", "state"),
    [("SGD(0.1)", State.FOLLOWS), ("SGD(0.1, momentum=0.9)", State.REMEMBERED)],
)
def test_what_an_optimizer_remembers_is_told(
    optimizer: str, state: State, write: Write, runs: Make
) -> None:
    """The second training differs from the same weights, too, if there is momentum."""
    text = (
        HEAD
        + f"""
from keras.optimizers import SGD
model = Sequential([Dense(1, input_shape=(3,))])
model.compile({optimizer}, "mse")
model.fit(x, y, epochs=EPOCHS, verbose=0)
model.fit(x, y, verbose=0)
"""
    )
    program = write(text.replace("EPOCHS", "2"), "first.py")
    other = write(text.replace("EPOCHS", "3"), "other.py")
    names = ("reference", "twin:keras-2.3")

    (found,) = trace(runs(), sides.sides(names, program, {"twin:keras-2.3": other}, {})).others

    last = [each.state for each in found.seen if each.parting.call == 2]
    assert last
    assert set(last) == {state}


def test_chance_is_told_as_such(write: Write, runs: Make) -> None:
    """Dropout draws otherwise with another seed, and what comes after has other weights."""
    text = (
        HEAD
        + """
np.random.seed(SEED)
model = Sequential([Dense(4, input_shape=(3,)), Dropout(0.5), Dense(1)])
model.compile("sgd", "mse")
model.fit(x, y, verbose=0)
model.predict(x)
"""
    )
    program = write(text.replace("np.random.seed(SEED)", ""), "first.py")
    other = write(
        text.replace("np.random.seed(SEED)", "import keras; keras.set_random_seed(1)"), "other.py"
    )
    names = ("reference", "twin:keras-2.3")

    (found,) = trace(runs(), sides.sides(names, program, {"twin:keras-2.3": other}, {})).others

    assert found.first is None
    assert {(each.parting.method, each.state) for each in found.seen} == {
        ("fit", State.CHANCE),
        ("predict", State.FOLLOWS),
    }


def test_an_answer_that_rounding_tips_is_no_difference(write: Write, runs: Make) -> None:
    """One of 40 outputs is 0.5, or the next larger number: one is counted otherwise."""
    text = """
import numpy as np
from keras.layers import Dense
from keras.models import Sequential

x = np.zeros((40, 1), "float32")
x[0] = np.nextafter(np.float32(0.5), np.float32(TOWARDS))
model = Sequential([Dense(1, use_bias=False, kernel_initializer="ones", input_shape=(1,))])
model.compile("sgd", "mse", metrics=["accuracy"])
model.evaluate(x, np.zeros((40, 1)), verbose=0)
"""
    program = write(text.replace("TOWARDS", "0"), "first.py")
    other = write(text.replace("TOWARDS", "1"), "other.py")
    names = ("reference", "twin:keras-2.3")

    (found,) = trace(runs(), sides.sides(names, program, {"twin:keras-2.3": other}, {})).others

    assert [(each.state, each.parting.counted) for each in found.seen] == [(State.TIPPED, 40)]
    assert found.first is None
    assert not found.differs


def test_a_side_that_does_not_come_so_far_differs(write: Write, runs: Make) -> None:
    """What it raised instead is told."""
    program = write(HEAD + 'Sequential([Dense(1, input_shape=(3,))]).compile("sgd", "mse")\n')
    other = write("raise RuntimeError('not so far')\n", "other.py")
    names = ("reference", "twin:keras-2.3")

    (found,) = trace(runs(), sides.sides(names, program, {"twin:keras-2.3": other}, {})).others

    assert found.first is not None
    assert found.first.aspect == "whether the program comes so far"
    assert found.first.other == "raised in line 1: RuntimeError: not so far"
