"""`compile`: losses that are refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.conformance.arrangements.taken import tried
from fitspec.conformance.checks import (
    SGD,
    Build,
    clause,
    expect,
    outcome,
    refusal,
)
from fitspec.conformance.vocabulary.models import (
    linear,
    two_in_two_out,
)

if TYPE_CHECKING:
    from fitspec.conformance.vocabulary.probes import ModelOf

#: What a deviation is called where all goes well until training.
AT_TRAINING = "compile accepts it; what comes of it shows in training"
#: With the outputs ``a`` and ``b``.
TWO = two_in_two_out(1.0, 1.0)


def _compiling(build: Build, description: ModelOf, loss: Any) -> str:
    """Return how `compile` ends on a fresh model."""
    return outcome(build(description).compile, SGD(0.0), loss)


@clause("compile.loss.unknown-ValueError")
def test_an_unknown_loss_is_refused(build: Build) -> None:
    """What names no loss is a ValueError when compiling, or a TypeError for what is no name."""
    # Names that begin as a known one does, and the beginning of one.
    unknown = ("nope", "msenope", "mean_squared")
    outcomes = {name: _compiling(build, linear(), name) for name in ("mse", *unknown)}
    outcomes["3"] = refusal(build(linear()).compile, SGD(0.0), 3)
    # Whether losses may come in lists and dicts is another clause.
    for known, one_unknown in (
        (["mse", "mae"], ["mse", "nope"]),
        ({"a": "mse", "b": "mae"}, {"a": "nope", "b": "mae"}),
    ):
        if tried(_compiling, build, TWO, known) == "returned":
            kind = f"in a {type(known).__name__}"
            outcomes[kind] = _compiling(build, TWO, one_unknown)

    expect(
        outcomes,
        equals={**dict.fromkeys(outcomes, "ValueError"), "mse": "returned", "3": "refused"},
        otherwise={AT_TRAINING: dict.fromkeys(outcomes, "returned")},
    )


@clause("compile.loss.list-length-ValueError")
def test_a_list_of_losses_of_another_length_is_refused(build: Build) -> None:
    """A list of losses shorter or longer than that of the outputs is a ValueError."""
    right = {"2 for 2": _compiling(build, TWO, ["mse"] * 2)}
    wrong = {
        "1 for 2": _compiling(build, TWO, ["mse"]),
        "3 for 2": _compiling(build, TWO, ["mse"] * 3),
        "2 for 1": _compiling(build, linear(), ["mse", "mae"]),
    }

    expect(
        {**right, **wrong},
        equals={"2 for 2": "returned", **dict.fromkeys(wrong, "ValueError")},
        otherwise={AT_TRAINING: dict.fromkeys([*right, *wrong], "returned")},
    )


@clause("compile.loss.dict-unknown-name-ValueError")
def test_a_loss_for_an_output_that_is_not_there_is_refused(build: Build) -> None:
    """A dict of losses with a name that no output has is a ValueError, whatever else is in it."""

    def compiling_each(description: ModelOf, *of_names: str) -> dict[str, str]:
        return {
            " and ".join(names): _compiling(build, description, dict.fromkeys(names, "mse"))
            for names in of_names
        }

    compiling = compiling_each(TWO, "ab", "abc", "ac")
    # Whether there may be a dict for one output is another clause.
    of_one = compiling_each(linear(), "y", "yc", "c")
    if of_one["y"] == "returned":
        compiling |= of_one

    expect(
        compiling,
        equals={
            name: "returned" if name in {"a and b", "y"} else "ValueError" for name in compiling
        },
        otherwise={AT_TRAINING: dict.fromkeys(compiling, "returned")},
    )
