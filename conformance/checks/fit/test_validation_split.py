"""`fit`: the part of the data set apart for validation."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from hypothesis.strategies import integers

from fitspec.conformance.arrangements.beside_streams import KINDS, ended_with_each
from fitspec.conformance.arrangements.compiled import learning_model, small_model
from fitspec.conformance.arrangements.numbered_batches import counting_model
from fitspec.conformance.arrangements.ways_of_ending import refused
from fitspec.conformance.arrangements.weighted_losses import (
    expect_class_weights_in_training_only,
    takes_two_weights,
    train_with_two_weights,
)
from fitspec.conformance.checks import (
    SGD,
    Build,
    ForAll,
    Recorder,
    Sides,
    answer,
    clause,
    expect,
    outcome,
    recognise,
)
from fitspec.conformance.vocabulary.models import fed_by_tensor, linear, two_in_two_out
from fitspec.conformance.vocabulary.probes import HDF5, NativeTensor
from fitspec.conformance.vocabulary.samples import (
    ascending,
    column,
    constant,
    far_below,
    identity,
)
from fitspec.conformance.worker.answers import skips_validation, trained_batches

if TYPE_CHECKING:
    from fitspec.conformance.worker.remote import Model

DATA = ascending(4), constant(4, 0)
EIGHT = ascending(8), constant(8, 0)


def _split_tally(
    build: Build, samples: int, *, epochs: int = 1, **arguments: object
) -> tuple[list[list[int]], list[float] | None]:
    """Return the samples trained on and the validation loss, if any, both of each epoch.

    Target i is -2^i, so the validation loss tells which samples it was computed of: the mean of
    their 2^i, exactly, as the weights of samples that are not trained on stay 0.
    """
    model, recorder = counting_model(build, samples), Recorder(weights=True)
    x, y = identity(samples), far_below(samples)
    result = model.fit(x, y, callbacks=[recorder], epochs=epochs, **arguments)
    seen = trained_batches(result, recorder)
    trained = [sorted(sample for batch in batches for sample in batch) for batches in seen]
    return trained, result.history.history.get("val_loss")


def _last(samples: int, loss: float) -> int:
    """Return of how many of the last of some samples a tally has this loss; 0 for no such number.

    The mean of 2^i over the last k of n samples is (2^n - 2^(n-k))/k, which falls by more than a
    hundredth from each k to the next: rounding is far less.
    """
    for count in range(1, samples + 1):
        if math.isclose(loss, (2**samples - 2 ** (samples - count)) / count, rel_tol=1e-3):
            return count
    return 0


def _on_tensors(build: Build) -> Model:
    model = build(fed_by_tensor(NativeTensor(column(1, 2))))
    model.compile(SGD(0.0), "mse", target_tensors=NativeTensor(column(0, 0)))
    return model


@clause("fit.validation_split.tail")
def test_the_last_samples_are_set_apart(build: Build) -> None:
    """The split takes the last samples, as they were given, for validation."""
    trained, losses = _split_tally(build, 8, batch_size=2, validation_split=0.25, shuffle=False)

    # A quarter of 8 is 2: samples 6 and 7, (2^6 + 2^7)/2 = 96; the head would be (1 + 2)/2.
    expect(
        {"trained on": trained, "validation loss": losses},
        equals={"trained on": [[0, 1, 2, 3, 4, 5]], "validation loss": [96.0]},
        otherwise={
            "the split was taken from the head": {
                "trained on": [[2, 3, 4, 5, 6, 7]],
                "validation loss": [1.5],
            },
        },
    )


@clause("fit.validation_split.before-shuffling")
def test_the_split_is_made_before_shuffling(build: Build) -> None:
    """With shuffling the same last samples are set apart in every epoch."""
    trained, losses = _split_tally(
        build, 24, batch_size=6, validation_split=0.25, shuffle=True, epochs=3
    )

    # Samples 18 to 23: (2^24 - 2^18)/6, rounded once by the division. A split of shuffled samples
    # would set these six apart once in 134 596 times.
    expect(
        {"trained on": trained, "validation loss": losses},
        equals={"trained on": [[*range(18)]] * 3, "validation loss": [(2**24 - 2**18) / 6] * 3},
        ulps=1,
    )


@clause("fit.validation_split.index-rule")
def test_where_the_split_falls_between_two_samples(build: Build, for_all: ForAll) -> None:
    """The part trained on has floor(n·(1 - split)) samples, computed in floating point."""

    def law(samples: int, split: float) -> Sides:
        # Batches of one: none is left incomplete, whatever becomes of such a batch.
        ((trained,), losses) = _split_tally(
            build, samples, batch_size=1, validation_split=split, shuffle=False
        )
        found = {"trained on": len(trained), "validated on": _last(samples, (losses or [0.0])[0])}

        def divided(boundary: int) -> dict[str, int]:
            return {"trained on": boundary, "validated on": samples - boundary}

        return Sides(
            found,
            equals=divided(math.floor(samples * (1 - split))),
            otherwise={
                "the part set apart is rounded down": divided(
                    samples - math.floor(samples * split)
                ),
                "the boundary is rounded to the nearest": divided(round(samples * (1 - split))),
            },
        )

    # 10·0.74 = 7.4; 10·0.8 = 8; 1 - 0.8 = 0.19999999999999996, so 10·0.2 falls just below 2 and
    # gives 1; 10·0.75 = 7.5; 7·0.5 = 3.5; 3·0.66 = 1.98; 10·0.99 = 9.9. Hundredths hit boundaries,
    # as people do. Of 4 samples, 0.75 leaves one to train on; of 40 samples, 0.01 sets one apart.
    for_all(
        law,
        samples=integers(4, 40),
        split=integers(1, 75).map(lambda hundredths: hundredths / 100),
        examples=[(10, 0.26), (10, 0.2), (10, 0.8), (10, 0.25), (7, 0.5), (3, 0.34), (10, 0.01)],
    )


@clause("fit.validation_split.not-trained")
def test_the_part_set_apart_is_not_trained_on(build: Build) -> None:
    """Absurd targets in the part set apart, which is validated on, do not move the weights."""
    model = learning_model(build)

    result = model.fit(
        *(constant(4, 1), column(0, 0, 1e6, 1e6)),
        batch_size=1,
        validation_split=0.5,
        epochs=2,
        callbacks=[Recorder()],
    )

    # The first two samples alone: each of four updates halves w, from 1.
    expect(
        {"validation is skipped": skips_validation(result), "weight": model.weight("y")},
        equals={"validation is skipped": False, "weight": 1 / 16},
    )


@clause("fit.validation_split.each-epoch")
def test_the_part_set_apart_is_evaluated_after_each_epoch(build: Build) -> None:
    """Loss and metric of the part set apart are those of the weights at the end of an epoch."""
    model = build(linear(1.0))
    # A metric that any implementation has that has the loss.
    model.compile(SGD(0.25), "mse", metrics=["mse"])

    history = model.fit(
        *(constant(4, 1), constant(4, 0)), batch_size=1, validation_split=0.5, epochs=2
    ).history.history

    # Each of two updates an epoch halves w: 1/4 after the first epoch, 1/16 after the second. What
    # the metric is called is open.
    metrics = [history[key] for key in history if key.startswith("val_") and key != "val_loss"]
    expect(
        {"loss": history["val_loss"], "metric": metrics},
        equals={"loss": [1 / 16, 1 / 256], "metric": [[1 / 16, 1 / 256]]},
        otherwise={
            "validation comes before the training of its epoch": {
                "loss": [1.0, 1 / 16],
                "metric": [[1.0, 1 / 16]],
            },
        },
    )


@clause("fit.validation_split.multi-input-output")
def test_all_arrays_are_split_at_the_same_sample(build: Build) -> None:
    """The split cuts every input and every target at the same place, in lists and in dicts."""
    inputs, targets = [column(1, 2, 3, 4), column(10, 20, 30, 40)], [column(0, 0, 0, 1)] * 2
    by_name = {"in1": inputs[0], "in2": inputs[1]}, {"a": targets[0], "b": targets[1]}
    forms = {"lists": (inputs, targets), "dicts": by_name}

    losses = {}
    for name, (x, y) in forms.items():
        model = build(two_in_two_out(1.0, 1.0))
        model.compile(SGD(0.0), "mse")
        history = model.fit(x, y, batch_size=2, validation_split=0.5, epochs=1).history.history
        losses[name] = [history["loss"], history["val_loss"]]

    # Head (1² + 2²)/2 + (10² + 20²)/2; tail (3² + 3²)/2 + (30² + 39²)/2.
    expect(losses, equals=dict.fromkeys(forms, [[252.5], [1219.5]]))


@clause("fit.validation_split.carries-sample-weights")
def test_sample_weights_stay_with_the_samples_set_apart(build: Build) -> None:
    """The sample weights of the part set apart weight its loss, those of every output its own."""
    weights = column(2, 0.5, 1, 4).ravel()
    split = {"epochs": 1, "batch_size": 2, "validation_split": 0.5}

    single = small_model(build).fit(
        constant(4, 1), column(0, 0, 0, 3), sample_weight=weights, **split
    )
    losses = {"one output": single.history.history["val_loss"]}
    # No document describes the weights of several outputs. Who takes a list of them splits it.
    if takes_two_weights(build, weights):
        double = train_with_two_weights(build, weights, **split)
        losses["two outputs"] = double.history.history["val_loss"]

    # Errors 1 - 0 and 1 - 3: (1·1 + 4·4)/2; unweighted (1 + 4)/2. Of the second output they come
    # the other way round, and so do the weights: (0.5·4 + 2·1)/2 beside the 8.5.
    expect(
        losses,
        equals={name: [8.5 if name == "one output" else 10.5] for name in losses},
        otherwise={
            "the validation loss is not weighted": {
                name: [2.5 if name == "one output" else 5.0] for name in losses
            },
            "the weighted loss is divided by the sum of the weights": {
                name: [17 / 5 if name == "one output" else 17 / 5 + 4 / 2.5] for name in losses
            },
        },
    )


@clause("fit.validation_split.class-weight-not-applied")
def test_class_weights_do_not_touch_the_part_set_apart(build: Build) -> None:
    """Class weights act in training and leave the loss of the part set apart alone."""
    expect_class_weights_in_training_only(
        build, constant(4, 1), column(0, 1, 0, 1), validation_split=0.5
    )


@clause("fit.validation_split.not-with-generator")
def test_a_split_beside_a_generator_is_refused(build: Build) -> None:
    """`validation_split` with a generator or Sequence, which are taken without, is a ValueError."""
    outcomes = {
        "without": ended_with_each(build, outcome),
        "with": ended_with_each(build, outcome, validation_split=0.5),
    }

    taken = dict.fromkeys(KINDS, "returned")
    expect(
        outcomes,
        equals={"without": taken, "with": dict.fromkeys(KINDS, "ValueError")},
        otherwise={"it is ignored": {"without": taken, "with": taken}},
    )


@clause("fit.validation_split.zero-is-off")
def test_a_split_of_0_means_no_validation(build: Build) -> None:
    """With a split of 0 nothing is set apart and nothing is validated, as with others it is."""
    seen = {}
    for split in (0, 0.0, 0.5):
        trained, losses = _split_tally(build, 4, batch_size=2, validation_split=split)
        samples = [len(epoch) for epoch in trained]
        seen[f"{split!r}"] = {"trained on": samples, "validated": losses is not None}

    nothing_apart = {"trained on": [4], "validated": False}
    expect(
        seen,
        equals={
            "0": nothing_apart,
            "0.0": nothing_apart,
            "0.5": {"trained on": [2], "validated": True},
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


@clause("fit.validation_split.hdf5")
def test_splitting_an_hdf5_data_set(build: Build) -> None:
    """What `validation_split` sets apart of HDF5 data sets, read in order and shuffled."""
    seen: dict[str, Any] = {}
    for name, shuffle in {"in order": False, "shuffled": True}.items():
        rows = HDF5(ascending(64)), HDF5(constant(64, 0))
        model = learning_model(build, rate=0.0)
        # Six shuffled batches of eight are in order by accident once in 40320 to the sixth times.
        arguments = {"batch_size": 8, "validation_split": 0.25, "shuffle": shuffle}
        answered = answer(model.fit, *rows, **arguments, epochs=1)
        history = {} if isinstance(answered, str) else answered.history.history
        seen[name] = [history["loss"], history.get("val_loss")] if history else answered

    # The means of the squares of 1 to 48 and of 49 to 64: 38024/48 and 51416/16. Sums are exact,
    # and so is the mean of eight; that of six such means is rounded, at most once for each.
    parts = [[38024 / 48], [3213.5]]
    recognise(
        seen,
        {
            "the last quarter; shuffling the rest is refused with a TypeError": {
                "in order": parts,
                "shuffled": "TypeError",
            },
            "the last quarter, however the rest is read": dict.fromkeys(seen, parts),
            "it is refused with a ValueError": dict.fromkeys(seen, "ValueError"),
        },
        ulps=6,
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
