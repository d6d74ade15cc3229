"""Where the pytest configuration holds the suite.

In a module of its own, as pytest loads the plugin in every project and the suite is heavy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from fitspec.conformance.running.suite import Suite

#: Where a program leaves the suite that it wants to be used; otherwise the options make one.
SUITE: pytest.StashKey[Suite] = pytest.StashKey()
