"""`pip install` with every dependency at the lower bound that `pyproject.toml` gives it.

The environment `oldest` of tox installs by it, whatever tox asks for: the list of bounds is one.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

PYPROJECT = Path(__file__).parents[2] / "pyproject.toml"
_REQUIREMENT = re.compile(r"(?P<name>[\w.-]+)>=(?P<bound>[\d.]+)")


def constraints(project: dict[str, Any]) -> list[str]:
    """Return a constraint such as ``numpy==1.26`` for each dependency that has a lower bound.

    Args:
        project: the table `project` of a `pyproject.toml`.

    Raises:
        ValueError: a package has two lower bounds.
    """
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    bounds: dict[str, str] = {}
    for requirement in (each for group in groups for each in group):
        if found := _REQUIREMENT.fullmatch(requirement):
            name, bound = found["name"], found["bound"]
            if bounds.setdefault(name, bound) != bound:
                raise ValueError(f"{name} has the lower bounds {bounds[name]} and {bound}")
    return [f"{name}=={bound}" for name, bound in bounds.items()]


def main() -> int:
    """Install what the arguments of `pip install` say; return the status of pip."""
    project = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "oldest.txt"
        file.write_text("".join(f"{each}\n" for each in constraints(project)), encoding="utf-8")
        command = [sys.executable, "-m", "pip", "install", "--constraint", str(file)]
        return subprocess.run([*command, *sys.argv[1:]], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
