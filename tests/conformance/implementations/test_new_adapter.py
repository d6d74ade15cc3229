"""Tests of `fitspec.conformance.implementations.new_adapter`."""

from __future__ import annotations

import ast
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fitspec import conformance
from fitspec.conformance import Verdict
from fitspec.conformance.cli import main
from fitspec.conformance.implementations.new_adapter import LIKE, write

from ...skeletons import fill_in

if TYPE_CHECKING:
    from fitspec.conformance import Report

#: A library with names of its own: modules that call others, and one linear layer.
LIBRARY = """
import numpy as np


class Weight:
    def set(self, value):
        self.value = np.asarray(value, np.float32)


class Module:
    def __call__(self, *inputs):
        return self.forward(*inputs)


class Linear(Module):
    def __init__(self, units, bias):
        self.weights = [Weight()]

    def forward(self, x):
        return x @ self.weights[0].value


class Curve:
    def __init__(self, rounds, errors):
        self.rounds, self.values = rounds, {"loss": errors}


class Model:
    def __init__(self, network):
        self.network = network

    def setup(self, rate, measure):
        self.rate = rate

    def predict(self, inputs, rows=32):
        return self.network(np.asarray(inputs, np.float32))

    def train(self, inputs, targets, rounds=1, first_round=0, rows=32, watchers=()):
        (layer,) = [item for item in vars(self.network).values() if isinstance(item, Linear)]
        (kernel,) = layer.weights
        errors = []
        for number in range(first_round, rounds):
            for watcher in watchers:
                watcher.model = self
                watcher.on_epoch_begin(number)
            errors.append([])
            for start in range(0, len(inputs), rows):
                x = inputs[start : start + rows]
                error = self.predict(x) - targets[start : start + rows]
                errors[-1].append(float(np.mean(error**2)))
                kernel.set(kernel.value - self.rate * 2 * x.T @ error / len(x))
        return Curve(list(range(first_round, rounds)), [np.mean(each) for each in errors])


class Watcher:
    pass
"""

#: What the author of its adapter fills in: lines of the skeleton -> what they become.
FILLED = {
    '    # "dense":': '    "dense":',
    "    # for own, given": "    for own, given",
    "    #     own.set": "        own.set",
    "methods = {}  #": 'methods = {"compile": "setup", "fit": "train"}  #',
    "arguments = {}  #": (
        'arguments = {("compile", "optimizer"): "rate", ("compile", "loss"): "measure",'
        ' ("fit", "x"): "inputs", ("fit", "y"): "targets", ("fit", "epochs"): "rounds",'
        ' ("fit", "initial_epoch"): "first_round", ("fit", "batch_size"): "rows",'
        ' ("fit", "callbacks"): "watchers", ("predict", "x"): "inputs",'
        ' ("predict", "batch_size"): "rows"}  #'
    ),
    "reveals = {}  #": 'reveals = {"Curve": {"epoch": "rounds", "history": "values"}}  #',
    "callback_class = None  #": "callback_class = library.Watcher  #",
    '        raise NotOffered("probe", "model", "`build_model` is to be written")': (
        "        class Network(ModuleNetwork, library.Module):\n            pass\n\n"
        "        return library.Model(Network(layers, outputs, layer))"
    ),
    '        raise NotOffered("attribute", "weights", "`weights` is to be written")': (
        "        parts = model.network.parts\n"
        "        return {name: [one.value for one in parts[name].weights] for name in parts}"
    ),
    '    raise NotOffered("probe", "sgd", "`build_sgd` is to be written")': "    return rate",
}


def verdicts(report: Report) -> dict[str, Verdict | None]:
    """Return the verdict of each clause, of a report without faults."""
    assert not report.faults
    assert not report.unavailable
    return {item.clause: item.verdict for item in report.findings}


def test_one_for_keras_names_is_whole_as_it_is_written(tmp_path: Path) -> None:
    """For a library that does as documented, all passes."""
    file = write("fitspec.reference", "keras", tmp_path)

    found = verdicts(conformance.run(str(file), clauses=["fit.epochs.*", "fit.callbacks.order*"]))

    assert file.name == "fitspec_reference_adapter.py"
    assert len(found) > 3
    # What the documents leave open has no verdict.
    assert set(found.values()) <= {Verdict.PASS, None}


def test_one_for_a_library_all_its_own_says_what_is_to_be_written(tmp_path: Path) -> None:
    """It runs; every clause is absent, with the reason, and none is an error."""
    file = write("numpy", "own", tmp_path)

    report = conformance.run(str(file), clauses=["fit.epochs.*", "predict.order"])

    assert set(verdicts(report).values()) <= {Verdict.ABSENT, None}
    assert "`build_model` is to be written" in str(report.findings)


def test_what_is_filled_in_is_held_against_the_contract(tmp_path: Path) -> None:
    """The lines that the skeleton offers in comments are those that a library needs."""
    (tmp_path / "tinylines.py").write_text(LIBRARY, "utf-8")
    file = write("tinylines", "own", tmp_path)
    fill_in(file, FILLED)

    report = conformance.run(str(file), clauses=["fit.epochs.*", "predict.order"])

    found = verdicts(report)
    assert found["fit.epochs.final-epoch"] is Verdict.PASS
    assert found["predict.order"] is Verdict.PASS
    assert Verdict.ERROR not in found.values()


@pytest.mark.parametrize("like", [like for like in LIKE if like != "javascript"])
def test_every_skeleton_is_for_the_oldest_python_and_within_the_lines(
    like: str, tmp_path: Path
) -> None:
    """It can be read by Python 3.7, and by people: its lines have 100 columns at most."""
    text = write("my.library", like, tmp_path).read_text("utf-8")

    ast.parse(text, feature_version=(3, 7))
    assert "class MyLibraryAdapter(" in text
    assert "import my.library as library" in text
    assert "$" not in text
    assert max(map(len, text.splitlines())) <= 100


@pytest.mark.parametrize("name", ["", "@me", "@me/", "@me/a/b", "../x", "My", "my library"])
def test_what_is_no_name_of_npm_is_refused(name: str, tmp_path: Path) -> None:
    """Nothing is written for it."""
    with pytest.raises(ValueError, match="expected one such as mylibrary or @me/library"):
        write(name, "javascript", tmp_path)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["", "my-library", "my library", "a..b", "class", "3d", "../x"])
def test_what_cannot_be_imported_is_refused(name: str, tmp_path: Path) -> None:
    """Nothing is written for it."""
    with pytest.raises(ValueError, match="is no name that a program imports a library by"):
        write(name, "keras", tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_is_never_written_over(tmp_path: Path) -> None:
    """Whoever asks twice keeps what was filled in."""
    file = write("mylibrary", "own", tmp_path)
    file.write_text("# filled in\n", "utf-8")

    with pytest.raises(ValueError, match="is there already, and stays as it is"):
        write("mylibrary", "keras", tmp_path)

    assert file.read_text("utf-8") == "# filled in\n"


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    """Nothing is made in its place."""
    with pytest.raises(ValueError, match="there is no such folder"):
        write("mylibrary", "own", tmp_path / "gone")

    assert not (tmp_path / "gone").exists()


def test_what_it_is_like_is_one_of_four(tmp_path: Path) -> None:
    """Another one is refused, with those that there are."""
    with pytest.raises(ValueError, match="one of keras, torch, own, javascript, got 'jax'"):
        write("mylibrary", "jax", tmp_path)


def test_the_command_says_what_comes_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The file, the next command, and which interpreter, where this one lacks the library."""
    monkeypatch.chdir(tmp_path)

    assert main.main(["new-adapter", "nowhere", "--like", "torch"]) == 0

    first, second = capsys.readouterr().out.splitlines()
    assert first.endswith("adapter.py is written; now: fitspec smoke ./nowhere_adapter.py")
    assert second.startswith("There is no nowhere beside fitspec: --python PATH names")
    assert Path("nowhere_adapter.py").is_file()


@pytest.mark.parametrize("there", [False, True])
def test_the_command_says_whether_node_finds_the_library(
    there: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It looks as Node does: in the folder of the file and in those above."""
    (tmp_path / "node_modules" / "@me" / ("lib.js" if there else "other")).mkdir(parents=True)
    (tmp_path / "tests").mkdir()

    argv = ["new-adapter", "@me/lib.js", "--like", "javascript", "--into", str(tmp_path / "tests")]
    assert main.main(argv) == 0

    file = tmp_path / "tests" / "me_lib_js_adapter.mjs"
    first, *more = capsys.readouterr().out.splitlines()
    assert first == f"{file} is written; now: fitspec smoke {file}"
    assert more == (
        [] if there else ["Node finds no @me/lib.js from there: `npm install` it there."]
    )
    assert 'import * as library from "@me/lib.js";' in file.read_text("utf-8")
    assert max(map(len, file.read_text("utf-8").splitlines())) <= 110


def test_the_command_refuses_as_any_command_does(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Wrong usage is a status, and one line."""
    assert main.main(["new-adapter", "my-library", "--into", str(tmp_path)]) == 2

    assert capsys.readouterr().err.startswith("fitspec: NAME: 'my-library' is no name")
    assert "my-library" not in sys.modules
