"""Layers and tools are found in the modules that Keras 2.3 has them in."""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from typing import Any

import pytest

from fitspec.reference import engine, layers, utils
from fitspec.reference.standing_in import module_names

PAGE = Path(__file__).parents[3] / "docs" / "drop_in.md"
WHOLE = {"engine": engine, "layers": layers, "utils": utils}
NAMES = [(package, name) for package, all_ in module_names.NAMES.items() for name in all_.split()]
NAMES += [("layers", name) for name in module_names.PARTS.split()]


def imported(line: str) -> dict[str, Any]:
    """Return what a line of import binds."""
    found: dict[str, Any] = {}
    exec(line, found)  # noqa: S102 - as programs are written
    return found


@pytest.mark.parametrize(("package", "name"), NAMES)
def test_a_module_has_what_is_in_the_whole(package: str, name: str) -> None:
    """By the same objects, whichever module of Keras has them; and the page lists it."""
    wanted = {"engine": "InputSpec", "layers": "Flatten", "utils": "Progbar"}[package]

    found = imported(f"from fitspec.reference.{package}.{name} import {wanted}")

    assert found[wanted] is getattr(WHOLE[package], wanted)
    assert re.search(rf"`(\w+\.)?{name}`", PAGE.read_text("utf-8"))


def test_all_of_a_module() -> None:
    """By a star."""
    found = imported("from fitspec.reference.utils.np_utils import *")

    assert found["to_categorical"] is utils.to_categorical


def test_other_modules_are_not_known() -> None:
    """Nor names in those that are."""
    with pytest.raises(ModuleNotFoundError, match="No module named"):
        importlib.import_module("fitspec.reference.layers.something")
    with pytest.raises(ImportError, match="cannot import name 'Something'"):
        imported("from fitspec.reference.layers.core import Something")
