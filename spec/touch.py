"""What of a program touches a clause: the calls whose outcome it decides."""

import re
from dataclasses import dataclass

READS = ("callback", "metrics_names")
"""What programs read beside the methods that they call: in hooks, and the names of metrics."""

_TERM = re.compile(r"!?[a-z_]+(:[a-z]+|[=>~].+)?|\*")


@dataclass(frozen=True, slots=True)
class Touch:
    """One way in which a call touches a clause.

    Attributes:
        when: terms joined by " & ", all of which are true of the call. ``shuffle='batch'``: the
            argument has that value, or one of several, as in ``loss='mse'|'mae'``;
            ``metrics>'acc'|'accuracy'``: one of these is among the items; ``loss~'logcosh'``: it is
            seen to be among them; ``class_weight``: it is given, and not None; ``x:generator``:
            what reaches it is of that form; each with "!" before it for the opposite; ``*``: any
            call.
        methods: of which methods; the clause's own if left out.
        provided: what else has to be true and cannot be seen in a program, as what depends on the
            numbers of a run, such as how small gradients are; the call then touches the clause
            perhaps.
        numbers: whether what changes are numbers, without an error.
        refused: whether what the clause requires is that the call is refused.
        raises: whether the call is refused where the clause does not hold.
    """

    when: str
    methods: tuple[str, ...] = ()
    provided: str = ""
    numbers: bool = False
    refused: bool = False
    raises: bool = False

    @property
    def terms(self) -> tuple[str, ...]:
        """The terms, of which all have to be true."""
        return tuple(self.when.split(" & "))


def term_fault(when: str) -> str | None:
    """Return the first term that is none; None if there is no such."""
    return next((term for term in when.split(" & ") if not _TERM.fullmatch(term)), None)
