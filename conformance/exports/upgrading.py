"""What changes for a program, for machines: JSON, SARIF 2.1.0 and annotations of GitHub."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from fitspec import spec
from fitspec.conformance.exports.sarif import SCHEMA, plain
from fitspec.conformance.report.hostile import unobeyed, visible
from fitspec.conformance.upgrade.findings import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fitspec.conformance.upgrade.findings import Finding

#: What code hosts call a kind.
_LEVELS: Final = {
    Kind.SILENT: "error",
    Kind.FAILS: "error",
    Kind.ABSENT: "error",
    Kind.OTHERWISE: "warning",
}


def as_json(findings: Sequence[Finding]) -> str:
    """Return findings as a list of objects."""
    return json.dumps([_object(item) for item in findings], indent=1) + "\n"


def _object(item: Finding) -> dict[str, Any]:
    advice = item.advice
    return {
        "file": item.place.file,
        "cell": item.place.cell or None,
        "line": item.place.line,
        "column": item.place.column,
        "call": item.call,
        "clause": item.clause,
        "kind": str(item.kind),
        "certain": item.certain,
        "condition": item.condition,
        "before": item.before,
        "after": item.after,
        "advice": "" if advice is None else advice.says,
        "write": "" if advice is None else advice.write.strip(),
        "by_hand": item.by_hand,
        "repro": item.repro,
    }


def as_sarif(findings: Sequence[Finding], version: str) -> str:
    """Return findings as SARIF: a rule for each clause, and for what is gone without one.

    Args:
        findings: to write.
        version: of fitspec.
    """
    rules = list(dict.fromkeys(item.rule for item in findings))
    driver = {"name": "fitspec", "version": version, "rules": [_rule(item) for item in rules]}
    results = [_result(item, rules.index(item.rule)) for item in findings]
    log = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "results": results}],
    }
    return json.dumps(log, indent=1, ensure_ascii=True) + "\n"


def _rule(name: str) -> dict[str, Any]:
    record = spec.contract().clauses.get(name)
    known = f"`fitspec explain {name}` says who documents it."
    return {
        "id": visible(name),
        "shortDescription": {"text": plain(name if record is None else record.statement)},
        "help": {"text": known if "." in name else "No clause is about it."},
    }


def _result(item: Finding, rule: int) -> dict[str, Any]:
    region = {"startLine": item.place.line, "startColumn": item.place.column}
    uri = quote(item.place.file.replace("\\", "/"), errors="surrogatepass")
    return {
        "ruleId": visible(item.rule),
        "ruleIndex": rule,
        "level": _LEVELS[item.kind] if item.certain else "note",
        "message": {"text": plain(sentence(item))},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}}],
        "properties": {"kind": str(item.kind), "certain": item.certain},
    }


def as_annotations(findings: Sequence[Finding]) -> str:
    """Return findings as commands of GitHub's log, which shows them beside the lines."""
    return "".join(
        f"::{'warning' if item.certain else 'notice'} "
        f"file={_escaped(item.place.file, of='a name')},"
        f"line={item.place.line},col={item.place.column},"
        f"title=fitspec {_escaped(item.rule, of='a rule')}"
        f"::{_escaped(sentence(item))}\n"
        for item in findings
    )


def sentence(item: Finding) -> str:
    """Return a finding on one line."""
    cell = f"cell {item.place.cell}: " if item.place.cell else ""
    sure = "" if item.certain else f" if {item.condition}"
    advice = f" {item.advice.says}" if item.advice is not None else ""
    by_hand = f" By hand: {item.by_hand}." if item.by_hand else ""
    before, after = item.before.rstrip("."), item.after.rstrip(".")
    return f"{cell}{item.call}: {item.kind}{sure}. Before: {before}. Now: {after}.{advice}{by_hand}"


def _escaped(text: str, of: str = "") -> str:
    text = visible(unobeyed(text)).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return text.replace(":", "%3A").replace(",", "%2C") if of else text
