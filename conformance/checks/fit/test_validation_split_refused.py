"""`fit`: splits for validation that are refused, or might be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitspec.conformance.arrangements.beside_streams import ended_with_both, ended_with_each
from fitspec.conformance.arrangements.compiled import learning_model, small_model
from fitspec.conformance.arrangements.ways_of_ending import refused
from fitspec.conformance.checks import SGD, Build, answer, clause, expect, outcome, recognise
from fitspec.conformance.vocabulary.models import fed_by_tensor, linear
from fitspec.conformance.vocabulary.probes import NativeTensor
from fitspec.conformance.vocabulary.samples import ascending, column, constant

if TYPE_CHECKING:
    from fitspec.conformance.worker.remote import Model

DATA = ascending(4), constant(4, 0)
EIGHT = ascending(8), constant(8, 0)


def _on_tensors(build: Build) -> Model:
    model = build(fed_by_tensor(NativeTensor(column(1, 2))))
    model.compile(SGD(0.0), "mse", target_tensors=NativeTensor(column(0, 0)))
    return model


@clause("fit.validation_split.not-with-generator")
def test_a_split_beside_a_generator_is_refused(build: Build) -> None:
    """`validation_split` with a generator or Sequence, which are taken without, is a ValueError."""
    splits = {"a half": 0.5, "an eighth": 0.125}
    without = ended_with_each(build, outcome)
    outcomes = ended_with_both(build, outcome, "validation_split", splits)

    taken = dict.fromkeys(without, "returned")
    expect(
        {"without": without, "with": outcomes},
        equals={"without": taken, "with": dict.fromkeys(outcomes, "ValueError")},
        otherwise={
            "it is ignored": {"without": taken, "with": dict.fromkeys(outcomes, "returned")}
        },
    )


@clause("fit.validation_split.needs-sliceable-x")
def test_a_split_of_no_arrays_is_not_passed_over(build: Build) -> None:
    """A split is refused, in whatever way, when there are no arrays to split."""
    steps = {"no steps": {}, "two steps": {"steps_per_epoch": 2}}
    split = {"validation_split": 0.5, "epochs": 1}

    trained = {
        f"{where}, {count}": outcome(prepare(build).fit, **split, **arguments) == "returned"
        for where, prepare in (("from outside", small_model), ("on tensors", _on_tensors))
        for count, arguments in steps.items()
    }
    without = outcome(_on_tensors(build).fit, steps_per_epoch=2, epochs=1) == "returned"

    expect(
        {**trained, "on tensors, two steps, without a split": without},
        equals={**dict.fromkeys(trained, False), "on tensors, two steps, without a split": True},
    )


@clause("fit.validation_split.out-of-range")
def test_a_validation_split_outside_0_to_1(build: Build) -> None:
    """What `fit` does with a `validation_split` of -0.5, 1.0 and 1.5."""
    seen = {}
    for split in (-0.5, 1.0, 1.5):
        trained = answer(small_model(build).fit, *DATA, validation_split=split, epochs=1)
        seen[str(split)] = trained if isinstance(trained, str) else sorted(trained.history.history)

    recognise(
        seen,
        {
            "all are refused with a ValueError": dict.fromkeys(seen, "ValueError"),
            "all are taken for no validation": dict.fromkeys(seen, ["loss"]),
            "-0.5 is taken for no validation, 1.0 is a ValueError, 1.5 counts from the end": {
                "-0.5": ["loss"],
                "1.0": "ValueError",
                "1.5": ["loss", "val_loss"],
            },
        },
    )


@clause("fit.validation_split.none")
def test_no_validation_split(build: Build) -> None:
    """What `None` is taken for as a `validation_split`."""
    answered = answer(learning_model(build).fit, *EIGHT, validation_split=None, epochs=1)

    recognise(
        answered if isinstance(answered, str) else sorted(answered.history.history),
        {
            "no validation": ["loss"],
            **refused("ValueError", "TypeError"),
        },
    )


@clause("fit.validation_split.no-training-rows")
def test_a_validation_split_that_leaves_nothing_to_train_on(build: Build) -> None:
    """What `fit` does with one sample and a `validation_split` of a half."""
    model = build(linear(3.0))
    model.compile(SGD(0.25), "mse")
    trained = answer(model.fit, column(1), column(0), validation_split=0.5, epochs=1)

    # int(1·(1 - 0.5)) = 0 samples to train on. An update would halve the weight.
    recognise(
        {
            "fit": trained if isinstance(trained, str) else trained.history.epoch,
            "weight": model.weight("y"),
        },
        {
            "it raises a ValueError": {"fit": "ValueError", "weight": 3.0},
            "it validates without having trained": {"fit": [0], "weight": 3.0},
            "it trains on the sample all the same": {"fit": [0], "weight": 1.5},
            "it fails in its loop, with an UnboundLocalError": {
                "fit": "UnboundLocalError",
                "weight": 3.0,
            },
        },
    )
