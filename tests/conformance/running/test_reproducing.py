"""Tests of `fitspec.conformance.running.reproducing` and ``fitspec repro``: scripts on demand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from fitspec.conformance.cli.main import main
from fitspec.conformance.implementations import registry
from fitspec.conformance.report.report import write
from fitspec.conformance.report.verdicts import Verdict
from fitspec.conformance.repro import finding_script, native_script
from fitspec.conformance.running import engine
from fitspec.conformance.running.listener import Listener
from fitspec.conformance.running.reproducing import from_report, reproduce

from ..hand_made import found, report


def lacking(folder: Path) -> str:
    """Return an adapter file, of the dialect of the reference, that lacks the method `evaluate`."""
    file = folder / "lacking.py"
    file.write_text(
        "from fitspec.adapters.adapter import NotOffered\n"
        "from fitspec.adapters import reference\n\n\n"
        "class Lacking(reference.Reference):\n"
        "    def method(self, target, name):\n"
        "        if name == 'evaluate':\n"
        "            raise NotOffered('method', name)\n"
        "        return super().method(target, name)\n"
    )
    return str(file)


def without_a_dialect(folder: Path) -> str:
    """Return the same adapter, but that it says nothing of whose words are spoken."""
    file = folder / "another.py"
    text = Path(lacking(folder)).read_text("utf-8")
    file.write_text(f'{text}\n\nLacking.dialect = ""\n', "utf-8")
    return str(file)


CLAUSE = "evaluate.raises.not-compiled"


def test_the_check_is_run_for_its_script(tmp_path: Path) -> None:
    """The finding comes with a script in the implementation's own words."""
    shown = reproduce(CLAUSE, lacking(tmp_path))

    assert shown.finding.verdict is Verdict.ABSENT
    assert 'offered = hasattr(model, "evaluate")' in shown.script
    assert "import fitspec.reference as keras" in shown.script


def test_a_script_in_the_words_of_fitspec_can_be_had(tmp_path: Path) -> None:
    """For any implementation, also one that does not speak as Keras does."""
    shown = reproduce(CLAUSE, lacking(tmp_path), with_fitspec=True)

    assert "\nwith converse(" in shown.script


def test_of_a_library_with_words_of_its_own_the_script_is_in_those_of_fitspec(
    tmp_path: Path,
) -> None:
    """That is told before the check is run, and why."""
    told: list[str] = []

    shown = reproduce(CLAUSE, without_a_dialect(tmp_path), progress=told.append)

    assert shown.needs_fitspec
    assert "another: scripts are written for Keras" in shown.reason
    assert told[-1].endswith("; this script is in the words of fitspec, and needs it")


def test_what_passes_has_nothing_to_show() -> None:
    """Nor has a clause without verdict, one that does not exist, or nobody."""
    with pytest.raises(ValueError, match="reference passes; there is no deviation to show"):
        reproduce(CLAUSE, "reference")
    with pytest.raises(ValueError, match="no document settles it"):
        reproduce("fit.verbose.1-counts", "reference")
    with pytest.raises(ValueError, match=r"no clause has the id 'evaluate\.raises\.nothing'"):
        reproduce("evaluate.raises.nothing", "reference")
    with pytest.raises(ValueError, match="no implementation is called 'kears'"):
        reproduce(CLAUSE, "kears")


def test_what_does_not_start_is_no_deviation(tmp_path: Path) -> None:
    """It is said why."""
    file = tmp_path / "reference.py"
    file.write_text("raise ImportError('there is no such library')\n")

    with pytest.raises(RuntimeError, match="there is no such library"):
        reproduce(CLAUSE, str(file))


def test_a_report_has_scripts_as_well() -> None:
    """Nothing is run for one that is taken from there."""
    fallen = found("predict.order", Verdict.FAIL, script="print(1)\n")
    bare = found("get_layer.by-name", Verdict.FAIL)
    both = report(fallen, bare, found("fit.epochs.final-epoch", Verdict.PASS))

    assert from_report("predict.order", "reference", both).script == "print(1)\n"
    assert from_report("get_layer.by-name", "reference", both).reason == (
        "the report has no script for it; run it to get one"
    )
    with pytest.raises(ValueError, match="there is no deviation to show"):
        from_report("fit.epochs.final-epoch", "reference", both)
    with pytest.raises(ValueError, match="the report holds reference"):
        from_report("predict.order", "keras-2.3", both)
    with pytest.raises(ValueError, match="the report has no finding of it"):
        from_report("predict.returns.numpy-list", "reference", both)


def test_a_fault_in_writing_does_not_cost_the_finding(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The script in the words of fitspec takes its place."""

    def fault(*_: object) -> str:
        raise KeyError("ours")

    monkeypatch.setattr(native_script, "native_script", fault)
    subject = replace(registry.find(lacking(tmp_path)), name="lacking")
    texts: list[str] = []

    listener = Listener(
        asked=lambda finding, session: texts.append(
            finding_script.script_of(finding, session, None)
        )
    )
    engine.run(subject, clauses=[CLAUSE], listener=listener)

    assert "\nwith converse(" in texts[0]


def test_the_command_prints_or_writes_a_script(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is printed can be run as it is."""
    fallen = found("predict.order", Verdict.FAIL, script="print([1])\n")
    write(report(fallen), tmp_path / "r.ndjson")
    taken = ["repro", "predict.order", "--report", str(tmp_path / "r.ndjson")]

    assert main(taken) == 0
    assert capsys.readouterr().out == "print([1])\n"
    assert main([*taken, "--output", str(tmp_path / "show.py")]) == 0
    assert (tmp_path / "show.py").read_text() == "print([1])\n"


def test_the_command_says_what_a_script_needs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One in the words of fitspec, as old reports have them, is told from one in plain Keras."""
    file = tmp_path / "found.ndjson"
    source = '"""It."""\n\nfrom fitspec.conformance.models import linear\n'
    fallen = found("predict.order", Verdict.FAIL)
    write(report(replace(fallen, script=source)), file)

    status = main(["repro", "predict.order", "--report", str(file)])

    assert status == 0
    assert "needs it. Without --report" in capsys.readouterr().err


def test_the_command_writes_one_in_the_words_of_fitspec_where_it_has_no_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And says why."""
    status = main(["repro", CLAUSE, "--implementation", without_a_dialect(tmp_path)])

    out, err = capsys.readouterr()
    assert status == 0
    assert "with converse(" in out
    assert err.count("this script is in the words of fitspec, and needs it") == 1
    assert "another: scripts are written for Keras" in err


def test_the_command_says_why_there_is_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """That is wrong usage."""
    file = tmp_path / "r.ndjson"
    write(report(found("predict.order", Verdict.FAIL)), file)

    status = main(["repro", "predict.order", "--report", str(file)])

    assert status == 2
    assert "no script: the report has no script for it" in capsys.readouterr().err
