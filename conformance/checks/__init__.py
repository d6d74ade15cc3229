"""The checks: the contract in executable form, one pytest test for a clause."""

from collections.abc import Callable

from fitspec.conformance.claims.expect import answer, expect, outcome, recognise, refusal
from fitspec.conformance.claims.laws import ForAll, Sides
from fitspec.conformance.claims.mark import clause
from fitspec.conformance.vocabulary.probes import SGD, Generator, ModelOf, Recorder
from fitspec.conformance.worker.remote import Model

#: What the fixture `build` gives a check.
Build = Callable[[ModelOf], Model]

__all__ = [
    "SGD",
    "Build",
    "ForAll",
    "Generator",
    "Recorder",
    "Sides",
    "answer",
    "clause",
    "expect",
    "outcome",
    "recognise",
    "refusal",
]
