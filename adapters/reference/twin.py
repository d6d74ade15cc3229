"""The adapter of a twin: that of the reference, once deviations were planted in it.

`FITSPEC_DEVIATIONS` has their ids, with commas between them; they are planted in that order.
"""

from __future__ import annotations

import importlib
import os

from fitspec.adapters.reference.deviations import planting
from fitspec.adapters.reference.plain import Reference

#: The modules of `deviations` that have some.
TOPICS = ("compiling", "data", "results", "streams", "switches", "validation")


class Twin(Reference):
    """The reference, doing what another implementation does."""

    # A program that imports the reference has it without deviations.
    dialect = ""


def plant(names: str) -> None:
    """Plant deviations.

    Args:
        names: their ids, with commas between them.

    Raises:
        ValueError: there is none with such an id.
    """
    for topic in TOPICS:
        importlib.import_module("fitspec.adapters.reference.deviations.%s" % topic)
    for name in filter(None, names.split(",")):
        if name not in planting.DEVIATIONS:
            known = ", ".join(sorted(planting.DEVIATIONS))
            raise ValueError("there is no deviation %r; there are %s" % (name, known))
        planting.DEVIATIONS[name]()


plant(os.environ.get("FITSPEC_DEVIATIONS", ""))
