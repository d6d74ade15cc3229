"""Arguments of `fit` that have no place beside a generator or Sequence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.conformance.arrangements.two_errors import X, Y, model_of_3
from fitspec.conformance.claims.expect import outcome
from fitspec.conformance.vocabulary.probes import Generator, SequenceOf

if TYPE_CHECKING:
    from collections.abc import Callable

    from fitspec.conformance.arrangements.compiled import Build

#: Both kinds of sources, and the arguments that each needs beside it.
KINDS: dict[str, tuple[type[Generator | SequenceOf], dict[str, int]]] = {
    "generator": (Generator, {"steps_per_epoch": 1}),
    "Sequence": (SequenceOf, {}),
}


def ended_with_each(build: Build, ended: Callable[..., str], **arguments: Any) -> dict[str, str]:
    """Return how `fit` ends with each kind of source when it is given `arguments` too.

    A source that is refused alone says nothing about them: then it is said that it was.
    """
    outcomes = {}
    for name, (kind, needed) in KINDS.items():
        alone = outcome(model_of_3(build).fit, kind([(X, Y)]), epochs=1, **needed)
        fit = model_of_3(build).fit
        outcomes[name] = (
            ended(fit, kind([(X, Y)]), epochs=1, **needed, **arguments)
            if alone == "returned"
            else f"{alone}, as without {' and '.join(arguments)}"
        )
    return outcomes
