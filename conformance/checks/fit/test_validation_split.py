"""`fit`: the part of the data set apart for validation."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from hypothesis.strategies import integers

from fitspec.conformance.arrangements.compiled import (
    frozen,
    learning,
    learning_model,
    small_model,
)
from fitspec.conformance.arrangements.numbered_batches import counting_model
from fitspec.conformance.arrangements.taken import takes_lists, tried
from fitspec.conformance.checks import (
    SGD,
    Build,
    ForAll,
    Recorder,
    Sides,
    answer,
    clause,
    expect,
    recognise,
)
from fitspec.conformance.vocabulary.models import (
    linear,
    three_in_three_out,
    two_in_two_out,
)
from fitspec.conformance.vocabulary.probes import HDF5
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


@clause("fit.validation_split.tail")
def test_the_last_samples_are_set_apart(build: Build) -> None:
    """The split takes the last samples, as they were given, for validation."""
    trained, losses = _split_tally(build, 24, batch_size=6, validation_split=0.25, shuffle=False)
    _, of_three = _split_tally(build, 8, batch_size=2, validation_split=0.375, shuffle=False)
    # Whether batches can be shuffled as wholes is another clause.
    _, in_chunks = tried(
        _split_tally, build, 8, batch_size=2, validation_split=0.375, shuffle="batch"
    ) or ([], of_three)
    model = small_model(build)
    for split in (0.25, 0.5):
        result = model.fit(
            ascending(4), constant(4, 0), validation_split=split, shuffle=False, epochs=1
        )

    # A quarter of 24 is 6: samples 18 to 23, (2^24 - 2^18)/6, rounded once by the division; the
    # head would be (2^6 - 1)/6. Six at random would be the last ones once in 134 596 times. Of
    # three of 8, in batches of two, the first two alone have (2^5 + 2^6)/2 = 48. How the rest is
    # averaged with them is another clause. Of four, the half is 3 and 4: (9 + 16)/2.
    seen = {
        "trained on": trained,
        "validation loss": losses,
        "a rest counts": (of_three or [0.0])[0] > 48,
        "as where batches are shuffled": in_chunks == of_three,
        "after another split": result.history.history["val_loss"],
    }
    right = {
        "trained on": [[*range(18)]],
        "validation loss": [(2**24 - 2**18) / 6],
        "a rest counts": True,
        "as where batches are shuffled": True,
        "after another split": [12.5],
    }
    expect(
        seen,
        equals=right,
        otherwise={
            "the split was taken from the head": {
                **right,
                "trained on": [[*range(6, 24)]],
                "validation loss": [(2**6 - 1) / 6],
                "after another split": [2.5],
            },
            "a rest is left out": {**right, "a rest counts": False},
            "a rest is left out where batches are shuffled": {
                **right,
                "as where batches are shuffled": False,
            },
            "a later call splits as the first did": {**right, "after another split": [16.0]},
        },
        ulps=1,
    )


@clause("fit.validation_split.before-shuffling")
def test_the_split_is_made_before_shuffling(build: Build) -> None:
    """With shuffling the same last samples are set apart in every epoch."""
    arguments: dict[str, Any] = {"batch_size": 6, "validation_split": 0.25, "epochs": 3}
    seen = {"samples": _split_tally(build, 24, shuffle=True, **arguments)}
    # Whether batches can be shuffled as wholes is another clause.
    if (chunks := tried(_split_tally, build, 24, shuffle="batch", **arguments)) is not None:
        seen["batches"] = chunks

    # Samples 18 to 23: (2^24 - 2^18)/6, rounded once by the division. A split of shuffled samples
    # would set these six apart once in 134 596 times.
    right = {"trained on": [[*range(18)]] * 3, "validation loss": [(2**24 - 2**18) / 6] * 3}
    expect(
        {
            f"{what} are shuffled": {"trained on": trained, "validation loss": losses}
            for what, (trained, losses) in seen.items()
        },
        equals={f"{what} are shuffled": right for what in seen},
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
    # 100·0.655 = 65.5, and there is no size from which on another rule would hold.
    for_all(
        law,
        samples=integers(4, 40),
        split=integers(1, 75).map(lambda hundredths: hundredths / 100),
        examples=[
            (10, 0.26),
            (10, 0.2),
            (10, 0.8),
            (10, 0.25),
            (7, 0.5),
            (3, 0.34),
            (10, 0.01),
            (100, 0.345),
        ],
    )


@clause("fit.validation_split.not-trained")
def test_the_part_set_apart_is_not_trained_on(build: Build) -> None:
    """Absurd targets in the part set apart, which is validated on, do not move the weights."""
    x, y = constant(4, 1), column(0, 0, 1e6, 1e6)
    cases: dict[str, tuple[Model, list[str], Any]] = {
        "arrays": (learning_model(build), ["y"], (x, y))
    }
    if takes_lists(build):
        two = learning(build, two_in_two_out(1.0, 1.0))
        cases["lists"] = two, ["a", "b"], ([x, x], [y, y])

    seen = {}
    for name, (model, layers, data) in cases.items():
        arguments: dict[str, Any] = {"validation_split": 0.5, "epochs": 2}
        result = model.fit(*data, batch_size=1, callbacks=[Recorder()], **arguments)
        weights = {model.weight(layer) for layer in layers}
        seen[name] = {"validation is skipped": skips_validation(result), "weights": [*weights]}

    # The first two samples alone: each of four updates halves every weight, from 1.
    right = {"validation is skipped": False, "weights": [1 / 16]}
    expect(seen, equals=dict.fromkeys(seen, right))


@clause("fit.validation_split.each-epoch")
def test_the_part_set_apart_is_evaluated_after_each_epoch(build: Build) -> None:
    """Loss and metric of the part set apart are those of the weights at the end of an epoch."""
    model = build(linear(1.0))
    # A metric that any implementation has that has the loss.
    model.compile(SGD(1.0), "mse", metrics=["mse"])

    data = column(0.5, 0.5, 0.5, 1), constant(4, 0)
    history = model.fit(*data, batch_size=1, validation_split=0.5, epochs=2).history.history

    # Gradient 2·w/4: each of two updates an epoch halves w, to 1/4 and to 1/16. What is set apart
    # loses (w²/4 + w²)/2, its last batch w². What the metric is called is open.
    metrics = [history[key] for key in history if key.startswith("val_") and key != "val_loss"]
    losses = [5 / 128, 5 / 2048]
    expect(
        {"loss": history["val_loss"], "metric": metrics},
        equals={"loss": losses, "metric": [losses]},
        otherwise={
            "validation comes before the training of its epoch": {
                "loss": [5 / 8, 5 / 128],
                "metric": [[5 / 8, 5 / 128]],
            },
            "the metric is that of the last batch": {
                "loss": losses,
                "metric": [[1 / 16, 1 / 256]],
            },
        },
    )


@clause("fit.validation_split.multi-input-output")
def test_all_arrays_are_split_at_the_same_sample(build: Build) -> None:
    """The split cuts every input and every target at the same place, in lists and in dicts."""
    inputs = [column(1, 2, 3, 4), column(10, 20, 30, 40)]
    targets = [column(0, 0, 0, 1), column(0, 0, 2, 0)]
    by_name = {"in2": inputs[1], "in1": inputs[0]}, {"a": targets[0], "b": targets[1]}
    forms = {"lists": (inputs, targets), "dicts": by_name}

    losses = {}
    for name, (x, y) in forms.items():
        model = build(two_in_two_out(1.0, 1.0))
        model.compile(SGD(0.0), "mse")
        history = model.fit(x, y, batch_size=2, validation_split=0.5, epochs=1).history.history
        losses[name] = [history["loss"], history["val_loss"]]
    # Whether there may be three is the matter of other clauses.
    three = [*inputs, column(100, 200, 300, 400)], [*targets, column(0, 0, 0, 100)]
    model = frozen(build, three_in_three_out(1.0, 1.0, 1.0))
    of_three = tried(model.fit, *three, batch_size=2, validation_split=0.5, epochs=1)
    right = dict.fromkeys(losses, [[252.5], [1201.0]])
    if of_three is not None:
        history = of_three.history.history
        losses["three in lists"] = [history["loss"], history["val_loss"]]
        right["three in lists"] = [[25252.5], [91201.0]]
        # No order of the names is that of the model.
        names = ("in2", "in3", "in1"), ("b", "c", "a")
        named = tuple(
            dict([*zip(name, data, strict=True)][::-1])
            for name, data in zip(names, three, strict=True)
        )
        halves = {"batch_size": 2, "validation_split": 0.5, "epochs": 1}
        if (of_names := tried(model.fit, *named, **halves)) is not None:
            history = of_names.history.history
            losses["three in dicts"] = [history["loss"], history["val_loss"]]
            right["three in dicts"] = right["three in lists"]

    # Head (1² + 2²)/2 + (10² + 20²)/2; tail (3² + 3²)/2 + (28² + 40²)/2. Of the third, 100² and
    # 200², and 300² twice.
    expect(losses, equals=right)


@clause("fit.validation_split.zero-is-off")
def test_a_split_of_0_means_no_validation(build: Build) -> None:
    """With a split of 0 nothing is set apart and nothing is validated, as with others it is."""
    seen = {}
    data: dict[str, Any] = {"validation_data": (identity(4), far_below(4))}
    for split, more in ((0, {}), (0.0, {}), (0.5, {}), (0, data)):
        trained, losses = _split_tally(build, 4, batch_size=2, validation_split=split, **more)
        samples = [len(epoch) for epoch in trained]
        seen[", ".join([f"{split!r}", *more])] = {"trained on": samples, "validated": bool(losses)}

    expect(
        seen,
        equals={
            **dict.fromkeys(("0", "0.0"), {"trained on": [4], "validated": False}),
            "0.5": {"trained on": [2], "validated": True},
            "0, validation_data": {"trained on": [4], "validated": True},
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
