"""The programs that run workers which are not Python, such as Rscript."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING, Final

from fitspec.conformance.environments.environment import Unavailable
from fitspec.conformance.environments.npm import packages_of, provide

if TYPE_CHECKING:
    from collections.abc import Callable

    from fitspec.conformance.implementations.implementation import Implementation, Program

PATIENCE: Final = 60.0
"""How long a program may take to say whether it is ready, in s."""


def require(
    implementation: Implementation, progress: Callable[[str], None] = lambda _: None
) -> None:
    """Check that the program that runs the worker of an implementation is here, if it needs one.

    What the worker imports is installed if it is missing.

    Args:
        implementation: What is to be run.
        progress: Called with one short line for each step of an installation.

    Raises:
        Unavailable: It is not, or lacks something.
        BuildFailed: What the worker imports could not be installed.
    """
    if implementation.program is None:
        return
    missing = lacks(implementation.program)
    if missing:
        raise Unavailable(missing, f"install it with `{implementation.program.install}`")
    packages = packages_of(implementation.program)
    if packages is not None:
        provide(packages, progress)


def lacks(program: Program) -> str:
    """Return in a line what is missing for a program to run its worker; empty if nothing is."""
    name = program.command[0]
    if shutil.which(name) is None:
        return f"{name} is not on this machine"
    try:
        done = subprocess.run(
            [*program.command, *program.ready],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"{name} does not answer"
    if done.returncode == 0:
        return ""
    words = [line.strip() for line in done.stderr.splitlines() if line.strip()]
    return f"{name} lacks something: {words[0] if words else 'it does not say what'}"
