"""Rules between the records of a contract: what one names, another has to be."""

from collections.abc import Collection
from difflib import get_close_matches
from graphlib import CycleError, TopologicalSorter

from .clause import file_of
from .contract import Contract
from .error import SpecError


def check_consistency(contract: Contract, methods: Collection[str]) -> None:
    """Refuse a contract whose records do not fit together.

    Args:
        contract: the contract.
        methods: the methods that have a file of clauses.

    Raises:
        SpecError: a record names something that does not exist, clauses depend on one another in a
            circle, or the former id of a clause is in use again.
    """
    for document in contract.documents.values():
        place = f"documents.toml, document {document.id!r}"
        _check_known(place, "covers", document.covers, methods)
    for profile in contract.profiles.values():
        place = f"profiles.toml, profile {profile.id!r}"
        _check_known(place, "documents", profile.documents, contract.documents)
    for clause in contract.clauses.values():
        place = f"{file_of(clause.method)}, clause {clause.id!r}"
        _check_known(place, "profiles", clause.profiles, contract.profiles)
        _check_known(place, "documents", clause.documents, contract.documents)
        _check_known(place, "depends", clause.depends, contract.clauses)
    for contradiction in contract.contradictions.values():
        place = f"contradictions.toml, contradiction {contradiction.id!r}"
        _check_known(place, "documents", contradiction.documents, contract.documents)
        _check_known(place, "clauses", contradiction.clauses, contract.clauses)
    for renaming in contract.renamings.values():
        place = f"renamed.toml, renamed {renaming.old!r}"
        if renaming.old in contract.clauses:
            raise SpecError(f"{place}: 'old': expected an id that is no longer used, but it is")
        _check_known(place, "new", renaming.new, contract.clauses)
    _check_no_circle(contract)


def _check_known(place: str, key: str, names: Collection[str], known: Collection[str]) -> None:
    for name in names:
        if name not in known:
            # A list of all clauses would bury the message; the nearest are those that can be meant.
            likely = known if len(known) <= 20 else get_close_matches(name, known)
            hint = f" such as {', '.join(likely)}" if likely else ""
            raise SpecError(f"{place}: {key!r}: expected a known name{hint}, got {name!r}")


def _check_no_circle(contract: Contract) -> None:
    depends = {clause.id: clause.depends for clause in contract.clauses.values()}
    try:
        TopologicalSorter(depends).prepare()
    except CycleError as fault:
        # The sorter lists what comes first, first; "a needs b" reads the other way round.
        circle: list[str] = fault.args[1][::-1]
        method = circle[0].split(".")[0]
        raise SpecError(
            f"{file_of(method)}, clause {circle[0]!r}: 'depends': expected no circle, "
            f"got {' -> '.join(circle)}"
        ) from None
