"""By its old place: what the scripts in older reports import."""

from fitspec.conformance.repro.conversation import converse

__all__ = ["converse"]
