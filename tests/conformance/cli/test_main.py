"""Tests of `fitspec.conformance.cli.main`, within the process and as a program."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fitspec.conformance.cli import main as module
from fitspec.conformance.cli.main import main
from fitspec.conformance.environments import environment, pinning
from fitspec.conformance.implementations import registry
from fitspec.conformance.report import reading
from fitspec.conformance.running import engine
from fitspec.spec import contract
from fitspec.spec.loader import METHODS

from ..conftest import pids_with, processes_with
from ..on_a_terminal import PROGRAM, PROGRAM_TEXT, on_a_terminal
from ..sample_checks import write_checks

if TYPE_CHECKING:
    from collections.abc import Callable

HOSTILE = Path(__file__).parents[1] / "hostile"
MISBEHAVING = str(HOSTILE / "misbehaving.py")
# That Ctrl-C and the end of the terminal on stdin are heard, as by what a person starts there.
ON_ITS_TERMINAL = f"import fcntl, termios\nfcntl.ioctl(0, termios.TIOCSCTTY, 0)\n{PROGRAM_TEXT}"
#: How long a run that is ended may take for it on a busy machine, in s.
SOON = 60.0

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _small(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    leaves_nothing: None,  # noqa: ARG001  for its proof
) -> None:
    """Run a sample of checks, on a terminal as wide as a page."""
    monkeypatch.setattr(engine, "CHECKS", write_checks(tmp_path / "checks"))
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(tmp_path)


def test_a_run_without_a_shortfall_ends_with_0(capsys: Capture, tmp_path: Path) -> None:
    """The matrix is on stdout, what is being done on stderr, the report in the file."""
    status = main(["run", "reference", "--report", str(tmp_path / "r.ndjson")])

    out, err = capsys.readouterr()
    assert status == 0
    assert "reference: 4 of 4 clauses passed; 1 observed without verdict" in out
    assert err == "starting reference\n"
    assert len(reading.read(tmp_path / "r.ndjson").findings) == 5


def test_the_version_is_that_of_the_release(capsys: Capture) -> None:
    """`fitspec --version` says it and does nothing else."""
    with pytest.raises(SystemExit, match="0"):
        main(["--version"])

    assert capsys.readouterr().out == f"fitspec {version('fitspec')}\n"


def test_the_reference_is_who_is_run_unless_told_otherwise(capsys: Capture) -> None:
    """A run without a name is one of the reference."""
    assert main(["run", "--clause", "predict.order"]) == 0
    assert "reference: 1 of 1 clauses passed" in capsys.readouterr().out


def test_a_run_with_a_shortfall_ends_with_1(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What fell short is listed with what was expected and observed."""
    monkeypatch.setenv("MISBEHAVIOUR", "prints_noise")

    status = main(["run", MISBEHAVING])

    out = capsys.readouterr().out
    assert status == 1
    assert "fit.epochs.final-epoch  fail  misbehaving" in out
    assert "expected y" in out
    assert "observed printed" in out
    assert "as if    it printed" in out
    assert "converse(" not in out


def test_the_scripts_of_shortfalls_are_shown_when_asked_for(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With `--verbose`, the calls of a check that fell are there to be copied."""
    monkeypatch.setenv("MISBEHAVIOUR", "prints_noise")

    main(["run", MISBEHAVING, "--verbose", "--clause", "fit.epochs.final-epoch"])

    out = capsys.readouterr().out
    assert '    talk.show(model.get_layer, "y")\n' in out


USAGE = {
    "unknown implementation": (["run", "referense"], "Did you mean reference"),
    "unknown clause": (["run", "--clause", "predict.ordr"], "the nearest are 'predict.order'"),
    "pattern of nothing": (["run", "--clause", "nonsense.*"], "no clause has the id"),
    "twice": (["run", "reference", "reference"], "reference: given twice"),
    "adapter missing": (["run", "./nowhere.py"], "nowhere.py does not exist"),
    "adapter a folder": (["run", "./checks"], "is a folder; expected an adapter file"),
    "report in no folder": (["run", "--report", "nowhere/r.ndjson"], "does not exist"),
    "report a folder": (["run", "--report", "checks"], "this is a folder"),
    "no interpreter": (["run", "--python", "/nowhere/python"], "there is no interpreter"),
    "no Python": (["run", "--python", "/bin/true"], "does not run as a Python interpreter"),
    "unknown method": (["spec", "--method", "fitt"], "expected names among"),
    "unknown status": (["spec", "--check", "nearly"], "'pending'"),
    "all and some": (["run", "--all", "reference"], "it is all or some"),
    "no version": (["run", "keras@newest"], "'newest' is not a version"),
    "unknown version": (["run", "keras@2.6.0"], "keras is known in the versions"),
    "no job": (["run", "--jobs", "0"], "a number from 1 was expected"),
    "no worker": (["run", "--workers", "0"], "workers: 0; a number from 1 was expected"),
    "reports in a file": (["run", "--reports", "/dev/null"], "/dev/null: File exists"),
    "unknown to smoke": (["smoke", "referense"], "Did you mean reference"),
    "unknown to pin": (["pin", "keras-2.4"], "is not in the table"),
    "unknown id to explain": (["explain", "predict.ordr"], "the nearest are 'predict.order'"),
}


@pytest.mark.parametrize("name", USAGE)
def test_wrong_usage_ends_with_2(name: str, capsys: Capture) -> None:
    """Wrong usage says what was wrong and what would be right, and runs nothing."""
    arguments, words = USAGE[name]

    status = main(arguments)

    out, err = capsys.readouterr()
    assert (status, out) == (2, "")
    assert err.startswith("fitspec: ")
    assert words in err
    assert "Traceback" not in err


@pytest.mark.parametrize("arguments", [[], ["sing"], ["run", "--loud"], ["explain"]])
def test_an_unknown_command_or_option_ends_with_2(arguments: list[str], capsys: Capture) -> None:
    """What the command line does not know is answered with its usage."""
    with pytest.raises(SystemExit) as caught:
        main(arguments)

    assert caught.value.code == 2
    assert "usage: fitspec" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("import_fails.py", "a_package_that_is_nowhere"),
        ("no_adapter.py", "must define one subclass of Adapter; found: none"),
        ("exits_on_import.py", "no device found"),
    ],
)
def test_an_adapter_that_does_not_start_ends_with_3(file: str, words: str, capsys: Capture) -> None:
    """What could not be started says why, and nothing about it looks like a pass."""
    status = main(["run", str(HOSTILE / file)])

    out = " ".join(capsys.readouterr().out.split())
    assert status == 3
    assert words in out
    assert f"{file[:-3]}: could not be started here" in out
    assert "✓" not in out
    assert "passed" not in out
    assert "0 of the contract's" in out


def test_a_missing_interpreter_ends_with_3_and_says_how_to_get_it(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """An implementation whose Python is missing is unavailable, with the command that helps."""
    monkeypatch.setenv("FITSPEC_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(environment, "find_interpreter", lambda _: None)

    status = main(["run", "keras-2.3"])

    out = capsys.readouterr().out
    assert status == 3
    assert "Python 3.7 is not on this machine" in out
    assert "uv python install 3.7" in out
    assert "✓" not in out
    assert "passed" not in out


def test_a_fault_of_a_check_ends_with_3(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A fault of ours is told as such, though nothing fell short."""
    text = '@clause("predict.order")\ndef test_it(build): assert False\n'
    monkeypatch.setattr(engine, "CHECKS", write_checks(tmp_path / "broken", text))

    status = main(["run"])

    assert status == 3
    assert "fault of fitspec, not of any implementation" in capsys.readouterr().out


def test_a_report_that_cannot_be_written_ends_with_3(capsys: Capture) -> None:
    """When the disk is full the matrix is shown all the same, and the error is told."""
    status = main(["run", "--report", "/dev/full"])

    out, err = capsys.readouterr()
    assert status == 3
    assert "4 of 4 clauses passed" in out
    assert "No space left on device" in err


def test_the_clauses_are_listed(capsys: Capture) -> None:
    """`spec` lists the clauses that are asked for."""
    assert main(["spec", "--method", "get_layer", "--text", "index", "--check", "present"]) == 0
    assert "get_layer.by-index" in capsys.readouterr().out


def test_a_clause_is_explained(capsys: Capture) -> None:
    """`explain` shows a clause with its sources and its check."""
    assert main(["explain", "predict.order"]) == 0
    out = capsys.readouterr().out
    assert "stated in" in out
    assert "def test_" in out


def test_the_handler_of_signals_is_put_back() -> None:
    """A program that calls the command line keeps its own answer to SIGTERM."""
    before = signal.getsignal(signal.SIGTERM)

    main(["run", "--clause", "predict.order"])

    assert signal.getsignal(signal.SIGTERM) is before


def test_several_are_run_into_one_matrix(
    capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Several names make one matrix, one report, and a report for each in the folder."""
    monkeypatch.setenv("MISBEHAVIOUR", "prints_noise")
    command = ["run", "reference", MISBEHAVING, "--reports", "each", "--report", "r.ndjson"]

    status = main(command)

    out, err = capsys.readouterr()
    assert status == 1
    assert "reference: 4 of 4 clauses passed" in out
    assert "misbehaving: 2 of 4 clauses passed" in out
    assert "2 of 2  " in err
    assert len(reading.read(tmp_path / "r.ndjson").subjects) == 2
    assert len(reading.read(tmp_path / "each" / "reference.ndjson").findings) == 5


def test_all_are_those_that_have_a_name(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    """`--all` runs what `doctor` lists; what cannot be started makes the status 3."""
    broken = registry.find(str(HOSTILE / "import_fails.py"))
    known = {"reference": registry.find("reference"), str(broken.adapter): broken}
    monkeypatch.setattr(registry, "known", lambda: known)

    status = main(["run", "--all", "--clause", "predict.order"])

    out = capsys.readouterr().out
    assert status == 3
    assert "reference: 1 of 1 clauses passed" in out
    assert "import_fails: could not be started here" in out


def test_an_adapter_is_tried(capsys: Capture) -> None:
    """`smoke` ends with 0 where all came out, and says what comes next."""
    assert main(["smoke", "reference"]) == 0
    assert "now: fitspec run reference" in capsys.readouterr().out


def test_an_adapter_that_is_not_whole_ends_with_1(capsys: Capture, tmp_path: Path) -> None:
    """`smoke` ends with 1 where a step did not come out."""
    (tmp_path / "mine.py").write_text(
        "from fitspec.adapters.reference import Reference as _Reference\n"
        "class Mine(_Reference):\n    methods = {'predict': 'apply'}\n",
        "utf-8",
    )

    assert main(["smoke", "./mine.py"]) == 1
    assert "not offered: no method `predict`" in capsys.readouterr().out


def test_an_adapter_that_cannot_be_tried_ends_with_3(capsys: Capture) -> None:
    """`smoke` ends with 3 where the worker does not start, and says what to mend."""
    assert main(["smoke", str(HOSTILE / "import_fails.py")]) == 3
    assert "mend first: the package a_package_that_is_nowhere" in capsys.readouterr().err


def test_what_is_pinned_is_told(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """`pin` says which files it has written, and how many versions are in each."""
    monkeypatch.setattr(pinning, "pin", lambda *_: {tmp_path / "a.txt": ("a==1", "b==2")})

    assert main(["pin", "keras-2.3"]) == 0
    assert capsys.readouterr().out == f"{tmp_path / 'a.txt'}: 2 versions\n"


# -- as a program --


def test_a_fault_of_ours_is_no_verdict(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    """What nobody thought of ends with a sentence and the status of a failed run, never with 1."""

    def broken(*_: object) -> None:
        raise KeyError("nobody thought of it")

    monkeypatch.setattr(pinning, "pin", broken)

    assert main(["pin", "keras-3-jax"]) == 3
    said = capsys.readouterr().err.replace("\n", " ")
    assert "fault of fitspec, not of any implementation: KeyError: 'nobody thought of it'" in said


def test_a_reader_that_stops_reading_is_no_error() -> None:
    """`fitspec spec | head -1` ends without a word about the pipe."""
    with subprocess.Popen(
        [*PROGRAM, "spec"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as program:
        assert program.stdout is not None
        assert program.stderr is not None
        program.stdout.readline()
        program.stdout.close()
        words = program.stderr.read()

    assert words == b""
    assert program.returncode == 0


def test_a_verdict_does_not_depend_on_who_reads(tmp_path: Path) -> None:
    """A run whose reader stops reading still ends with its own status and writes its report."""
    reader, writer = os.pipe()
    os.close(reader)
    path = tmp_path / "r.ndjson"
    command = [*PROGRAM, "run", "--clause", "predict.order", "--report", str(path)]

    with os.fdopen(writer, "w") as nobody:
        done = subprocess.run(command, stdout=nobody, stderr=subprocess.PIPE, check=False)

    assert (done.returncode, done.stderr) == (0, b"starting reference\n")
    assert len(reading.read(path).findings) == 1


def test_a_terminal_gets_colours_and_a_bar() -> None:
    """On a terminal verdicts are coloured, and the check that runs is shown."""
    screen = on_a_terminal(["run", "--clause", "predict.*"], TERM="xterm-256color")

    assert "\x1b[32m" in screen
    assert "reference  predict." in screen


def test_no_color_is_respected() -> None:
    """With `NO_COLOR` a terminal gets no colours."""
    screen = on_a_terminal(["spec", "--method", "get_layer"], TERM="xterm-256color", NO_COLOR="1")

    assert "get_layer.by-name" in screen
    assert "\x1b[3" not in screen


def test_elsewhere_there_are_no_escape_sequences() -> None:
    """In a file there are neither colours nor what moves a cursor."""
    command = [*PROGRAM, "run", "--clause", "predict.order"]

    done = subprocess.run(command, capture_output=True, check=True)

    assert b"\x1b" not in done.stdout + done.stderr
    assert b"1 of 1 clauses passed" in done.stdout


@pytest.fixture
def tell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give implementations a pipe in which they tell that they have come so far."""
    path = tmp_path / "tell"
    os.mkfifo(path)
    monkeypatch.setenv("TELL", str(path))
    monkeypatch.setenv("MISBEHAVIOUR", "hangs_and_says_so")
    return path


def _while_starting(tell: Path) -> tuple[list[str], Callable[[], object]]:
    return ["run", str(HOSTILE / "hangs_on_import.py")], tell.read_bytes


def _in_a_check(tell: Path) -> tuple[list[str], Callable[[], object]]:
    return ["run", "reference", MISBEHAVING, "--clause", "get_layer.by-name"], tell.read_bytes


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_an_interruption_before_anything_began_is_said_in_a_line(
    number: signal.Signals, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where arguments are still being read, a traceback would tell what Python was importing."""
    monkeypatch.setattr(module, "_parser", lambda: signal.raise_signal(number))
    # Whoever runs the tests may have it ignored, as `nohup` does.
    before = signal.signal(number, signal.default_int_handler)
    try:
        assert main(["spec"]) == module.INTERRUPTED
    finally:
        signal.signal(number, before)

    assert capsys.readouterr().err == "interrupted; nothing was written\n"


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("moment", [_while_starting, _in_a_check])
def test_an_interrupted_run_leaves_nothing(
    moment: Callable[[Path], tuple[list[str], Callable[[], object]]],
    sent: signal.Signals,
    tell: Path,
) -> None:
    """Whoever ends it gets 130, no process, and neither a report nor remains of one."""
    arguments, wait = moment(tell)
    place = tell.with_name("reports")
    place.mkdir()
    token = f"FITSPEC_TEST={os.environ['FITSPEC_TEST']}"

    with subprocess.Popen(
        [*PROGRAM, *arguments, "--report", str(place / "r.ndjson")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as program:
        wait()
        program.send_signal(sent)
        out, err = program.communicate(timeout=SOON)

    assert program.returncode == 130
    assert out == b""
    assert err.splitlines()[-1] == b"interrupted; nothing was written"
    assert b"Traceback" not in err
    assert list(processes_with(token)) == []
    assert list(place.iterdir()) == []


def test_a_closed_terminal_leaves_nothing(tell: Path) -> None:
    """Though nothing can be printed any more, what runs is ended and tidied up."""
    arguments, wait = _in_a_check(tell)
    master, slave = pty.openpty()

    with subprocess.Popen(
        [sys.executable, "-c", ON_ITS_TERMINAL, *arguments, "--jobs", "2"],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
    ) as program:
        os.close(slave)
        wait()
        os.close(master)
        program.wait(SOON)

    assert program.returncode == 130
    assert list(processes_with(f"FITSPEC_TEST={os.environ['FITSPEC_TEST']}")) == []


def test_a_killed_run_leaves_no_process_and_the_next_one_removes_its_files(
    tell: Path, tmp_path: Path
) -> None:
    """Nothing can be done at such an end; all that was started sees that nobody is there."""
    arguments, wait = _in_a_check(tell)
    with subprocess.Popen([*PROGRAM, *arguments], stderr=subprocess.DEVNULL) as program:
        wait()
        started = [os.pidfd_open(pid) for pid in pids_with(os.environ["FITSPEC_TEST"])]

        program.kill()

    for process in started:
        assert select.select([process], [], [], SOON)[0]
        os.close(process)
    assert list((tmp_path / "temporary").iterdir()) != []
    assert main(["run", "--clause", "predict.order"]) == 0


def test_an_interrupted_build_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C while an environment is built ends the builder, and the environment is not kept."""
    adapter = tmp_path / "adapter.py"
    adapter.write_text('# /// script\n# dependencies = ["numpy"]\n# ///\n')
    monkeypatch.setenv("FITSPEC_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PIP_NO_INDEX", "1")

    with subprocess.Popen(
        [*PROGRAM, "run", str(adapter)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as program:
        assert program.stderr is not None
        # The first line says that the building has begun.
        program.stderr.readline()
        program.send_signal(signal.SIGINT)
        _, err = program.communicate(timeout=SOON)

    assert program.returncode == 130
    assert b"Traceback" not in err
    assert list(tmp_path.glob("cache/environments/*/")) == []


def test_behaviours_are_observed_without_a_verdict(capsys: Capture) -> None:
    """`observe` tells what an implementation does where the documents leave it open."""
    assert main(["observe", "reference"]) == 0

    out = capsys.readouterr().out
    assert "train_on_batch.loss-before-update" in out
    assert "reference: a layer" in out
    assert "fit.epochs.final-epoch" not in out


def test_observing_what_does_not_start_ends_with_3(capsys: Capture) -> None:
    """An implementation that does not start is said to be so, and nothing is observed."""
    assert main(["observe", str(HOSTILE / "import_fails.py")]) == 3

    assert "import_fails does not start" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["since", "bisect", "explain", "repro", "run", "diff"])
def test_clauses_in_help_are_those_of_the_contract(
    command: str, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who copies one gets an answer."""
    monkeypatch.setenv("COLUMNS", "1000")
    with pytest.raises(SystemExit):
        main([command, "--help"])

    named = re.findall(r"\b[a-z_]+\.[a-z_]+\.[a-z0-9-]{3,}\b", capsys.readouterr().out)

    assert {text for text in named if text.split(".")[0] in METHODS} <= contract().clauses.keys()
