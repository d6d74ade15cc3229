"""`fit`: callbacks."""

from __future__ import annotations

from fitspec.conformance.checks import SGD, Build, Recorder, clause, expect
from fitspec.conformance.vocabulary.models import linear
from fitspec.conformance.vocabulary.samples import ascending, constant

BATCH = ["train_batch_begin", "train_batch_end"]
TEST = ["test_begin", *["test_batch_begin", "test_batch_end"] * 2, "test_end"]
DATA = ascending(4), constant(4, 0)


@clause("fit.callbacks.called-in-training")
def test_every_callback_is_called_in_training(build: Build) -> None:
    """All callbacks of the list get every hook of training."""
    model, first, second = build(linear()), Recorder(), Recorder()
    model.compile(SGD(0.0), "mse")

    events = model.fit(*DATA, batch_size=2, callbacks=[first, second], epochs=1).events

    hooks = ["train_begin", "epoch_begin", *BATCH * 2, "epoch_end", "train_end"]
    expect(
        [events.by(first).kinds, events.by(second).kinds],
        equals=[hooks, hooks],
        otherwise={"only the first callback is called": [hooks, []]},
    )


@clause("fit.callbacks.called-in-validation")
def test_callbacks_are_called_in_the_validation_of_an_epoch(build: Build) -> None:
    """The callbacks given to `fit` also get the hooks of its validation."""
    model, recorder = build(linear()), Recorder()
    model.compile(SGD(0.0), "mse")

    result = model.fit(*DATA, batch_size=2, epochs=1, validation_data=DATA, callbacks=[recorder])

    hooks = [kind for kind in result.events.kinds if kind.startswith("test_")]
    expect(hooks, equals=TEST, otherwise={"no hook is called in validation": []})


@clause("fit.callbacks.hook-order")
def test_the_hooks_of_training_nest(build: Build) -> None:
    """Batches lie within their epoch, validation after its batches, and epochs within training."""
    model, recorder = build(linear()), Recorder()
    model.compile(SGD(0.0), "mse")

    result = model.fit(*DATA, batch_size=2, epochs=2, validation_data=DATA, callbacks=[recorder])

    def training(*epoch: str) -> list[str]:
        return ["train_begin", *epoch, *epoch, "train_end"]

    expect(
        result.events.kinds,
        equals=training("epoch_begin", *BATCH * 2, *TEST, "epoch_end"),
        otherwise={
            "no hook is called in validation": training("epoch_begin", *BATCH * 2, "epoch_end"),
            "the epoch ends before its validation": training(
                "epoch_begin", *BATCH * 2, "epoch_end", *TEST
            ),
        },
    )


@clause("fit.callbacks.batch-index-resets")
def test_batches_are_counted_from_0_in_each_epoch(build: Build) -> None:
    """The index of a batch starts at 0 in each epoch."""
    model, recorder = build(linear()), Recorder()
    model.compile(SGD(0.0), "mse")

    result = model.fit(*DATA, batch_size=2, epochs=2, callbacks=[recorder])

    expect(
        result.events.of("train_batch_end").indices,
        equals=[0, 1, 0, 1],
        otherwise={"they are counted through": [0, 1, 2, 3], "from 1": [1, 2, 1, 2]},
    )


@clause("fit.callbacks.none-or-empty")
def test_no_callbacks_means_none(build: Build) -> None:
    """None and an empty list mean no callback, whichever were given to an earlier call."""
    model, recorder = build(linear()), Recorder()
    model.compile(SGD(0.0), "mse")
    model.fit(*DATA, callbacks=[recorder], epochs=1)

    with_none = model.fit(*DATA, callbacks=None, epochs=1)
    with_empty = model.fit(*DATA, callbacks=[], epochs=1)

    seen = {
        "epochs trained": [with_none.history.epoch, with_empty.history.epoch],
        "hooks of the earlier callback": len(with_none.events) + len(with_empty.events),
    }
    expect(seen, equals={"epochs trained": [[0], [0]], "hooks of the earlier callback": 0})
