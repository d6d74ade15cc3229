"""A report as JUnit XML, which most CIs show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

from fitspec.conformance.gate.expected import find
from fitspec.conformance.report.hostile import visible
from fitspec.conformance.report.telling import story
from fitspec.conformance.report.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fitspec.conformance.gate.expected import Entry
    from fitspec.conformance.report.report import Report, Subject
    from fitspec.conformance.report.verdicts import Finding

#: Something broke, other than that a claim did not hold.
_BROKE: Final = (Verdict.ERROR, Verdict.CRASH, Verdict.TIMEOUT)


def junit(report: Report, entries: Sequence[Entry] = ()) -> str:
    """Return a report as JUnit XML: a suite for each implementation, a case for each clause.

    What falls short as expected is skipped, with the reason. What is blocked is skipped as well:
    the clause that it waits for is not. A pass that is not expected is a failure. Where there is
    no verdict there is no case.

    Args:
        report: of a run.
        entries: which verdicts are known not to be a pass.
    """
    root = ET.Element("testsuites", name="fitspec")
    for subject in report.subjects:
        root.append(_suite(report, subject, entries))
    for key in ("tests", "failures", "errors", "skipped"):
        root.set(key, str(sum(int(suite.get(key, "0")) for suite in root)))
    root.set("time", _seconds(sum(item.seconds for item in report.subjects)))
    ET.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _suite(report: Report, subject: Subject, entries: Sequence[Entry]) -> ET.Element:
    suite = ET.Element("testsuite", name=visible(subject.name))
    properties = ET.SubElement(suite, "properties")
    facts = {"fitspec": str(report.header["fitspec"]), "python": subject.python}
    facts |= {f"version of {name}": version for name, version in subject.versions.items()}
    for name, value in facts.items():
        ET.SubElement(properties, "property", name=visible(name), value=visible(value))
    cases = [
        _case(finding, find(entries, finding.clause, subject.name, subject.versions))
        for finding in report.of(subject.name)
        if finding.verdict not in (None, Verdict.UNAVAILABLE)
    ]
    if not subject.available:
        cases.append(_not_started(subject))
    suite.extend(cases)
    counts = {"tests": len(cases)}
    for key, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        counts[key] = sum(case.find(tag) is not None for case in cases)
    for key, count in counts.items():
        suite.set(key, str(count))
    suite.set("time", _seconds(subject.seconds))
    suite.set("timestamp", str(report.header["started"])[:19])
    return suite


def _not_started(subject: Subject) -> ET.Element:
    """Return one case that stands for all that could not be looked at."""
    case = ET.Element("testcase", name="start", classname=visible(subject.name), time="0.000")
    told = ET.SubElement(case, "error", type="unavailable", message=visible(subject.reason))
    told.text = visible(subject.remedy)
    return case


def _case(finding: Finding, entry: Entry | None) -> ET.Element:
    verdict = finding.verdict
    assert verdict is not None  # noqa: S101  the others were left out
    method = finding.clause.partition(".")[0]
    case = ET.Element(
        "testcase",
        name=visible(finding.clause),
        classname=visible(f"{finding.implementation}.{method}"),
        time=_seconds(finding.seconds),
    )
    if entry is not None and entry.allows(verdict):
        if finding.fell_short:
            ET.SubElement(case, "skipped", message=visible(f"expected {verdict}: {entry.reason}"))
    elif entry is not None and not finding.fell_short:
        words = f"passes, which is not expected; {entry.place} says {entry.verdict}: {entry.reason}"
        ET.SubElement(case, "failure", type="pass", message=visible(words))
    elif verdict is Verdict.BLOCKED:
        ET.SubElement(case, "skipped", message=visible(f"blocked: {finding.observed}"))
    elif finding.fell_short:
        tag = "error" if verdict in _BROKE else "failure"
        message = visible(finding.observed.partition("\n")[0])
        told = ET.SubElement(case, tag, type=str(verdict), message=message)
        told.text = story(finding)
    return case


def _seconds(seconds: float) -> str:
    return f"{seconds:.3f}"
