"""The adapter that `fitspec new-adapter --like javascript` writes, with a Node here to run it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fitspec import conformance
from fitspec.conformance import Verdict
from fitspec.conformance.environments import programs
from fitspec.conformance.implementations import javascript
from fitspec.conformance.implementations.new_adapter import write
from fitspec.conformance.implementations.registry import find
from fitspec.conformance.running.smoke import NotStarted, smoke

from ..required import lacks
from ..skeletons import fill_in

if TYPE_CHECKING:
    from pathlib import Path

    from fitspec.conformance import Report

pytestmark = pytest.mark.needs("node")

#: A library with names of its own: one linear unit, trained by rounds.
LIBRARY = """
export const version = "0.1";

export class Watcher {}

export class Curve {
  constructor(rounds, errors) {
    Object.assign(this, {rounds, errors});
  }
}

export class Line {
  constructor(slope) {
    this.slope = slope;
  }

  setUp(rate) {
    this.rate = rate;
  }

  apply(xs) {
    return xs.map((x) => x * this.slope);
  }

  async train(xs, ys, {rounds = 1, first = 0, rows = 32, watchers = []} = {}) {
    const curve = new Curve([], []);
    for (let round = first; round < rounds; round += 1) {
      for (const watcher of watchers) {
        watcher.line = this;
        await watcher.onRound(round, {});
      }
      for (let row = 0; row < xs.length; row += rows) {
        this.step(xs.slice(row, row + rows), ys.slice(row, row + rows));
      }
      curve.rounds.push(round);
    }
    return curve;
  }

  step(xs, ys) {
    const errors = this.apply(xs).map((value, place) => value - ys[place]);
    const slopes = errors.map((error, place) => 2 * error * xs[place]);
    this.slope -= this.rate * slopes.reduce((sum, slope) => sum + slope, 0) / errors.length;
  }
}
"""

#: What the author of its adapter fills in: lines of the skeleton -> what they become.
FILLED = {
    "  return translated(value, rowsOf);  // arrays of arrays; or of its own:": (
        "  return translated(value, numbersOf);"
    ),
    '  // if (value instanceof library.Tensor) return arrayOf("<f4", value.shape, value.data);': (
        '  if (Array.isArray(value)) return arrayOf("<f4", [value.length, 1], value);'
    ),
    '  throw new NotOffered("probe", "model", "`buildModel` is to be written");': (
        "  return new library.Line(numbersOf(layers[layers.length - 1].weights[0])[0]);"
    ),
    '  throw new NotOffered("probe", "sgd", "`buildSGD` is to be written");': "  return rate;",
    '  // epoch_begin: ["onRound", true],': '  epoch_begin: ["onRound", true],',
    "recorderOf(class {}, HOOKS, {  // library.Callback": "recorderOf(library.Watcher, HOOKS, {",
    "callback.model,": "callback.line,",
    "  // recorder: (log": "  recorder: (log",
    "  // compile: (model, {optimizer, loss}) => model.setup(optimizer, loss),": (
        "  compile: (model, {optimizer}) => model.setUp(optimizer),\n"
        "  predict: (model, {x}) => model.apply(toLibrary(x)),"
    ),
    "  // fit: (model, {x, y, epochs = 1}) => "
    "model.train(toLibrary(x), toLibrary(y), {rounds: epochs}),": (
        "  fit: (model, {x, y, epochs: rounds, initial_epoch: first, batch_size: rows,"
        " callbacks: watchers}) =>\n"
        "    model.train(toLibrary(x), toLibrary(y), {rounds, first, rows, watchers}),"
    ),
    '  fit: ["x", "y"],  // "epochs", "batch_size"': (
        '  fit: ["x", "y", "epochs", "initial_epoch", "batch_size", "callbacks"],'
    ),
    '  throw new NotOffered("attribute", "weights", "`weights` is to be written");': (
        '  return {y: [arrayOf("<f4", [1, 1], [model.slope])]};'
    ),
    "  // if (value instanceof library.Curve) {": "  if (value instanceof library.Curve) {",
    '  //   return {classes: ["History"], attributes: {epoch: value.rounds, history: '
    "value.values}};": (
        '    return {classes: ["History"], attributes: {epoch: value.rounds, history: '
        "{loss: value.errors}}};"
    ),
    "  // }\n  return {classes,": "  }\n  return {classes,",
}

CLAUSES = ["fit.epochs.final-epoch", "fit.initial_epoch.*", "predict.order"]


@pytest.fixture(autouse=True)
def _node() -> None:
    """Each of these needs a Node that is new enough."""
    missing = programs.lacks(javascript.program())
    if missing:
        lacks(missing)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder in which Node finds the library."""
    package = tmp_path / "node_modules" / "tinyline"
    package.mkdir(parents=True)
    (package / "package.json").write_text('{"name": "tinyline", "main": "index.mjs"}')
    (package / "index.mjs").write_text(LIBRARY)
    return tmp_path


def verdicts(report: Report) -> dict[str, Verdict | None]:
    """Return the verdict of each clause, of a report without faults."""
    assert not report.faults
    assert not report.unavailable
    return {item.clause: item.verdict for item in report.findings}


def test_it_says_what_is_to_be_written(folder: Path) -> None:
    """It runs; every clause is absent, with the reason, and none is an error."""
    file = write("tinyline", "javascript", folder)

    report = conformance.run(str(file), clauses=CLAUSES)

    (started, build) = smoke(find(str(file)))
    assert started.saw.startswith("tinyline 0.1, node v")
    assert build.mend == "write `buildModel`"
    assert set(verdicts(report).values()) <= {Verdict.ABSENT, Verdict.BLOCKED, None}
    assert "`buildModel` is to be written" in str(report.findings)


def test_what_is_filled_in_is_held_against_the_contract(folder: Path) -> None:
    """The lines that the skeleton offers in comments are those that a library needs."""
    file = write("tinyline", "javascript", folder)
    fill_in(file, FILLED)

    report = conformance.run(str(file), clauses=CLAUSES)

    found = verdicts(report)
    assert found["fit.epochs.final-epoch"] is Verdict.PASS, str(report)
    # An argument that the library has not is absent, and never dropped.
    assert found["predict.order"] is Verdict.ABSENT
    assert Verdict.ERROR not in found.values(), str(report)


def test_a_library_that_is_not_there_is_named(tmp_path: Path) -> None:
    """What Node says of it stands in the report, which has no verdict of a library."""
    file = write("nowhere", "javascript", tmp_path)

    report = conformance.run(str(file), clauses=CLAUSES)

    assert "Cannot find package 'nowhere'" in str(report)
    assert {item.verdict for item in report.findings} == {Verdict.UNAVAILABLE}
    with pytest.raises(NotStarted) as caught:
        list(smoke(find(str(file))))
    assert caught.value.mend.startswith("the package nowhere: `npm install` it in the folder")


def test_what_can_only_be_required_is_told(folder: Path) -> None:
    """Many packages name their modules as bundlers find them, which `import` does not."""
    (folder / "node_modules" / "tinyline" / "index.mjs").write_text('export * from "./line";')

    with pytest.raises(NotStarted) as caught:
        list(smoke(find(str(write("tinyline", "javascript", folder)))))

    assert caught.value.mend.endswith("what can only be required is loaded by `createRequire`")


def test_a_hook_that_there_is_none_of_is_refused(folder: Path) -> None:
    """Else nothing would be heard, and what was not heard would be held against the library."""
    file = write("tinyline", "javascript", folder)
    fill_in(file, {'  // epoch_begin: ["onRound", true],': '  batch_begin: ["onBatch", true],'})

    with pytest.raises(NotStarted, match="there is none called batch_begin; there are train_begin"):
        list(smoke(find(str(file))))
