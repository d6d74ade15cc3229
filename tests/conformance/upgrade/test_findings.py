"""Tests of `fitspec.conformance.upgrade.findings`: each kind of finding, and what is none."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from fitspec.conformance.changes.compare import compare
from fitspec.conformance.upgrade.findings import Examiner
from fitspec.conformance.upgrade.sides import comparison

from .programs import HEAD, MODEL, NEXT, found_in, source_of, told

if TYPE_CHECKING:
    from pathlib import Path

#: What is written after a model and data; the clause, the kind, and whether it is certain.
FORWARD = (
    ("model.fit(x, y, shuffle='batch')", "fit.shuffle.batch-chunks", "silent", True),
    (
        "model.fit(x, y, class_weight={0: 1., 1: 2.}, validation_split=0.2)",
        "fit.validation_split.class-weight-not-applied",
        "silent",
        True,
    ),
    (
        "model.fit(x, y, steps_per_epoch=4, shuffle=False)",
        "fit.steps_per_epoch.with-arrays",
        "silent",
        True,
    ),
    ("model.evaluate(x, y, steps=4)", "evaluate.steps.with-arrays", "silent", True),
    ("model.predict(x, steps=4)", "predict.steps.with-arrays", "silent", True),
    (
        "model.fit(x, y, class_weight={0: 1.}, sample_weight=np.ones(16))",
        "fit.class_weight.with-sample-weight",
        "fails",
        True,
    ),
    (
        "model.fit(x, y, validation_freq=(1, 3))",
        "fit.validation_freq.tuple-set",
        "fails",
        True,
    ),
    ("model.fit(x, y, nb_epoch=3)", "fit.kwargs.nb_epoch", "fails", True),
    ("model.get_layer('dense', index=0)", "get_layer.index-precedence", "fails", True),
    ("model.fit(x, y, workers=4)", "fit.workers.zero-main-thread", "absent", True),
    (
        "model.predict(x, use_multiprocessing=True)",
        "predict.signature.defaults",
        "absent",
        True,
    ),
    (
        "model.compile('sgd', 'mse', target_tensors=[y])",
        "compile.target_tensors.single-list-dict",
        "absent",
        True,
    ),
    ("model.fit_generator(x)", "fit_generator.signature.defaults", "absent", True),
    (
        "dict(zip(model.metrics_names, [1.0]))",
        "evaluate.returns.metrics_names-labels",
        "otherwise",
        False,
    ),
)


@pytest.mark.parametrize(("line", "clause", "kind", "certain"), FORWARD)
def test_each_kind_of_change_is_found(
    line: str, clause: str, kind: str, certain: bool, tmp_path: Path
) -> None:
    """From Keras 2.3 to Keras 3: the line, the clause, what it means, and how sure it is."""
    assert told(found_in(MODEL + line, tmp_path)) == [(NEXT, clause, kind, certain)]


@pytest.mark.parametrize(
    ("given", "told_of"),
    [("", []), (", metrics=[]", []), (", metrics=['mae']", [True]), (", metrics=chosen", [False])],
)
def test_names_of_results_are_told_as_surely_as_metrics_are_seen(
    given: str, told_of: list[bool], tmp_path: Path
) -> None:
    """Of one output without metrics they are the same on both sides."""
    text = f"{MODEL}model.compile('sgd', 'mse'{given})\nmodel.metrics_names\n"

    findings = told(found_in(text, tmp_path))

    assert [certain for line, *_, certain in findings if line == NEXT + 1] == told_of


BACKWARD = (
    ("model.compile(loss='mse')", "compile.signature.defaults", "fails", True),
    (
        "model.fit(x, y, steps_per_epoch=4, batch_size=4, shuffle=False)",
        "fit.steps_per_epoch.excludes-batch_size",
        "fails",
        True,
    ),
    (
        "model.fit((pair for pair in [(x, y)]), epochs=1)",
        "fit.x.generator-without-steps",
        "fails",
        True,
    ),
    ("model.fit(x, y, shuffle='batch')", "fit.shuffle.batch-chunks", "silent", True),
)


@pytest.mark.parametrize(("line", "clause", "kind", "certain"), BACKWARD)
def test_the_way_back_is_read_as_well(
    line: str, clause: str, kind: str, certain: bool, tmp_path: Path
) -> None:
    """From Keras 3 to Keras 2.3."""
    findings = told(found_in(MODEL + line, tmp_path, "keras-3-jax", "keras-2.3"))

    assert (NEXT, clause, kind, certain) in findings


@pytest.mark.parametrize(
    "line",
    [
        "model.fit(x, y, shuffle=True, epochs=3, verbose=2, validation_split=0.2)",
        "model.fit(x, y, class_weight=None, validation_split=0.2)",
        # What is no dict had no effect.
        "model.fit(x, y, class_weight=x.max() / x[0], validation_split=0.2)",
        "model.fit(x, y, class_weight=np.ones(2), validation_split=0.2)",
        "model.fit(x, y, class_weight={0: 1.}, validation_split=0.0)",
        "model.fit(x, y, class_weight={0: 1.}, validation_split=0.2, validation_data=(x, y))",
        "model.fit((pair for pair in [(x, y)]), steps_per_epoch=1, shuffle='batch')",
        "model.fit(x, y, validation_freq=[1, 3])",
        "model.compile('sgd', 'mse', metrics=['mae'])",
        "model.get_layer('dense')",
        "model.get_layer(index=0)",
        "model.predict(x)",
        "model.save('a.h5')",
    ],
)
def test_what_does_not_change_is_not_found(line: str, tmp_path: Path) -> None:
    """A program that reads clean is one that nothing is known to change for."""
    assert not found_in(MODEL + line, tmp_path)


def test_what_was_refused_before_is_in_no_program(tmp_path: Path) -> None:
    """Keras 2.3 refuses both together, so that no program that ran there has them."""
    line = "model.fit((pair for pair in [(x, y)]), batch_size=3, steps_per_epoch=2)"

    assert not found_in(MODEL + line, tmp_path)
    assert told(found_in(MODEL + line, tmp_path, "keras-3-jax", "keras-2.3")) == [
        (NEXT, "fit.batch_size.not-with-generator", "fails", True)
    ]


def test_what_trains_no_epoch_fails_where_it_did(tmp_path: Path) -> None:
    """Keras 3.0 raises where `epochs` is not greater than `initial_epoch`, 3.15 does nothing."""
    clause = "fit.epochs.not-greater-than-initial"
    program = f"{MODEL}n = 3\nmodel.fit(x, y, initial_epoch=n, epochs=3)\nmodel.fit(x, y, epochs=3)"
    back = told(found_in(program, tmp_path, "keras@3.15", "keras@3.0"))
    forth = [item.clause for item in found_in(program, tmp_path, "keras@3.0", "keras@3.15")]

    assert [item for item in back if item[1] == clause] == [(NEXT + 1, clause, "fails", True)]
    assert clause not in forth


def test_nothing_changes_from_an_implementation_to_itself(tmp_path: Path) -> None:
    """The same program, the same sides."""
    program = f"{MODEL}model.fit(x, y, shuffle='batch', workers=3)"

    assert not found_in(program, tmp_path, "keras-2.3", "keras-2.3")


def test_the_worst_comes_first(tmp_path: Path) -> None:
    """Numbers that change without an error, before what says itself that it fails."""
    program = f"{MODEL}model.fit(x, y, nb_epoch=3)\nmodel.fit(x, y, shuffle='batch', workers=2)"

    assert [str(item.kind) for item in found_in(program, tmp_path)] == ["silent", "fails", "absent"]


def test_what_cannot_be_seen_is_said(tmp_path: Path) -> None:
    """An argument of a function may be None, and who calls it is not known."""
    program = f"""{HEAD}
def train(x, y, weights=None):
    model = Sequential([Dense(1)])
    model.fit(x, y, class_weight=weights, validation_split=0.2)
"""
    (found,) = found_in(program, tmp_path)

    assert (found.clause, found.certain) == ("fit.validation_split.class-weight-not-applied", False)
    assert found.condition == "`class_weight` is given, and not None"


def test_what_may_be_given_and_must_not_be_is_said(tmp_path: Path) -> None:
    """Keywords that cannot be seen may hold data to validate on, in place of the split."""
    program = f"{MODEL}model.fit(x, y, validation_split=0.2, class_weight={{0: 2.0}}, **more())"
    conditions = {item.clause: item.condition for item in found_in(program, tmp_path)}

    assert conditions["fit.validation_split.class-weight-not-applied"] == (
        "`validation_data` is not given, or None"
    )


@pytest.mark.parametrize(
    ("more", "condition"),
    [("", ""), ("y = y.astype('f4') / 2\n", "`y` is an array, not a tensor")],
)
def test_arrays_are_seen_where_they_come_from_keras(
    more: str, condition: str, tmp_path: Path
) -> None:
    """A name that is given again is something, but its form is not followed."""
    program = f"""\
from keras.datasets import mnist
from keras.models import load_model
(x, y), _ = mnist.load_data()
{more}load_model("a").fit(x, y, steps_per_epoch=3, shuffle=False)
"""
    (found,) = found_in(program, tmp_path)

    assert (found.clause, found.condition) == ("fit.steps_per_epoch.with-arrays", condition)


CROSSENTROPIES = (
    "'binary_crossentropy' or 'categorical_crossentropy' or 'sparse_categorical_crossentropy'"
)


@pytest.mark.parametrize(
    ("given", "condition"),
    [
        ("'mse', ['acc']", "an output has one column"),
        ("losses.mse, {'out': ['mae', 'acc']}", "an output has one column"),
        ("losses.MeanSquaredError(), 'accuracy'", "an output has one column"),
        (
            "chosen(), ['acc']",
            f"`loss` is not {CROSSENTROPIES}; an output has one column",
        ),
        (
            "'mse', [chosen()]",
            "`metrics` has 'acc' or 'accuracy'; an output has one column",
        ),
        ("'mse', ['mae', losses.mse]", None),
        ("'binary_crossentropy', ['acc']", None),
        ("losses.categorical_crossentropy, ['acc']", None),
        ("losses.SparseCategoricalCrossentropy(), ['acc']", None),
        ("chosen(), []", None),
    ],
)
def test_names_are_compared_however_they_are_given(
    given: str, condition: str | None, tmp_path: Path
) -> None:
    """As text, as what Keras has under that name, and among the items of a list or a dict."""
    program = f"{MODEL}from keras import losses; model.compile('sgd', {given})"
    found = found_in(program, tmp_path, "keras-2.3-theano", "keras-3-jax")

    told = {item.clause: item.condition for item in found}

    assert told.get("compile.metrics.accuracy-resolution") == condition


def test_a_finding_says_what_to_write_and_how_to_see_it(tmp_path: Path) -> None:
    """The advice, what both sides do, and the command that makes a script."""
    (found,) = found_in(f"{MODEL}model.fit(x, y, nb_epoch=3)", tmp_path)

    assert found.call == "model.fit"
    assert (found.before, found.after) == (
        "it is taken for epochs",
        "it is refused with a TypeError",
    )
    assert found.advice is not None
    assert found.advice.says == "It is called `epochs`."
    assert found.repro == "fitspec repro fit.kwargs.nb_epoch --implementation keras-3-jax"


@pytest.mark.parametrize(
    ("comment", "left"),
    [
        ("# fitspec: ignore[fit.kwargs.nb_epoch]", 1),
        ("# fitspec: ignore[fit.kwargs.nb_epoch, fit.shuffle.batch-chunks] no matter here", 0),
        ("# fitspec: ignore[fit.epochs.final-epoch]", 2),
    ],
)
def test_a_comment_passes_over_a_clause(comment: str, left: int, tmp_path: Path) -> None:
    """On any line of the call, for the clauses that it names."""
    program = f"{MODEL}model.fit(\n    x, y, nb_epoch=3,\n    shuffle='batch',  {comment}\n)"

    assert len(found_in(program, tmp_path)) == left


def test_hooks_of_callbacks_are_read(tmp_path: Path) -> None:
    """What they read of a batch, and the validation data that Keras 2.3 gave them."""
    program = """\
from tensorflow.keras.callbacks import Callback
class Plot(Callback):
    def on_epoch_end(self, epoch, logs=None):
        print(logs["loss"], self.validation_data)
    def on_batch_end(self, batch, logs=None):
        print(logs["loss"], logs.get("size"))
        self.model.stop_training = True
class Given(Callback):
    def __init__(self, data):
        self.validation_data = data
    def on_epoch_end(self, epoch, logs=None):
        print(self.validation_data)
class Other:
    def on_batch_end(self, batch, logs=None):
        print(logs["loss"])
"""
    assert told(found_in(program, tmp_path)) == [
        (4, "fit.callbacks.validation_data", "otherwise", True),
        (6, "fit.callbacks.batch-logs-loss", "silent", True),
        (6, "fit.callbacks.batch-logs-size", "otherwise", True),
        (7, "fit.callbacks.stop-in-batch", "otherwise", False),
    ]


def test_outputs_are_counted_where_they_can_be(tmp_path: Path) -> None:
    """A flat list of metrics means something else for several outputs alone."""
    program = """\
from keras import Input, Model
from keras.layers import Dense
i = Input((3,))
a, b = Dense(1)(i), Dense(1)(i)
Model(i, a).compile("sgd", "mse", metrics=["mae"])
Model(i, [a]).compile("sgd", "mse", metrics=["mae"])
Model(inputs=i, outputs=[a, b]).compile("sgd", "mse", metrics=["mae", "mse"])
"""
    assert told(found_in(program, tmp_path)) == [
        (7, "compile.metrics.flat-list-on-multi-output", "silent", True)
    ]


def test_what_another_check_decided_is_no_certain_change(tmp_path: Path) -> None:
    """It may be the check that changed; what is not there is not a matter of checks."""
    text = MODEL + "model.compile('sgd', 'mse')\nmodel.fit(x, y, shuffle='batch', workers=4)\n"
    source = source_of(text, tmp_path)
    known = comparison("keras-2.3", "keras-3-jax")
    before, after = (
        replace(side, checks=dict.fromkeys(side.findings, by))
        for side, by in ((known.before, "one"), (known.after, "other"))
    )

    by_one = {item.clause: item for item in Examiner(known).examine(source)}
    by_two = {item.clause: item for item in Examiner(compare(before, after)).examine(source)}

    assert by_one.keys() == by_two.keys()
    certain = {clause for clause, item in by_one.items() if item.certain}
    assert {"fit.shuffle.batch-chunks", "fit.workers.zero-main-thread"} <= certain
    assert not by_two["fit.shuffle.batch-chunks"].certain
    assert "decided by another" in by_two["fit.shuffle.batch-chunks"].condition
    assert by_two["fit.workers.zero-main-thread"].certain
