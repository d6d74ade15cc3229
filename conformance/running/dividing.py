"""How pytest-xdist divides the checks: those that depend on each other go to one process.

Imported only where pytest-xdist is in use. Its own groups are not relied on: with newer releases of
pytest the mark `xdist_group` has no effect.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from xdist.scheduler import LoadScopeScheduling

if TYPE_CHECKING:
    from xdist.workermanage import WorkerController

#: How many checks a process has to be given before it begins the first.
_AT_LEAST = 2


class FamilyScheduling(LoadScopeScheduling):  # type: ignore[misc]  # pytest-xdist has no types
    """Gives a process one check after the other, or a family of checks at once."""

    def _split_scope(self, nodeid: str) -> str:
        """Return what a check is run together with: the family in its name, or itself alone."""
        parameters = nodeid.rpartition("[")[2]
        return parameters if "@" in parameters else nodeid

    def _reschedule(self, node: WorkerController) -> None:
        """Give a process more to do if it is short of it.

        It begins a check only when it knows the next one. One that takes the place of a lost one
        is given a single check at first by pytest-xdist, and would wait for ever.
        """
        super()._reschedule(node)
        while (
            self.workqueue
            and not node.shutting_down
            and self._pending_of(self.assigned_work[node]) < _AT_LEAST
        ):
            self._assign_work_unit(node)

    def remove_node(self, node: WorkerController) -> str | None:
        """Take a process out, and return the check under which it ended, if under one.

        What else it had to do goes back to the others. The check does not, as it would in
        pytest-xdist: it would end one process after the other, four times as many as there are.
        """
        units = self.assigned_work.pop(node)
        left = [(unit, check) for unit in units.values() for check in unit if not unit[check]]
        if not left:
            return None
        # A process goes through its checks in the order in which it was given them.
        unit, lost = left[0]
        unit[lost] = True
        self.workqueue.update(
            {family: unit for family, unit in units.items() if not all(unit.values())}
        )
        for other in self.nodes:
            self._reschedule(other)
        return str(lost)
