"""A report with all that an export has to tell apart, and with text that means harm."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from fitspec.conformance.gate.expected import Entry
from fitspec.conformance.report.verdicts import Verdict

from . import hand_made
from .hand_made import GONE, OTHER, SUBJECT, found

#: Closes tags, ends cells, makes links, and holds what no XML can.
HOSTILE = (
    '<script>alert("1")</script> | ]]> & [x](https://e.org) `a` *b* \x00\x1b[31m\nlast @me $x$'
)

REPORT = hand_made.report(
    found("fit.epochs.final-epoch", Verdict.PASS),
    found("fit.epochs.default-1", Verdict.FAIL, observed="10", detail="ten"),
    found("fit.x.array", Verdict.PASS),
    found("get_layer.negative-index", None, behaviour="counts from the end"),
    found("fit.epochs.final-epoch", Verdict.FAIL, implementation="keras-2.3", observed=HOSTILE),
    found("fit.epochs.default-1", Verdict.CRASH, implementation="keras-2.3", observed="gone"),
    found("fit.x.array", Verdict.ABSENT, implementation="keras-2.3", observed="no argument `x`"),
    found("predict.order", Verdict.BLOCKED, implementation="keras-2.3", observed="a.b fell"),
    found("fit.x.array", Verdict.UNAVAILABLE, implementation="keras-3-torch", expected=""),
    subjects=(
        replace(SUBJECT, adapter="fitspec/adapters/reference/plain.py"),
        replace(OTHER, adapter="my adapters/keras.py", versions={"keras": HOSTILE}),
        replace(GONE, reason=f"not here: {HOSTILE}"),
    ),
)

ENTRIES = (
    Entry(("fit.x.array",), Verdict.ABSENT, f"Has none. {HOSTILE}", ("keras-2.3",)),
    Entry(("fit.x.array",), Verdict.FAIL, "Old.", ("reference",), file="e.toml", line=7),
    Entry(("fit.epochs.default-1",), Verdict.FAIL, "So.", ("reference",), expires=date(2027, 1, 1)),
)
