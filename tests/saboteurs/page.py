"""The page docs/kill-matrix.md: which defect each check catches.

`python tests/saboteurs/page.py` writes it anew. It states what the saboteurs declare, and
`test_saboteurs.py` proves each declaration: these clauses fall, and no other.
"""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import TYPE_CHECKING

from fitspec import spec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .roster import Saboteur

PAGE = Path(__file__).resolve().parents[2] / "docs" / "kill-matrix.md"


def text(saboteurs: Sequence[Saboteur]) -> str:
    """Return the page as Markdown, in the order of the contract."""
    order = list(spec.contract().clauses)
    ordered = sorted(saboteurs, key=lambda item: (order.index(item.clause), item.name))
    alone = sum(not item.also for item in ordered)
    clauses = {item.clause for item in ordered}
    lines = [
        "# Which check catches which defect",
        "",
        f"{len(ordered)} saboteurs, each the reference implementation with one defect planted in",
        f"it, for {len(clauses)} clauses. Each is caught by the check of the clause it breaks,",
        f"{alone} of them by that check alone. Where checks of related clauses rightly fall too,",
        "they are named; no other check falls. The tests prove every line.",
        "",
        "| clause | the defect | also falls |",
        "| --- | --- | --- |",
    ]
    for item in ordered:
        also = ", ".join(f"`{name}`" for name in item.also)
        sentence = item.sentence.partition("\n\n")[0].replace("\n", " ").replace("|", "\\|")
        lines.append(f"| `{item.clause}` | {sentence} | {also} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    roster = runpy.run_path(str(Path(__file__).with_name("roster.py")))["roster"]
    PAGE.write_text(text(roster()), "utf-8")
