"""Adapters in JavaScript: the program that runs the worker of each."""

from __future__ import annotations

from typing import Final

from fitspec.conformance.implementations.implementation import Program
from fitspec.conformance.implementations.table import home

SUFFIXES: Final = (".mjs", ".js")

_READY: Final = """
if (!require("node:module").register) {
  console.error(`it is ${process.version}, and 18.19 or newer is needed`);
  process.exit(1);
}
"""


def program() -> Program:
    """Return what runs an adapter that somebody wrote: Node, which finds what it imports.

    Node looks for that in the folders `node_modules` beside the adapter and above.
    """
    return Program(
        command=("node",),
        worker=home() / "node" / "worker.mjs",
        ready=("-e", _READY),
        install="apt install nodejs npm",
    )
