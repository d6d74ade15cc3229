"""What a standalone script says of the environment that it needs."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from fitspec.conformance.repro.python_source import source

if TYPE_CHECKING:
    from fitspec.conformance.implementations.implementation import Implementation

#: Moved for a run, so that nothing is written into the user's; a script leaves it where it is.
_LEFT = ("HOME",)


def block(implementation: Implementation) -> str:
    """Return the environment as inline script metadata; empty if none is needed.

    Where fitspec has pinned every version, they are all in it.
    """
    if not implementation.needs_environment:
        return ""
    packages = implementation.constraints or (
        *implementation.requirements,
        *implementation.no_deps,
    )
    python = implementation.python
    return "\n".join(
        [
            "# /// script",
            *([f'# requires-python = "=={python}.*"'] if python else []),
            "# dependencies = [",
            *(f"#     {source(item)}," for item in packages),
            "# ]",
            "# ///",
        ]
    )


def instructions(implementation: Implementation) -> list[str]:
    """Return how to run a script, as lines of its docstring."""
    if not implementation.needs_environment:
        return ["Run it where fitspec is installed."]
    python = f"python{implementation.python}" if implementation.python else "python3"
    install = f"environment/bin/pip install {' '.join(map(_quoted, implementation.requirements))}"
    lines = ["Run it in an environment like this, or with a program that reads the block below:"]
    lines += ["", f"    {python} -m venv environment"]
    if implementation.requirements:
        lines += _continued(install)
    if implementation.no_deps:
        more = " ".join(map(_quoted, implementation.no_deps))
        lines += _continued(f"environment/bin/pip install --no-deps {more}")
    lines.append("    environment/bin/python THIS_FILE.py")
    if implementation.constraints:
        lines += [
            "",
            "If something newer breaks it, take the versions of the block for all packages.",
        ]
    return lines


def _quoted(requirement: str) -> str:
    return f"'{requirement}'" if set(requirement) & set("<>[;! ") else requirement


def _continued(command: str) -> list[str]:
    pieces = textwrap.wrap(command, 88, break_on_hyphens=False, break_long_words=False)
    joined = " \\\n        ".join(pieces)
    return [f"    {line}" if not line.startswith(" ") else line for line in joined.split("\n")]


def surroundings(implementation: Implementation) -> list[str]:
    """Return the statements that set the variables of its process, before it is imported."""
    lines = []
    settings = {
        name: value for name, value in implementation.environment.items() if name not in _LEFT
    }
    if any("{scratch}" in value for value in settings.values()):
        lines.append("scratch = tempfile.mkdtemp()")
    for name, value in settings.items():
        parts = value.split("{scratch}")
        code = " + scratch + ".join(
            str(source(part)) for place, part in enumerate(parts) if part or len(parts) == 1
        )
        if "{scratch}" in value and not parts[0]:
            code = f"scratch + {source(parts[1])}" if parts[1] else "scratch"
        lines.append(f"os.environ[{source(name)}] = {code}")
    return lines
