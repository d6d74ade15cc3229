"""The mark that ties a check to the clause it decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import pytest

from fitspec import spec

if TYPE_CHECKING:
    from collections.abc import Callable

F = TypeVar("F", bound="Callable[..., Any]")

#: A check may take this long on any implementation, in s, unless it says otherwise.
CHECK_LIMIT = 60.0


def clause(clause_id: str, *, seconds: float = CHECK_LIMIT) -> Callable[[F], F]:
    """Mark a test as the check of a clause.

    Args:
        clause_id: id of the clause, which must exist.
        seconds: how long the check may take.

    Raises:
        UnknownClause: there is no such clause.
    """
    spec.contract().clause(clause_id)
    return pytest.mark.clause(clause_id, seconds)
