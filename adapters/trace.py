"""Runs a program on one library, and records the calls of the Model API that it makes.

It is run by path in the interpreter of the library, with the standard library and NumPy alone.
"""

from __future__ import annotations

import argparse
import importlib
import os
import runpy
import sys
import traceback
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(given: Sequence[str]) -> None:
    """Run what the arguments describe; what the program raises is raised."""
    parser = argparse.ArgumentParser(description="run a program and record its calls")
    parser.add_argument("--adapter", required=True)
    parser.add_argument("--recording", required=True)
    parser.add_argument("--given", default="")
    parser.add_argument("--each", action="store_true")
    parser.add_argument("--shaken", action="store_true")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("program")
    parser.add_argument("arguments", nargs=argparse.REMAINDER)
    asked = parser.parse_args(given)
    # Beside this file, which is run by path: it finds our package, installed or not.
    adapter: Any = importlib.import_module("worker").load_adapter(asked.adapter)
    library = getattr(adapter, "library", None)
    chance = importlib.import_module("fitspec.adapters.tracing.chance")
    calls = importlib.import_module("fitspec.adapters.tracing.calls")
    names = importlib.import_module("fitspec.adapters.tracing.names")
    orders = chance.Orders(asked.seed)
    recorder = calls.Recorder(
        asked.recording, orders, asked.given, each=asked.each, shaken=asked.shaken
    )
    if library is None:
        recorder.write({"refused": "it has no models that a program for Keras could make"})
        return
    names.alias(library)
    chance.settle(library, orders)
    recorder.attend(library)
    recorder.write({"begun": adapter.versions()})
    _run(recorder, asked.program, asked.arguments)


def _run(recorder: Any, program: str, arguments: Sequence[str]) -> None:
    """Run a program as Python would."""
    sys.argv[:] = [program, *arguments]
    sys.path.insert(0, os.path.dirname(os.path.abspath(program)))
    own = os.getpid()
    try:
        runpy.run_path(program, run_name="__main__")
    except BaseException as error:
        if os.getpid() == own:
            recorder.write(_ending(error, program))
        raise
    if os.getpid() == own:
        recorder.write({"finished": "ended", "said": ["", ""]})


def _ending(error: BaseException, program: str) -> dict[str, Any]:
    """Return how a program ended that something was raised in."""
    status = getattr(error, "code", None)
    if isinstance(error, SystemExit) and status in (None, 0):
        return {"finished": "ended", "said": ["", ""]}
    here = [
        frame.lineno
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename == program
    ]
    said = [type(error).__name__, str(error)]
    return {"finished": "raised", "said": said, "line": here[-1] if here else None}


if __name__ == "__main__":
    main(sys.argv[1:])
