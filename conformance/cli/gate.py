"""The commands `gate`, `expect` and `merge`."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from fitspec.conformance.cli.arguments import add_reports

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from rich.console import Console

    from fitspec.conformance.gate.expected import Entry

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001  the only name

#: As `fitspec run` ends.
_OK, _NOT_AS_EXPECTED, _FAILED = 0, 1, 3


def add(commands: Commands) -> None:
    """Add the commands to those of `fitspec`."""
    _add_gate(
        commands.add_parser(
            "gate",
            help="say whether reports are as a file expects",
            description="Hold reports against a file of expectations, strictly: a shortfall that"
            " is not expected, a pass that is not, and an entry of no use are to be settled.",
            epilog="Exit status: 0 all is as expected, 1 something is to be settled, 2 wrong usage,"
            " 3 the run failed, and proves nothing.",
        )
    )
    _add_expect(
        commands.add_parser(
            "expect",
            help="check or update a file of expectations",
            description="Write a file of expectations as reports show, or look at such files.",
            epilog="Exit status: 0 a gate takes the file, 1 something in it is to be settled, 2"
            " wrong usage, 3 the run failed, and proves nothing.",
        )
    )
    _add_merge(
        commands.add_parser(
            "merge",
            help="make one report of several",
            description="Make one report of several, each of other implementations, made with the"
            " same fitspec.",
        )
    )


def _add_gate(parser: argparse.ArgumentParser) -> None:
    add_reports(parser)
    parser.add_argument(
        "--expect",
        type=Path,
        metavar="FILE",
        required=True,
        help="expectations.toml: which verdicts are known not to be a pass, and why",
    )
    parser.add_argument(
        "--since",
        type=Path,
        metavar="OLD.ndjson",
        help="a report of before: say of each thing whether it passed there, and with what",
    )
    parser.add_argument(
        "--clause",
        action="append",
        default=[],
        metavar="PATTERN",
        help="the gate is only for the clauses whose id matches; repeatable",
    )
    parser.set_defaults(action=_gate)


def _today() -> datetime:
    return datetime.now(UTC)


def _gate(options: argparse.Namespace, console: Console) -> int:
    # Imported here, as in the other actions: `fitspec --help` shall not wait for the contract.
    from fitspec.conformance.gate import expected, gating
    from fitspec.conformance.report import merging, outline
    from fitspec.conformance.terminal import gate_output

    found = merging.outline_all(options.reports)
    entries = expected.read(options.expect)
    earlier = None
    if options.since is not None:
        earlier = gating.Earlier(str(options.since), outline.read(options.since))
    judgement = gating.judge(
        found, entries, _today().date(), clauses=options.clause, earlier=earlier
    )
    gate_output.render(judgement, _names(options.expect, options.reports), console)
    if judgement.proves_nothing:
        return _FAILED
    return _NOT_AS_EXPECTED if judgement.problems else _OK


def _names(expectations: Path, reports: Sequence[Path]) -> dict[str, str]:
    return {"expectations": str(expectations), "reports": " ".join(map(str, reports))}


def _add_expect(parser: argparse.ArgumentParser) -> None:
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "--update",
        type=Path,
        metavar="FILE",
        help="write expectations.toml anew, as the reports show, and ask for missing reasons",
    )
    what.add_argument(
        "--check",
        action="store_true",
        help="say what a gate would refuse about the files themselves, without any report",
    )
    parser.add_argument(
        "files",
        nargs="+",
        type=Path,
        metavar="FILE",
        help="with --update the reports, with --check the files of expectations",
    )
    parser.set_defaults(action=_expect)


def _expect(options: argparse.Namespace, console: Console) -> int:
    if options.check:
        return _check(options.files, console)
    return _update(options.update, options.files, console)


def _check(files: Sequence[Path], console: Console) -> int:
    from fitspec.conformance.gate import expected
    from fitspec.conformance.gate.entry_faults import entry_faults
    from fitspec.conformance.report.telling import counted
    from fitspec.conformance.terminal import gate_output

    status = _OK
    for file in files:
        entries = expected.read(file)
        found = entry_faults(entries, _today().date())
        if found:
            status = _NOT_AS_EXPECTED
            gate_output.problems(found, _names(file, [Path("REPORT.ndjson")]), console)
        else:
            amount = counted(len(entries), "entry", "entries")
            console.print(f"{file}: {amount}, all in order.")
    return status


def _update(file: Path, reports: Sequence[Path], console: Console) -> int:
    from fitspec.conformance.gate import expected, expected_source, updating
    from fitspec.conformance.report import merging
    from fitspec.conformance.system import atomic
    from fitspec.conformance.terminal.asking import Asker

    atomic.check_destination(file, "expectations")
    found = merging.read_all(reports)
    if found.faults:
        raise RuntimeError(f"{reports[0]}: the run had faults, and is no evidence: {found.faults}")
    text = expected.text_of(file) if file.exists() else ""
    entries = expected.parse(text, str(file))
    updated = updating.update(
        found,
        entries,
        expected_source.cut(text),
        known=expected.known_causes(),
        ask=Asker(console) if sys.stdin.isatty() and console.is_terminal else None,
    )
    if updated.text != text:
        atomic.write_text(file, updated.text)
    for line in updated.news:
        console.print(line, soft_wrap=True)
    for subject in found.unavailable:
        words = f"{subject.name}: unavailable; what is expected of it stays as it is"
        console.print(words, soft_wrap=True)
    return _tell_rest(file, expected.read(file) if file.exists() else (), console)


def _tell_rest(file: Path, entries: Sequence[Entry], console: Console) -> int:
    """Say what a person still has to do about a file."""
    from fitspec.conformance.gate.entry_faults import entry_faults
    from fitspec.conformance.report.telling import counted
    from fitspec.conformance.terminal import gate_output

    rest = entry_faults(entries, _today().date())
    if not rest:
        amount = counted(len(entries), "entry", "entries")
        console.print(f"{file}: {amount}, each with its reason.")
        return _OK
    console.print()
    gate_output.problems(rest, _names(file, []), console)
    words = f"{file}: the gate refuses it as long as this is not settled."
    console.print(f"\n{words}", soft_wrap=True)
    return _NOT_AS_EXPECTED


def _add_merge(parser: argparse.ArgumentParser) -> None:
    add_reports(parser)
    parser.add_argument(
        "-o", "--output", type=Path, metavar="FILE", required=True, help="where to write it"
    )
    parser.set_defaults(action=_merge)


def _merge(options: argparse.Namespace, console: Console) -> int:
    from fitspec.conformance.report import merging, report
    from fitspec.conformance.system import atomic

    atomic.check_destination(options.output)
    found = merging.read_all(options.reports)
    report.write(found, options.output)
    names = ", ".join(item.name for item in found.subjects)
    console.print(f"{options.output}: {names}", soft_wrap=True)
    return _OK
