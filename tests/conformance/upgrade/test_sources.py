"""Tests of `fitspec.conformance.upgrade.sources`: files, folders, notebooks."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from unittest.mock import Mock

import pytest

from fitspec.conformance.upgrade import sources
from fitspec.conformance.upgrade.sources import Source, Unread, read

from .programs import examiner

if TYPE_CHECKING:
    from pathlib import Path


def notebook(*cells: str) -> str:
    """Return a notebook with a cell of text, and cells of code after it."""
    text = {"cell_type": "markdown", "source": ["# A title"]}
    code = [{"cell_type": "code", "source": cell.splitlines(keepends=True)} for cell in cells]
    return json.dumps({"cells": [text, *code], "nbformat": 4})


def test_a_folder_is_read_without_what_others_wrote(tmp_path: Path) -> None:
    """Python files and notebooks, in folders as well; no hidden ones, no environment."""
    for name in ("a.py", "in/b.py", ".hidden/c.py", "node_modules/d.py", "env/e.py", "f.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("pass\n", "utf-8")
    (tmp_path / "env" / "pyvenv.cfg").touch()
    (tmp_path / "n.ipynb").write_text(notebook("pass"), "utf-8")

    found = [item.file for item in read([tmp_path, tmp_path / "a.py"])]

    assert found == [str(tmp_path / name) for name in ("a.py", "in/b.py", "n.ipynb")]


def test_a_file_that_does_not_parse_is_named_and_ends_nothing(tmp_path: Path) -> None:
    """A program of Python 2 beside one that can be read."""
    (tmp_path / "a.py").write_text("print 'x'\n", "utf-8")
    (tmp_path / "b.py").write_bytes(b"x = '\0'\n")
    (tmp_path / "c.ipynb").write_text("{", "utf-8")
    (tmp_path / "d.ipynb").write_text("[]", "utf-8")
    (tmp_path / "e.py").write_text("pass\n", "utf-8")

    found = list(read([tmp_path]))

    assert [type(item) for item in found] == [Unread, Unread, Unread, Unread, Source]
    first = found[0]
    assert isinstance(first, Unread)
    assert first.reason.startswith("line 1: no Python 3: ")


def test_what_is_not_there_is_refused(tmp_path: Path) -> None:
    """Before anything is read."""
    with pytest.raises(ValueError, match=r"nowhere\.py: there is no such file or folder"):
        list(read([tmp_path / "nowhere.py"]))


def test_a_notebook_is_read_by_cell_and_line(tmp_path: Path) -> None:
    """Names go from cell to cell; magic is no Python; a cell that does not parse is named."""
    file = tmp_path / "n.ipynb"
    file.write_text(
        notebook(
            "%matplotlib inline\nimport keras\nmodel = keras.Sequential()",
            "%%bash\nls -l",
            "print 'x'",
            "!pip list\nfor _ in range(3):\n    %time f()\n    model.fit_generator(g)",
            "    model.fit(x, y, nb_epoch=3)",
        ),
        "utf-8",
    )
    unread, source = read([file])

    assert isinstance(unread, Unread)
    assert unread.file == f"{file}:cell 4"
    assert isinstance(source, Source)
    places = sorted(str(item.place) for item in examiner().examine(source))
    assert places == [f"{file}:cell 5:4:5", f"{file}:cell 6:1:1"]


#: Cells that are no Python, and what a notebook makes of them; the lines of calls, with columns.
CELLS = {
    "timed": ("%time model.fit_generator(g)  # slow", ["1:7"]),
    "timed, with options": ("for _ in x:\n    %timeit -n 3 -r1 model.fit_generator(g)", ["2:22"]),
    "a command with a comment": ("!ls  # all\nmodel.fit_generator(g)", ["2:1"]),
    "a command on lines": ("!pip install a \\\n    b \\\n    c\nmodel.fit_generator(g)", ["4:1"]),
    "commands behind each other": ("!ls\n!ls\n%cd \\\n a\nmodel.fit_generator(g)", ["5:1"]),
    "what a command says": ("files = !ls\nmodel.fit_generator(g)", ["2:1"]),
    "a question": ("model.fit?\nmodel.fit_generator(g)", ["2:1"]),
    "a remainder": ("%cd a\nprint('%s'\n    % 3)\nmodel.fit_generator(g)", ["4:1"]),
    "a text": ('%cd a\ns = """\n!ls\nwhy?\n"""\nmodel.fit_generator(g)', ["6:1"]),
}


@pytest.mark.parametrize(("cell", "expected"), CELLS.values(), ids=CELLS)
def test_lines_that_are_no_python_stop_no_cell(
    cell: str, expected: list[str], tmp_path: Path
) -> None:
    """What a notebook does with them is passed over; of what it times, the statement is read."""
    file = tmp_path / "n.ipynb"
    file.write_text(notebook("import keras\nmodel = keras.Sequential()", cell), "utf-8")
    (source,) = read([file])

    assert isinstance(source, Source)
    found = [str(item.place) for item in examiner().examine(source)]
    assert found == [f"{file}:cell 3:{place}" for place in expected]


def test_a_cell_is_not_parsed_for_each_of_its_commands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a long list of them would take as long as it is, squared."""
    parsed = Mock(wraps=compile)
    monkeypatch.setattr(sources, "compile", parsed, raising=False)
    file = tmp_path / "n.ipynb"
    file.write_text(notebook("\n".join(["!pip install a"] * 50)), "utf-8")

    assert not any(isinstance(item, Unread) for item in read([file]))
    # The first lines, with them and without; then more, all of the cell, and the notebook.
    assert parsed.call_count < 10


def test_lines_are_counted_as_python_counts_them(tmp_path: Path) -> None:
    """Other ends of lines, such as a form feed between parts of a program, are none."""
    file = tmp_path / "a.py"
    file.write_bytes(
        "import keras\nmodel = keras.Sequential()\n\f\ntext = '\u2028\x85'\r\n"
        "model.fit(x, y, nb_epoch=3)  # fitspec: ignore[fit.kwargs.nb_epoch]\n".encode()
    )
    (source,) = read([file])

    assert isinstance(source, Source)
    assert examiner().examine(source) == []


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ([1, 2], "ValueError: `source`: a text, or a list of texts, was expected"),
        ({"a": 1}, "ValueError: `source`: a text, or a list of texts, was expected"),
        ("-" * 100_000 + "1", "it is nested too deeply"),
        ("f" + ".a" * 10_000, "it is nested too deeply"),
    ],
)
def test_a_cell_that_cannot_be_read_keeps_nothing_from_the_others(
    cell: object, reason: str, tmp_path: Path
) -> None:
    """It is named, with why."""
    file = tmp_path / "n.ipynb"
    cells = [{"cell_type": "code", "source": text} for text in (cell, "x = 1\n")]
    file.write_text(json.dumps({"cells": cells}), "utf-8")
    unread, source = read([file])

    assert unread == Unread(f"{file}:cell 1", reason)
    assert isinstance(source, Source)
    assert source.lines == ("x = 1", "")
