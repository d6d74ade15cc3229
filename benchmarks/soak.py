# noqa: INP001 - a program, and part of no package
"""Run fitspec again and again, disturb it at random, and look at what is left.

Run ``python benchmarks/soak.py``, which takes an hour, or ``--minutes 2``. Rounds alternate: in
one, the command runs three implementations beside each other, and is sent a signal, loses a
process, or finds its disk full, at a moment drawn by ``--seed``; in the next, a program that lives
as long as the soak has an implementation run, and that loses a process. After each round

- no process of it lives, 2 s later;
- every report is whole, and nothing else lies beside them; nor anything in the folder for temporary
  files, but what a killed one left, which the next run has swept;
- what was decided is what a run without disturbance decides; a crash, and what hangs on it, is not;
- no Python traceback was printed, and nothing was told as a fault of fitspec;

and in the end the program that lives on takes no more memory than after a quarter of its rounds,
but for 8 MB. The exit code is 1 if one of these does not hold. In an hour on two cores that were
shared with others, 184 rounds left nothing, and that program took 72 MB, 0.1 MB more than before.
``--round N`` repeats one round: the same disturbance at the same moment. The full disk takes root,
for a file system of its own; else it is left out, and said.
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import errno
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from rich.console import Console

from fitspec import conformance
from fitspec.conformance.report import reading
from fitspec.conformance.report.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet

    from fitspec.conformance import Report

#: Of what whoever looks for what a process left knows it.
MARK = "FITSPEC_SOAK"
CLAUSES = ("get_layer.*", "fit.epochs.*")
SOON = 2.0
PATIENCE = 300.0
#: What says nothing of an implementation that was killed, or found no room: a verdict, or, of a
#: clause that has none, the words that such a behaviour begins with.
UNDECIDED = tuple(
    words
    for verdict in (Verdict.CRASH, Verdict.TIMEOUT, Verdict.UNAVAILABLE, Verdict.BLOCKED)
    for words in (verdict.value, verdict.meaning)
)
MEGABYTE, ROOM, ROOT_MARK = 2**20, 2**25, "FITSPEC_SOAK_ROOT"
#: Adapters: the reference, one that falls short, one that takes its time.
ADAPTERS = {
    "plain": "pass",
    "first_layer": 'args, kwargs = ((), {"index": 0}) if name == "get_layer" else (args, kwargs)',
    "slow": "import time; time.sleep(0.02)",
}
TEMPLATE = """
from fitspec.adapters.reference.plain import Reference

class Disturbed(Reference):
    def call(self, target, name, args, kwargs):
        {change}
        return super().call(target, name, args, kwargs)
"""

#: A shell has what it starts in the background ignore Ctrl-C, and `nohup` the end of the terminal.
#: Until there is somebody who takes it, Ctrl-C would have Python tell what it was importing.
PROGRAM = """
import signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
signal.signal(signal.SIGHUP, signal.SIG_DFL)
from fitspec.conformance.cli.main import main
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.exit(main())
"""

Decided = dict[tuple[str, str], str]


class Round(NamedTuple):
    """What a round found wrong, and what became of it."""

    disturbance: str
    wrong: list[str]
    status: str


def marked(mark: str) -> list[int]:
    """Return the processes whose environment has the mark."""
    found = []
    for entry in os.scandir("/proc"):
        with contextlib.suppress(OSError):
            if entry.name.isdigit() and int(entry.name) != os.getpid():
                content = Path(entry.path, "environ").read_bytes()
                if f"{MARK}={mark}".encode() in content.split(b"\0"):
                    found.append(int(entry.name))
    return found


def decided(report: Report) -> Decided:
    """Return the verdict, or the behaviour, of each clause and implementation that has one."""
    told = {
        (item.implementation, item.clause): str(item.behaviour or item.verdict)
        for item in report.findings
    }
    return {place: words for place, words in told.items() if not words.startswith(UNDECIDED)}


class Soak:
    """Rounds in a folder, each by its number."""

    def __init__(self, folder: Path, seed: int, *, disk: bool) -> None:
        self.seed, self.folder = seed, folder
        self.room = folder / "room"
        self.temporary, self.reports = self.room / "temporary", self.room / "reports"
        for each in (self.temporary, self.reports):
            each.mkdir(parents=True, exist_ok=True)
        self.adapters = []
        for name, change in ADAPTERS.items():
            self.adapters.append(folder / f"{name}.py")
            self.adapters[-1].write_text(TEMPLATE.format(change=change), "utf-8")
        self.disturbances = ["nothing", "INT", "TERM", "HUP", "KILL", "a process is killed"]
        self.disturbances += ["two processes are killed", *(["the disk is full"] if disk else [])]
        self.expected: Decided = {}
        self.seconds = 0.0

    def command(self) -> list[str]:
        """Return the command of a round; what is kept in the folder of reports is taken."""
        return [
            *(sys.executable, "-c", PROGRAM),
            *("run", *map(str, self.adapters), "--jobs", "2"),
            *(each for pattern in CLAUSES for each in ("--clause", pattern)),
            *("--reports", str(self.reports), "--report", str(self.room / "all.ndjson")),
        ]

    def begin(self) -> None:
        """Run once without disturbance."""
        started = time.monotonic()
        done = self.run_command(0, "nothing", 0.0)
        self.seconds = time.monotonic() - started
        if done.wrong:
            raise RuntimeError(f"a run without disturbance: {'; '.join(done.wrong)}")
        self.expected = decided(reading.read(self.room / "all.ndjson"))

    def round(self, number: int) -> Round:
        """Run the command, disturbed as the seed and the number say."""
        drawn = random.Random(f"{self.seed}/{number}")  # noqa: S311  reproducible
        disturbance = drawn.choice(self.disturbances)
        moment = drawn.uniform(0.0, 1.1 * self.seconds)
        # Else what is finished is taken.
        if drawn.random() < 0.7:
            for file in self.reports.iterdir():
                file.unlink()
        return self.run_command(number, disturbance, moment, drawn)

    def run_command(
        self, number: int, disturbance: str, moment: float, drawn: random.Random | None = None
    ) -> Round:
        """Run the command and say what is wrong with what it left."""
        mark = f"{os.getpid()}.{number}"
        (self.room / "all.ndjson").unlink(missing_ok=True)
        with tempfile.TemporaryFile(dir=self.folder) as said:
            program = subprocess.Popen(
                self.command(),
                env={**os.environ, MARK: mark, "TMPDIR": str(self.temporary)},
                stdout=said,
                stderr=said,
            )
            if disturbance != "nothing":
                with contextlib.suppress(subprocess.TimeoutExpired):
                    program.wait(moment)
                self.disturb(program, disturbance, mark, drawn or random.Random(number))  # noqa: S311  as above
            try:
                status = str(program.wait(PATIENCE))
            except subprocess.TimeoutExpired:
                program.kill()
                status = f"hung for {PATIENCE:.0f} s"
            (self.room / "filler").unlink(missing_ok=True)
            said.seek(0)
            text = said.read().decode(errors="replace")
        wrong = [status] if status.startswith("hung") else []
        wrong += [f"process {words} lives on" for words in living(mark)]
        wrong += self.files(killed=status == "-9")
        if "Traceback" in text or "fault of fitspec" in text:
            wrong.append(f"it said {text[-1500:]}")
        if disturbance == "nothing" and status != "1":
            wrong.append(f"status {status} without disturbance: {text[-500:]}")
        return Round(disturbance, wrong, status)

    def disturb(
        self, program: subprocess.Popen[bytes], disturbance: str, mark: str, drawn: random.Random
    ) -> None:
        """Do it, unless the program has ended by now."""
        if program.poll() is not None:
            return
        if disturbance == "the disk is full":
            fill(self.room / "filler")
        elif "killed" in disturbance:
            kill(mark, program.pid, drawn, 2 if "two" in disturbance else 1)
        else:
            program.send_signal(signal.Signals[f"SIG{disturbance}"])

    def files(self, *, killed: bool) -> Iterator[str]:
        """Yield what is wrong with the files."""
        for file in (*self.reports.iterdir(), *self.room.glob("*.ndjson")):
            if file.name.endswith(".partial"):
                if not killed:
                    yield f"{file.name} was left"
                file.unlink()
                continue
            try:
                found = decided(reading.read(file))
            except (OSError, ValueError) as error:
                yield f"{file.name} is not whole: {error}"
                file.unlink()
                continue
            for place, words in found.items():
                if self.expected and self.expected.get(place) != words:
                    yield f"{file.name}: {place} is {words}, not {self.expected.get(place)}"
        if not killed:
            for entry in self.temporary.iterdir():
                yield f"{entry.name} was left in the folder for temporary files"
                shutil.rmtree(entry, ignore_errors=True)


def living(mark: str, excepted: AbstractSet[int] = frozenset()) -> Iterator[str]:
    """Yield what lives on of a round a while later, and end it."""
    until = time.monotonic() + SOON
    while (left := set(marked(mark)) - excepted) and time.monotonic() < until:
        time.sleep(0.05)
    for pid in left:
        with contextlib.suppress(OSError):
            words = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
            yield f"{pid} ({words[:200]})"
            os.kill(pid, signal.SIGKILL)


def kill(mark: str, parent: int, drawn: random.Random, count: int) -> None:
    """Kill processes of a round at random, its first excepted."""
    candidates = sorted(set(marked(mark)) - {parent})
    for pid in drawn.sample(candidates, min(count, len(candidates))):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def fill(file: Path) -> None:
    """Leave no room on the disk of a file."""
    with file.open("wb", buffering=0) as full:
        try:
            while True:
                full.write(bytes(2**16))
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise


class Parent:
    """A program that lives as long as the soak, and runs an implementation when it is told to."""

    def __init__(self, soak: Soak) -> None:
        self.mark = f"{os.getpid()}.parent"
        self.soak = soak
        self.memory: list[int] = []
        self.program = subprocess.Popen(
            [sys.executable, __file__, "--parent", str(soak.adapters[0])],
            env={**os.environ, MARK: self.mark, "TMPDIR": str(soak.temporary)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.expected, self.seconds = "", 0.0

    def round(self, number: int) -> Round:
        """Have it run once, and lose a process in between."""
        drawn = random.Random(f"{self.soak.seed}/parent/{number}")  # noqa: S311  reproducible
        assert self.program.stdin and self.program.stdout  # noqa: S101, PT018  asked for
        started = time.monotonic()
        self.program.stdin.write("\n")
        self.program.stdin.flush()
        disturbance = "nothing"
        if self.expected and drawn.random() < 0.8:
            disturbance = "a process is killed, of the one that lives on"
            time.sleep(drawn.uniform(0.0, self.seconds))
            kill(self.mark, self.program.pid, drawn, 1)
        answer = self.program.stdout.readline().strip()
        if not self.expected:
            self.expected, self.seconds = answer, time.monotonic() - started
        wrong = []
        if not answer:
            wrong.append(f"the program that lives on ended with {self.program.wait()}")
        expected = dict(each.split("=") for each in self.expected.split(";"))
        for each in answer.split(";"):
            clause, _, words = each.partition("=")
            if words and not words.startswith(UNDECIDED) and expected.get(clause) != words:
                wrong.append(f"the one that lives on: {clause} is {words}")
        wrong += [f"process {words} lives on" for words in living(self.mark, {self.program.pid})]
        pages = int(Path(f"/proc/{self.program.pid}/statm").read_text("utf-8").split()[1])
        self.memory.append(pages * os.sysconf("SC_PAGE_SIZE"))
        return Round(disturbance, wrong, "0")

    def grown(self) -> int:
        """Return how many bytes more it takes than after a quarter of its rounds."""
        return max(self.memory[-3:]) - max(self.memory[: len(self.memory) // 4 + 1])

    def end(self) -> None:
        """End it."""
        self.program.kill()
        self.program.communicate()


def live_on(adapter: str) -> int:
    """Run an implementation whenever a line comes, and answer with a line."""
    for _ in sys.stdin:
        report = conformance.run(adapter, clauses=CLAUSES)
        words = {
            item.clause: str(item.behaviour or item.verdict).replace(";", ",").replace("=", ":")
            for item in report.findings
        }
        sys.stdout.write(";".join(f"{clause}={told}" for clause, told in words.items()) + "\n")
        sys.stdout.flush()
    return 0


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """Have a folder be a disk of its own within the block."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "none", str(folder)]
    unmount = ["umount", "--lazy", str(folder)]
    subprocess.run(mount, check=True)
    try:
        yield
    finally:
        subprocess.run(unmount, check=True)


def soak(options: argparse.Namespace, console: Console) -> int:
    """Go through the rounds; return the exit code."""
    if not (disk := ROOT_MARK in os.environ):
        console.print("not root, or no file system can be mounted: the disk is never full")
    counts: collections.Counter[str] = collections.Counter()
    wrong = 0
    with tempfile.TemporaryDirectory(prefix="soak-") as name, contextlib.ExitStack() as stack:
        folder = Path(name)
        if disk:
            stack.enter_context(small_disk(folder / "room"))
        rounds = Soak(folder, options.seed, disk=disk)
        rounds.begin()
        parent = Parent(rounds)
        stack.callback(parent.end)
        until = time.monotonic() + 60 * options.minutes
        number = (options.round or 1) - 1
        while time.monotonic() < until:
            number += 1
            for done in (rounds.round(number), parent.round(number)):
                counts[f"{done.disturbance} -> {done.status}"] += 1
                wrong += bool(done.wrong)
                for text in done.wrong:
                    console.print(f"round {number}, {done.disturbance}: {text}", markup=False)
            if options.round:
                break
    for words, count in sorted(counts.items()):
        console.print(f"{count:6} {words}", markup=False)
    grown = parent.grown() / MEGABYTE
    console.print(
        f"seed {options.seed}, {sum(counts.values())} rounds, {len(rounds.expected)} verdicts in"
        f" {rounds.seconds:.1f} s undisturbed; {wrong} rounds with something wrong; the program"
        f" that lives on takes {parent.memory[-1] / MEGABYTE:.0f} MB, {grown:+.1f} MB since a"
        " quarter of its rounds"
    )
    return 1 if wrong or grown > 8 else 0


def main() -> int:
    """Soak, or be the program that lives on."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--round", type=int, metavar="N", help="this round only")
    parser.add_argument("--parent", metavar="ADAPTER", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.parent:
        return live_on(options.parent)
    apart = ["unshare", "--mount"]
    with contextlib.suppress(OSError):
        possible = subprocess.run([*apart, "true"], check=False, capture_output=True)
        if ROOT_MARK not in os.environ and os.geteuid() == 0 and possible.returncode == 0:
            # What is mounted goes with this process, however it ends.
            again = [*apart, sys.executable, *sys.argv]
            os.execvpe(apart[0], again, {**os.environ, ROOT_MARK: "1"})  # noqa: S606
    return soak(options, Console(soft_wrap=True, highlight=False))


if __name__ == "__main__":
    sys.exit(main())
