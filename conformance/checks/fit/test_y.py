"""`fit`: the targets."""

from __future__ import annotations

from fitspec.conformance.arrangements.beside_streams import KINDS, ended_with_each
from fitspec.conformance.arrangements.three_of_each import (
    MISTAKES,
    OUTPUTS,
    VALUES,
    after_targets,
    by_name,
    listed,
    of_targets,
)
from fitspec.conformance.arrangements.two_errors import Y
from fitspec.conformance.checks import Build, clause, expect, outcome


@clause("fit.y.list-multi-output")
def test_a_list_of_targets_belongs_to_the_outputs_by_position(build: Build) -> None:
    """The targets of a list are those of the outputs in their order."""
    expect(
        after_targets(build, listed()),
        equals=of_targets(),
        otherwise={
            "the targets were taken in reverse": of_targets(VALUES[::-1]),
            "the targets were taken in the order of the names": of_targets((3.0, 1.0, 2.0)),
            "all outputs got the first target": of_targets(VALUES[:1] * 3),
        },
    )


@clause("fit.y.dict-by-output-name")
def test_a_dict_of_targets_belongs_to_the_outputs_by_name(build: Build) -> None:
    """The targets of a dict are those of the outputs of those names, whatever their order."""
    expect(
        after_targets(build, by_name(OUTPUTS)),
        equals=of_targets(),
        otherwise={words: of_targets(values) for words, values in MISTAKES.items()},
    )


@clause("fit.y.forbidden-with-generator")
def test_targets_beside_a_generator_are_refused(build: Build) -> None:
    """`y` with a generator or Sequence is a ValueError."""
    outcomes = ended_with_each(build, outcome, y=Y)

    expect(
        outcomes,
        equals=dict.fromkeys(KINDS, "ValueError"),
        otherwise={"they are ignored": dict.fromkeys(KINDS, "returned")},
    )
