"""What changes for programs, file by file and as a whole, whoever shows it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from fitspec.conformance.report.telling import counted
from fitspec.conformance.upgrade.findings import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fitspec.conformance.upgrade.findings import Finding

MEANINGS: Final = {
    Kind.SILENT: "numbers change without an error",
    Kind.FAILS: "raises",
    Kind.ABSENT: "is gone",
    Kind.OTHERWISE: "behaves otherwise",
}


def by_file(findings: Sequence[Finding]) -> list[tuple[str, list[Finding]]]:
    """Return findings by file, that with the worst first."""
    found: dict[str, list[Finding]] = {}
    for item in findings:
        found.setdefault(item.place.file, []).append(item)
    order = list(Kind)
    worst = {file: min(order.index(item.kind) for item in items) for file, items in found.items()}
    return sorted(found.items(), key=lambda pair: (worst[pair[0]], pair[0]))


def total(findings: Sequence[Finding], read: int) -> str:
    """Return how many changes there are of each kind, in a sentence.

    Args:
        findings: all of them.
        read: how many files were read.
    """
    files = f"{counted(read, 'file')} read"
    if not findings:
        return f"Nothing that is known to change; {files}."
    counts = Counter(item.kind for item in findings)
    perhaps = sum(not item.certain for item in findings)
    parts = ", ".join(f"{counts[kind]} {kind} ({MEANINGS[kind]})" for kind in Kind if counts[kind])
    return f"{parts}; {perhaps} of {len(findings)} perhaps; {files}."
