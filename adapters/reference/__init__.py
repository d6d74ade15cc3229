"""Adapters of the reference: on NumPy, on CUDA, around PyTorch, and as functions of R."""

from fitspec.adapters.reference.plain import Reference

__all__ = ["Reference"]
