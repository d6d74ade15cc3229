"""`compile`: the loss, of one output and of several."""

from __future__ import annotations

import numpy as np
from hypothesis.strategies import integers

from fitspec.conformance.arrangements import masked
from fitspec.conformance.arrangements.learnt_losses import (
    BY_SIZES,
    BY_SQUARES,
    EXCHANGED,
    IN_ORDER,
    RATE,
    THREE_IN_ORDER,
    TWICE,
    losses_learnt,
    of_three,
    of_two,
)
from fitspec.conformance.arrangements.returned import loss_in
from fitspec.conformance.arrangements.taken import tried
from fitspec.conformance.arrangements.ways_of_ending import compiled_and_trained, refused
from fitspec.conformance.checks import (
    SGD,
    Build,
    ForAll,
    Sides,
    answer,
    clause,
    expect,
    outcome,
    recognise,
)
from fitspec.conformance.vocabulary.models import (
    linear,
    masked_steps,
    shared_weight,
    two_in_two_out,
)
from fitspec.conformance.vocabulary.probes import LossObject, SequenceOf, SummedLoss, UserFunction
from fitspec.conformance.vocabulary.samples import column, constant
from fitspec.conformance.worker.answers import loss_of

ONE, ZERO = column(1), column(0)
#: Names not in the order of the alphabet, of which no other word is made.
OUTPUTS = ("south", "north")
PARTS_OF_BATCHES = "the parts are averaged over batches"


def _share(total: float, parts: list[float]) -> float:
    """Return what share of a total the losses of outputs make up, whose weights are 1 and 10."""
    weighted = sum(loss * weight for loss, weight in zip(parts, (1, 10), strict=False))
    return weighted / total if total else 0.0


@clause("compile.loss.string")
def test_a_loss_is_chosen_by_name(build: Build) -> None:
    """`mse` is the mean squared error and `mae` the mean absolute error."""
    learnt = {name: losses_learnt(build, name, epochs=2) for name in ("mse", "mae")}
    # Of one model, compiled with one after the other: the third call of a kind may be done by what
    # was kept of the first two.
    model, trained = build(linear(0.25)), build(linear(0.25))
    evaluated: dict[str, list[float]] = {"mse": [], "mae": [], "mse again": []}
    for name, losses in evaluated.items():
        model.compile(SGD(0.0), name.partition(" ")[0])
        losses += [loss_in(model.evaluate(column(12), ZERO).value) for _ in range(3)]
    for name, epochs in (("mse", 3), ("mae", 1)):
        trained.compile(SGD(1.0), name)
        trained.fit(constant(5, 1 / 8), constant(5, 0), batch_size=5, epochs=epochs)

    # As `TWICE` has it, three updates by squares and one by absolute values.
    right = {"mse": [9.0] * 3, "mae": [3.0] * 3, "mse again": [9.0] * 3}
    weight = (31 / 32) ** 3 / 4
    expect(
        {"each": learnt, "in turn": evaluated, "trained in turn": trained.weight("y")},
        equals={"each": TWICE, "in turn": right, "trained in turn": weight - 1 / 8},
        ulps=4,
        otherwise={
            "the first loss is kept": {
                "each": TWICE,
                "in turn": dict.fromkeys(right, [9.0] * 3),
                "trained in turn": weight * 31 / 32,
            },
        },
    )


@clause("compile.loss.function")
def test_a_function_is_called_with_targets_and_predictions(build: Build) -> None:
    """A loss may be any function; it gets the targets first and the predictions second."""
    model = build(linear(3.0))
    model.compile(SGD(RATE), UserFunction("prediction_less_twice_target"))
    loss = np.ravel(model.evaluate(constant(2, 1), constant(2, 1), batch_size=1).value)[0]
    model.fit(ONE, ONE, epochs=1)

    # 3 - 2·1, with the slope 1: 3 - 1/16. Exchanged 1 - 2·3, with the slope -2: 3 + 2/16.
    expect(
        {"loss": loss, "weight": model.weight("y")},
        equals={"loss": 1.0, "weight": 2.9375},
        otherwise={"the predictions come first": {"loss": -5.0, "weight": 3.125}},
    )


@clause("compile.loss.instance")
def test_a_loss_may_be_an_object(build: Build) -> None:
    """An instance of a loss class is the loss."""
    learnt = {name: losses_learnt(build, LossObject(name), epochs=2) for name in ("mse", "mae")}

    expect(learnt, equals=TWICE)


@clause("compile.loss.instance-reduction")
def test_the_losses_of_a_batch_are_reduced_as_the_object_says(build: Build) -> None:
    """A loss object that adds up the losses of a batch is trained by their sum."""
    steps = {}
    for name, of_one in {"mse": BY_SQUARES, "mae": BY_SIZES}.items():
        weight = losses_learnt(build, SummedLoss(name))["weight"]
        steps[name] = (0.25 - weight) / (0.25 - of_one["weight"])

    # Five samples go five times as far as one; four do of which a library keeps one for
    # validation.
    expect(
        {name: "added up" if number in {4.0, 5.0} else number for name, number in steps.items()},
        equals=dict.fromkeys(steps, "added up"),
        otherwise={"they are averaged": dict.fromkeys(steps, 1.0)},
    )


@clause("compile.loss.single-for-all-outputs")
def test_one_loss_is_for_all_outputs(build: Build) -> None:
    """A single loss applies to each output."""
    three = {f"{name} of three": value for name, value in of_three(build, "mae").items()}

    # 2 + 3, 2 - 1/16 and 3 - 1/16; of three 2 + 3 + 5, 2 - 1/16, 3 - 1/16 and 5 - 1/16.
    right = {"total": 5.0, "z": 1.9375, "a": 2.9375}
    right |= dict(zip(three, (10.0, 1.9375, 2.9375, 4.9375), strict=True))
    first = (2.0, 1.9375, 3.0, 2.0, 1.9375, 3.0, 5.0)
    averaged = (2.5, 1.96875, 2.96875, 10 / 3, 2 - 1 / 48, 3 - 1 / 48, 5 - 1 / 48)
    wrong = {"only the first output has the loss": first, "the losses are averaged": averaged}
    named = {words: dict(zip(right, values, strict=True)) for words, values in wrong.items()}
    expect({**of_two(build, "mae"), **three}, equals=right, otherwise=named)


@clause("compile.loss.list-per-output")
def test_a_list_of_losses_goes_by_position(build: Build) -> None:
    """The losses of a list are those of the outputs in their order."""
    seen = {
        "two": of_two(build, ["mse", "mae"]),
        "three": of_three(build, ["mse", "mae", "mse"]),
    }
    # Whether objects are taken is another clause.
    objects = tried(of_two, build, [LossObject("mse"), LossObject("mae")])
    seen |= {} if objects is None else {"two objects": objects}

    right = {"two": IN_ORDER, "three": THREE_IN_ORDER, "two objects": IN_ORDER}
    expect(
        seen,
        equals={name: right[name] for name in seen},
        otherwise={
            "the outputs were taken in another order, such as the alphabet's": {
                # a has the first loss, b the second and c the third: 25 + 2 + 9.
                name: {"total": 36.0, "b": 1.9375, "c": 2.625, "a": 4.375}
                if name == "three"
                else EXCHANGED
                for name in seen
            },
        },
    )


@clause("compile.loss.dict-per-output")
def test_a_dict_of_losses_goes_by_name(build: Build) -> None:
    """The losses of a dict are those of the outputs of those names, whatever their order."""
    seen = {
        "two": of_two(build, {"a": "mae", "z": "mse"}),
        "three": of_three(build, {"c": "mae", "a": "mse", "b": "mse"}),
    }

    # b, the first, has the loss of the first key: 2 + 9 + 25.
    exchanged = {"total": 36.0, "b": 1.9375, "c": 2.625, "a": 4.375}
    expect(
        seen,
        equals={"two": IN_ORDER, "three": THREE_IN_ORDER},
        otherwise={
            "the order of the names in the dict decided": {"two": EXCHANGED, "three": exchanged},
        },
    )


@clause("compile.loss.total-is-sum")
def test_the_sum_of_the_losses_is_reported_and_minimised(build: Build, for_all: ForAll) -> None:
    """The losses of the outputs are added up, in what is reported and in what is minimised."""

    def law(first: int, second: int) -> Sides:
        model = build(shared_weight(3.0))
        # What it was compiled with before is over. Whether there are weights is another clause.
        tried(model.compile, SGD(0.125), "mse", loss_weights=[2.0, 5.0])
        model.compile(SGD(0.125), "mse")
        data = column(1), [column(first), column(second)]
        total = np.ravel(model.evaluate(*data).value)[0]
        model.train_on_batch(*data)
        # Both outputs predict 3: losses (3 - t)², gradients 2·(3 - t). The targets are whole
        # numbers and the rate an eighth: nothing is rounded.
        losses, slope = (3 - first) ** 2 + (3 - second) ** 2, 2 * (3 - first) + 2 * (3 - second)
        return Sides(
            {"total": total, "weight": model.weight("shared")},
            equals={"total": losses, "weight": 3 - slope / 8},
            otherwise={
                "the losses are averaged": {"total": losses / 2, "weight": 3 - slope / 16},
                "the sum is reported, the mean minimised": {
                    "total": losses,
                    "weight": 3 - slope / 16,
                },
                "the loss weights of a compile before are kept": {
                    "total": 2 * (3 - first) ** 2 + 5 * (3 - second) ** 2,
                    "weight": 3 - (2 * 2 * (3 - first) + 5 * 2 * (3 - second)) / 8,
                },
            },
        )

    # For 0 and 1: losses 9 and 4, gradients 6 and 4, so 3 - (6 + 4)/8 = 1.75; 2.375 by the mean.
    for_all(law, first=integers(-9, 9), second=integers(-9, 9), examples=[(0, 1)])


@clause("compile.loss.parts-add-up")
def test_the_reported_parts_add_up_to_the_reported_total(build: Build) -> None:
    """The losses of the outputs, times their weights, are the total, over unequal batches."""
    model = build(two_in_two_out(2.0, 3.0, outputs=OUTPUTS))
    model.compile(SGD(0.0), ["mse", "mae"], loss_weights=[1.0, 10.0])
    data = [constant(3, 1)] * 2, [column(2, 1, -1), column(3, 1, -3)]

    recorded = model.fit(*data, batch_size=2, shuffle=False, epochs=1).history.history
    evaluated = np.ravel(model.evaluate(*data, batch_size=2).value).tolist()

    # Errors 0, 1 and 3, and 0, 2 and 6. Over samples the parts are 10/3 and 8/3, over the batches
    # (0.5 + 9)/2 and (1 + 6)/2; the total is 10/3 + 10·8/3 = 30, or (10.5 + 69)/2. Each quotient,
    # each sum and the last quotient may round. No document spells the keys of the parts.
    parts = [values[0] for name in OUTPUTS for key, values in recorded.items() if name in key]
    seen = {
        "fit": _share(recorded["loss"][0], parts),
        "evaluate": _share(evaluated[0], evaluated[1:]),
    }
    # Whether Sequences are taken is another clause.
    (x, _), (first, second) = data
    items = SequenceOf([([x[at]] * 2, [first[at], second[at]]) for at in (slice(2), slice(2, 3))])
    if (of_items := tried(model.evaluate, items)) is not None:
        total, *parts = np.ravel(of_items.value).tolist()
        seen["a Sequence"] = _share(total, parts)

    def found(**shares: float) -> dict[str, float]:
        # What is evaluated in arrays holds of a Sequence, too.
        shares.setdefault("a Sequence", shares["evaluate"])
        return {name: shares[name] for name in seen}

    expect(
        seen,
        equals=found(fit=1.0, evaluate=1.0),
        ulps=4,
        otherwise={
            f"{PARTS_OF_BATCHES}, the total over samples": found(fit=1.325, evaluate=1.325),
            f"in fit {PARTS_OF_BATCHES}, the total over samples": found(fit=1.325, evaluate=1.0),
            f"in evaluate {PARTS_OF_BATCHES}, the total over samples": found(
                fit=1.0, evaluate=1.325
            ),
            "in fit the total is averaged over batches, the parts over samples": found(
                fit=30 / 39.75, evaluate=1.0
            ),
            "fit reports no parts": found(fit=0.0, evaluate=1.0),
        },
    )


@clause("compile.loss.masked-steps")
def test_what_hidden_steps_are_to_the_loss(build: Build) -> None:
    """Whether steps that a mask hides count in the divisor of the loss, or as any other."""
    model = build(masked_steps(3.0))
    model.compile(SGD(0.0), "mse")

    result = model.evaluate(masked.X, masked.Y)

    # Squares of 3, 2 and 1 make up 14; those of the hidden steps 3·25.
    recognise(
        result.value,
        {
            "a mean over the steps that are not hidden": 14 / 3,
            "0, in a mean over all steps": 14 / 6,
            "0, in a mean over samples of means over steps that are not hidden": 3.75,
            "as any other step": 89 / 6,
        },
        ulps=2,
    )


@clause("compile.loss.none")
def test_what_becomes_of_training_without_a_loss(build: Build) -> None:
    """Whether a model can be compiled, and trained, without a loss."""
    model = build(linear(3.0))
    compiled = outcome(model.compile, SGD(0.25))
    # A model that was not compiled is another clause's matter.
    trained = loss_of(answer(model.fit, ONE, column(0))) if compiled == "returned" else "not called"

    recognise(
        {"compile": compiled, "fit": trained, "weight": model.weight("y")},
        {
            "compile accepts it; fit raises a ValueError": {
                "compile": "returned",
                "fit": "ValueError",
                "weight": 3.0,
            },
            "compile accepts it; fit raises a RuntimeError": {
                "compile": "returned",
                "fit": "RuntimeError",
                "weight": 3.0,
            },
            "compile raises a ValueError": {
                "compile": "ValueError",
                "fit": "not called",
                "weight": 3.0,
            },
            "fit runs, reports a loss of 0 and trains nothing": {
                "compile": "returned",
                "fit": [0.0],
                "weight": 3.0,
            },
        },
    )


@clause("compile.loss.dict-leaves-output-out")
def test_an_output_that_the_losses_leave_out(build: Build) -> None:
    """What becomes of an output for which a dict of losses has no entry."""
    # One weight makes both outputs: none is without a gradient, which is a matter of its own.
    model = build(shared_weight(3.0))
    compiled = outcome(model.compile, SGD(0.0), {"a": "mse"})
    trained = (
        loss_of(answer(model.fit, ONE, {"a": column(0)}))
        if compiled == "returned"
        else "not called"
    )

    # Output a predicts 3 for 0: a loss of 9.
    recognise(
        {"compile": compiled, "fit": trained},
        {
            "it has no part in the loss and takes no targets": {
                "compile": "returned",
                "fit": [9.0],
            },
            "compile raises a ValueError": {"compile": "ValueError", "fit": "not called"},
            "compile accepts it; fit raises a ValueError": {
                "compile": "returned",
                "fit": "ValueError",
            },
            "compile accepts it; fit fails with a KeyError": {
                "compile": "returned",
                "fit": "KeyError",
            },
        },
    )


@clause("compile.loss.none-and-no-targets")
def test_training_without_a_loss_and_without_targets(build: Build) -> None:
    """What `fit` does when neither a loss nor targets are given."""
    recognise(
        compiled_and_trained(build(linear(3.0)), ONE, loss=None),
        {
            **refused("ValueError", "RuntimeError", "TypeError", where="fit"),
            "it trains on a loss of 0": [0.0],
            **refused("ValueError", where="compile"),
        },
    )
