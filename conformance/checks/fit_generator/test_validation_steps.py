"""`fit_generator`: how many batches make a validation."""

from __future__ import annotations

from fitspec.conformance.arrangements.compiled import learning_model
from fitspec.conformance.arrangements.fit_generator_calls import validated_on
from fitspec.conformance.arrangements.numbered_batches import to_validate, validated
from fitspec.conformance.arrangements.streaming import ITEM
from fitspec.conformance.checks import Build, Generator, clause, expect, outcome
from fitspec.conformance.vocabulary.probes import SequenceOf


@clause("fit_generator.validation_steps.required-for-generator")
def test_a_validation_generator_needs_a_number_of_steps(build: Build) -> None:
    """A validation generator without `validation_steps` is a ValueError."""
    # It ends: whoever reads it as far as it goes says so, and does not read for ever.
    seen = {
        name: outcome(validated_on, build, Generator(to_validate(2), repeats=False), **steps)
        for name, steps in {"given": {"validation_steps": 2}, "left out": {}}.items()
    }
    # Who refuses it has not trained by then.
    model, validation = learning_model(build), Generator(to_validate(2), repeats=False)
    outcome(model.fit_generator, Generator([ITEM]), steps_per_epoch=1, validation_data=validation)
    if seen["left out"] != "returned" and model.weight("y") != 1:
        seen["left out"] += " after an update"

    right = {"given": "returned", "left out": "ValueError"}
    expect(
        seen,
        equals=right,
        otherwise={"a generator may do without": {**right, "left out": "returned"}},
    )


@clause("fit_generator.validation_steps.sequence-explicit")
def test_a_validation_sequence_is_read_for_the_steps_given(build: Build) -> None:
    """Each validation has as many batches of the Sequence as `validation_steps` says."""
    source, shorter = SequenceOf(to_validate(4)), SequenceOf(to_validate(2))

    history = validated_on(build, source, validation_steps=3, epochs=3).history.history
    of_two = validated_on(build, shorter, validation_steps=3, epochs=1).history.history

    # What comes after the last of two is another matter: of the errors 1, 2 and one of them again
    # the mean is 4/3 or 5/3. The name of the metric is open.
    means = [
        round(float(value[0]), 5)
        for name, value in of_two.items()
        if name.startswith("val_") and name != "val_loss"
    ]
    counts = {1.5: 2, 1.33333: 3, 1.66667: 3}
    seen = validated(history)
    right = {"batches": [3, 3, 3], "of the first validation": [[0, 1, 2]], "of a shorter one": [3]}
    expect(
        {
            "batches": [len(batches) for batches in seen],
            "of the first validation": seen[:1],
            "of a shorter one": [counts.get(mean, mean) for mean in means],
        },
        equals=right,
        otherwise={
            "the length of the Sequence counts": {
                "batches": [4, 4, 4],
                "of the first validation": [[0, 1, 2, 3]],
                "of a shorter one": [2],
            },
            "it ends with the Sequence": {**right, "of a shorter one": [2]},
        },
    )
