"""Two sides made by hand, on which each kind of difference occurs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fitspec.conformance.changes.compare import Comparison, Side, compare, side_of
from fitspec.conformance.gate.expected import Entry
from fitspec.conformance.report.verdicts import Finding, Verdict

from .hand_made import GONE, SUBJECT, found, report

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fitspec.conformance.report.report import Report

BEFORE = replace(SUBJECT, name="keras-2.3", title="Keras 2.3.1", versions={"keras": "2.3.1"})
AFTER = replace(SUBJECT, name="keras-3-jax", title="Keras 3", versions={"keras": "3.15.1"})


def pair(
    clause: str, before: Verdict | None, after: Verdict | None, **fields: str
) -> tuple[Finding, Finding]:
    """Return a finding on each side; fields that begin with ``was_`` are of the first one.

    An observation that is not given is as expected.
    """
    was = {key.removeprefix("was_"): item for key, item in fields.items() if key[:4] == "was_"}
    now = {key: item for key, item in fields.items() if key[:4] != "was_"}
    return (
        found(clause, before, implementation="keras-2.3", **was),
        found(clause, after, implementation="keras-3-jax", **now),
    )


PASS, FAIL, ABSENT, BLOCKED = Verdict.PASS, Verdict.FAIL, Verdict.ABSENT, Verdict.BLOCKED

PAIRS = (
    pair("compile.loss.string", PASS, PASS),
    pair("compile.sample_weight_mode.temporal", PASS, ABSENT, observed="no argument `mode`"),
    pair(
        "compile.sample_weight_mode.invalid-ValueError", PASS, ABSENT, observed="no argument `mode`"
    ),
    pair("compile.loss.function", PASS, ABSENT, observed="no argument `loss`: it is <b>gone</b>"),
    pair(
        *("fit.epochs.final-epoch", PASS, FAIL),
        observed="[0, 1, 2]",
        detail="epochs are counted from *0*",
        example="epochs=3",
    ),
    pair("fit.sample_weight.temporal-2d", PASS, BLOCKED, observed="another one fell"),
    pair("fit.shuffle.batch-chunks", FAIL, PASS, was_observed="[4, 3, 2]", was_detail="backwards"),
    pair("fit.class_weight.with-sample-weight", FAIL, Verdict.ERROR, observed="ValueError: no"),
    pair("fit.epochs.zero", FAIL, FAIL, was_observed="[1]", observed="[1]"),
    pair("fit.verbose.1-counts", None, None, was_behaviour="samples", behaviour="batches"),
    pair("fit.verbose.1-header", None, None, was_behaviour="a line", behaviour="a line"),
    pair("evaluate.retired.long-ago", None, PASS, was_behaviour="either"),
)
ALONE = (
    found("predict.order", PASS, implementation="keras-2.3"),
    found("get_layer.by-name", PASS, implementation="keras-3-jax"),
    found("predict.order", Verdict.UNAVAILABLE, implementation="keras-3-torch"),
)


def reported() -> Report:
    """Return one report of both sides, and of one that could not be started."""
    findings = [item for one in PAIRS for item in one]
    return report(*findings, *ALONE, subjects=(BEFORE, AFTER, GONE))


def comparison() -> Comparison:
    """Return how they differ."""
    both = reported()
    return compare(side_of(both, "keras-2.3"), side_of(both, "keras-3-jax"))


def known(reason: str, link: str = "") -> Entry:
    """Return what is known of a verdict."""
    return Entry((), Verdict.FAIL, reason, link=link)


CAUSES: Mapping[Finding, Entry] = {
    PAIRS[1][1]: known("`compile` has no such argument."),
    PAIRS[2][1]: known("`compile` has no such argument."),
    PAIRS[4][1]: known("The loop of `fit` starts at 0.", "https://example.org/some_thing/1"),
    PAIRS[6][0]: known("It sorted them."),
}
HOSTILE = "<script>alert('x')</script> & \"BODY\" | `*_[x](y)` -->"


def hostile() -> tuple[Side, Side]:
    """Return two sides whose every text is hostile."""
    both = comparison()
    sides = []
    for side in (both.before, both.after):
        findings = {
            key: replace(
                item,
                expected=HOSTILE,
                observed=f"{HOSTILE}{side.name}",
                detail=f"{HOSTILE}!",
                behaviour=None if item.behaviour is None else f"{HOSTILE}{side.name}",
            )
            for key, item in side.findings.items()
        }
        sides.append(replace(side, name=f"{side.name} {HOSTILE}", findings=findings))
    return sides[0], sides[1]
