"""Tests of `fitspec.conformance.checks.realised`: clauses are found in the reference."""

from __future__ import annotations

import subprocess
import sys
from importlib.resources import files

import pytest

from fitspec.conformance.checks.realised import cited_in, places

SOURCE = '''"""A module (`fit.made-up.module`)."""

LIMIT = 3
"""Of something (`fit.made-up.attribute`)."""


def outer(
    value: int,  # fit.made-up.argument
) -> int:
    """Do it (`fit.made-up.function`, `get_layer.function`)."""
    # fit.made-up.above: goes on
    # in a second
    # and a third line
    if value:

        class Inner:
            """Raises nothing; see fit.made-up.class."""

            held = "no fit.made-up.text"  # predict.made-up.beside, fit.made-up.beside.
            # fit.made-up.last

    return fit.made_up.code(value)
'''


def test_ids_are_found_with_the_lines_they_stand_beside() -> None:
    """Comments are beside the code before or after them, docstrings beside what they describe."""
    found = {cited: (place.line, place.within) for cited, place in cited_in("up.py", SOURCE)}

    assert found == {
        "fit.made-up.module": (1, ""),
        "fit.made-up.attribute": (3, ""),
        "fit.made-up.argument": (8, "outer"),
        "fit.made-up.function": (7, ""),
        "get_layer.function": (7, ""),
        "fit.made-up.above": (14, "outer"),
        "fit.made-up.class": (16, "outer"),
        "predict.made-up.beside": (19, "outer.Inner"),
        "fit.made-up.beside": (19, "outer.Inner"),
        "fit.made-up.last": (22, "outer"),
    }


@pytest.mark.parametrize(
    ("cited", "source"),
    [
        (
            "fit.made-up.function",
            'def outer(\n    """Do it (`fit.made-up.function`, `get_layer.function`)."""',
        ),
        ("fit.made-up.module", '"""A module (`fit.made-up.module`)."""'),
        ("fit.made-up.above", "# in a second\n# and a third line\nif value:"),
        ("fit.made-up.argument", "value: int,  # fit.made-up.argument"),
    ],
)
def test_a_place_shows_its_line_and_the_words_that_cite(cited: str, source: str) -> None:
    """They are shown without indentation, and not more than three lines in all."""
    found = dict(cited_in("up.py", SOURCE))

    assert found[cited].source == source
    assert found[cited].file == "up.py"


@pytest.mark.parametrize(
    "text",
    ["r.fit(model, x)", "docs/fit.md", "model.fit.history", "refit.x.array", "the fit. it", "fit"],
)
def test_what_is_written_otherwise_is_no_id(text: str) -> None:
    """Calls, files, attributes and the ends of sentences are passed over."""
    assert list(cited_in("up.py", f"x = 1  # {text}\n")) == []


def test_places_lead_to_lines_of_the_reference() -> None:
    """Every place is a line of a module that is there, with the text that is shown of it."""
    for each in places().values():
        for place in each:
            # A namespace has no files of its own where its packages are installed as links.
            package, _, module = place.file.partition("/")
            lines = (files(f"fitspec.{package}") / module).read_text("utf-8").splitlines()

            assert lines[place.line - 1].strip() in map(str.strip, place.source.splitlines())


def test_the_reference_is_not_imported() -> None:
    """Its source is read, and no more."""
    program = (
        "import sys; from fitspec.conformance.checks.realised import places; places(); "
        "print('fitspec.reference' in sys.modules)"
    )
    shown = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert shown.stdout.strip() == "False"
