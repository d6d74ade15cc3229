"""How checks call `fit`, whose number of epochs is not the same in all documents."""

from __future__ import annotations

import ast
import textwrap
from typing import TYPE_CHECKING

import pytest

from fitspec import spec
from fitspec.conformance.checks.index import index

if TYPE_CHECKING:
    from collections.abc import Iterator

#: What these are about is a call without `epochs`, or with it under another name.
EXEMPT = {"r.fit.epochs-default-10", "fit.kwargs.nb_epoch", "fit.kwargs.unknown"}
SHARED = [
    clause.id
    for clause in spec.contract().select(profiles=["r-keras"])
    if clause.id in index().keys() - EXEMPT
]


def calls_of_fit(source: str) -> Iterator[ast.Call]:
    """Find the calls of `fit`, and those to which `fit` is handed to be called."""
    for node in ast.walk(ast.parse(textwrap.dedent(source))):
        if isinstance(node, ast.Call):
            called = [node.func, *node.args[:1]]
            if any(isinstance(one, ast.Attribute) and one.attr == "fit" for one in called):
                yield node


@pytest.mark.parametrize("clause_id", SHARED)
def test_a_check_for_python_and_r_says_how_many_epochs(clause_id: str) -> None:
    """Python's `fit` runs one epoch by default and R's ten, so a check of both says how many."""
    silent = [
        ast.unparse(call)
        for call in calls_of_fit(index()[clause_id].source)
        # `**arguments` may hold it.
        if not {keyword.arg for keyword in call.keywords} & {"epochs", None}
    ]

    assert silent == []
