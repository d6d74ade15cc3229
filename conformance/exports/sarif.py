"""A report as SARIF 2.1.0, which code hosts show beside the code.

What fell short is a result. It is located in the file of the adapter, the one file that a
maintainer has of it; the record of the clause is a related location.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from fitspec import spec
from fitspec.conformance.gate.expected import cause_of
from fitspec.conformance.report.hostile import visible
from fitspec.conformance.report.telling import story
from fitspec.conformance.report.verdicts import Verdict
from fitspec.spec.clause_lines import clause_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fitspec.conformance.gate.expected import Entry
    from fitspec.conformance.report.report import Report, Subject
    from fitspec.conformance.report.verdicts import Finding

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_OWN: Final = "fitspec/"
#: What paths are seen from: the project of whoever runs fitspec, and fitspec itself.
_PROJECT, _FITSPEC = "%SRCROOT%", "FITSPEC"
_LEVELS: Final = {spec.Level.MUST: "error", spec.Level.SHOULD: "warning"}


def sarif(report: Report, entries: Sequence[Entry] = ()) -> str:
    """Return a report as SARIF: a rule for each clause, a result for each that fell short.

    What falls short as expected is there as well, suppressed, with its reason.

    Args:
        report: of a run.
        entries: which verdicts are known not to be a pass.
    """
    fallen = [item for item in report.fell_short if item.verdict is not Verdict.UNAVAILABLE]
    troubles = [
        *report.faults,
        *(f"{item.name} could not be started: {item.reason}" for item in report.unavailable),
    ]
    subjects = {subject.name: subject for subject in report.subjects}
    clauses = dict.fromkeys(item.clause for item in fallen)
    places = {clause: place for place, clause in enumerate(clauses)}
    run = {
        "tool": {
            "driver": {
                "name": "fitspec",
                "version": visible(str(report.header["fitspec"])),
                "rules": [_rule(clause) for clause in clauses],
            }
        },
        "originalUriBaseIds": {
            _PROJECT: {"description": {"text": "The project that holds the adapter."}},
            _FITSPEC: {"description": {"text": "The sources of fitspec."}},
        },
        "invocations": [
            {
                "executionSuccessful": not troubles,
                "startTimeUtc": _utc(str(report.header["started"])),
                "endTimeUtc": _utc(str(report.header["finished"])),
                "toolExecutionNotifications": [
                    {"level": "error", "message": {"text": plain(text)}} for text in troubles
                ],
            }
        ],
        "results": [
            _result(
                item,
                places[item.clause],
                subject,
                cause_of(item, subject.versions, entries),
            )
            for item in fallen
            for subject in [subjects[item.implementation]]
        ],
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=1, ensure_ascii=True) + "\n"


def _utc(time: str) -> str:
    return time.removesuffix("+00:00") + "Z"


def _level(clause: str) -> str:
    known = spec.contract().clauses
    return _LEVELS.get(known[clause].level, "warning") if clause in known else "warning"


def _rule(clause: str) -> dict[str, Any]:
    rule: dict[str, Any] = {
        "id": visible(clause),
        "defaultConfiguration": {"level": _level(clause)},
    }
    known = spec.contract().clauses
    if clause in known:
        record = known[clause]
        rule["shortDescription"] = {"text": plain(record.statement)}
        rule["help"] = {"text": f"`fitspec explain {clause}` says who documents it."}
        rule["properties"] = {
            "tags": [record.method, record.topic, *record.profiles],
            "documents": list(record.documents),
        }
    return rule


def _result(finding: Finding, rule: int, subject: Subject, cause: Entry | None) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": visible(finding.clause),
        "ruleIndex": rule,
        "level": _level(finding.clause),
        "message": {"text": plain(story(finding))},
        "partialFingerprints": {"clauseOnImplementation/v1": _print_of(finding)},
        "properties": {
            "verdict": str(finding.verdict),
            "implementation": visible(finding.implementation),
        },
    }
    if subject.adapter:
        result["locations"] = [{"physicalLocation": _location(subject.adapter, 1)}]
    if finding.clause in clause_lines():
        file, line = clause_lines()[finding.clause]
        place = _location(f"{_OWN}spec/{file}", line)
        told = {"text": "what the clause says"}
        result["relatedLocations"] = [{"id": 1, "physicalLocation": place, "message": told}]
    result["suppressions"] = [
        {"kind": "external", "status": "accepted", "justification": item.reason}
        for item in [cause]
        if item is not None
    ]
    return result


def _print_of(finding: Finding) -> str:
    """Return what tells a code host that it is the same result as in the last report."""
    text = f"{finding.clause} {finding.implementation}"
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:32]


def _location(path: str, line: int) -> dict[str, Any]:
    base = _FITSPEC if path.startswith(_OWN) else _PROJECT
    return {
        "artifactLocation": {
            "uri": quote(path.removeprefix(_OWN), errors="surrogatepass"),
            "uriBaseId": base,
        },
        "region": {"startLine": line},
    }


def plain(text: str) -> str:
    """Return a text as a message of SARIF, in which nothing is a link."""
    # A bracket followed by a parenthesis would be shown as a link.
    return visible(text).replace("](", "] (")
