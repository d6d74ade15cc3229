"""A history made of reports: reduced to what is told of a version, and put together."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from packaging.version import InvalidVersion, Version

from fitspec import spec
from fitspec.conformance.changes.compare import in_order as clauses_in_order
from fitspec.conformance.changes.compare import side_of
from fitspec.conformance.history.check_digests import check_digests
from fitspec.conformance.history.history import Held, History, Outcomes, Part, in_order, kept
from fitspec.conformance.implementations import registry
from fitspec.conformance.report.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from fitspec.conformance.report.report import Report, Subject
    from fitspec.conformance.report.verdicts import Finding

#: What stands among the versions of an implementation, and computes nothing for it.
_BESIDE: Final = "numpy"
#: What a run of some clauses has to have in common with that of the others.
_SAME: Final = ("versions", "python", "adapter", "dialect", "renames", "profiles")
#: A package that is the same by another name, where no GPU is.
_CPU: Final = "-cpu"


def with_reports(
    history: History,
    reports: Iterable[Report],
    *,
    made_with: Mapping[str, str] | None = None,
    only_known: bool = False,
) -> History:
    """Return a history with what reports say, in place of what it had of the same versions.

    Args:
        history: that may be empty.
        reports: in which what could not be started, or was a fault of fitspec, is refused. Of one
            that asked for some clauses alone, these take the place of what there was of the same
            version, and the others stay.
        made_with: the basis of reports of this fitspec, of which it knows the checks that they came
            about by; None: of others.
        only_known: whether a version that the history does not have is refused.

    Raises:
        ValueError: an implementation did not say which version it is, or is refused, or some
            clauses are not of what the others of that version are of.
        ReportError: nothing can be said of an implementation.
    """
    found = {item.name: _version_of(history, item) for item in history.versions}
    known_by = {} if made_with is None else check_digests()
    for report in reports:
        for subject in report.subjects:
            # First whether there is anything to be said of it.
            findings = side_of(report, subject.name).findings
            held = _held(subject, report, (made_with or {}).get("adapter", ""))
            if only_known and held.name not in found:
                raise ValueError(f"{subject.name}: it is {held.name}, which is not in the history")
            own = {key: reduced(item) for key, item in findings.items()}
            digests = {clause: known_by[clause] for clause in own if clause in known_by}
            now = _Version(held, own, digests)
            earlier = found.get(held.name) if subject.not_asked else None
            found[held.name] = now if earlier is None else _renewed(earlier, now)
    versions = in_order(item.held for item in found.values())
    known = spec.contract().clauses
    seen = {clause for item in found.values() for clause in item.findings if clause in known}
    clauses = {
        clause: _outcomes(clause, [found[item.name] for item in versions])
        for clause in clauses_in_order(seen)
    }
    there = {item.subject.name for item in versions}
    missing = {asked: why for asked, why in history.missing.items() if asked not in there}
    return History(tuple(versions), clauses, missing)


class _Version(NamedTuple):
    """A version, what it came to, and the digests of the checks that said so, where known."""

    held: Held
    findings: Mapping[str, Finding]
    checks: Mapping[str, str]


def _version_of(history: History, held: Held) -> _Version:
    findings = history.side(held).findings
    digests = {clause: history.check(clause, held) for clause in findings}
    return _Version(
        held, findings, {key: item for key, item in digests.items() if item is not None}
    )


def _renewed(earlier: _Version, later: _Version) -> _Version:
    """Return a version with what a run of some clauses found.

    Raises:
        ValueError: that was a run of something else.
    """
    before, now, own = earlier.held, later.held, later.findings
    for key in _SAME:
        was, came = getattr(before.subject, key), getattr(now.subject, key)
        if was != came:
            raise ValueError(
                f"{now.name}: {key} {came}, and in the history {was}; some clauses go only to what "
                "is the same, so run all of it"
            )
    if now.adapter_digest != before.adapter_digest and now.adapter_digest and before.adapter_digest:
        raise ValueError(
            f"{now.name}: its adapter is not what it was when the other clauses were asked, so run "
            "all of it"
        )
    left = (
        replace(item, clauses=tuple(key for key in item.clauses if key not in own))
        for item in before.parts
    )
    latest = Part(tuple(clauses_in_order(own)), now.finished, now.contract)
    parts = (*(item for item in left if item.clauses), latest)
    checks = {clause: item for clause, item in earlier.checks.items() if clause not in own}
    # Only of late does a worker say it.
    members = now.subject.members or before.subject.members
    subject = replace(before.subject, members=members)
    held = replace(before, subject=subject, parts=parts)
    return _Version(held, {**earlier.findings, **own}, {**checks, **later.checks})


def without(history: History, asked: str, reason: str) -> History:
    """Return a history that says why a version is not in it; one that is in it stays.

    Args:
        history: that may be empty.
        asked: by what the version is asked for.
        reason: why it could not be run.
    """
    if any(item.subject.name == asked for item in history.versions):
        return history
    return replace(history, missing={**history.missing, asked: reason})


def reduced(item: Finding) -> Finding:
    """Return a finding without what differs from run to run, and from machine to machine."""
    # What follows an empty line is where in its sources an implementation was, on that machine.
    observed, _, _ = item.observed.partition("\n\n")
    detail, _, _ = item.detail.partition("\n\n")
    bare = replace(
        item, seconds=0.0, seconds_inside=0.0, script="", check="", observed=observed, detail=detail
    )
    if item.verdict is Verdict.PASS:
        return replace(bare, expected="", observed="", detail="", example="")
    return replace(bare, expected="") if item.behaviour is not None else bare


def _held(subject: Subject, report: Report, adapter_digest: str) -> Held:
    family = registry.family_of(subject.name)
    package = _package(subject, family)
    others = (name for name in subject.versions if name not in (package, "keras", _BESIDE))
    # What is a part of it, such as tfjs-core of tfjs, computes for nobody else.
    on = next((name for name in others if not name.startswith(f"{family}-")), "")
    return Held(
        subject=kept(vars(subject)),
        family=family,
        version=_plain(subject.versions[package]),
        on=on,
        finished=str(report.header["finished"]),
        contract=str(report.header.get("contract", "")),
        seconds=round(subject.seconds),
        adapter_digest=adapter_digest,
    )


def _package(subject: Subject, family: str) -> str:
    """Return the package whose version is that of an implementation."""
    if not subject.versions:
        raise ValueError(
            f"{subject.name}: it did not say which version it is, so that it has no place in a "
            "history"
        )
    main = _main(subject.name, family)
    return main if main in subject.versions else next(iter(subject.versions))


def _main(name: str, family: str) -> str:
    rows = registry.known()
    members = registry.families().get(family, ())
    row = rows.get(name.partition("@")[0]) or next((rows[each.row] for each in members), None)
    return "" if row is None or row.main is None else row.main.removesuffix(_CPU)


def _plain(version: str) -> str:
    """Return a version without the build that it is of, which says nothing about it."""
    try:
        return Version(version).public
    except InvalidVersion:
        return version


def _outcomes(clause: str, versions: Sequence[_Version]) -> Outcomes:
    """Return what a clause came to, given the versions in order."""
    distinct: dict[Finding, int] = {}
    at = [
        None
        if item is None
        else distinct.setdefault(replace(item, implementation=""), len(distinct))
        for item in (version.findings.get(clause) for version in versions)
    ]
    checks = [version.checks.get(clause) for version in versions]
    return Outcomes(tuple(distinct), tuple(at), tuple(checks) if any(checks) else ())
