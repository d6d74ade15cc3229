"""The mark that ties a check to the clause it decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import pytest

from fitspec import spec

if TYPE_CHECKING:
    from collections.abc import Callable

F = TypeVar("F", bound="Callable[..., Any]")

#: An implementation may take this long for any one answer, in s, unless a check says otherwise.
CHECK_LIMIT = 60.0


def clause(clause_id: str, *, seconds: float = CHECK_LIMIT) -> Callable[[F], F]:
    """Mark a test as the check of a clause.

    Args:
        clause_id: id of the clause, which must exist.
        seconds: how long any one answer may take: who takes longer hangs.

    Raises:
        UnknownClause: there is no such clause.
    """
    spec.contract().clause(clause_id)
    return pytest.mark.clause(clause_id, seconds)
