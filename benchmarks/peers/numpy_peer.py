# noqa: INP001 - a program's part, run by the interpreter of a peer
"""The cases of dense layers in the loops that are written by hand."""

import handwritten
from serving import serve


def make(case):
    """Return what goes through the data of a case once."""
    stack = handwritten.Stack(case["widths"], case["batch"], case["optimizer"])
    return lambda method, x, y: handwritten.epochs(stack, x, y, 1, method)


serve(make)
