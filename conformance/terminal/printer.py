"""The one way to a terminal, or to the log of a CI: neither obeys anything that is printed."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from rich.console import Console

from fitspec.conformance.report.hostile import unobeyed, visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.console import ConsoleOptions, RenderableType
    from rich.segment import Segment


class Printer(Console):
    """A console for texts that come from elsewhere: names, versions, reasons, values, messages.

    Colours and the movements of a progress bar are its own; whatever else a terminal would obey
    is written out. Who lays texts out makes them `visible` before, so that they have the width
    that they are shown with; here nothing gets past.

    Args:
        stderr: whether to print to standard error.
        soft_wrap: whether long lines stay whole, as a person may copy from them.
    """

    def __init__(self, *, stderr: bool = False, soft_wrap: bool = False) -> None:
        super().__init__(stderr=stderr, soft_wrap=soft_wrap, markup=False, highlight=False)

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        """Yield the pieces of `renderable`, made visible."""
        for piece in super().render(renderable, options):
            yield piece if piece.control else piece._replace(text=visible(piece.text))

    @property
    def file(self) -> IO[str]:
        """Where to."""
        return _Lines(super().file, lost=self.stderr)  # type: ignore[return-value]  # what a console needs of a file

    @file.setter
    def file(self, new: IO[str]) -> None:
        self._file = new

    def on_broken_pipe(self) -> None:
        """Let the rest go nowhere, as who reads may stop, as `head` does; the status stays."""
        self.quiet = True
        _lose(sys.stdout)


def _lose(file: IO[str]) -> None:
    """Let what a file still holds go nowhere, which would fail again at the end of the process."""
    with open(os.devnull, "w", encoding="utf-8") as nowhere:  # noqa: PTH123  no path of ours
        os.dup2(nowhere.fileno(), file.fileno())


class _Lines:
    """A file on whose lines no command to a CI is written, nor what its encoding does not have.

    Args:
        file: where to.
        lost: whether what cannot be written is no error: it would itself be told there.
    """

    def __init__(self, file: IO[str], *, lost: bool) -> None:
        self._file = file
        self._lost = lost

    def write(self, text: str) -> int:
        encoding = getattr(self._file, "encoding", None) or "utf-8"
        harmless = unobeyed(text).encode(encoding, "backslashreplace").decode(encoding)
        with self._named():
            self._file.write(harmless)
        return len(text)

    def flush(self) -> None:
        with self._named():
            self._file.flush()

    @contextmanager
    def _named(self) -> Iterator[None]:
        """Have an error say that it is about what is printed."""
        try:
            yield
        except BrokenPipeError:
            raise
        except OSError as error:
            _lose(self._file)
            if self._lost:
                return
            raise OSError(error.errno, error.strerror, "standard output") from error

    def __getattr__(self, name: str) -> object:
        return getattr(self._file, name)
