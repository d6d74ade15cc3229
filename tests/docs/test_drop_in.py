"""The page for users of the reference lists what there is."""

from __future__ import annotations

import importlib
import inspect
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import fitspec.reference
from fitspec.reference.config.configuration import Configurable

if TYPE_CHECKING:
    from types import ModuleType

PAGE = Path(__file__).parents[2] / "docs" / "drop_in.md"
MODULES = [
    "layers",
    "models",
    "optimizers",
    "losses",
    "metrics",
    "callbacks",
    "initializers",
    "regularizers",
    "constraints",
    "activations",
    "backend",
    "utils",
]
#: What is said after the names.
MORE = {
    "optimizers": ", each with `decay`, `clipnorm` and `clipvalue`",
    "losses": ", and as functions",
    "metrics": ", and as functions",
}
#: Classes that stand behind those that users name.
BEHIND = {
    "CallbackList",
    "FunctionLoss",
    "FunctionMetric",
    "InputLayer",
    "NamedLoss",
    "NamedMetric",
}
BEHIND |= {"Configurable", "Logs", "Random", "Setting", "SuitedMetric", "Tensor"}


def content(name: str) -> list[str]:
    """Return what users find in a module of the reference."""
    module: ModuleType = importlib.import_module(f"fitspec.reference.{name}")
    listed = getattr(module, "__all__", None)
    if listed is not None:
        return sorted(each for each in listed if each not in BEHIND and is_for_users(module, each))
    found = [
        each
        for each, value in vars(module).items()
        if not each.startswith("_")
        and each not in BEHIND
        and (
            (inspect.isclass(value) and issubclass(value, Configurable))
            or (
                name not in {"losses", "metrics"}
                and inspect.isfunction(value)
                and value.__module__.startswith((module.__name__, "fitspec.reference.network"))
            )
        )
    ]
    return sorted(each for each in found if is_for_users(module, each))


def is_for_users(module: ModuleType, name: str) -> bool:
    """Whether a name of a module is one of Keras's, and not of the reference's own affairs."""
    own = {"NAMES", "collected", "fans", "is_known", "keep", "listed", "of", "penalize"}
    own |= {"resolve", "truncated"}
    return name not in own and not inspect.ismodule(getattr(module, name))


def row(name: str) -> str:
    """Return the row of a module."""
    names = ", ".join(f"`{each}`" for each in content(name))
    return f"| `{name}` | {names}{MORE.get(name, '')} |"


@pytest.mark.parametrize("name", MODULES)
def test_the_page_lists_a_module(name: str) -> None:
    """Every name of the module is on the page; `UPDATE_SNAPSHOTS=1` mends it."""
    pattern = re.compile(rf"^\| `{name}` \|.*\|$", re.MULTILINE)
    if os.environ.get("UPDATE_SNAPSHOTS"):
        PAGE.write_text(pattern.sub(row(name), PAGE.read_text("utf-8")), "utf-8")

    assert pattern.findall(PAGE.read_text("utf-8")) == [row(name)]
    assert hasattr(fitspec.reference, name)
