"""`fit`: the targets."""

from __future__ import annotations

from fitspec.conformance.arrangements.beside_streams import ended_with_both
from fitspec.conformance.arrangements.three_of_each import (
    MISTAKES,
    OUTPUTS,
    VALUES,
    by_name,
    expect_targets,
    listed,
)
from fitspec.conformance.arrangements.two_errors import Y
from fitspec.conformance.checks import Build, clause, expect, outcome


@clause("fit.y.list-multi-output")
def test_a_list_of_targets_belongs_to_the_outputs_by_position(build: Build) -> None:
    """The targets of a list are those of the outputs in their order."""
    expect_targets(
        build,
        listed(),
        {
            "the targets were taken in reverse": VALUES[::-1],
            "the targets were taken in the order of the names": (3.0, 1.0, 2.0),
            "all outputs got the first target": VALUES[:1] * 3,
        },
    )


@clause("fit.y.dict-by-output-name")
def test_a_dict_of_targets_belongs_to_the_outputs_by_name(build: Build) -> None:
    """The targets of a dict are those of the outputs of those names, whatever their order."""
    expect_targets(build, by_name(OUTPUTS), MISTAKES)


@clause("fit.y.forbidden-with-generator")
def test_targets_beside_a_generator_are_refused(build: Build) -> None:
    """`y` with a generator or Sequence is a ValueError."""
    outcomes = ended_with_both(build, outcome, "y", {"an array": Y, "a list": [Y]})

    expect(
        outcomes,
        equals=dict.fromkeys(outcomes, "ValueError"),
        otherwise={"they are ignored": dict.fromkeys(outcomes, "returned")},
    )
