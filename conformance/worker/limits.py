"""How long an implementation may take, and how much it may say."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """The limits of a conversation; times in s, sizes in bytes.

    Args:
        start: importing an implementation and the first answers.
        reset: forgetting the last check's models.
        check: any check, where its own limit is not shorter.
        grace: from the polite request to end, or from the end of the answers, until it is killed.
        output: on stdout or stderr within one check; more is a flood.
        answer: one answer.
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
