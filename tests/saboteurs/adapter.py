"""The adapter of a saboteur: that of the reference, once one defect was planted in it.

`FITSPEC_SABOTEUR` names the saboteur; empty, nothing is planted. `FITSPEC_SABOTEUR_OF` is which
reference that is: `reference`, also where it is missing, or `reference-r`.
`FITSPEC_SABOTEUR_TRACE` is the file in which the planted functions note that they were reached; it
may be missing.
"""

from __future__ import annotations

import importlib
import importlib.machinery
import importlib.util
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from fitspec.adapters.adapter import Adapter

FOLDER = Path(__file__).resolve().parent
#: The name by which the modules of this folder know each other in a worker.
PACKAGE = "fitspec_saboteurs"


def reference() -> type[Adapter]:
    """Return the adapter of the reference that is meant."""
    name = os.environ.get("FITSPEC_SABOTEUR_OF", "reference")
    if name == "reference-r":
        from fitspec.adapters.reference.r import ReferenceR  # noqa: PLC0415  it needs matplotlib

        return ReferenceR
    from fitspec.adapters.reference.plain import Reference  # noqa: PLC0415  as above

    return Reference


class Saboteur(reference()):  # type: ignore[misc]  # known only when it runs
    """The reference with one defect."""

    # A program that imports the reference has the reference without it.
    dialect = ""


def plant(name: str) -> None:
    """Plant the defect of the saboteur `name`.

    Raises:
        ValueError: there is no such saboteur.
        PlantingError: its defect has no place in the reference.
    """
    package = importlib.machinery.ModuleSpec(PACKAGE, None, is_package=True)
    package.submodule_search_locations = [str(FOLDER)]
    sys.modules[PACKAGE] = importlib.util.module_from_spec(package)
    planting = importlib.import_module(f"{PACKAGE}.planting")
    for file in sorted(FOLDER.glob("*/*.py")):
        # A process starts for every saboteur: it imports no other.
        if f"\ndef {name}(" in file.read_text("utf-8"):
            importlib.import_module(f"{PACKAGE}.{file.parent.name}.{file.stem}")
    if name not in planting.SABOTEURS:
        raise ValueError(f"there is no saboteur {name!r}")
    trace = os.environ.get("FITSPEC_SABOTEUR_TRACE")
    planting.SABOTEURS[name](planting.Plant(Path(trace) if trace else None))
    # What falls is the same every time.
    np.random.seed(0)  # noqa: NPY002  the global one is the reference's


if os.environ.get("FITSPEC_SABOTEUR"):
    plant(os.environ["FITSPEC_SABOTEUR"])
