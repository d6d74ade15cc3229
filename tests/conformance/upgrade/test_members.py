"""Tests of `fitspec.conformance.upgrade.members`: what is gone that no clause is about."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from fitspec.conformance.upgrade.findings import Examiner, Kind
from fitspec.conformance.upgrade.sides import comparison

from .programs import HEAD, MODEL, NEXT, found_in, source_of

if TYPE_CHECKING:
    from pathlib import Path

GONE = (
    ("model.predict_classes(x)", "predict_classes"),
    ("classes = model.predict_proba(x, batch_size=4)", "predict_proba"),
    ("model.reset_states()", "reset_states"),
    ("ask = model.predict_classes", "predict_classes"),
    ("print(model.uses_learning_phase)", "uses_learning_phase"),
    ("model.add_loss(x, inputs=None)", "inputs"),
)


@pytest.mark.parametrize(("line", "name"), GONE)
def test_what_both_sides_said_of_their_models_is_told(line: str, name: str, tmp_path: Path) -> None:
    """Methods, called or passed on, attributes, and arguments; without a clause, and certain."""
    (found,) = found_in(MODEL + line, tmp_path)

    assert (found.place.line, found.clause, found.repro) == (NEXT, "", "")
    assert (found.kind, found.certain) == (Kind.ABSENT, True)
    assert (found.before, found.after) == (f"`{name}` was there", f"there is no `{name}`")


def test_a_method_of_this_name_is_keras_s_whatever_it_is_called_of(tmp_path: Path) -> None:
    """As no other library has one."""
    (found,) = found_in(HEAD + "def ask(it, x):\n    return it.predict_classes(x)", tmp_path)

    assert found.condition == "`it` is a model of Keras"


NOT_GONE = (
    "model.summary(line_length=80)",  # It is there, with the argument.
    "model.save('m.h5', include_optimizer=False)",  # What else it takes, it does not say.
    "model.history",  # It comes with the first training.
    "model.add_loss(x)",  # By position it is taken, whatever it is called.
    "model.targets = []\nprint(model.targets)",  # It is the program's own.
    "import sklearn.svm\nclf = sklearn.svm.SVC()\nclf.fit(x, y)\nclf.predict_proba(x)",
    "model.reset_states()  # fitspec: ignore[reset_states] nothing is stateful",
)


@pytest.mark.parametrize("lines", NOT_GONE)
def test_what_is_there_is_not_told(lines: str, tmp_path: Path) -> None:
    """Nor what is the program's own, what is no model's, and what a comment passes over."""
    assert found_in(MODEL + lines, tmp_path) == []


def test_a_class_may_have_a_method_of_its_own(tmp_path: Path) -> None:
    """Which has nothing to do with what Keras had by that name."""
    program = """
    from keras.models import Model
    class Net(Model):
        def reset_states(self):
            return None
    net = Net()
    net.reset_states()
    """

    assert found_in(program, tmp_path) == []


def test_what_the_program_sets_of_another_model_may_be_of_this_one(tmp_path: Path) -> None:
    """As it may be the same one by another name."""
    program = "other = Sequential()\nother.total_loss = 0\nprint(model.total_loss)"
    (found,) = found_in(MODEL + program, tmp_path)

    assert found.condition == "the program does not set `total_loss`"


@pytest.mark.parametrize("side", ["before", "after"])
def test_of_a_side_that_did_not_say_nothing_is_told(side: str, tmp_path: Path) -> None:
    """As in reports of before it was kept; and that it is not known is said."""
    known = comparison("keras-2.3", "keras-3-jax")
    silent = replace(
        getattr(known, side), subject=replace(getattr(known, side).subject, members={})
    )
    examiner = Examiner(replace(known, **{side: silent}))

    assert examiner.examine(source_of(MODEL + "model.predict_classes(x)", tmp_path)) == []
    assert examiner.not_known == [silent.name]
    assert Examiner(known).not_known == []
