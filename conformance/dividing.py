"""How pytest-xdist divides the checks: those that depend on each other go to one process.

Imported only where pytest-xdist is in use. Its own groups are not relied on: with newer releases of
pytest the mark `xdist_group` has no effect.
"""

from __future__ import annotations

from xdist.scheduler import LoadScopeScheduling


class FamilyScheduling(LoadScopeScheduling):  # type: ignore[misc]  # pytest-xdist has no types
    """Gives a process one check after the other, or a family of checks at once."""

    def _split_scope(self, nodeid: str) -> str:
        """Return what a check is run together with: the family in its name, or itself alone."""
        parameters = nodeid.rpartition("[")[2]
        return parameters if "@" in parameters else nodeid
