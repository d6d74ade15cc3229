"""A contract for import-linter: each folder of a package imports only the ones it names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from importlinter import Contract, ContractCheck, fields, output

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grimp import ImportGraph


class RoomsContract(Contract):
    """The folders of a package, each with those that its modules may import.

    Options: `package`, and `rooms`, a text such as ``"claims <- worker"`` for each folder and each
    module that lies beside them. None may be left out. What the package imports from elsewhere,
    and what its own ``__init__`` does, is the business of other contracts.
    """

    package = fields.StringField()
    rooms = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002  import-linter's
        """Look at every import between two rooms."""
        wrong = list(wrong_in(graph, str(self.package), list(map(str, self.rooms))))  # type: ignore[call-overload]  # by now the list itself
        return ContractCheck(kept=not wrong, metadata={"wrong": wrong})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print what is wrong."""
        for line in check.metadata["wrong"]:
            output.print_error(line)


def wrong_in(graph: ImportGraph, package: str, rooms: list[str]) -> Iterator[str]:
    """Yield what is wrong with a package: imports, and rooms, that no rule names."""
    named: dict[str, list[str]] = {}
    for text in rooms:
        room, _, others = text.partition("<-")
        named[room.strip()] = [item.strip() for item in others.split(",")]
    there = {child.removeprefix(f"{package}.") for child in graph.find_children(package)}
    for room in sorted(there ^ named.keys()):
        yield f"{room}: {'no rule names it' if room in there else 'there is no such room'}"
    inside = f"{package}."
    for module in sorted(item for item in graph.modules if item.startswith(inside)):
        room = _room(module, inside)
        for imported in sorted(graph.find_modules_directly_imported_by(module)):
            other = _room(imported, inside)
            if imported.startswith(inside) and other not in (room, *named.get(room, ())):
                yield f"{module} imports {imported}: {room} names no {other}"


def _room(module: str, inside: str) -> str:
    return module.removeprefix(inside).partition(".")[0]
