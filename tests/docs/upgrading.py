"""The page docs/upgrading/keras-2.3-to-keras-3.md, made of two reports of real runs.

These come with fitspec, for `fitspec upgrade` as well, reduced to what the page tells, so that it
can be made anew, and be seen to be up to date, without either version of Keras::

    python tests/docs/upgrading.py                            # the page
    python tests/docs/upgrading.py keras-2.3.ndjson keras-3-jax.ndjson     # reports as well

where the files are reports of `fitspec run`, of any implementations.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from fitspec.conformance.changes.causes import causes_in
from fitspec.conformance.changes.compare import compare, side_of
from fitspec.conformance.exports.differences import markdown
from fitspec.conformance.gate import expected
from fitspec.conformance.report import reading, report
from fitspec.conformance.report.verdicts import Verdict

if TYPE_CHECKING:
    from fitspec.conformance.report.report import Report
    from fitspec.conformance.report.verdicts import Finding

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "upgrading" / "keras-2.3-to-keras-3.md"
REPORTS = ROOT / "conformance" / "upgrade" / "reports"
SIDES = ("keras-2.3", "keras-3-jax")

_LEAD = """\
What changes for a program that uses the documented Model API when it goes from Keras 2.3.1 to
Keras 3. Both were held against the contract; what is said here was seen there. Most of the clauses
that start to fail are about `fit_generator`, `evaluate_generator` and `predict_generator`, which
Keras 3 does not have. On the other backends of Keras 3 nearly everything is the same:
[`docs/deviations`](../deviations) has a page for each.

```sh
fitspec diff keras-2.3 keras-3-jax                       # this, for the versions of today
fitspec repro CLAUSE --implementation keras-3-jax        # a script that shows it, in plain Keras
fitspec explain CLAUSE                                   # who documents it
```
"""


def reduced(found: Report) -> Report:
    """Return a report without what the page does not tell."""
    subjects = tuple(
        replace(item, platform="", seconds=0.0, seconds_inside=0.0) for item in found.subjects
    )
    header = {key: item for key, item in found.header.items() if key != "basis"}
    findings = tuple(map(_reduced_finding, found.findings))
    return replace(found, header={**header, "platform": ""}, subjects=subjects, findings=findings)


def _reduced_finding(item: Finding) -> Finding:
    # What follows an empty line is where in its sources an implementation was, on that machine.
    observed, _, _ = item.observed.partition("\n\n")
    detail, _, _ = item.detail.partition("\n\n")
    bare = replace(
        item,
        seconds=0.0,
        seconds_inside=0.0,
        script="",
        check="",
        observed=observed,
        detail=detail,
    )
    if item.verdict is Verdict.PASS:
        return replace(bare, expected="", observed="", detail="", example="")
    return replace(bare, expected="") if item.behaviour is not None else bare


def file_of(side: str) -> Path:
    """Return where the reduced report of a side lies."""
    return REPORTS / f"{side}.ndjson"


def page() -> str:
    """Return the page as it has to be."""
    before, after = (side_of(reading.read(file_of(side)), side) for side in SIDES)
    causes = causes_in((before, after), expected.known_causes())
    text = markdown(compare(before, after), causes, title="Keras 2.3 → Keras 3")
    heading, _, rest = text.partition("\n\n")
    return f"{heading}\n\n{_LEAD}\n{rest}"


if __name__ == "__main__":
    for given in sys.argv[1:]:
        found = reading.read(Path(given))
        for subject in found.subjects:
            own = replace(found, subjects=(subject,), findings=tuple(found.of(subject.name)))
            report.write(reduced(own), file_of(subject.name))
    PAGE.write_text(page(), "utf-8")
