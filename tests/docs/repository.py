"""Where this repository is, written into the pages and workflows that show it.

A fork says so in one place, `[tool.fitspec]` of `pyproject.toml`, and runs
`python tests/docs/repository.py`; whoever makes a release does so too, for the version.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]

#: What shows how fitspec is used from elsewhere.
SHOWN = ("docs/ci.md", "docs/ci/github.yml", "docs/upgrading/README.md")

#: An action or a hook of a version of three numbers, which is fitspec: actions of others have one.
_ACTION = re.compile(r"(uses: )[\w.-]+/[\w.-]+@v\d+\.\d+\.\d+")
_HOOK = re.compile(r"(repo: https://github\.com/)[\w.-]+/[\w.-]+(\s+rev: )v\d+\.\d+\.\d+")


def set_to() -> tuple[str, str]:
    """Return `OWNER/NAME` of the repository, and the version."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return settings["tool"]["fitspec"]["repository"], settings["project"]["version"]


def written(text: str, repository: str, version: str) -> str:
    """Return a text that shows a repository and a version, with these in it.

    Args:
        text: of a page or a workflow.
        repository: as `OWNER/NAME`.
        version: as `1.2.3`.
    """
    text = _ACTION.sub(rf"\g<1>{repository}@v{version}", text)
    return _HOOK.sub(rf"\g<1>{repository}\g<2>v{version}", text)


def main() -> None:
    """Write them anew."""
    for name in SHOWN:
        path = ROOT / name
        path.write_text(written(path.read_text("utf-8"), *set_to()), "utf-8")


if __name__ == "__main__":
    main()
