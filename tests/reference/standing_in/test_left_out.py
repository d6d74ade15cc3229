"""What of Keras stays out says so."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest

import fitspec.reference
from fitspec.reference.standing_in import left_out

keras: Any = fitspec.reference
PAGE = Path(__file__).parents[3] / "docs" / "drop_in.md"


@pytest.mark.parametrize("name", left_out.MODULES)
def test_a_module_that_is_left_out(name: str) -> None:
    """Its import says so, the attribute says so, and the page lists it."""
    with pytest.raises(ModuleNotFoundError, match=r"left out of fitspec.reference, as docs"):
        importlib.import_module(f"fitspec.reference.{name}")
    with pytest.raises(AttributeError, match=r"left out of fitspec.reference, as docs"):
        getattr(keras, name)
    assert f"`{name}" in PAGE.read_text("utf-8")


@pytest.mark.parametrize("module", left_out.NAMES)
def test_a_name_that_is_left_out(module: str) -> None:
    """Each says so, is on the page, and is not there after all; any other is not known."""
    page = PAGE.read_text("utf-8")
    for name in left_out.NAMES[module].split():
        with pytest.raises(AttributeError, match=f"left out of .*: {module}.{name}"):
            getattr(getattr(keras, module), name)
        assert f"`{name}`" in page
    with pytest.raises(AttributeError, match="has no attribute 'something'"):
        _ = getattr(keras, module).something


def test_other_modules_are_not_known() -> None:
    """As everywhere."""
    with pytest.raises(ModuleNotFoundError, match="No module named"):
        importlib.import_module("fitspec.reference.something")
