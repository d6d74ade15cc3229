"""`compile`: target tensors, in the place of target data."""

from __future__ import annotations

from typing import Any

from fitspec.conformance.arrangements.ways_of_ending import compiled_and_trained, refused
from fitspec.conformance.checks import SGD, Build, clause, expect, outcome, recognise
from fitspec.conformance.vocabulary.models import linear, two_in_two_out
from fitspec.conformance.vocabulary.probes import NativeTensor
from fitspec.conformance.vocabulary.samples import ascending, column, constant

ONE, ZERO = column(1), column(0)
#: Two samples, and the targets that a tensor gives them: the weight 1 errs by 4 and by 6.
X = constant(2, 1)
TARGETS = column(5, 7)


@clause("compile.target_tensors.single-list-dict")
def test_target_tensors_come_in_three_forms(build: Build) -> None:
    """A tensor, a list of tensors, or a dict of them by output name stand for the targets."""
    losses: dict[str, Any] = {}
    for form in ("tensor", "list", "dict"):
        tensor = NativeTensor(TARGETS)
        given = {"tensor": tensor, "list": [tensor], "dict": {"y": tensor}}[form]
        model = build(linear())
        model.compile(SGD(0.0), "mse", target_tensors=given)
        losses[form] = model.train_on_batch(X, None).value

    first, second = NativeTensor(constant(2, 1)), NativeTensor(constant(2, 0))
    for form, several in (
        ("list of two", [first, second]),
        ("dict of two", {"a": second, "z": first}),
    ):
        model = build(two_in_two_out(2.0, 3.0, outputs=("z", "a")))
        model.compile(SGD(0.0), "mse", target_tensors=several)
        losses[form] = model.train_on_batch([X, X], None).value
    model = build(two_in_two_out(2.0, 3.0))
    model.compile(SGD(0.0), "mse", target_tensors=[first, second], loss_weights=[1.0, 10.0])
    weighted = {"list of two, weighted": model.train_on_batch([X, X], None).value}

    # (16 + 36)/2. Of two outputs, 2 and 3 where 1 and 0 are right: 1 + 9; exchanged 4 + 4. With
    # loss weights 1·1 + 10·9.
    one, two = dict.fromkeys(("tensor", "list", "dict"), 26.0), [10.0, 1.0, 9.0]
    right_of_weighted = {"list of two, weighted": [91.0, 1.0, 9.0]}
    expect(
        losses | weighted,
        equals={**one, "list of two": two, "dict of two": two, **right_of_weighted},
        otherwise={
            "the order of the names, in the dict or the alphabet, decided": {
                **one,
                "list of two": two,
                "dict of two": [8.0, 4.0, 4.0],
                **right_of_weighted,
            },
            "loss weights have no effect beside them": {
                **one,
                "list of two": two,
                "dict of two": two,
                "list of two, weighted": two,
            },
        },
    )


@clause("compile.target_tensors.no-external-y")
def test_target_tensors_leave_no_place_for_targets(build: Build) -> None:
    """With target tensors a model is trained without `y`, and refuses one."""
    trained, refusing = build(linear()), build(linear())
    for model in (trained, refusing):
        model.compile(SGD(0.0), "mse", target_tensors=NativeTensor(TARGETS))

    without = trained.fit(X, epochs=1).history.history["loss"]
    with_y = outcome(refusing.fit, X, constant(2, 0))

    # (16 + 36)/2
    seen = {
        "without y": without,
        "with y": with_y,
        "with y, on a batch": outcome(refusing.train_on_batch, X, constant(2, 0)),
        "with y, in evaluation": outcome(refusing.evaluate, X, constant(2, 0)),
    }
    # Compiled again without them, it has a place for targets again.
    refusing.compile(SGD(0.0), "mse")
    seen["with y, compiled again"] = refusing.fit(X, X, epochs=1).history.history["loss"]
    taken_again = {"without y": [26.0], "with y, compiled again": [0.0]}
    expect(
        seen,
        equals={**dict.fromkeys(seen, "ValueError"), **taken_again},
        otherwise={"a y is taken and ignored": {**dict.fromkeys(seen, "returned"), **taken_again}},
    )


@clause("compile.target_tensors.invalid")
def test_target_tensors_that_fit_no_output_are_refused(build: Build) -> None:
    """A list of another length, an unknown name, or one tensor for two outputs is a ValueError."""
    tensor = NativeTensor(TARGETS)
    cases: dict[str, Any] = {
        "a list of one": ([tensor], [tensor] * 2),
        "a list of three": ([tensor] * 3, [tensor] * 2),
        "an unknown name": (dict.fromkeys("abc", tensor), dict.fromkeys("ab", tensor)),
        "an unknown name for one": (dict.fromkeys("ac", tensor), dict.fromkeys("ab", tensor)),
        "one tensor": (tensor, [tensor] * 2),
    }

    outcomes = {
        name: [
            outcome(build(two_in_two_out(1.0, 1.0)).compile, SGD(0.0), "mse", target_tensors=given)
            for given in wrong_and_right
        ]
        for name, wrong_and_right in cases.items()
    }

    expect(outcomes, equals=dict.fromkeys(cases, ["ValueError", "returned"]))


@clause("compile.target_tensors.array")
def test_an_array_in_place_of_a_target_tensor(build: Build) -> None:
    """What an array of NumPy is taken for in `target_tensors`."""
    # (3 - 1)² = 4.
    recognise(
        compiled_and_trained(build(linear(3.0)), ONE, target_tensors=[ONE]),
        {
            **refused("TypeError", "ValueError", where="compile"),
            "it is taken as a tensor": [4.0],
            **refused("TypeError", "ValueError", where="fit"),
        },
    )


@clause("compile.target_tensors.other-number-of-samples")
def test_a_target_tensor_of_another_number_of_samples(build: Build) -> None:
    """What becomes of a target tensor of two samples for three, and of one sample for two."""
    seen: dict[str, Any] = {}
    for name, targets, samples in (("two for three", 2, 3), ("one for two", 1, 2)):
        tensor = NativeTensor(constant(targets, 0))
        seen[name] = compiled_and_trained(
            build(linear(1.0)), ascending(samples), target_tensors=[tensor]
        )

    # (1 + 4)/2, if the only target is that of both samples.
    recognise(
        seen,
        {
            "fit raises a ValueError": dict.fromkeys(seen, "ValueError in fit"),
            "compile raises a ValueError": dict.fromkeys(seen, "ValueError in compile"),
            "for two, fit raises a ValueError; one target serves all samples": {
                "two for three": "ValueError in fit",
                "one for two": [2.5],
            },
            "fit fails with InvalidArgumentError; one target serves all samples": {
                "two for three": "InvalidArgumentError in fit",
                "one for two": [2.5],
            },
        },
    )
