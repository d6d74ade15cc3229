"""The reference in a worker: with another source in the place of a module, or watched."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import json
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import coverage

import fitspec.reference

from ..lab.forking import WORKER

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import CodeType, ModuleType

PACKAGE = "fitspec.reference"
#: Where the reference lies, as its modules are told to.
REFERENCE = Path(fitspec.reference.__file__).resolve().parent
#: The file that says which check is on.
CURRENT = "current"


def forget_the_reference() -> None:
    """Leave only what the reference needs of others imported: each worker imports it anew."""
    import fitspec.adapters.reference.plain  # noqa: F401, PLC0415  with all that it needs

    own = (PACKAGE, "fitspec.adapters.reference")
    for name in [name for name in sys.modules if name.startswith(own)]:
        del sys.modules[name]
    # The packages that held them know them, too.
    for package, name in (("fitspec", "reference"), ("fitspec.adapters", "reference")):
        if hasattr(sys.modules[package], name):
            delattr(sys.modules[package], name)


class _Mutated(importlib.machinery.SourceFileLoader):
    """Loads another source in the place of a module's."""

    def __init__(self, fullname: str, path: str, source: bytes) -> None:
        super().__init__(fullname, path)
        self._source = source

    def get_code(self, fullname: str) -> CodeType:
        """Return the code of the other source, which nothing keeps."""
        del fullname
        return compile(self._source, self.path, "exec", dont_inherit=True)


class Planted:
    """Finds a module of the reference with another source.

    Args:
        module: its path below the reference, without the ending.
        source: what it shall be.

    Raises:
        SyntaxError: that is no program, so that nothing would be found out about it.
    """

    def __init__(self, module: str, source: bytes) -> None:
        compile(source, module, "exec", dont_inherit=True)
        parts = module.removesuffix("/__init__").split("/")
        self._name = ".".join([PACKAGE, *parts])
        self._path = str(REFERENCE / f"{module}.py")
        self._source = source

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Return how to import the module, or None for any other."""
        del path, target
        if name != self._name:
            return None
        loader = _Mutated(name, self._path, self._source)
        return importlib.util.spec_from_file_location(name, self._path, loader=loader)


class Lines:
    """Notes which lines of the reference a worker executes, by what is on at the time.

    Args:
        folder: has a file `CURRENT` with the name of what is on; `lines` grows there.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._coverage = coverage.Coverage(
            data_file=None, include=[f"{REFERENCE}/*"], config_file=False
        )
        self._now = ""

    def turn(self) -> None:
        """Write down what was executed since this was last called, if anything was on."""
        if self._now:
            self._coverage.stop()
            data = self._coverage.get_data()
            found = {
                Path(file).resolve().relative_to(REFERENCE).with_suffix("").as_posix(): lines
                for file in data.measured_files()
                if (lines := sorted(data.lines(file) or ()))
            }
            with (self._folder / "lines").open("a", encoding="utf-8") as file:
                file.write(json.dumps([self._now, found]) + "\n")
            self._coverage.erase()
        self._now = (self._folder / CURRENT).read_text("utf-8")
        self._coverage.start()


@contextmanager
def planted(module: Planted) -> Iterator[None]:
    """Have the module found in the place of its own."""
    sys.meta_path.insert(0, module)
    yield


@contextmanager
def watched(folder: Path) -> Iterator[None]:
    """Note the lines that are executed, from one reset of the worker to the next."""
    lines = Lines(folder)
    reset = WORKER.Worker.do_reset

    def turned(self: Any, request: dict[str, Any]) -> Any:
        lines.turn()
        return reset(self, request)

    WORKER.Worker.do_reset = turned
    yield
    lines.turn()
