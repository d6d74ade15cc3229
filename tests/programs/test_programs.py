"""Programs written for Keras 2.3.1 come to the same results on the reference."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from fitspec import spec
from fitspec.reference import backend

from . import record, running

if TYPE_CHECKING:
    from pathlib import Path

LIBRARY = "fitspec.reference"


# Keras 2.3.1 warns of this, too, in the program that freezes a part of a model after `compile`.
@pytest.mark.filterwarnings("ignore:Discrepancy:UserWarning")
@pytest.mark.parametrize("name", record.names())
def test_a_program_needs_no_change_but_the_import(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the same weights, every number of its training is that of Keras 2.3.1."""
    wanted = record.expected(name)
    monkeypatch.chdir(tmp_path)
    # A program starts in a process of its own otherwise: names of layers count from 1.
    backend.clear_session()

    found = running.run(record.program(name), LIBRARY)

    assert found["weights"] == wanted["weights"]
    different = list(record.differences(found["results"], wanted["results"]))
    assert record.departures(name, different) == ([], set())


def test_every_known_deviation_breaks_a_clause() -> None:
    """Where the numbers of Keras are not those of the reference, the contract says whose count."""
    clauses = {clause for places in record.DEVIATIONS.values() for clause in places.values()}

    assert clauses <= spec.contract().clauses.keys()


def test_only_lines_of_import_are_changed() -> None:
    """Every program imports Keras, and is the same otherwise."""
    for name in record.names():
        written = record.program(name).read_text("utf-8")

        changed = running.source_for(LIBRARY, written)

        pairs = list(zip(written.splitlines(), changed.splitlines(), strict=True))
        differing = [pair for pair in pairs if pair[0] != pair[1]]
        assert differing
        assert all(re.match(r"(import|from) keras\b", before) for before, _ in differing)
        assert not re.search(r"^(import|from) keras\b", changed, re.MULTILINE)


@pytest.mark.parametrize(
    ("line", "changed"),
    [
        ("import keras", "import fitspec.reference as keras"),
        ("import keras as k", "import fitspec.reference as k"),
        ("import keras.backend as K", "import fitspec.reference.backend as K"),
        ("from keras import layers", "from fitspec.reference import layers"),
        (
            "from keras.layers import (\n    Dense,\n)",
            "from fitspec.reference.layers import (\n    Dense,\n)",
        ),
        ("import keras_preprocessing", "import keras_preprocessing"),
        ("x = 'import keras'", "x = 'import keras'"),
    ],
)
def test_an_import_is_changed_to_bind_the_same_name(line: str, changed: str) -> None:
    """The library's name takes the place of Keras's; a bare import goes on to bind `keras`."""
    assert running.source_for(LIBRARY, line) == changed


def test_what_differs_is_told() -> None:
    """A number beyond the tolerance, a missing key and another type are each a difference."""
    wanted = {"a": [1.0, 2.0], "b": "x", "c": 3}

    found = [
        list(record.differences(changed, wanted))
        for changed in (
            {"a": [1.0 + record.RELATIVE / 2, 2.0], "b": "x", "c": 3},
            {"a": [1.0, 2.0 + 4 * record.RELATIVE], "b": "x", "c": 3},
            {"a": [1.0, 2.0], "b": "x"},
            {"a": [1.0, 2.0], "b": "x", "c": 3.0},
            {"a": [1.0], "b": "x", "c": True},
        )
    ]

    assert [len(one) for one in found] == [0, 1, 1, 1, 2]
    assert found[1][0].startswith("/a/1: 2.00")
