"""The whole contract, and the questions that can be put to it."""

import fnmatch
import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from .clause import CheckStatus, Clause, Level
from .contradiction import Contradiction
from .document import Document, Profile
from .renaming import Renaming

#: So many of a digest tell one contract from another.
_DIGITS = 12


class UnknownClause(ValueError):  # noqa: N818 - reads as the finding that it is
    """No clause has this id.

    Attributes:
        clause_id: the id that was asked for.
        renamed_to: ids of the clauses that took its place, if it once was a clause.
        nearest: ids that look like it, the nearest first.
    """

    def __init__(self, clause_id: str, renaming: Renaming | None, nearest: Iterable[str]) -> None:
        self.clause_id = clause_id
        self.renamed_to = renaming.new if renaming else ()
        self.nearest = tuple(nearest)
        if renaming:
            fate = f"renamed to {_listed(renaming.new)}" if renaming.new else "dropped"
            hint = f"it was {fate}: {renaming.reason}"
        elif self.nearest:
            hint = f"the nearest are {_listed(self.nearest)}"
        else:
            hint = "no id is like it"
        super().__init__(f"no clause has the id {clause_id!r}; {hint}")


@dataclass(frozen=True, slots=True)
class Contract:
    """The contract: clauses with the documents, profiles and contradictions behind them.

    Attributes:
        clauses: by id, in the order of the files.
        documents: by id.
        profiles: by id.
        contradictions: by id.
        renamings: by former id.
    """

    clauses: Mapping[str, Clause]
    documents: Mapping[str, Document]
    profiles: Mapping[str, Profile]
    contradictions: Mapping[str, Contradiction]
    renamings: Mapping[str, Renaming]

    @property
    def methods(self) -> tuple[str, ...]:
        """The methods that have clauses, in their order."""
        return tuple(dict.fromkeys(clause.method for clause in self.clauses.values()))

    def places(self) -> Callable[[str], int]:
        """Return what tells the place of an id in the order of the contract, to sort by.

        Ids that the contract does not know come last.
        """
        places = {clause_id: place for place, clause_id in enumerate(self.clauses)}
        return lambda clause_id: places.get(clause_id, len(places))

    def clause(self, clause_id: str) -> Clause:
        """Look a clause up.

        Args:
            clause_id: the id of the clause.

        Returns:
            The clause.

        Raises:
            UnknownClause: no clause has this id; names its successors or the nearest ids.
        """
        try:
            return self.clauses[clause_id]
        except KeyError:
            nearest = get_close_matches(clause_id, self.clauses)
            raise UnknownClause(clause_id, self.renamings.get(clause_id), nearest) from None

    def matching(self, patterns: Iterable[str]) -> frozenset[str]:
        """Return the ids of the clauses that match any of `patterns`, such as ``fit.epochs.*``.

        Raises:
            UnknownClause: a pattern matches none.
        """
        found: set[str] = set()
        for pattern in patterns:
            # One that matches none is looked up as an id, which nobody has.
            found.update(fnmatch.filter(self.clauses, pattern) or [self.clause(pattern).id])
        return frozenset(found)

    def select(  # noqa: PLR0913 - one keyword for each property that a clause can be chosen by
        self,
        *,
        methods: Collection[str] | None = None,
        levels: Collection[str] | None = None,
        profiles: Collection[str] | None = None,
        documents: Collection[str] | None = None,
        check: str | None = None,
        text: str | None = None,
    ) -> tuple[Clause, ...]:
        """Choose the clauses that meet every condition given.

        Args:
            methods: only clauses about one of these methods.
            levels: only clauses of one of these levels.
            profiles: only clauses that one of these profiles promises.
            documents: only clauses drawn from one of these documents.
            check: only clauses whose check has this status.
            text: only clauses with this text in id, statement, observation or reason, in whatever
                case.

        Returns:
            The clauses in the order of the contract.

        Raises:
            TypeError: a condition that takes several names is a single string.
            ValueError: a condition names something that the contract does not have.
        """
        _check_names("methods", methods, self.methods)
        _check_names("levels", levels, tuple(Level))
        _check_names("profiles", profiles, self.profiles)
        _check_names("documents", documents, self.documents)
        _check_names("check", None if check is None else (check,), tuple(CheckStatus))
        wanted = None if text is None else text.casefold()
        return tuple(
            clause
            for clause in self.clauses.values()
            if (methods is None or clause.method in methods)
            and (levels is None or clause.level in levels)
            and (profiles is None or not set(clause.profiles).isdisjoint(profiles))
            and (documents is None or not set(clause.documents).isdisjoint(documents))
            and (check is None or clause.check == check)
            and (wanted is None or wanted in _words(clause))
        )

    def edition(self) -> str:
        """Return what tells this contract from any other that asks for something else.

        Two with the same edition have the same clauses, each of the same level and profiles, and
        checks of the same ones.
        """
        told = (
            f"{item.id} {item.level} {' '.join(item.profiles)} {item.check}\n"
            for item in self.clauses.values()
        )
        return hashlib.sha256("".join(told).encode()).hexdigest()[:_DIGITS]

    def contradictions_of(self, clause_id: str) -> tuple[Contradiction, ...]:
        """Find the contradictions that touch a clause.

        Args:
            clause_id: the id of the clause.

        Returns:
            The contradictions in the order of the contract.

        Raises:
            UnknownClause: no clause has this id.
        """
        self.clause(clause_id)
        return tuple(each for each in self.contradictions.values() if clause_id in each.clauses)


def _check_names(argument: str, given: Collection[str] | None, known: Collection[str]) -> None:
    if isinstance(given, str):
        raise TypeError(f"{argument}: expected a collection of names, got the string {given!r}")
    for name in given or ():
        if name not in known:
            raise ValueError(f"{argument}: expected names among {_listed(known)}, got {name!r}")


def _words(clause: Clause) -> str:
    parts = (clause.id, clause.statement, clause.observe, clause.reason or "")
    return "\n".join(parts).casefold()


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)
