"""Tests of `fitspec.conformance.repro.plain_code`: our code as a script has it."""

from __future__ import annotations

import ast
from typing import Any

import pytest

from fitspec.conformance.repro import keras_probes
from fitspec.conformance.repro.plain_code import code_of


def typed(
    first: dict[str, list[int]],
    second: Any = [],  # noqa: B006  what a tool minds
    *rest: str,
    third: int,
    **more: object,
) -> dict[str, Any]:
    """Return `first` → as it is: ≤ 1 line."""
    # A reason.
    return dict(first, second=second, rest=rest, third=third, **more)


class Typed:
    """Holds a value."""

    def __init__(self, value: int | None = 3) -> None:
        self.value = value


def test_code_has_no_types_and_nothing_for_tools() -> None:
    """Docstrings, comments and lay-out stay."""
    assert (
        code_of(typed)
        == '''\
def typed(
    first,
    second=[],
    *rest,
    third,
    **more,
):
    """Return `first` → as it is: ≤ 1 line."""
    # A reason.
    return dict(first, second=second, rest=rest, third=third, **more)'''
    )
    assert "def __init__(self, value=3):\n" in code_of(Typed)


@pytest.mark.parametrize("name", [*keras_probes._TAKEN, *keras_probes._WRITTEN])  # noqa: SLF001  all
def test_what_stands_in_scripts_is_code_of_every_python(name: str) -> None:
    """Keras 2.3 runs on Python 3.7, and no script knows the names of our types."""
    tree = ast.parse(keras_probes.text(name), feature_version=(3, 7))

    annotated = (ast.AnnAssign, ast.ImportFrom, ast.Import)
    assert not [node for node in ast.walk(tree) if isinstance(node, annotated)]
    arguments = [node for node in ast.walk(tree) if isinstance(node, ast.arg)]
    assert all(item.annotation is None for item in arguments)
