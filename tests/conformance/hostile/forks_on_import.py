"""Forks while it is imported; both copies go on, but one worker shall answer."""

import os

from fitspec.adapters.reference.plain import Reference

os.fork()


class ForksOnImport(Reference):
    """The reference, twice."""
