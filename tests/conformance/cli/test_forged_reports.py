"""A report that was tampered with never opens a gate that the sound one would leave closed."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fitspec.conformance.cli.main import main
from fitspec.conformance.report.verdicts import Verdict

from .. import hand_made
from ..hand_made import GONE, OTHER, SUBJECT, found

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FELL = found("fit.epochs.default-1", Verdict.FAIL, observed="10")
FINDINGS = (
    found("fit.epochs.final-epoch", Verdict.PASS),
    FELL,
    found("predict.order", Verdict.ERROR, tries=("timeout", "error", "error")),
    found("fit.verbose.1-counts", None, behaviour="batches"),
    found("predict.order", Verdict.PASS, implementation=OTHER.name),
    found("fit.epochs.default-1", Verdict.FAIL, implementation=OTHER.name, script="print(1)\n"),
)
#: For each of these the gate stays closed.
CLOSED = {
    "fell short": hand_made.report(*FINDINGS, subjects=(SUBJECT, OTHER, GONE)),
    "one finding": hand_made.report(FELL),
    "not started": hand_made.report(
        FINDINGS[0],
        found("predict.order", Verdict.UNAVAILABLE, implementation=GONE.name),
        subjects=(SUBJECT, GONE),
    ),
    "a whole profile": hand_made.full(),
    "with a fault": replace(hand_made.report(FINDINGS[0]), faults=("it broke",)),
}
VALUES: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from([None, True, False, 0, 1, -1, 2.5, "", "pass", "verdict", [], {}, [None]]),
    st.sampled_from(["reference", "keras-2.3", "fit.epochs.default-1", "header", "footer"]),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=3), st.none(), max_size=1),
)


def wrongly_typed(draw: st.DrawFn, holder: dict[str, Any]) -> None:
    """Give one value, at whatever depth, another type."""
    key = draw(st.sampled_from(sorted(holder)))
    value = holder[key]
    if isinstance(value, dict) and value and draw(st.booleans()):
        wrongly_typed(draw, value)
    elif isinstance(value, list) and value and isinstance(value[0], dict) and draw(st.booleans()):
        wrongly_typed(draw, draw(st.sampled_from(value)))
    else:
        holder[key] = draw(VALUES.filter(lambda new: type(new) is not type(value)))


@st.composite
def tampered(draw: st.DrawFn, lines: list[str]) -> str:
    """Return a report with some lines dropped, doubled, swapped, retyped, or wrongly typed."""
    lines = [*lines]
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.integers(0, len(lines) - 1)) if lines else 0
        match draw(st.sampled_from(["drop", "double", "swap", "retype", "wrong", "key", "cut"])):
            case "drop":
                del lines[place : place + 1]
            case "double":
                lines[place:place] = lines[place : place + 1]
            case "swap" if lines:
                other = draw(st.integers(0, len(lines) - 1))
                lines[place], lines[other] = lines[other], lines[place]
            case "cut" if lines:
                lines[place] = lines[place][: draw(st.integers(0, len(lines[place])))]
            case what if lines and lines[place].startswith("{") and lines[place].endswith("}"):
                line = json.loads(lines[place])
                if what == "retype":
                    line["type"] = draw(
                        st.sampled_from(["header", "verdict", "observed", "footer"])
                    )
                elif what == "key" and line:
                    del line[draw(st.sampled_from(sorted(line)))]
                elif line:
                    wrongly_typed(draw, line)
                lines[place] = json.dumps(line)
    return "".join(f"{line}\n" for line in lines)


def gate(folder: Path, text: str) -> tuple[int, str]:
    """Return the status of the gate on a report, and what it printed."""
    (folder / "r.ndjson").write_text(text, "utf-8")
    (folder / "none.toml").touch()
    output = io.StringIO()
    with redirect_stdout(output), redirect_stderr(output):
        status = main(["gate", str(folder / "r.ndjson"), "--expect", str(folder / "none.toml")])
    return status, output.getvalue()


@pytest.mark.parametrize("which", CLOSED)
@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_the_gate_stays_closed(which: str, data: st.DataObject, tmp_path: Path) -> None:
    """Whatever becomes of its lines, the report opens no gate, and no traceback is shown."""
    lines = [json.dumps(line) for line in CLOSED[which].lines()]

    status, said = gate(tmp_path, data.draw(tampered(lines)))

    assert status in (1, 2, 3), said
    assert "The gate is open" not in said
    assert "Traceback" not in said
    assert "fault of fitspec" not in said or which == "with a fault"
    assert "r.ndjson" in said or "The gate stays closed" in said


COMMANDS: dict[str, Callable[[str], list[str]]] = {
    "gate": lambda file: ["gate", file, "--expect", "none.toml"],
    "merge": lambda file: ["merge", file, "-o", "m.ndjson"],
    "expect": lambda file: ["expect", "--update", "e.toml", file],
    "export": lambda file: ["export", file, "--junit", "j.xml"],
    "report": lambda file: ["report", file, "-o", "pages"],
    "diff": lambda file: ["diff", file, file],
    "repro": lambda file: ["repro", FELL.clause, "--report", file],
    "trend": lambda _: ["trend", "."],
}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_refuses_it_with_a_sentence(
    command: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A clause that fell and then passed is told from a report, in the same words everywhere."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "none.toml").touch()
    lines = [json.dumps(line) for line in CLOSED["one finding"].lines()]
    lines[-1] = lines[-1].replace('"lines": 1', '"lines": 2')
    twice = [*lines[:2], lines[1].replace('"fail"', '"pass"'), lines[-1]]
    (tmp_path / "r.ndjson").write_text("\n".join(twice) + "\n", "utf-8")

    status = main(COMMANDS[command]("r.ndjson"))

    said = capsys.readouterr().err.replace("\n", " ")
    assert status == 2
    assert "r.ndjson, line 3: a second finding on 'fit.epochs.default-1' of 'reference'" in said
    assert {item.name for item in tmp_path.iterdir()} == {"none.toml", "r.ndjson"}
