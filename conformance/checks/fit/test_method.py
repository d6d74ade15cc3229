"""`fit`: its signature, and how far ahead batches are drawn."""

from __future__ import annotations

from fitspec.conformance.arrangements.producers import expect_queue_of_10
from fitspec.conformance.arrangements.streaming import FIT, FIT_VALIDATING
from fitspec.conformance.checks import Build, clause, expect
from fitspec.conformance.vocabulary.models import linear

#: The parameters of `fit` in document 004 and their defaults.
DEFAULTS = {
    "x": None,
    "y": None,
    "batch_size": None,
    "epochs": 1,
    "verbose": 1,
    "callbacks": None,
    "validation_split": 0.0,
    "validation_data": None,
    "shuffle": True,
    "class_weight": None,
    "sample_weight": None,
    "initial_epoch": 0,
    "steps_per_epoch": None,
    "validation_steps": None,
    "validation_freq": 1,
    "max_queue_size": 10,
    "workers": 1,
    "use_multiprocessing": False,
}
#: Those that document 003 does not have.
LATER = {"validation_freq", "max_queue_size", "workers", "use_multiprocessing"}


@clause("fit.signature.defaults")
def test_every_argument_of_fit_has_its_documented_default(build: Build) -> None:
    """Every argument of `fit` is optional and has the documented default."""
    parameters = {item.name: item for item in build(linear()).fit.parameters()}

    # 003 lacks four parameters of 004, all or none of them, and has the others as 004 has them.
    lacking = LATER if LATER.isdisjoint(parameters) else set()
    documented = {name: value for name, value in DEFAULTS.items() if name not in lacking}
    found = {
        name: "missing"
        if name not in parameters
        else "required"
        if parameters[name].required
        else parameters[name].default
        for name in documented
    }

    expect(found, equals=documented)


@clause("fit.max_queue_size.default-10")
def test_the_queue_of_fit_holds_10(build: Build) -> None:
    """Without `max_queue_size`, `fit` draws as far ahead of a generator as with 10."""
    expect_queue_of_10(build, FIT, FIT_VALIDATING)
