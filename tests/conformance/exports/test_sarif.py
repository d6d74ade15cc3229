"""Tests of `fitspec.conformance.exports.sarif`: the report as code hosts read it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import jsonschema

from fitspec.conformance.exports.sarif import SCHEMA, sarif
from fitspec.spec.clause_lines import clause_lines

from .. import hand_made
from ..exported import ENTRIES, HOSTILE, REPORT

TEXT = {"type": "string", "minLength": 1}


def strict(required: str = "", **properties: Any) -> dict[str, Any]:
    """Return the schema of an object that has no other properties than these."""
    shape = {"type": "object", "additionalProperties": False, "properties": properties}
    return {**shape, "required": required.split()}


MESSAGE = strict("text", text=TEXT)
PLACE = strict(
    "artifactLocation",
    artifactLocation=strict("uri", uri={**TEXT, "pattern": "^[^ ]+$"}, uriBaseId=TEXT),
    region=strict(startLine={"type": "integer", "minimum": 1}),
)
LEVEL = {"enum": ["none", "note", "warning", "error"]}
TIME = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"}
SUPPRESSION = strict(
    "kind",
    kind={"enum": ["inSource", "external"]},
    status={"enum": ["accepted", "underReview", "rejected"]},
    justification={"type": "string"},
)
#: What SARIF 2.1.0 demands of the objects that are used here, of which it allows more.
STRUCTURE = strict(
    "version runs",
    **{"$schema": {"const": SCHEMA}, "version": {"const": "2.1.0"}},
    runs={
        "type": "array",
        "items": strict(
            "tool results",
            tool=strict(
                "driver",
                driver=strict(
                    "name",
                    name=TEXT,
                    version=TEXT,
                    rules={
                        "type": "array",
                        "uniqueItems": True,
                        "items": strict(
                            "id",
                            id=TEXT,
                            defaultConfiguration=strict(level=LEVEL),
                            shortDescription=MESSAGE,
                            help=MESSAGE,
                            properties={"type": "object"},
                        ),
                    },
                ),
            ),
            originalUriBaseIds={
                "type": "object",
                "additionalProperties": strict(description=MESSAGE),
            },
            invocations={
                "type": "array",
                "items": strict(
                    "executionSuccessful",
                    executionSuccessful={"type": "boolean"},
                    startTimeUtc=TIME,
                    endTimeUtc=TIME,
                    toolExecutionNotifications={
                        "type": "array",
                        "items": strict("message", level=LEVEL, message=MESSAGE),
                    },
                ),
            },
            results={
                "type": "array",
                "items": strict(
                    "message",
                    ruleId=TEXT,
                    ruleIndex={"type": "integer", "minimum": 0},
                    level=LEVEL,
                    message=MESSAGE,
                    locations={"type": "array", "items": strict(physicalLocation=PLACE)},
                    relatedLocations={
                        "type": "array",
                        "items": strict(
                            id={"type": "integer"}, physicalLocation=PLACE, message=MESSAGE
                        ),
                    },
                    partialFingerprints={"type": "object", "additionalProperties": TEXT},
                    suppressions={"type": "array", "items": SUPPRESSION},
                    properties={"type": "object"},
                ),
            },
        ),
    },
)


def run_of(text: str) -> dict[str, Any]:
    """Return the only run of a file."""
    (run,) = json.loads(text)["runs"]
    assert isinstance(run, dict)
    return run


def test_the_file_has_the_structure_of_sarif() -> None:
    """Objects have the properties that the standard names, and none besides."""
    for entries in ((), ENTRIES):
        jsonschema.validate(json.loads(sarif(REPORT, entries)), STRUCTURE)


def test_what_fell_short_is_a_result_with_its_rule() -> None:
    """Neither a pass nor what could not be started is one."""
    run = run_of(sarif(REPORT))

    rules = run["tool"]["driver"]["rules"]
    results = [(item["ruleId"], item["properties"]["verdict"]) for item in run["results"]]
    assert results == [
        ("fit.epochs.default-1", "fail"),
        ("fit.epochs.final-epoch", "fail"),
        ("fit.epochs.default-1", "crash"),
        ("fit.x.array", "absent"),
        ("predict.order", "blocked"),
    ]
    assert [rules[item["ruleIndex"]]["id"] for item in run["results"]] == [
        clause for clause, _ in results
    ]
    assert {item["level"] for item in run["results"]} == {"error"}


def test_a_result_is_located_in_the_adapter_and_in_the_record() -> None:
    """The adapter of a user is seen from the user's project, what is ours from ours."""
    ours, theirs, *_ = run_of(sarif(REPORT))["results"]

    assert ours["locations"][0]["physicalLocation"]["artifactLocation"] == {
        "uri": "adapters/reference/plain.py",
        "uriBaseId": "FITSPEC",
    }
    assert theirs["locations"][0]["physicalLocation"]["artifactLocation"] == {
        "uri": "my%20adapters/keras.py",
        "uriBaseId": "%SRCROOT%",
    }
    file, line = clause_lines()["fit.epochs.final-epoch"]
    assert theirs["relatedLocations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": f"spec/{file}", "uriBaseId": "FITSPEC"},
        "region": {"startLine": line},
    }


def test_what_is_not_known_is_left_away() -> None:
    """A report of before adapters were told has no location; a clause that is gone no record."""
    old = hand_made.report(replace(REPORT.findings[1], clause="gone.for.good"))

    (result,) = run_of(sarif(old))["results"]

    assert result["level"] == "warning"
    assert not {"locations", "relatedLocations"} & result.keys()


def test_what_is_expected_is_suppressed_with_its_reason() -> None:
    """Everything is in the file; the host shows what is to be settled."""
    results = run_of(sarif(REPORT, ENTRIES))["results"]

    assert [[known["justification"] for known in item["suppressions"]] for item in results] == [
        ["So."],
        [],
        [],
        [f"Has none. {HOSTILE}"],
        [],
    ]


def test_a_result_is_the_same_in_the_next_report() -> None:
    """What tells results apart is clause and implementation, not what was observed."""
    first = [item["partialFingerprints"] for item in run_of(sarif(REPORT))["results"]]
    changed = replace(
        REPORT, findings=tuple(replace(item, observed="else") for item in REPORT.findings)
    )

    assert [item["partialFingerprints"] for item in run_of(sarif(changed))["results"]] == first
    assert len({str(item) for item in first}) == len(first)


def test_what_kept_the_run_from_proving_anything_is_told() -> None:
    """Faults, and implementations that could not be started, are notifications."""
    (invocation,) = run_of(sarif(replace(REPORT, faults=("it broke",))))["invocations"]

    texts = [item["message"]["text"] for item in invocation["toolExecutionNotifications"]]
    assert not invocation["executionSuccessful"]
    assert texts[0] == "it broke"
    assert texts[1].startswith("keras-3-torch could not be started: not here")


def test_no_text_of_an_implementation_is_shown_as_a_link() -> None:
    """A viewer makes links of brackets before parentheses."""
    assert "[x](" in HOSTILE
    assert "](" not in sarif(replace(REPORT, findings=REPORT.findings[4:5]))
