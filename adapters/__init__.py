"""The worker that drives an implementation, its protocol, and one adapter file per implementation.

Everything in this folder also runs inside the interpreters of the implementations: Python 3.7 and
newer, with the standard library and NumPy only.
"""

from fitspec.adapters.adapter import Adapter, NotOffered

__all__ = ["Adapter", "NotOffered"]
