"""`fit`: the data that it validates on."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.conformance.arrangements.compiled import START, frozen, halving_model, small_model
from fitspec.conformance.arrangements.data_forms import LISTED, data_by_name, model_of_three
from fitspec.conformance.arrangements.numbered_batches import (
    IDLE,
    to_validate,
    validated,
    validating,
)
from fitspec.conformance.arrangements.taken import taken, tried, validates_on_sequences
from fitspec.conformance.checks import (
    SGD,
    Build,
    Generator,
    Recorder,
    answer,
    clause,
    expect,
    outcome,
    recognise,
)
from fitspec.conformance.vocabulary.models import dropped_sum, linear, normalized
from fitspec.conformance.vocabulary.probes import SequenceOf, UserFunction
from fitspec.conformance.vocabulary.samples import ascending, column, constant
from fitspec.conformance.worker.answers import skips_validation

if TYPE_CHECKING:
    from fitspec.conformance.vocabulary.probes import Source

#: What to call a number of calls, where there are two validations.
TIMES = {0: "never", 1: "once", 2: "once for each validation", 4: "twice for each validation"}


@clause("fit.validation_data.pair")
def test_validation_data_is_evaluated(build: Build) -> None:
    """A pair of inputs and targets is evaluated at the end of each epoch."""
    training, validation = (constant(2, 1), constant(2, 0)), (column(2, 4), column(0, 0))

    result = halving_model(build).fit(*training, batch_size=1, validation_data=validation, epochs=2)

    seen = {"arrays": [loss / START**2 for loss in result.history.history["val_loss"]]}
    x, y = data_by_name()
    lists = [x[name] for name in LISTED], [y[name] for name in "bca"]

    def several(data: tuple[Any, Any], **others: Any) -> Any:
        model = frozen(build, model_of_three())
        arguments = {"epochs": 1, "validation_data": data, **others}
        return model.fit(*data, **arguments).history.history["val_loss"]

    # Two updates an epoch halve w twice, to 1/4 and to 1/16 of what it was; (2² + 4²)/2·w².
    right = {"arrays": [10 / 16, 10 / 256]}
    # Whether epochs can be counted from another than 0 is another clause.
    resumed = {"initial_epoch": 1, "epochs": 3, "batch_size": 1, "validation_data": validation}
    if (from_1 := tried(halving_model(build).fit, *training, **resumed)) is not None:
        seen["from a later epoch on"] = [
            loss / START**2 for loss in from_1.history.history["val_loss"]
        ]
        right["from a later epoch on"] = right["arrays"]
    # Whether `fit` takes lists and dicts, and what the loss of several outputs is, are other
    # clauses. All three have data of their own.
    of_lists, of_dicts = tried(several, lists), tried(several, (x, y))
    if of_lists is not None and of_dicts is not None:
        right["dicts"], seen["dicts"] = of_lists, of_dicts
    # So is whether Sequences and generators are validated on.
    for name, kind, needed in (
        ("a Sequence", SequenceOf, {}),
        ("a generator", Generator, {"validation_steps": 1}),
    ):
        in_order = tried(several, lists, validation_data=kind([lists]), **needed)
        of_items = tried(several, lists, validation_data=kind([(x, y)]), **needed)
        if in_order is not None and in_order == of_lists and of_items is not None:
            right[f"dicts in {name}"], seen[f"dicts in {name}"] = of_lists, of_items
    wrong = {
        "validation comes before the training of its epoch": [10.0, 10 / 16],
        "the training data are validated on": [1 / 16, 1 / 256],
    }
    expect(
        seen,
        equals=right,
        otherwise={words: {**right, "arrays": losses} for words, losses in wrong.items()},
    )


@clause("fit.validation_data.list-form")
def test_validation_data_may_be_a_list(build: Build) -> None:
    """A list of inputs and targets is validated on as a tuple of them is."""

    def loss(form: Any) -> list[float]:
        data = ascending(2), constant(2, 0)
        result = small_model(build).fit(*data, validation_data=form, epochs=1)
        losses: list[float] = result.history.history["val_loss"]
        return losses

    pair = column(3, 4), column(1, 1)
    triple = (*pair, np.asarray([3, 0.5], np.float32))
    seen = {"pair": [loss(pair), loss([*pair])]}
    if (of_triple := tried(loss, triple)) is not None:
        seen["triple"] = [of_triple, loss([*triple])]

    # ((3 - 1)² + (4 - 1)²)/2. What the weights do to a triple is another clause.
    alike = {"pair": [[6.5]] * 2, "triple": [seen.get("triple", [0])[0]] * 2}
    expect(seen, equals={name: alike[name] for name in seen})


@clause("fit.validation_data.overrides-split")
def test_validation_data_overrides_the_split(build: Build) -> None:
    """With both given, the validation data is validated on and all of x is trained on."""
    pair = column(10), column(0)
    forms: dict[str, Any] = {"arrays": pair}
    if validates_on_sequences(build):
        forms["a Sequence"] = SequenceOf([pair])

    seen = {}
    for name, validation in forms.items():
        result = small_model(build).fit(
            ascending(4),
            constant(4, 0),
            batch_size=1,
            validation_split=0.5,
            validation_data=validation,
            epochs=1,
        )
        seen[name] = {key: result.history.history[key] for key in ("loss", "val_loss")}

    # All of 1..4: (1 + 4 + 9 + 16)/4; its head (1 + 4)/2; its tail (9 + 16)/2.
    right = {"loss": [7.5], "val_loss": [100.0]}
    apart, split = {**right, "loss": [2.5]}, {"loss": [2.5], "val_loss": [12.5]}
    expect(
        seen,
        equals=dict.fromkeys(seen, right),
        otherwise={
            "the tail was set apart all the same": dict.fromkeys(seen, apart),
            "the tail was set apart beside a Sequence": {"arrays": right, "a Sequence": apart},
            "the split won": dict.fromkeys(seen, split),
        },
    )


@clause("fit.validation_data.not-trained")
def test_validation_data_is_not_trained_on(build: Build) -> None:
    """Absurd validation targets, which are validated on, do not move the weights."""
    absurd = column(1, 1), column(1e6, 1e6)
    forms: dict[str, Any] = {"arrays": absurd}
    if validates_on_sequences(build):
        forms["Sequence"] = SequenceOf([absurd])
    training = constant(2, 1), constant(2, 0)
    others = {
        "triple": (*absurd, np.ones(2, np.float32)),
        "generator": Generator([absurd]),
    }
    for name, validation in others.items():
        steps = {"validation_steps": 1} if name == "generator" else {}
        if taken(small_model(build).fit, *training, epochs=1, validation_data=validation, **steps):
            forms[name] = validation

    seen = {}
    for name, validation in forms.items():
        model = halving_model(build)
        steps = {"validation_steps": 1} if name == "generator" else {}
        result = model.fit(
            *training,
            batch_size=1,
            epochs=1,
            validation_data=validation,
            callbacks=[Recorder()],
            **steps,
        )
        skipped = skips_validation(result)
        seen[name] = {"validation is skipped": skipped, "weight": model.weight("y") / START}

    # Each of two updates halves w. More epochs would show no more, and some libraries keep the
    # weights of the best.
    expect(seen, equals=dict.fromkeys(seen, {"validation is skipped": False, "weight": 1 / 4}))


@clause("fit.validation_data.inference-mode")
def test_validation_computes_in_test_mode(build: Build) -> None:
    """Validation drops nothing out, and neither uses nor moves statistics of its batches."""
    dropped, validated, alone = build(dropped_sum()), build(normalized()), build(normalized())
    for model in (dropped, validated, alone):
        model.compile(SGD(0.0), "mse")
    ones, sums = np.ones((4, 63), np.float32), constant(4, 63)
    training, validation = (column(1, 3), column(0, 0)), (column(100, 300), column(0, 0))

    sum_of_ones = dropped.fit(
        ones, sums, batch_size=4, epochs=3, validation_data=(ones, sums)
    ).history.history
    normal = validated.fit(
        *training, batch_size=2, epochs=1, validation_data=validation
    ).history.history
    alone.fit(*training, batch_size=2, epochs=1, validation_data=None)
    of_items = {"val_loss": [0.0] * 3}
    if validates_on_sequences(build):
        items, dropped = SequenceOf([(ones, sums)]), build(dropped_sum())
        dropped.compile(SGD(0.0), "mse")
        of_items = dropped.fit(ones, sums, epochs=3, validation_data=items).history.history

    # 63 ones add up to 63 without dropout and to an even number with it. By statistics of their
    # own 100 and 300 become -1 and 1, less a little; by the moving ones, of which the mean is 1 and
    # the variance at most 1.5, more than 70 and 200.
    start, *statistics = [
        [array.tolist() for array in model.weights()["y"]]
        for model in (build(normalized()), validated, alone)
    ]
    seen = {
        "loss behind dropout": sum_of_ones["val_loss"],
        "of a Sequence": of_items["val_loss"],
        "dropout in training": 0.0 not in sum_of_ones["loss"],
        "normalized by moving statistics": normal["val_loss"][0] > 1.0,
        "moved in training": statistics[1] != start,
        "moved in validation": statistics[0] != statistics[1],
    }
    expect(
        seen,
        equals={
            "loss behind dropout": [0.0] * 3,
            "of a Sequence": [0.0] * 3,
            "dropout in training": True,
            "normalized by moving statistics": True,
            "moved in training": True,
            "moved in validation": False,
        },
    )


@clause("fit.validation_data.batched-with-batch_size")
def test_validation_arrays_are_read_in_order_in_batches(build: Build) -> None:
    """Validation arrays are cut into batches of `batch_size` in the order given, not shuffled."""
    model = build(linear(1.0))
    model.compile(SGD(0.0), UserFunction("prediction_times_first_target"))
    powers = column(*(2.0**place for place in range(6)))

    result = model.fit(
        *(ascending(6), constant(6, 0)), batch_size=2, epochs=4, validation_data=(powers, powers)
    )

    ones, firsts = constant(64, 1), constant(64, 0)
    firsts[[0, 32]] = [[1], [3]]
    of_32 = model.fit(ones, ones, epochs=1, validation_data=(ones, firsts))
    rest = small_model(build).fit(
        *(ascending(2), constant(2, 0)),
        batch_size=2,
        epochs=1,
        validation_data=(column(0, 0, 3), constant(3, 0)),
    )

    # The loss of a batch is (its first target)·(mean of its predictions), so that it tells which
    # sample met which: (1·(1 + 2) + 4·(4 + 8) + 16·(16 + 32))/6; batches of equal size average
    # alike however it is done. Six shuffled samples give this once in 120 times, and four times
    # in a row once in 200 million. In batches of 32, the default, it is (1 + 3)/2. How a rest is
    # averaged with other batches is another clause; left out, it adds nothing.
    seen = {
        "six": result.history.history["val_loss"],
        "64, without a batch_size": of_32.history.history["val_loss"],
        "a rest counts": rest.history.history["val_loss"][0] > 0,
    }
    right = {"six": [136.5] * 4, "64, without a batch_size": [2.0], "a rest counts": True}
    whole = {"six": [10.5] * 4, "64, without a batch_size": [1.0]}
    expect(
        seen,
        equals=right,
        otherwise={
            "all samples were one batch": {**right, **whole},
            "a rest is left out": {**right, "a rest counts": False},
        },
    )


@clause("fit.validation_data.bad-length-ValueError")
def test_validation_data_of_another_length_is_refused(build: Build) -> None:
    """Validation data is a pair or a triple; anything else is a ValueError."""
    x, y = ascending(2), constant(2, 0)
    weights = column(1, 1).ravel()
    cases: dict[str, Any] = {"one array": (x,), "four": (x, y, weights, weights)}
    if taken(small_model(build).fit, x, y, epochs=1, validation_data=[x, y]):
        cases |= {f"{name} in a list": [*data] for name, data in cases.items()}

    outcomes = {
        name: outcome(small_model(build).fit, x, y, batch_size=2, validation_data=data)
        for name, data in {"two arrays": (x, y), **cases}.items()
    }
    # Whether arrays may be validated on beside a Sequence is another clause.
    items, beside = SequenceOf([(x, y)]), {"epochs": 1, "validation_data": (x, y)}
    if taken(small_model(build).fit, items, **beside):
        beside["validation_data"] = cases["four"]
        outcomes["four beside a Sequence"] = outcome(small_model(build).fit, items, **beside)

    expect(
        outcomes,
        equals={**dict.fromkeys(outcomes, "ValueError"), "two arrays": "returned"},
    )


@clause("fit.validation_data.dataset-or-iterator")
def test_arrays_may_be_validated_on_a_source_of_batches(build: Build) -> None:
    """Beside arrays, a generator or Sequence may hold the validation data."""
    sources: dict[str, Source] = {
        "generator": Generator(to_validate(3)),
        "Sequence": SequenceOf(to_validate(3)),
    }

    seen: dict[str, Any] = {}
    for name, source in sources.items():
        model = validating(build)
        result = answer(model.fit, *IDLE, validation_data=source, validation_steps=2, epochs=2)
        if isinstance(result, str):
            seen[name] = result
            continue
        # Which batches a later validation has is open.
        first, *later = validated(result.history.history)
        seen[name] = {"first": first, "later": [len(batches) for batches in later]}

    expect(seen, equals=dict.fromkeys(sources, {"first": [0, 1], "later": [2]}))


@clause("fit.validation_data.no-rows")
def test_validation_data_without_rows(build: Build) -> None:
    """What `fit` does when there is not one sample to validate on."""
    model = build(linear())
    model.compile(SGD(0.0), "mse")
    nothing = np.zeros((0, 1), np.float32)

    answered = answer(model.fit, column(1), column(0), validation_data=(nothing, nothing), epochs=1)

    seen = answered if isinstance(answered, str) else answered.history.history
    recognise(
        seen,
        {
            "it trains and does not validate": {"loss": [1.0]},
            "it fails with an IndexError": "IndexError",
            "it trains, and the validation loss is 0": {"loss": [1.0], "val_loss": [0.0]},
            "it trains, and the validation loss is NaN": {"loss": [1.0], "val_loss": [math.nan]},
            "it is refused with a ValueError": "ValueError",
        },
    )


@clause("fit.validation_data.sequence-on_epoch_end")
def test_on_epoch_end_of_a_sequence_to_validate_on(build: Build) -> None:
    """How often a Sequence is told of the end of an epoch that validates on it."""
    seen = {}
    for name, steps in (("without steps", {}), ("with steps", {"validation_steps": 2})):
        source = SequenceOf(to_validate(3))
        events = (
            validating(build)
            .fit(Generator([IDLE]), steps_per_epoch=1, epochs=2, validation_data=source, **steps)
            .events.by(source)
        )
        ends = len(events.of("sequence_epoch_end"))
        seen[name] = TIMES.get(ends, f"{ends} times") if events.of("give") else "not read"

    recognise(
        seen,
        {
            words if words == other else f"{words}; with steps {other}": {
                "without steps": words,
                "with steps": other,
            }
            for words in TIMES.values()
            for other in TIMES.values()
        },
    )
