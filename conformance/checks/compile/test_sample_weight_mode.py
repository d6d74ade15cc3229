"""`compile`: the sample weight mode."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.conformance.arrangements.returned import loss_in
from fitspec.conformance.arrangements.taken import taken, tried
from fitspec.conformance.arrangements.two_errors import X, Y
from fitspec.conformance.arrangements.ways_of_ending import compiled_and_trained, refused
from fitspec.conformance.checks import SGD, Build, answer, clause, expect, outcome, recognise
from fitspec.conformance.vocabulary.models import temporal, temporal_and_plain, two_temporal
from fitspec.conformance.vocabulary.samples import constant

if TYPE_CHECKING:
    from fitspec.conformance.worker.remote import Result

#: Two sequences of three steps. The weight 3 errs by 3, 2, 1 and 0, -1, -2.
STEPS = np.ones((2, 3, 1), np.float32)
STEP_TARGETS = np.arange(6, dtype=np.float32).reshape(2, 3, 1)
#: A weight for each step, none of them 0: what a sum with zeros is divided by is not documented.
STEP_WEIGHTS = np.asarray([[1, 2, 4], [8, 16, 32]], np.float32)


def _of_two_with_steps(build: Build, mode: str | list[str]) -> Result:
    """Evaluate two outputs, each with a weight for each step."""
    model = build(two_temporal(3.0))
    model.compile(SGD(0.0), "mse", sample_weight_mode=mode)
    weights = [STEP_WEIGHTS] * 2
    evaluated: Result = model.evaluate(STEPS, [STEP_TARGETS] * 2, sample_weight=weights)
    return evaluated


@clause("compile.sample_weight_mode.temporal")
def test_the_temporal_mode_weights_each_step(build: Build) -> None:
    """In temporal mode, there is one weight for each time step of each sample."""
    model = build(temporal(3.0))
    model.compile(SGD(0.0), "mse", sample_weight_mode="temporal")

    value = model.evaluate(STEPS, STEP_TARGETS, sample_weight=STEP_WEIGHTS).value
    seen: dict[str, object] = {"one output": loss_in(value)}
    # Whether there may be several outputs, with a mode each, is another clause.
    if tried(_of_two_with_steps, build, ["temporal"] * 2) is not None:
        of_two = answer(_of_two_with_steps, build, "temporal")
        seen["two outputs"] = of_two if isinstance(of_two, str) else loss_in(of_two.value)

    # (1·9 + 2·4 + 4·1 + 8·0 + 16·1 + 32·4)/6 = 165/6; by sample (7/3·14/3 + 56/3·5/3)/2. Of two
    # outputs twice that.
    def of_both(loss: float) -> dict[str, float]:
        return {name: {"one output": loss, "two outputs": 2 * loss}[name] for name in seen}

    right = of_both(27.5)
    expect(
        seen,
        equals=right,
        ulps=2,
        otherwise={
            "the weights of a sample's steps are averaged": of_both(21.0),
            "sample weights had no effect": of_both(19 / 6),
            "the weighted loss is divided by the sum of the weights": of_both(165 / 63),
        },
    )


@clause("compile.sample_weight_mode.default-1d")
def test_without_a_mode_each_sample_has_one_weight(build: Build) -> None:
    """Without a mode, one weight is for a whole sample, all its steps included."""
    model = build(temporal(3.0))
    model.compile(SGD(0.0), "mse")

    weights = np.asarray([0.5, 2], np.float32)
    value = model.evaluate(STEPS, STEP_TARGETS, sample_weight=weights).value
    seen: dict[str, object] = {"loss": loss_in(value)}
    # Whether there is a temporal mode is another clause.
    again = build(temporal(3.0))
    if taken(again.compile, SGD(0.0), "mse", sample_weight_mode="temporal"):
        taken(again.evaluate, STEPS, STEP_TARGETS, sample_weight=STEP_WEIGHTS)
        again.compile(SGD(0.0), "mse")
        found = answer(again.evaluate, STEPS, STEP_TARGETS, sample_weight=weights)
        seen["after the temporal mode"] = found if isinstance(found, str) else loss_in(found.value)

    # Squares average (9 + 4 + 1)/3 and (0 + 1 + 4)/3: (0.5·14/3 + 2·5/3)/2 = 17/6, with roundings
    # of the quotients and the sum.
    expect(
        seen,
        equals=dict.fromkeys(seen, 17 / 6),
        ulps=4,
        otherwise={
            words: dict.fromkeys(seen, loss)
            for words, loss in {
                "sample weights had no effect": 19 / 6,
                "the weighted loss is divided by the sum of the weights": 17 / 3 / 2.5,
                "the weights are cut to whole numbers": 5 / 3,
            }.items()
        },
    )


@clause("compile.sample_weight_mode.dict-and-list")
def test_each_output_may_have_a_mode_of_its_own(build: Build) -> None:
    """A dict by output name, or a list by position, gives a mode to each output."""
    totals = {}
    for form, mode in {"dict": {"a": None, "z": "temporal"}, "list": ["temporal", None]}.items():
        model = build(temporal_and_plain(3.0, outputs=("z", "a")))
        model.compile(SGD(0.0), "mse", sample_weight_mode=mode)
        weights = [STEP_WEIGHTS, np.asarray([1, 3], np.float32)]
        values = model.evaluate([STEPS, X], [STEP_TARGETS, Y], sample_weight=weights).value
        totals[form] = np.ravel(values)[0]
    three = build(temporal_and_plain(3.0, outputs=("z", "a", "m")))
    three.compile(SGD(0.0), "mse", sample_weight_mode=["temporal", None, "temporal"])
    weights = [STEP_WEIGHTS, np.asarray([1, 3], np.float32), STEP_WEIGHTS[:, ::-1]]
    inputs, targets = [STEPS, X, STEPS], [STEP_TARGETS, Y, STEP_TARGETS]
    values = three.evaluate(inputs, targets, sample_weight=weights).value
    totals["list of three"] = np.ravel(values)[0]

    # 165/6 = 27.5 for the steps, and (1·9 + 3·4)/2 = 10.5 for the plain output. For the steps
    # with the weights of each sample in reverse (4·9 + 2·4 + 1·1 + 32·0 + 16·1 + 8·4)/6 = 15.5.
    expect(totals, equals={"dict": 38.0, "list": 38.0, "list of three": 53.5}, ulps=4)


@clause("compile.sample_weight_mode.invalid-ValueError")
def test_an_invalid_mode_is_refused(build: Build) -> None:
    """An unknown mode, an unknown output, or modes for fewer outputs are a ValueError."""
    names = {"a": "temporal", "b": None}
    cases: dict[str, Any] = {
        "an unknown mode": ("nope", None),
        "an unknown output": ({**names, "c": "temporal"}, names),
        "one for two outputs": (["temporal"], ["temporal", None]),
        "three for two outputs": (["temporal", None, None], ["temporal", None]),
    }

    outcomes = {
        name: [
            outcome(
                build(temporal_and_plain(1.0)).compile, SGD(0.0), "mse", sample_weight_mode=mode
            )
            for mode in wrong_and_right
        ]
        for name, wrong_and_right in cases.items()
    }

    right = dict.fromkeys(cases, ["ValueError", "returned"])
    expect(
        outcomes,
        equals=right,
        otherwise={
            "an unknown mode passes": {**right, "an unknown mode": ["returned", "returned"]},
        },
    )


@clause("compile.sample_weight_mode.output-left-out")
def test_a_mode_for_one_of_two_outputs(build: Build) -> None:
    """What becomes of an output for which a dict of modes has no entry."""
    steps = np.ones((2, 3, 1), np.float32)
    data = [steps, constant(2, 1)], [np.zeros_like(steps), constant(2, 0)]

    # A loss of 1 for each output.
    recognise(
        compiled_and_trained(
            build(temporal_and_plain(1.0)), *data, sample_weight_mode={"a": "temporal"}
        ),
        {
            **refused("ValueError", where="compile"),
            "it has one weight for each sample, as without a mode": [2.0],
        },
    )
