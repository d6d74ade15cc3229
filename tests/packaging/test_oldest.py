"""The constraints that hold an environment to the lower bounds of `pyproject.toml`."""

from __future__ import annotations

import tomllib

import pytest

from .oldest import PYPROJECT, constraints


def test_what_has_a_bound_is_held_to_it() -> None:
    """Also in extras; what has none, or is an extra of ours, is left to pip."""
    project = {
        "dependencies": ["numpy>=1.26"],
        "optional-dependencies": {
            "plots": ["matplotlib>=3.8"],
            "cuda12": ["cupy-cuda12x"],
            "test": ["matplotlib>=3.8", "ruamel.yaml>=0.18.6"],
            "dev": ["ours[test]"],
        },
    }

    assert constraints(project) == ["numpy==1.26", "matplotlib==3.8", "ruamel.yaml==0.18.6"]


def test_two_bounds_of_a_package_are_refused() -> None:
    """Only one of them would be tested."""
    project = {
        "dependencies": ["numpy>=1.26"],
        "optional-dependencies": {"test": ["numpy>=2"]},
    }

    with pytest.raises(ValueError, match=r"^numpy has the lower bounds 1\.26 and 2$"):
        constraints(project)


def test_every_dependency_has_a_bound() -> None:
    """What has none is not tested at its oldest, and breaks one day where it is old."""
    project = tomllib.loads(PYPROJECT.read_text("utf-8"))["project"]
    held = {each.partition("==")[0] for each in constraints(project)}

    wanted = {each.partition(">=")[0] for each in project["dependencies"]}

    assert wanted <= held
