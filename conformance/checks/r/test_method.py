"""The R functions: class weights and shuffling."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitspec.conformance.arrangements.r_training import model_of_1
from fitspec.conformance.checks import SGD, Build, Recorder, clause, expect
from fitspec.conformance.vocabulary.models import tally
from fitspec.conformance.vocabulary.probes import GeneratorFunction, UserFunction
from fitspec.conformance.vocabulary.samples import (
    TALLY_RATE,
    ascending,
    column,
    constant,
    far_below,
    identity,
)
from fitspec.conformance.worker.answers import led_batches, trained_batches

if TYPE_CHECKING:
    from collections.abc import Callable

    from fitspec.conformance.worker.remote import Model, Result


@clause("r.class_weight.named-list")
def test_names_of_class_weights_are_class_indices(build: Build) -> None:
    """A named list weights the classes whose indices are its names."""
    x, y = constant(2, 2), column(0, 1)
    weights = {"1": 5.0, "0": 1.0}
    calls: dict[str, Callable[[Model], Result]] = {
        "fit": lambda model: model.fit(x, y, class_weight=weights, epochs=1),
        "fit_generator": lambda model: model.fit_generator(
            GeneratorFunction([(x, y)]), 1, class_weight=weights
        ),
    }
    losses = {name: call(model_of_1(build)).history.history["loss"] for name, call in calls.items()}

    # 2² = 4 of class 0 counts once, 1² = 1 of class 1 five times: (4 + 5)/2.
    expect(
        losses,
        equals=dict.fromkeys(calls, [4.5]),
        otherwise={
            "the weights are ignored": dict.fromkeys(calls, [2.5]),
            "the weights count by their places": dict.fromkeys(calls, [10.5]),
        },
    )


@clause("r.shuffle.logical-or-batch")
def test_shuffle_is_a_logical_or_batch(build: Build) -> None:
    """TRUE moves samples, "batch" moves chunks, FALSE nothing; with steps nothing is moved."""

    def batches(**arguments: object) -> list[list[list[int]]]:
        model, recorder = build(tally(12)), Recorder(weights=True)
        model.compile(SGD(TALLY_RATE), "mae")
        data = identity(12), far_below(12)
        result = model.fit(*data, epochs=4, callbacks=[recorder], **arguments)
        return trained_batches(result, recorder)

    def leaders(**arguments: object) -> list[int]:
        model, recorder = build(tally(16)), Recorder(weights=True)
        model.compile(SGD(1.0), UserFunction("prediction_times_first_target"))
        data = identity(16), ascending(16)
        result = model.fit(*data, epochs=5, callbacks=[recorder], **arguments)
        return [batches[0][0] for batches in led_batches(result, recorder)]

    in_order = [[sample, sample + 1] for sample in range(0, 12, 2)]
    chunks, mixed, kept = (
        batches(batch_size=2, shuffle=shuffle) for shuffle in ("batch", True, False)
    )
    # Six chunks keep their places in four epochs by accident once in (6!)^4, twelve samples make
    # up the same six pairs in all four once in (12!/(6!·2^6))^4, and sample 0 comes first in five
    # shuffled epochs of 16 once in 16^5.
    seen = {
        "batch: chunks of a batch": all(batch in in_order for one in chunks for batch in one),
        "batch: moved": any(one != in_order for one in chunks),
        "TRUE: chunks broken up": any(batch not in in_order for one in mixed for batch in one),
        "FALSE: in order": kept == [in_order] * 4,
        "with steps: in order": leaders(steps_per_epoch=1, shuffle=True) == [0] * 5,
    }
    expect(seen, equals=dict.fromkeys(seen, True))
