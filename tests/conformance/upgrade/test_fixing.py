"""Tests of `fitspec.conformance.upgrade.fixing`: what is rewritten, and what stays."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

import fitspec.reference
from fitspec.conformance.upgrade.fixing import by_hand, difference, fixed
from fitspec.conformance.upgrade.sources import Source, read

from .programs import examiner, found_in, source_of
from .test_sources import notebook

if TYPE_CHECKING:
    from pathlib import Path

HEAD = """\
import keras
import numpy as np
def batches():
    while True:
        yield np.ones((4, 3)), np.ones((4, 1))
model = keras.models.Sequential([keras.layers.Dense(1, input_shape=(3,))])
model.compile("sgd", "mse")
g = batches()
"""
REWRITTEN = {
    "a name": ("model.fit_generator(g, steps_per_epoch=3)", "model.fit(g, steps_per_epoch=3)"),
    "positions": ("model.fit_generator(g, 3, (2))", "model.fit(g, steps_per_epoch=3, epochs=(2))"),
    "by name": (
        "model.fit_generator(generator=g, steps_per_epoch=3)",
        "model.fit(x=g, steps_per_epoch=3)",
    ),
    "what is done anyway": (
        "model.fit_generator(g, 3, workers=1, use_multiprocessing=False, verbose=0)",
        "model.fit(g, steps_per_epoch=3, verbose=0)",
    ),
    "quiet": ("model.predict_generator(g, 3)", "model.predict(g, steps=3, verbose=0)"),
    "on lines": (
        "model.evaluate_generator(\n    g,\n    3,\n)",
        "model.evaluate(\n    g,\n    steps=3, verbose=0,\n)",
    ),
    "not quiet": (
        "model.evaluate_generator(g, 3, verbose=1)",
        "model.evaluate(g, steps=3, verbose=1)",
    ),
    "idle by position": (
        "model.evaluate_generator(g, 3, None, 10, 1, False, 1)",
        "model.evaluate(g, steps=3, callbacks=None, verbose=1)",
    ),
    "a comma in a comment": (
        "model.fit_generator(g,  # one, two\n    3)",
        "model.fit(g,  # one, two\n    steps_per_epoch=3)",
    ),
    "quiet beside a comment": (
        "model.evaluate_generator(\n    g,\n    3  # three\n)",
        "model.evaluate(\n    g,\n    steps=3, verbose=0  # three\n)",
    ),
    "quiet beside a comma and a comment": (
        "model.evaluate_generator(\n    g,\n    3,  # three\n)",
        "model.evaluate(\n    g,\n    steps=3, verbose=0,  # three\n)",
    ),
    "what is done anyway, between comments": (
        (
            "model.fit_generator(\n\tg,\n\tworkers=1,  # one\n\tuse_multiprocessing=False,\n"
            "\tsteps_per_epoch=3,  # three\n\tmax_queue_size=10,\n)"
        ),
        "model.fit(\n\tg,  # one\n\tsteps_per_epoch=3,  # three\n\t\n)",
    ),
    "quiet, and what is done anyway, after a comment": (
        "model.evaluate_generator(\n    g, steps=3,  # three\n    workers=1,\n)",
        "model.evaluate(\n    g, steps=3,  # three\n     verbose=0,\n)",
    ),
    "in parentheses, and spaced": (
        "(model . fit_generator) (g, (3), verbose = 0)",
        "(model . fit) (g, steps_per_epoch=(3), verbose = 0)",
    ),
    "its older arguments": (
        "model.fit_generator(g, steps_per_epoch=3, nb_epoch=2)",
        "model.fit(g, steps_per_epoch=3, epochs=2)",
    ),
    "one in another": (
        "[model.predict_generator(model.predict_generator(g, 1) is not None and g, 1)]",
        (
            "[model.predict(model.predict(g, steps=1, verbose=0) is not None and g, "
            "steps=1, verbose=0)]"
        ),
    ),
    "epochs": (
        "é = model.fit(np.ones((4, 3)), np.ones((4, 1)), nb_epoch=3)",
        "é = model.fit(np.ones((4, 3)), np.ones((4, 1)), epochs=3)",
    ),
}
LEFT = {
    "a dict": "o = f()\nmodel.fit_generator(g, **o)",
    "a starred argument": "model.fit_generator(*o)",
    "a part of a text": "f'{model.evaluate_generator(g, 3)}'" if sys.version_info < (3, 12) else "",
    "steps that may be no whole number": "model.fit_generator(g, len(x) / 2)",
    "ignored": "model.fit_generator(g, 3)  # fitspec: ignore[fit_generator.signature.defaults]",
    "another name for it": "go = model.fit_generator\ngo(g, 3)\ngo(g, 3)",
    "passed on": "from functools import partial\npartial(model.fit_generator, g, 3)",
    "its name as a text": "getattr(model, 'fit_generator')(g, 3)",
    "no model": "class A:\n    pass\nA().fit_generator(g, 3)",
    "perhaps a model": "def f(model):\n    model.fit_generator(g, 3)",
    "gone without another name": "model.compile('sgd', 'mse', target_tensors=t)",
}


@pytest.mark.parametrize(("before", "after"), REWRITTEN.values(), ids=REWRITTEN)
def test_what_has_another_name_is_rewritten(before: str, after: str, tmp_path: Path) -> None:
    """To what does the same, reads clean, and runs."""
    source = source_of(HEAD + before, tmp_path)

    text = fixed(source, (HEAD + before).encode(), examiner()).decode()

    assert text == HEAD + after
    assert not found_in(text, tmp_path)
    names = {"keras": fitspec.reference}
    exec(text.replace("import keras\n", ""), names)  # noqa: S102  the program that is left


@pytest.mark.parametrize("line", LEFT.values(), ids=LEFT)
def test_what_is_not_sure_stays(line: str, tmp_path: Path) -> None:
    """The finding stays too, and says what to do."""
    content = (HEAD + line).encode()

    assert fixed(source_of(HEAD + line, tmp_path), content, examiner()) == content


def test_what_stands_in_a_text_is_rewritten_or_it_is_said_how(tmp_path: Path) -> None:
    """Python 3.11 does not show where the parts of an f-string stand; then the finding tells."""
    line = "f'é {model.evaluate_generator(g, 3):.2f} {model.fit(g, nb_epoch=2)}'"
    content = (HEAD + line).encode()
    source = source_of(HEAD + line, tmp_path)

    after = fixed(source, content, examiner()).decode()
    left = by_hand(source, content, examiner())

    evaluates, fits = "model.evaluate(g, steps=3, verbose=0)", "model.fit(g, epochs=2)"
    if sys.version_info >= (3, 12):
        assert after == f"{HEAD}f'é {{{evaluates}:.2f}} {{{fits}}}'"
        assert not left
    else:
        why = "as Python before 3.12 does not show where the parts of an f-string stand"
        assert after == HEAD + line
        assert {item.clause: text for item, text in left.items()} == {
            "evaluate_generator.signature.defaults": f"`{evaluates}`, {why}",
            "fit.kwargs.nb_epoch": f"`{fits}`, {why}",
        }


def test_of_a_notebook_it_is_said_how(tmp_path: Path) -> None:
    """What would not be rewritten in a file has nothing that could be said."""
    cell = f"{HEAD}model.fit_generator(g, 3)\nmodel.fit_generator(g, **o)\nmodel.metrics_names"
    file = tmp_path / "n.ipynb"
    file.write_text(notebook(cell), "utf-8")
    (source,) = read([file])
    assert isinstance(source, Source)

    left = by_hand(source, file.read_bytes(), examiner())

    assert [*left.values()] == [
        "`model.fit(g, steps_per_epoch=3)`, as `--fix` rewrites no notebook"
    ]


def test_what_other_arguments_say_stays_to_be_seen(tmp_path: Path) -> None:
    """Four workers become none, which is for a person to decide."""
    line = "model.fit_generator(g, 3, workers=4)"
    text = fixed(source_of(HEAD + line, tmp_path), (HEAD + line).encode(), examiner()).decode()

    assert text == f"{HEAD}model.fit(g, steps_per_epoch=3, workers=4)"
    assert [item.clause for item in found_in(text, tmp_path)] == ["fit.workers.zero-main-thread"]


def test_the_way_back_rewrites_nothing(tmp_path: Path) -> None:
    """Keras 2.3 has `fit_generator`, and a program for Keras 3 does not call it."""
    content = f"{HEAD}model.fit_generator(g, 3)".encode()
    back = examiner("keras-3-jax", "keras-2.3")

    assert fixed(source_of(content.decode(), tmp_path), content, back) == content


@pytest.mark.parametrize("encoding", ["latin-1", "utf-8", "utf-8-sig"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_encodings_and_ends_of_lines_stay(encoding: str, end: str, tmp_path: Path) -> None:
    """Columns are counted in UTF-8, whatever a file is written in."""
    first = "" if encoding == "utf-8-sig" else f"# -*- coding: {encoding} -*-\n"
    lines = "é = model.{0}(g,  # é\n\t{1}=3)\n\f\nü = model.{0}(g, {1}=3)"
    before = first + HEAD + lines.format("fit_generator", "steps_per_epoch")
    after = first + HEAD + lines.format("fit", "steps_per_epoch")
    content, expected = (each.replace("\n", end).encode(encoding) for each in (before, after))
    file = tmp_path / "program.py"
    file.write_bytes(content)
    (source,) = read([file])
    assert isinstance(source, Source)

    assert fixed(source, content, examiner()) == expected


def test_a_diff_says_what_is_changed() -> None:
    """As `diff -u` says it."""
    lines = difference("a.py", b"a\nb\n", b"a\nc\n").splitlines()

    assert lines == ["--- a.py", "+++ a.py", "@@ -1,2 +1,2 @@", " a", "-b", "+c"]


def test_a_diff_can_be_applied_whatever_the_file_holds() -> None:
    """A last line without an end, what only some take for one, and a name with ends of lines."""
    before, after = "a\f\u2028b\nc\r\nd".encode(), "a\f\u2028b\nc\r\ne".encode()

    assert difference("a\n::error::b.py", before, after).split("\n") == [
        *("--- a\\n::error::b.py", "+++ a\\n::error::b.py", "@@ -1,3 +1,3 @@"),
        *(" a\f\u2028b", " c"),
        *("-d", "\\ No newline at end of file", "+e", "\\ No newline at end of file", ""),
    ]
