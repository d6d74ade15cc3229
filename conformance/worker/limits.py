"""How long an implementation may take, how much it may say, and what that takes in memory."""

from __future__ import annotations

import math
from dataclasses import dataclass

#: What every character of an answer takes while it is read: the line, its text, and what it stands
#: for, of which arrays have two copies.
_CHARACTER = 4
#: What a list, an object, one more item and either end of a text take beside that, as JSON and as
#: values.
_VALUES = {b"[": 160, b"{": 400, b",": 72, b'"': 52}


@dataclass(frozen=True)
class Limits:
    """The limits of a conversation; times in s, sizes in bytes.

    Args:
        start: any of the first answers; importing an implementation is part of one.
        reset: forgetting the last check's models.
        check: any answer within a check, where the limit of that is not shorter.
        grace: from the polite request to end, or from the end of the answers, until it is killed.
        output: on stdout or stderr within one check; more is a flood.
        answer: what one answer takes in memory.
        tries: how often a check is made at most that ends in a timeout or a crash.
        once: the clauses whose checks are not made again: how they end is known.
    """

    start: float = 240.0
    reset: float = 60.0
    check: float = math.inf
    grace: float = 5.0
    output: int = 32 * 2**20
    answer: int = 512 * 2**20
    tries: int = 3
    once: frozenset[str] = frozenset()


def memory_of(answer: bytes) -> int:
    """Return what an answer, or a piece of one, takes in memory at most while it is read, in bytes.

    That can be a hundred times its length: two characters are a list.
    """
    values = sum(answer.count(byte) * size for byte, size in _VALUES.items())
    return _CHARACTER * len(answer) + values
