"""Reports made by hand for pages: ordinary ones, and ones that try to break out of a page."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fitspec import spec
from fitspec.conformance.gate.expected import Entry
from fitspec.conformance.report.report import Report, Subject
from fitspec.conformance.report.verdicts import Finding, Verdict

from ..conformance import hand_made

SCRIPT = 'from fitspec.conformance.conversation import converse\n\nprint("observed  [3, 2]")\n'

HEADER = {**hand_made.HEADER, "clauses": 445, "checked": 100}
SUBJECT = replace(hand_made.SUBJECT, renames={})

#: Verdict of keras-2.3 and of keras-3 where it is no pass.
FALLS = {
    "fit.validation_split.class-weight-not-applied": (Verdict.FAIL, Verdict.PASS),
    "fit.shuffle.batch-chunks": (Verdict.PASS, Verdict.FAIL),
    "fit.validation_freq.tuple-set": (Verdict.PASS, Verdict.ERROR),
    "fit.workers.zero-main-thread": (Verdict.PASS, Verdict.ABSENT),
    "fit.raises.not-compiled-RuntimeError": (Verdict.TIMEOUT, Verdict.FAIL),
}


def ordinary() -> list[Report]:
    """Return reports of the reference, two versions of Keras and one that could not be started."""
    keras_2 = replace(SUBJECT, name="keras-2.3", title="Keras 2.3.1", versions={"keras": "2.3.1"})
    keras_3 = replace(SUBJECT, name="keras-3", title="Keras 3", versions={"keras": "3.15.1"})
    gone = replace(
        SUBJECT,
        name="keras-3-torch",
        available=False,
        reason="Python 3.11 is not on this machine",
        versions={},
        seconds=0.0,
        seconds_inside=0.0,
    )
    clauses = [
        item for item in spec.contract().clauses.values() if item.method in ("compile", "fit")
    ]
    return [
        Report(HEADER, (SUBJECT,), tuple(_finding(item, SUBJECT.name) for item in clauses)),
        Report(HEADER, (keras_2,), tuple(_finding(item, keras_2.name, 0) for item in clauses)),
        Report(HEADER, (keras_3,), tuple(_finding(item, keras_3.name, 1) for item in clauses)),
        Report(HEADER, (gone,), tuple(_unavailable(item, gone.name) for item in clauses[:5])),
    ]


def _finding(clause: spec.Clause, name: str, place: int | None = None) -> Finding:
    found = Finding(
        clause=clause.id,
        implementation=name,
        verdict=Verdict.PASS,
        behaviour=None,
        expected="[2, 3]",
        observed="[2, 3]",
        detail="",
        seconds=0.25,
        seconds_inside=0.125,
        check=f"test_it.py::test_it[{name}]",
    )
    if clause.level is spec.Level.OBSERVED:
        behaviour = f"the way of {'Keras 3' if place == 1 else 'Keras 2'}"
        return replace(found, verdict=None, behaviour=behaviour)
    verdict = Verdict.PASS if place is None else FALLS.get(clause.id, (Verdict.PASS,) * 2)[place]
    if verdict is Verdict.PASS:
        return found
    return replace(found, verdict=verdict, observed="[3, 2]", detail="order lost", script=SCRIPT)


def _unavailable(clause: spec.Clause, name: str) -> Finding:
    return replace(_finding(clause, name), verdict=Verdict.UNAVAILABLE, behaviour=None)


#: What somebody would try who wants a page to do something, or to show something else.
ATTACKS = (
    "<script>window.broken = 'script'</script>",
    "\"'><img src=x onerror=\"window.broken = 'image'\">",
    "</script><script>window.broken = 'end'</script>",
    "</pre></td></table><h1>broken</h1>",
    "<svg onload=\"window.broken = 'svg'\">",
    "<!-- <style>* { display: none }</style>",
    "{{ 7 * 7 }} {% raw %} ${window.broken = 'braces'}",
    "javascript:window.broken = 'link'",
    "../../etc/passwd",
    "index.html#cell=a/b&verdict=pass",
    "\u202egnp.exe\u202c \u2066hidden\u2069 zero\u200bwidth",
    "\x00\x07\x1b[31mred\x1b[0m\x7f",
    "half of a pair: \ud800",
    "e\u0301" * 20 + " 漢字 🙂",
    "",
    "a" * 30_000,
)


def hostile() -> Report:
    """Return a report in which everything that an implementation can say is an attack."""
    clauses = [
        item for item in spec.contract().clauses.values() if item.level is not spec.Level.OBSERVED
    ]
    left_open = [
        item for item in spec.contract().clauses.values() if item.level is spec.Level.OBSERVED
    ]
    subjects = tuple(
        Subject(
            name=attack[:200],
            title=attack,
            available=place % 4 != 0,
            reason=attack,
            remedy=attack,
            versions={"keras": "2.3.1", attack: attack},
            python=attack,
            platform=attack,
            renames={attack: attack},
            seconds=1.0,
            seconds_inside=0.5,
        )
        for place, attack in enumerate(ATTACKS)
    )
    findings = [
        finding
        for subject, attack in zip(subjects, ATTACKS, strict=True)
        for finding in (
            _said(subject.name, attack, clauses[0].id, verdict=Verdict.FAIL),
            _said(subject.name, attack, clauses[1].id, verdict=Verdict.ERROR),
            _said(subject.name, attack, left_open[0].id, behaviour=attack),
            _said(subject.name, attack, f"no.clause.{attack}", verdict=Verdict.PASS),
        )
    ]
    return Report(HEADER, subjects, tuple(findings), ATTACKS)


def hostile_causes() -> list[Entry]:
    """Return an entry of expectations that is an attack, in its reason and in its link."""
    clause = next(iter(spec.contract().clauses))
    return [Entry((clause,), Verdict.FAIL, ATTACKS[0], link=ATTACKS[7])]


def _said(name: str, attack: str, clause: str, **fields: Any) -> Finding:
    finding = Finding(
        clause=clause,
        implementation=name,
        verdict=None,
        behaviour=None,
        expected=attack,
        observed=f"array([{attack}], dtype={attack})",
        detail=attack,
        seconds=0.25,
        seconds_inside=0.125,
        check=attack,
        example=attack,
        script=attack,
    )
    return replace(finding, **fields)
