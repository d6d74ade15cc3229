"""Runs a program on one side, in a copy of its folder, and contains whatever it does."""

from __future__ import annotations

import shutil
import subprocess
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fitspec.conformance.system.guarded import Guarded
from fitspec.conformance.system.interrupts import held_back
from fitspec.conformance.trace.recording import Recording, read
from fitspec.conformance.worker.limits import Limits
from fitspec.conformance.worker.variables import inherited

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import IO

    from fitspec.conformance.trace.sides import Side

#: How large a folder may be that is copied for each side, in bytes.
LARGEST: Final = 2**28
#: How a process ends that has no room for its recording.
NO_ROOM: Final = 74
#: What is no part of a program, or made again.
_PASSED_OVER: Final = ("__pycache__", "node_modules", ".*")
#: How often a waiting harness looks how much was printed, in s.
_LOOK: Final = 0.05
#: How much of what was printed last is kept, in bytes.
_LAST: Final = 2000


@dataclass
class Runs:
    """Runs of one program.

    Args:
        scratch: where copies and recordings go; whoever made it removes it.
        folder: in which the program is run, by a copy of it.
        arguments: of the program.
        stdin: what it reads; None for nothing.
        timeout: how long each run may take, in s.
        seed: of all that is drawn.

    Raises:
        ValueError: the folder is no folder, or too large to be copied.
    """

    scratch: Path
    folder: Path
    arguments: Sequence[str] = ()
    stdin: Path | None = None
    timeout: float = 600.0
    seed: int = 0
    made: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        # Programs are run elsewhere.
        if not self.folder.is_dir():
            raise ValueError(f"--folder {self.folder}: there is no such folder")
        self.scratch, self.folder = self.scratch.resolve(), self.folder.resolve()
        size = 0
        for path in self._files(self.folder):
            size += path.lstat().st_size
            if size > LARGEST:
                raise ValueError(
                    f"--folder {self.folder}: more than {LARGEST // 2**20} MB, which are copied "
                    "for each side; name a folder with what the program needs, or link large files"
                )

    def run(
        self,
        side: Side,
        given: Recording | None = None,
        *,
        each: bool = False,
        shaken: bool = False,
    ) -> Recording:
        """Run the program on a side, and return what was recorded.

        Args:
            side: who runs it.
            given: the recording whose starting weights it takes.
            each: whether every call starts from those of the same call there.
            shaken: whether each of these is changed by one rounding.

        Raises:
            OSError: it cannot be started.
            RuntimeError: the side has no Keras that a program could use, or there is no room for
                the copy or the recording.
        """
        self.made += 1
        place = self.scratch / f"{self.made}-{side.name.replace(':', '-')}"
        recording, work, own = place / "recording", place / "work", place / "own"
        for each_folder in (recording, own):
            each_folder.mkdir(parents=True)
        self._copy(work)
        with ExitStack() as stack:
            script = stack.enter_context(as_file(files("fitspec.adapters") / "trace.py"))
            command = [
                *(str(side.python), str(script), "--adapter", str(side.implementation.adapter)),
                *("--recording", str(recording), "--seed", str(self.seed)),
                *(("--given", str(given.folder)) if given is not None else ()),
                *(("--each",) if each else ()),
                *(("--shaken",) if shaken else ()),
                *(str(self._copied(side.program, work)), *self.arguments),
            ]
            output = [stack.enter_context((place / name).open("wb")) for name in ("out", "err")]
            stdin = None if self.stdin is None else stack.enter_context(self.stdin.open("rb"))
            ending = self._watch(command, side, (work, own), output, stdin)
        words = _last_of(place / "err")
        return read(side.name, recording, ending, words)

    def _copy(self, work: Path) -> None:
        """Copy the folder.

        Raises:
            RuntimeError: some of it cannot be copied; the message says what, and why.
        """
        try:
            shutil.copytree(
                self.folder,
                work,
                symlinks=True,
                ignore=self._ignored,
                ignore_dangling_symlinks=True,
            )
        except shutil.Error as error:
            (_, _, why), *more = error.args[0]
            others = f", nor {len(more)} more" if more else ""
            raise RuntimeError(f"{self.folder}: it cannot be copied: {why}{others}") from error
        self._mend_links(work)

    def _watch(
        self,
        command: Sequence[str],
        side: Side,
        folders: tuple[Path, Path],
        output: Sequence[IO[bytes]],
        stdin: IO[bytes] | None,
    ) -> str:
        """Run a command to its end; return how it ended, where that is not by itself."""
        work, own = folders
        variables = {
            **inherited(side.python),
            **side.implementation.variables(own),
            "PYTHONHASHSEED": "0",
            "TMPDIR": str(own),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        limit = Limits().output
        # A process that nobody knows of yet could not be ended.
        with held_back():
            process = Guarded(
                command, env=variables, cwd=work, stdin=stdin, stdout=output[0], stderr=output[1]
            )
        try:
            deadline = time.monotonic() + self.timeout
            while (status := process.poll()) is None:
                if time.monotonic() > deadline:
                    return f"was ended after {self.timeout:g} s"
                if any(Path(str(file.name)).stat().st_size > limit for file in output):
                    return f"printed more than {limit // 2**20} MB and was ended"
                try:
                    process.wait(_LOOK)
                except subprocess.TimeoutExpired:
                    continue
        finally:
            process.kill()
        if status == NO_ROOM:
            said = _last_of(Path(str(output[1].name))).strip() or "there is no room"
            raise RuntimeError(f"{side.name}: {own.parent}: it could not be recorded: {said}")
        return f"was killed by signal {-status}" if status < 0 else ""

    def _copied(self, program: Path, work: Path) -> Path:
        """Return the program as it lies in the copy, if it lies in the folder."""
        program = program.resolve()
        inside = program.is_relative_to(self.folder)
        return work / program.relative_to(self.folder) if inside else program

    def _files(self, folder: Path) -> Iterator[Path]:
        """Yield the files and links that are copied of a folder."""
        entries = list(folder.iterdir())
        ignored = self._ignored(str(folder), [entry.name for entry in entries])
        for entry in entries:
            if entry.name in ignored:
                continue
            if entry.is_dir() and not entry.is_symlink():
                yield from self._files(entry)
            else:
                yield entry

    def _ignored(self, folder: str, names: list[str]) -> set[str]:
        """Return what of a folder is not copied.

        It is what is hidden or made again, environments, what is no file, and the copies.
        """
        found = shutil.ignore_patterns(*_PASSED_OVER)(folder, names)
        for name in names:
            path = Path(folder, name)
            special = path.exists() and not (path.is_file() or path.is_dir())
            if special or path == self.scratch or (path / "pyvenv.cfg").exists():
                found.add(name)
        return found

    def _mend_links(self, work: Path) -> None:
        """Let links that lead out of the folder lead to the same from its copy."""
        for path in list(self._files(work)):
            if path.is_symlink() and not path.exists():
                target = (self.folder / path.relative_to(work)).resolve()
                path.unlink()
                path.symlink_to(target)


def _last_of(path: Path) -> str:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _LAST))
        return file.read().decode(errors="replace")
