"""A check that ended in a timeout or a crash is made again, in a fresh worker.

A verdict is about the implementation and not about the machine: on a busy one, pools of processes
hang and time runs out. What comes most often counts, and what comes otherwise is said with it.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

# Private, and what plugins that run tests again have used for years: pytest offers nothing else.
from _pytest.runner import runtestprotocol

from fitspec.conformance.report.verdicts import Verdict
from fitspec.conformance.running.judging import judged

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pytest

#: The property of a pytest report that has its finding, as plain values.
FINDING: Final = "fitspec.finding"
#: The property of one whose check is worth another try.
AGAIN: Final = "fitspec.again"
_AGAIN: Final = (Verdict.TIMEOUT, Verdict.CRASH)


def is_worth_another(error: BaseException | None) -> bool:
    """Return whether how a check ended may have been the machine's doing."""
    found = judged(error)
    return found is not None and found[0] in _AGAIN


def run(item: pytest.Item, following: pytest.Item | None, tries: int) -> None:
    """Run a check as often as need be, and report the try that counts.

    A second try that comes to the same settles it; otherwise there is a third. Where no outcome
    came more often than the others, the first one counts.

    Args:
        item: the check on one implementation.
        following: what pytest runs next.
        tries: at most so many.
    """
    hook = item.ihook
    hook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    made = [runtestprotocol(item, nextitem=following, log=False)]
    while len(made) < tries and _is_open(made):
        made.append(runtestprotocol(item, nextitem=following, log=False))
    for report in _counting(made):
        hook.pytest_runtest_logreport(report=report)
    hook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)


def _is_open(made: Sequence[Sequence[pytest.TestReport]]) -> bool:
    """Return whether another try can tell more."""
    if not any(dict(report.user_properties).get(AGAIN) for one in made for report in one):
        return False
    words = [_word(one) for one in made]
    return len(set(words)) == len(words)


def _counting(made: Sequence[list[pytest.TestReport]]) -> list[pytest.TestReport]:
    """Return the reports of the try that counts, which says what all of them came to."""
    words = [_word(one) for one in made]
    ((winner, _),) = Counter(words).most_common(1)
    chosen = made[words.index(winner)]
    finding = _finding(chosen)
    if finding is not None:
        finding["tries"] = tuple(words) if len(set(words)) > 1 else ()
        for key in ("seconds", "seconds_inside"):
            finding[key] = sum((_finding(one) or finding)[key] for one in made)
    return chosen


def _word(reports: Sequence[pytest.TestReport]) -> str:
    """Return what a try came to: a verdict or a behaviour, or that it was a fault of ours."""
    finding = _finding(reports)
    return "a fault" if finding is None else finding["verdict"] or finding["behaviour"]


def _finding(reports: Sequence[pytest.TestReport]) -> dict[str, Any] | None:
    properties = (dict(report.user_properties).get(FINDING) for report in reports)
    return next((item for item in properties if isinstance(item, dict)), None)
