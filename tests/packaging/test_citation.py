"""How fitspec is cited agrees with how it is packed."""

from __future__ import annotations

import tomllib
from pathlib import Path

from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]


def test_the_citation_is_of_this_version() -> None:
    """Name, version, licence and keywords are those of the package."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

    cited = YAML(typ="safe", pure=True).load(ROOT / "CITATION.cff")

    assert cited["cff-version"] == "1.2.0"
    assert cited["type"] == "software"
    assert cited["authors"]
    assert [cited["title"], cited["version"], cited["license"], cited["keywords"]] == [
        project["name"],
        project["version"],
        project["license"],
        project["keywords"],
    ]
