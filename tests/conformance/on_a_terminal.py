"""Running `fitspec` as a program of its own, on a terminal or not."""

from __future__ import annotations

import os
import pty
import subprocess
import sys

# A shell has what it starts in the background ignore Ctrl-C, and `nohup` the end of the terminal.
PROGRAM_TEXT = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)
from fitspec.conformance.cli.main import main
sys.exit(main())
"""
PROGRAM = [sys.executable, "-c", PROGRAM_TEXT]


def on_a_terminal(arguments: list[str], **variables: str) -> str:
    """Return what a program writes to a terminal."""
    master, slave = pty.openpty()
    with subprocess.Popen(
        [*PROGRAM, *arguments], stdout=slave, stderr=slave, env={**os.environ, **variables}
    ):
        os.close(slave)
        pieces = []
        try:
            while piece := os.read(master, 2**16):
                pieces.append(piece)
        except OSError:
            # How Linux says that nobody has the terminal open any more.
            pass
        os.close(master)
    return b"".join(pieces).decode()
