# noqa: INP001 - a program, and part of no package
"""Measure how much faster two workers of `fitspec explore` are than one.

Run ``python benchmarks/explore_scaling.py``. It starts a worker, and two, and has them look at the
same programs by turns, which are as many as ``--programs`` says, as often as ``--rounds``. What is
told is the ratio of the sums of the times; the aim is that two do at least 1.8 times as much,
which is 90 %. A machine that has other things to do as well says little.
"""

from __future__ import annotations

import argparse
import sys
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING

from fitspec.conformance.explore import cluster
from fitspec.conformance.explore.campaign import campaign
from fitspec.conformance.explore.grammar import draw
from fitspec.conformance.explore.opening import Sides

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fitspec.conformance.explore.program import Program

_AIM = 0.9


def seconds(programs: Sequence[Program], hands: cluster.Cluster) -> float:
    """Return how long a campaign takes."""
    began = time.perf_counter()
    for _ in campaign(programs, hands, {}):
        pass
    return time.perf_counter() - began


def main() -> int:
    """Print the times of one and of two, and the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--implementation", default="reference")
    parser.add_argument("--against", default="reference")
    parser.add_argument("--programs", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    sides = Sides(options.implementation, options.against, laws=False)
    programs = list(draw(0, options.programs))
    with ExitStack() as started:
        hands = [started.enter_context(cluster.started(sides, workers)) for workers in (1, 2)]
        for each in hands:
            seconds(programs[:20], each)  # by then all have started what they keep
        rounds = [[seconds(programs, each) for each in hands] for _ in range(options.rounds)]
    for one, two in rounds:
        print(f"one worker {one:.1f} s, two {two:.1f} s")  # noqa: T201  what it is for
    one, two = map(sum, zip(*rounds, strict=True))
    efficiency = one / two / 2
    print(f"efficiency of two: {efficiency:.0%}")  # noqa: T201  as above
    return 0 if efficiency >= _AIM else 1


if __name__ == "__main__":
    sys.exit(main())
