"""The checks: the contract in executable form, one pytest test for a clause.

That of `fit.validation_split.tail` is in `fit/test_validation_split`: a folder for each method, a
module for each argument or topic. Where a topic has no module, as its clause is the only one about
it, the check is in `test_method` of the folder.
"""

from fitspec.conformance.arrangements.compiled import Build
from fitspec.conformance.claims.expect import answer, expect, outcome, recognise, refusal
from fitspec.conformance.claims.laws import ForAll, Sides
from fitspec.conformance.claims.mark import clause
from fitspec.conformance.vocabulary.probes import SGD, Generator, Recorder

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
