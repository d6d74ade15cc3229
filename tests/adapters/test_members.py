"""Tests of `fitspec.adapters.members`: what an object has."""

from __future__ import annotations

from typing import Any

import fitspec.adapters.reference.plain as adapter
from fitspec.adapters.members import members_of


class Thing:
    """Has one member of each kind."""

    kept = 1

    def __init__(self) -> None:
        self.later = len
        self._own = 2

    @property
    def computed(self) -> int:
        """Raise when it is read."""
        raise AssertionError

    def method(self, x: int, /, y: str = "", *, z: float = 1.0, **rest: Any) -> None:
        """Take one argument of each kind."""

    @staticmethod
    def plain(*items: int) -> None:
        """Take what it is given."""

    @classmethod
    def of(cls, x: int) -> None:
        """Take one."""


def test_public_names_are_told_with_the_parameters_of_methods() -> None:
    """Without defaults; what is held, such as a function, is no method, and nothing is computed."""
    assert members_of(Thing()) == {
        "computed": "",
        "kept": "",
        "later": "",
        "method": "(x, /, y, *, z, **rest)",
        "of": "(x)",
        "plain": "(*items)",
    }


def test_both_kinds_of_models_are_asked() -> None:
    """`add` is of those of layers in a row, and `optimizer` is there from `compile` on."""
    found = adapter.Reference().members()

    assert found["add"] == "(layer)"
    assert {"fit", "layers", "optimizer", "inputs"} <= found.keys()
