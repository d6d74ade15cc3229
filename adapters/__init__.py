"""The worker that drives an implementation, its protocol, and a file for each implementation.

Here are the worker and what adapters build on; `node` has the same for JavaScript. The adapters
are in a folder for each family: `keras`, `torch`, `paddle`, `reference`, `r`, `tfjs` and
`scikitjs`; `tables` has how each implementation is set up. `trace` and `tracing` are no adapters:
they record the calls of a program of the user's.

Everything in this folder also runs inside the interpreters of the implementations: Python 3.7 and
newer, with the standard library and NumPy only.
"""

from fitspec.adapters.adapter import Adapter, NotOffered

__all__ = ["Adapter", "NotOffered"]
