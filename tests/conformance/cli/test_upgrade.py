"""Tests of `fitspec.conformance.cli.upgrade`: ``fitspec upgrade``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from fitspec.conformance.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = """\
import keras
model = keras.Sequential()
model.fit_generator(g, steps_per_epoch=3)
model.fit(x, y, shuffle="batch")
print(model.metrics_names)
"""


@pytest.fixture
def program(tmp_path: Path) -> str:
    """Return the path of a program for which three things change."""
    (tmp_path / "a,b.py").write_text(PROGRAM, "utf-8")
    return str(tmp_path / "a,b.py")


def test_a_person_reads_what_changes(program: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The worst first, what to write instead, and how many there are."""
    assert main(["upgrade", program, "--from", "keras-2.3", "--to", "keras-3-jax"]) == 1

    out = capsys.readouterr().out
    assert out.index("silent") < out.index("absent") < out.index("perhaps otherwise")
    assert "there is no `fit_generator`" in out
    assert "1 silent (numbers change without an error), 1 absent (is gone)" in out


def test_a_program_reads_clean(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Then the status is 0, and it is said that it was read."""
    (tmp_path / "clean.py").write_text("import keras\n", "utf-8")

    assert main(["upgrade", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "Nothing that is known to change; 1 file read.\n"


def test_html_is_a_page(program: str, capsys: pytest.CaptureFixture[str]) -> None:
    """With links where they are asked for, which no other form has."""
    assert main(["upgrade", program, "--format", "html", "--pages", "site"]) == 1
    page = capsys.readouterr().out
    assert page.startswith("<!doctype html>")
    assert '<a href="site/clauses/fit.shuffle.batch-chunks.html">' in page

    assert main(["upgrade", program, "--pages", "site"]) == 2
    assert "--pages: it belongs to --format html" in capsys.readouterr().err


def test_json_is_a_list_of_objects(program: str, capsys: pytest.CaptureFixture[str]) -> None:
    """One each, with what a machine needs."""
    assert main(["upgrade", program, "--format", "json"]) == 1

    found = json.loads(capsys.readouterr().out)
    assert [(item["line"], item["kind"], item["certain"]) for item in found] == [
        (4, "silent", True),
        (3, "absent", True),
        (5, "otherwise", False),
    ]
    assert {item["file"] for item in found} == {program}


def test_what_is_not_certain_can_be_left_out(
    program: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """For a CI that shall stop for nothing else."""
    assert main(["upgrade", program, "--format", "json", "--certain"]) == 1

    assert len(json.loads(capsys.readouterr().out)) == 2


def test_sarif_has_a_rule_for_each_clause(program: str, capsys: pytest.CaptureFixture[str]) -> None:
    """And places in the program."""
    assert main(["upgrade", program, "--format", "sarif"]) == 1

    (run,) = json.loads(capsys.readouterr().out)["runs"]
    assert [item["id"] for item in run["tool"]["driver"]["rules"]] == [
        item["ruleId"] for item in run["results"]
    ]
    first = run["results"][0]["locations"][0]["physicalLocation"]
    assert first["region"] == {"startLine": 4, "startColumn": 1}
    assert [item["level"] for item in run["results"]] == ["error", "error", "note"]


def test_github_shows_findings_beside_the_lines(
    program: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A comma in a file's name ends nothing there."""
    assert main(["upgrade", program, "--format", "github"]) == 1

    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert lines[0].startswith("::warning file=")
    assert "a%2Cb.py,line=4,col=1,title=fitspec fit.shuffle.batch-chunks::model.fit: " in lines[0]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere.py"], "nowhere.py: there is no such file or folder"),
        ([".", "--to", "keras-9"], "no implementation is called 'keras-9'"),
    ],
)
def test_wrong_usage_says_what_is_wrong(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """With status 2."""
    assert main(["upgrade", *arguments]) == 2
    assert message in capsys.readouterr().err


def test_a_file_that_cannot_be_read_is_told_beside(
    program: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Standard output has the findings alone."""
    (tmp_path / "old.py").write_text("print 'x'\n", "utf-8")
    (tmp_path / "sum.py").write_text(f"x = {' + '.join(['a()'] * 2000)}\n", "utf-8")

    assert main(["upgrade", str(tmp_path), "--format", "json"]) == 1

    captured = capsys.readouterr()
    assert f"{tmp_path / 'old.py'}: not read: line 1: no Python 3: " in captured.err
    assert f"{tmp_path / 'sum.py'}: not read: it is nested too deeply" in captured.err
    assert {item["file"] for item in json.loads(captured.out)} == {program}


def test_that_nothing_was_read_is_not_that_nothing_changes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A page, and a folder without programs: the list is empty, and the status not 0."""
    page, empty = tmp_path / "page.md", tmp_path / "empty"
    page.write_text("# A page: no program\nof any kind\n", "utf-8")
    empty.mkdir()

    for path in (page, empty):
        assert main(["upgrade", str(path), "--format", "json"]) == 2
        said = capsys.readouterr()
        assert json.loads(said.out) == []
        assert "no program was read" in said.err


def test_rewrites_are_shown_and_then_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--diff` writes nothing; `--fix` does, and says what is left."""
    file = tmp_path / "train.py"
    before = "import keras\nmodel = keras.Sequential()\nmodel.fit_generator(g, 3)\n"
    file.write_text(before, "utf-8")

    assert main(["upgrade", str(file), "--diff"]) == 1
    assert "+model.fit(g, steps_per_epoch=3)\n" in capsys.readouterr().err
    assert file.read_text("utf-8") == before

    assert main(["upgrade", str(file), "--fix"]) == 0
    assert "-model.fit_generator(g, 3)\n" in capsys.readouterr().err
    assert file.read_text("utf-8").endswith("\nmodel.fit(g, steps_per_epoch=3)\n")


@pytest.mark.parametrize("form", ["terminal", "json", "github", "sarif", "html"])
def test_a_fix_says_of_what_it_leaves_what_is_written_by_hand(
    form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And why; without `--fix` nothing is said of it."""
    cell = {"cell_type": "code", "source": PROGRAM}
    file = tmp_path / "n.ipynb"
    file.write_text(json.dumps({"cells": [cell], "nbformat": 4}), "utf-8")

    assert main(["upgrade", str(file), "--format", form, "--fix"]) == 1
    told = " ".join(capsys.readouterr().out.split())
    assert "model.fit(g, steps_per_epoch=3)" in told
    assert "rewrites no notebook" in told

    assert main(["upgrade", str(file), "--format", form]) == 1
    assert "rewrites no notebook" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("how", "shown"),
    [
        ("json", '"clause": "",'),
        ("sarif", '"ruleId": "predict_classes"'),
        ("github", "title=fitspec predict_classes::model.predict_classes: absent"),
        ("html", "there is no <code>predict_classes</code>"),
        ("terminal", "absent  model.predict_classes"),
    ],
)
def test_what_no_clause_is_about_has_no_clause_and_no_script(
    how: str, shown: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is gone, as both sides said; where there has to be an id, that is its name."""
    program = PROGRAM.splitlines()[:2]
    (tmp_path / "a.py").write_text("\n".join([*program, "model.predict_classes(x)"]), "utf-8")

    assert main(["upgrade", str(tmp_path), "--format", how]) == 1

    out = capsys.readouterr().out
    assert shown in out
    assert "fitspec repro" not in out


def test_that_a_side_did_not_say_what_a_model_has_is_told(
    program: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Beside the findings, as nothing that no clause is about can be told gone."""
    main(["upgrade", program, "--from", "keras-2.3", "--to", "poutyne"])

    assert "poutyne: not known is what a model has" in capsys.readouterr().err
