"""`fit`: the targets."""

from __future__ import annotations

from fitspec.conformance.arrangements.beside_streams import KINDS, ended_with_each
from fitspec.conformance.arrangements.two_errors import Y
from fitspec.conformance.checks import SGD, Build, clause, expect, outcome
from fitspec.conformance.vocabulary.models import two_in_two_out
from fitspec.conformance.vocabulary.samples import constant


@clause("fit.y.list-multi-output")
def test_a_list_of_targets_belongs_to_the_outputs_by_position(build: Build) -> None:
    """The targets of a list are those of the outputs in their order."""
    model = build(two_in_two_out(1.0, 2.0))
    model.compile(SGD(0.0), "mse")

    result = model.fit([constant(2, 2)] * 2, [constant(2, 0), constant(2, 1)], epochs=1)

    # Predictions 2 and 4: (2 - 0)² + (4 - 1)².
    expect(
        result.history.history["loss"],
        equals=[13.0],
        otherwise={
            "the targets were exchanged": [17.0],
            "all outputs got the first target": [20.0],
        },
    )


@clause("fit.y.dict-by-output-name")
def test_a_dict_of_targets_belongs_to_the_outputs_by_name(build: Build) -> None:
    """The targets of a dict are those of the outputs of those names, whatever their order."""
    model = build(two_in_two_out(1.0, 2.0))
    model.compile(SGD(0.0), "mse")

    result = model.fit([constant(2, 2)] * 2, {"b": constant(2, 1), "a": constant(2, 0)}, epochs=1)

    # As with a list: (2 - 0)² + (4 - 1)².
    expect(
        result.history.history["loss"],
        equals=[13.0],
        otherwise={"the order of the dict decided": [17.0]},
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
