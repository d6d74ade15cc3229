"""The tables of `docs/adapters.md` that are made of the vocabulary say what it says.

`UPDATE_SNAPSHOTS=1 pytest tests/docs/test_vocabulary.py` writes them anew.
"""

from __future__ import annotations

import inspect
import os
import re
from dataclasses import MISSING, fields
from pathlib import Path

import pytest

from fitspec.adapters import Adapter
from fitspec.conformance.vocabulary import probes
from fitspec.conformance.vocabulary.layers import KINDS, Layer

PAGE = Path(__file__).parents[2] / "docs" / "adapters.md"


def layers() -> str:
    """Return the table of kinds of layers."""
    lines = ["| kind | what comes of it | settings | weights |", "| --- | --- | --- | --- |"]
    for name, kind in KINDS.items():
        settings = "; ".join(f"`{key}`: {meaning}" for key, meaning in kind.settings.items())
        lines.append(f"| `{name}` | {kind.computes} | {settings} | {kind.weights} |")
    return "\n".join(lines)


def kinds() -> dict[str, type[probes.Probe]]:
    """Return every kind of probe that has a builder of its own."""
    classes = [item for item in vars(probes).values() if isinstance(item, type)]
    found = [item for item in classes if issubclass(item, probes.Probe)]
    return {item.kind: item for item in found if hasattr(item, "kind")}


def builders() -> str:
    """Return the table of builders."""
    lines = ["| builder | builds | inherited |", "| --- | --- | --- |"]
    for kind, item in sorted(kinds().items()):
        watched = ["key"] if item.watched else []
        given = [name for name in (each.name for each in fields(item)) if _travels(item, name)]
        first = (inspect.getdoc(item) or "").partition("\n\n")[0].replace("\n", " ")
        has = "yes" if hasattr(Adapter, f"build_{kind}") else ""
        arguments = ", ".join([*watched, *given])
        lines.append(f"| `build_{kind}({arguments})` | {first} | {has} |")
    return "\n".join(lines)


def _travels(item: type[probes.Probe], name: str) -> bool:
    """Whether a field of a description is an argument of its builder."""
    (found,) = [each for each in fields(item) if each.name == name]
    return found.init and not (item is probes.ModelOf and name == "recipe")


TABLES = {"layers": layers, "builders": builders}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_says_what_the_vocabulary_says(name: str) -> None:
    """Between its two marks the page has the table as the code makes it."""
    text = PAGE.read_text("utf-8")
    marks = re.compile(rf"(<!-- {name}: [^>]*-->\n)(.*?)(\n<!-- end of {name} -->)", re.DOTALL)
    (found,) = marks.findall(text)
    table = f"\n{TABLES[name]()}\n"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        PAGE.write_text(marks.sub(lambda old: old[1] + table + old[3], text), "utf-8")
        return

    assert found[1] == table


def test_what_the_page_leaves_out_has_a_default() -> None:
    """A probe can be described without what its table says nothing of."""
    (recipe,) = [each for each in fields(probes.ModelOf) if each.name == "recipe"]

    assert recipe.default is not MISSING


def test_a_kind_of_layer_that_is_not_in_the_table_is_refused() -> None:
    """Nor has a layer a setting that is not there: the table is whole."""
    Layer("dense", "y", ["x"], settings={"units": 1})

    with pytest.raises(ValueError, match=r"kind: expected one of input, dense, .* got 'lstm'"):
        Layer("lstm", "y", ["x"])
    with pytest.raises(ValueError, match=r"settings of dense: expected units, .* got 'size'"):
        Layer("dense", "y", ["x"], settings={"size": 1})
    with pytest.raises(ValueError, match="settings of masking: expected none, got 'value'"):
        Layer("masking", "y", ["x"], settings={"value": 0})
