"""Defines two adapters, of which nobody can know which is meant."""

from fitspec.adapters.reference.plain import Reference


class First(Reference):
    """One."""


class Second(Reference):
    """The other."""
