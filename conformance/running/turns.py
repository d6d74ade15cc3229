"""Checks that are made in the order in which another process names them, one at a time."""

from __future__ import annotations

import json
from typing import IO, TYPE_CHECKING, Any

import pytest

from fitspec.conformance.environments.environment import Unavailable
from fitspec.conformance.running.suite_key import SUITE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Turns:
    """A pytest plugin in place of the loop over all checks.

    Args:
        orders: lines of JSON, an order each: the `check` by its clause, and what has `fallen` of
            that on which it depends. At their end there is nothing more to do.
        tell: tells the other process which checks there are, whether the implementation is
            `ready`, and each time that an order is waited for.
    """

    def __init__(self, orders: IO[str], tell: Callable[..., None]) -> None:
        self._orders = orders
        self._tell = tell

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """Make the checks that are named; leave it to pytest to say that it collected too few."""
        if session.testsfailed or not session.items:
            return None
        suite = session.config.stash[SUITE]
        items = {_clause_of(item): item for item in session.items}
        (asked,) = suite.asked.values()
        # Of each process that of which it says what came of it.
        asked.clear()
        self._tell(plan=[*items])
        self._tell(ready=_is_ready(suite))
        for order in self._each():
            suite.fallen_elsewhere = frozenset(order["fallen"])
            asked.add(order["check"])
            item = items[order["check"]]
            # What comes next is not known yet, so that pytest takes down all that it set up.
            item.ihook.pytest_runtest_protocol(item=item, nextitem=None)
            self._tell(free=True)
        return True

    def _each(self) -> Iterator[dict[str, Any]]:
        for line in self._orders:
            yield json.loads(line)


def _clause_of(item: pytest.Item) -> str:
    marker = item.get_closest_marker("clause")
    assert marker is not None  # noqa: S101  all are checks: the folder has nothing else
    return str(marker.args[0])


def _is_ready(suite: Any) -> bool:
    """Start the implementation, of which there is one."""
    (implementation,) = suite.implementations
    try:
        suite.session(implementation.name)
    except Unavailable:
        return False
    return True
