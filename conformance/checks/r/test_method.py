"""The R functions: class weights and shuffling."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitspec.conformance.arrangements.r_training import model_of_1
from fitspec.conformance.checks import SGD, Build, Recorder, clause, expect
from fitspec.conformance.vocabulary.models import linear, tally
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
    x, y = constant(4, 2), column(0, 1, 2, 3)
    weights = {"3": 0.25, "2": 3.0, "0": 1.5, "1": 5.0}
    calls: dict[str, Callable[[Model], Result]] = {
        "fit": lambda model: model.fit(x, y, class_weight=weights, epochs=1),
        "fit_generator": lambda model: model.fit_generator(
            GeneratorFunction([(x, y)]), 1, class_weight=weights
        ),
    }
    seen = {}
    for name, call in calls.items():
        learning = build(linear(1.0))
        learning.compile(SGD(2.0**-4), "mse")
        call(learning)
        losses = call(model_of_1(build)).history.history["loss"]
        seen[name] = {"loss": losses, "weight": learning.weight("y")}

    # Errors 2, 1, 0 and -1: (1.5·4 + 5·1 + 3·0 + 0.25·1)/4, unweighted 6/4. The gradient is
    # 2·2·(1.5·2 + 5·1 - 0.25·1)/4 = 7.75, unweighted 2. By places it is 0.25 that class 0 has, and
    # 3, 1.5 and 5 the others: (0.25·4 + 3·1 + 5·1)/4 and 2·2·(0.25·2 + 3·1 - 5·1)/4. Cut to whole
    # numbers they are (1·4 + 5·1)/4 and 2·2·(1·2 + 5·1)/4.
    expect(
        seen,
        equals=dict.fromkeys(calls, {"loss": [2.8125], "weight": 1 - 7.75 / 16}),
        otherwise={
            "the weights are ignored": dict.fromkeys(calls, {"loss": [1.5], "weight": 1 - 2 / 16}),
            "the weights count by their places": dict.fromkeys(
                calls, {"loss": [2.25], "weight": 1 + 1.5 / 16}
            ),
            "the weights are cut to whole numbers": dict.fromkeys(
                calls, {"loss": [2.25], "weight": 1 - 7 / 16}
            ),
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
    }
    for shuffle in (True, "batch", False):
        leading = leaders(steps_per_epoch=1, shuffle=shuffle)
        seen[f"with steps, {shuffle}: in order"] = leading == [0] * 5
    expect(seen, equals=dict.fromkeys(seen, True))
