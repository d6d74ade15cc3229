"""Defines no adapter, though it imports one."""

from fitspec.adapters.reference import Reference

__all__ = ["Reference"]
