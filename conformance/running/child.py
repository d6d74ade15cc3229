"""A process that holds one implementation against the contract, alone or with others."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from contextlib import suppress
from typing import IO, TYPE_CHECKING, Any

from fitspec.conformance.system.guarded import Guarded
from fitspec.conformance.system.scratch import Scratch

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

#: How much of what a process said at its end is told.
_LAST_LINES = 12


class Child:
    """A process that runs `apart`.

    Args:
        asked: the name or path by which the implementation was asked for.
        file: where it leaves its report.
        basis: on which that is made.
        options: what else `apart` takes.
        ordered: whether it makes the checks that it is told to, one at a time; else all.
    """

    def __init__(
        self,
        asked: str,
        file: Path,
        basis: Mapping[str, str],
        options: Sequence[str],
        *,
        ordered: bool,
    ) -> None:
        self.file = file
        #: The clause whose check it was told to make.
        self.check = ""
        self.last_words: list[str] = []
        self._text = b""
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  closed at its end
        # Whatever becomes of it, nothing that it put aside stays.
        self._scratch = Scratch()
        self.news, writer = os.pipe()
        reader, self._orders = os.pipe() if ordered else (-1, -1)
        given = [descriptor for descriptor in (writer, reader) if descriptor >= 0]
        try:
            command = [
                # -P keeps a folder `fitspec` that happens to lie here from standing in for ours.
                *(sys.executable, "-P", "-m", "fitspec.conformance.running.apart"),
                *(f"--news={writer}", f"--report={file.absolute()}"),
                *([f"--orders={reader}"] if ordered else []),
                *(f"--basis={json.dumps(dict(basis))}", *options, "--", asked),
            ]
            self._process = Guarded(
                command,
                env={**os.environ, "TMPDIR": str(self._scratch.folder)},
                fds=given,
                stdout=subprocess.DEVNULL,
                stderr=self._errors,
            )
        finally:
            for descriptor in given:
                os.close(descriptor)

    def order(self, check: str, fallen: Sequence[str]) -> None:
        """Tell it to make a check.

        Args:
            check: the clause.
            fallen: those on which it depends that fell, wherever that was found.
        """
        self.check = check
        # If it is no more, that is heard from its end.
        with suppress(BrokenPipeError):
            os.write(self._orders, f"{json.dumps({'check': check, 'fallen': fallen})}\n".encode())

    def release(self) -> None:
        """Tell it that nothing is left to be done; doing so again is harmless."""
        if self._orders >= 0:
            orders, self._orders = self._orders, -1
            os.close(orders)

    def read(self) -> list[dict[str, Any]] | None:
        """Return what it told since; None after its end."""
        data = os.read(self.news, 2**16)
        if not data:
            return None
        *lines, self._text = (self._text + data).split(b"\n")
        return [json.loads(line) for line in lines]

    def end(self) -> int:
        """Wait for its end and return its status."""
        status = self._process.wait()
        self._errors.seek(0)
        said = self._errors.read().decode(errors="replace").strip().splitlines()
        self.last_words = said[-_LAST_LINES:]
        self.kill()
        return status

    def ask_to_end(self) -> None:
        """Have it end its worker and itself."""
        self._process.ask()

    def wait(self, seconds: float) -> None:
        """Wait for its end for some time."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(max(0.0, seconds))

    def kill(self) -> None:
        """End it surely."""
        self.release()
        self._process.kill()
        if not self._errors.closed:
            self._errors.close()
            os.close(self.news)
            self._scratch.remove()
