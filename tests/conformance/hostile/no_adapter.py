"""Defines no adapter, though it imports one."""

from fitspec.adapters.reference.plain import Reference

__all__ = ["Reference"]
