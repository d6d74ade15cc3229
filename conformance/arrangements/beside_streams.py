"""Arguments of `fit` that have no place beside a generator or Sequence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.conformance.arrangements.two_errors import X, Y, model_of_3
from fitspec.conformance.arrangements.ways_of_ending import RATE
from fitspec.conformance.claims.expect import outcome
from fitspec.conformance.vocabulary.probes import Generator, SequenceOf

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fitspec.conformance.arrangements.compiled import Build

#: Both kinds of sources, and the arguments that each needs beside it.
KINDS: dict[str, tuple[type[Generator | SequenceOf], dict[str, int]]] = {
    "generator": (Generator, {"steps_per_epoch": 1}),
    "Sequence": (SequenceOf, {}),
}


def ended_with_each(build: Build, ended: Callable[..., str], **arguments: Any) -> dict[str, str]:
    """Return how `fit` ends with each kind of source when it is given `arguments` too.

    A source that is refused alone says nothing about them: then it is said that it was. What is
    refused once it was trained on is no refusal.
    """
    outcomes = {}
    for name, (kind, needed) in KINDS.items():
        alone = outcome(model_of_3(build).fit, kind([(X, Y)]), epochs=1, **needed)
        if alone != "returned":
            outcomes[name] = f"{alone}, as without {' and '.join(arguments)}"
            continue
        model = model_of_3(build, RATE)
        before = model.weight("y")
        end = ended(model.fit, kind([(X, Y)]), epochs=1, **needed, **arguments)
        late = end != "returned" and model.weight("y") != before
        outcomes[name] = f"{end} after an update" if late else end
    return outcomes


def ended_with_both(
    build: Build, ended: Callable[..., str], argument: str, values: Mapping[str, Any]
) -> dict[str, str]:
    """Return how `fit` ends with each kind of source and each of several values of an argument."""
    return {
        f"{kind}, {name}": end
        for name, value in values.items()
        for kind, end in ended_with_each(build, ended, **{argument: value}).items()
    }
