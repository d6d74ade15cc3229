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


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("from fitspec.reference.layers import Conv3D", "layers.Conv3D"),
        ("from fitspec.reference.layers.convolutional import Conv3D", "layers.Conv3D"),
        ("from fitspec.reference.layers.local import LocallyConnected1D", "layers.Locally"),
        ("from fitspec.reference.callbacks import TensorBoard", "callbacks.TensorBoard"),
        ("from fitspec.reference.utils import plot_model", "utils.plot_model"),
        ("from fitspec.reference.utils.vis_utils import plot_model", "utils.plot_model"),
        ("from fitspec.reference.backend import rnn", "backend.rnn"),
        ("from fitspec.reference import datasets", "datasets: load"),
        ("from fitspec.reference.datasets import mnist", "datasets: load"),
    ],
)
def test_what_is_imported_from_a_module(line: str, told: str) -> None:
    """As most programs import it."""
    with pytest.raises(ImportError, match=f"left out of .*: {told}"):
        exec(line, {})  # noqa: S102 - as programs are written


@pytest.mark.parametrize("base", [keras.optimizers.Optimizer, keras.optimizers.Adam])
def test_an_optimizer_with_get_updates(base: Any) -> None:
    """It would be passed over in one that is derived from a provided one."""
    kind = type("Own", (base,), {"get_updates": lambda *_: []})

    with pytest.raises(TypeError, match=r"Own defines get_updates, .* defines step"):
        kind(lr=0.1)
