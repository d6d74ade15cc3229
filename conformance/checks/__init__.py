"""The checks: the contract in executable form, one pytest test for a clause."""

from collections.abc import Callable

from fitspec.conformance.clauses import clause
from fitspec.conformance.expectations import answer, expect, outcome, recognise, refusal
from fitspec.conformance.laws import ForAll, Sides
from fitspec.conformance.remote import Model
from fitspec.conformance.vocabulary import SGD, Generator, ModelOf, Recorder

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
