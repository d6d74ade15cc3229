"""`fit`: callbacks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.conformance.arrangements.compiled import learning_model, small_model
from fitspec.conformance.arrangements.raising_callbacks import ended_by, endings_by
from fitspec.conformance.arrangements.taken import (
    taken,
    takes_sequences,
    tried,
    validates_on_sequences,
)
from fitspec.conformance.arrangements.ways_of_ending import refused, trained
from fitspec.conformance.checks import (
    SGD,
    Build,
    Generator,
    Recorder,
    clause,
    expect,
    recognise,
)
from fitspec.conformance.vocabulary.models import linear
from fitspec.conformance.vocabulary.probes import SequenceOf
from fitspec.conformance.vocabulary.samples import ascending, column, constant
from fitspec.conformance.worker.remote import NotOffered, RemoteError

if TYPE_CHECKING:
    from collections.abc import Sequence

BATCH = ["train_batch_begin", "train_batch_end"]
TRAIN = ["train_begin", "epoch_begin", *BATCH, "epoch_end", "train_end"]
TEST = ["test_begin", *["test_batch_begin", "test_batch_end"] * 2, "test_end"]
DATA = ascending(4), constant(4, 0)
ONE, ZERO = column(1), column(0)


def _done_after_a_stop(build: Build, batch: int) -> dict[str, Any]:
    """Return what `fit` did, of two epochs of four batches, when told to stop after a batch."""
    recorder = Recorder(stops_at=("train_batch_end", batch))
    events = (
        small_model(build)
        .fit(*DATA, batch_size=1, epochs=2, validation_data=DATA, callbacks=[recorder])
        .events
    )
    return {
        "batches": len(events.of("train_batch_end")),
        "validated": bool(events.of("test_begin"))
        or any("val_loss" in event.fields["logs"] for event in events.of("epoch_end")),
        "epochs ended": len(events.of("epoch_end")),
    }


@clause("fit.callbacks.called-in-training")
def test_every_callback_is_called_in_training(build: Build) -> None:
    """All callbacks of the list get every hook of training, whatever the data come in."""
    # Three batches, also of the 7 samples that are left where a library keeps a fifth.
    arrays = (ascending(9), constant(9, 0)), {"batch_size": 3}
    calls: dict[str, tuple[tuple[Any, ...], dict[str, Any]]] = {
        "arrays": arrays,
        "arrays again": arrays,
        "generator": ((Generator([(ONE, ZERO)]),), {"steps_per_epoch": 3}),
        "Sequence": ((SequenceOf([(ONE, ZERO)] * 3),), {}),
    }

    seen = {}
    model = small_model(build)
    for name, (data, arguments) in calls.items():
        recorders = [Recorder(), Recorder(), Recorder()]
        fit = model.fit if "arrays" in name else small_model(build).fit
        try:
            events = fit(*data, callbacks=recorders, epochs=3, **arguments).events
        except (RemoteError, NotOffered):
            # Which sources `fit` takes beside arrays is said by clauses of its own.
            if "arrays" in name:
                raise
            continue
        # What else a callback hears, such as of a validation of nothing, is no matter of training.
        seen[name] = [events.by(recorder).of(*TRAIN).kinds for recorder in recorders]

    hooks = ["train_begin", *["epoch_begin", *BATCH * 3, "epoch_end"] * 3, "train_end"]
    expect(
        seen,
        equals=dict.fromkeys(seen, [hooks, hooks, hooks]),
        otherwise={
            "only the first callback is called": dict.fromkeys(seen, [hooks, [], []]),
            "no callback is called": dict.fromkeys(seen, [[], [], []]),
        },
    )


@clause("fit.callbacks.called-in-validation")
def test_callbacks_are_called_in_the_validation_of_an_epoch(build: Build) -> None:
    """The callbacks given to `fit` also get the hooks of its validation, in every epoch."""
    ways: dict[str, Any] = {"arrays": {"batch_size": 2, "validation_data": DATA}}
    # Whether samples can be split off, and Sequences are taken, is said by clauses of its own.
    if taken(small_model(build).fit, *DATA, epochs=1, validation_split=0.5):
        ways["a split"] = {"batch_size": 1, "validation_split": 0.5}
    if validates_on_sequences(build):
        ways["a Sequence"] = {"batch_size": 2, "validation_data": SequenceOf([(ONE, ZERO)] * 2)}
    validated = {"validation_steps": 2, "validation_data": Generator([(ONE, ZERO)])}
    if taken(small_model(build).fit, *DATA, epochs=1, **validated):
        ways["a generator"] = {"batch_size": 2, **validated}
    if taken(small_model(build).fit, *DATA, epochs=1, validation_data=DATA, validation_freq=2):
        ways["every other epoch"] = {**ways["arrays"], "validation_freq": 2}

    seen = {}
    for name, arguments in ways.items():
        recorders = [Recorder(), Recorder()]
        events = small_model(build).fit(*DATA, epochs=3, callbacks=recorders, **arguments).events
        seen[name] = [events.by(one).of("train_batch_end", *TEST).kinds for one in recorders]

    # Whether the end of an epoch is told before its validation or after is a clause of its own.
    trained = ["train_batch_end"] * 2
    right = dict.fromkeys(seen, [[*trained, *TEST] * 3] * 2)
    if "every other epoch" in seen:
        right["every other epoch"] = [[*trained * 2, *TEST, *trained]] * 2
    expect(
        seen,
        equals=right,
        otherwise={"no hook is called in validation": dict.fromkeys(seen, [trained * 3] * 2)},
    )


@clause("fit.callbacks.hook-order")
def test_the_hooks_of_training_nest(build: Build) -> None:
    """Batches lie within their epoch, validation after its batches, and epochs within training."""
    data: dict[str, Any] = {"arrays": DATA}
    if validates_on_sequences(build):
        data["a Sequence"] = SequenceOf([(ONE, ZERO)] * 2)

    seen = {}
    for name, validation in data.items():
        recorder = Recorder()
        arguments = {"validation_data": validation, "callbacks": [recorder]}
        result = small_model(build).fit(*DATA, batch_size=2, epochs=2, **arguments)
        seen[name] = result.events.by(recorder).kinds
    # Whether a part may be set apart is another clause: half of 8 are as many as the others.
    recorder, twice = Recorder(), (ascending(8), constant(8, 0))
    halves = {"validation_split": 0.5, "callbacks": [recorder], "batch_size": 2, "epochs": 2}
    if (split := tried(small_model(build).fit, *twice, **halves)) is not None:
        seen["a part set apart"] = split.events.by(recorder).kinds

    def training(*epoch: str) -> dict[str, list[str]]:
        return dict.fromkeys(seen, ["train_begin", *epoch, *epoch, "train_end"])

    expect(
        seen,
        equals=training("epoch_begin", *BATCH * 2, *TEST, "epoch_end"),
        otherwise={
            "no hook is called in validation": training("epoch_begin", *BATCH * 2, "epoch_end"),
            "the epoch ends before its validation": training(
                "epoch_begin", *BATCH * 2, "epoch_end", *TEST
            ),
        },
    )


@clause("fit.callbacks.none-or-empty")
def test_no_callbacks_means_none(build: Build) -> None:
    """None and an empty list mean no callback, whichever were given to an earlier call."""
    model, recorder = small_model(build), Recorder()
    told = [
        bool(model.fit(ONE, ZERO, callbacks=callbacks, epochs=1).events.kinds)
        for callbacks in (None, [], [recorder], None, [])
    ]
    # Whether Sequences are taken is another clause.
    if takes_sequences(build):
        model.fit(ONE, ZERO, callbacks=[recorder], epochs=1)
        events = model.fit(SequenceOf([(ONE, ZERO)]), epochs=1).events
        told[-1] |= bool(events.by(recorder).kinds)
    # How far an update goes, and what a second `fit` begins with, are other clauses.
    steps = []
    for callbacks in (None, [], [recorder]):
        model = learning_model(build)
        model.fit(ONE, ZERO, callbacks=callbacks, epochs=1)
        steps.append(1 - model.weight("y"))

    right = [False, False, True, False, False]
    wrong = {"the callback of the earlier call is called again": [False, False, True, True, True]}
    trains = {"trains": all(steps), "alike": len({*steps}) == 1}
    expect(
        {"told": told, **trains},
        equals={"told": right, "trains": True, "alike": True},
        otherwise={words: {"told": told, **trains} for words, told in wrong.items()},
    )


@clause("fit.callbacks.single")
def test_callbacks_that_are_no_list(build: Build) -> None:
    """What `fit` does with a bare callback, and with a tuple of one."""
    seen = {}
    for form in ("bare", "tuple"):
        recorder = Recorder()
        given = recorder if form == "bare" else (recorder,)
        try:
            events = small_model(build).fit(*DATA, callbacks=given, epochs=1).events
            seen[form] = "called" if "train_begin" in events.kinds else "not called"
        except RemoteError as error:
            seen[form] = error.classes[0]

    recognise(
        seen,
        {
            "both are called": {"bare": "called", "tuple": "called"},
            "a tuple is called; a bare callback is a TypeError": {
                "bare": "TypeError",
                "tuple": "called",
            },
            "both are a TypeError": {"bare": "TypeError", "tuple": "TypeError"},
            "a bare callback is called; a tuple is a TypeError": {
                "bare": "called",
                "tuple": "TypeError",
            },
        },
    )


@clause("fit.callbacks.no-callback")
def test_what_is_no_callback_among_callbacks(build: Build) -> None:
    """What `fit` does with a text in place of a callback."""
    recognise(
        trained(learning_model(build), column(3), column(0), callbacks=["EarlyStopping"]),
        {
            **refused("TypeError", "AttributeError", "ValueError"),
            "it fails with an AttributeError once it has trained": "AttributeError after an update",
            "it goes unnoticed": [9.0],
        },
    )


@clause("fit.callbacks.stop-in-batch")
def test_a_stop_that_is_asked_for_after_a_batch(build: Build) -> None:
    """What `fit` still does when a callback sets `stop_training` after a batch."""
    seen = {f"stopped after {batch + 1}": _done_after_a_stop(build, batch) for batch in (1, 2)}

    def done(batches: Sequence[int], *, validated: bool, epochs: int = 1) -> dict[str, Any]:
        others = {"validated": validated, "epochs ended": epochs}
        return {name: {"batches": k, **others} for name, k in zip(seen, batches, strict=True)}

    recognise(
        seen,
        {
            "the epoch ends at once, without validation": done((2, 3), validated=False),
            "the epoch ends at once, with validation": done((2, 3), validated=True),
            "the epoch is gone through, with validation": done((4, 4), validated=True),
            "the request is ignored": done((8, 8), validated=True, epochs=2),
        },
    )


@clause("fit.callbacks.stop-in-last-batch")
def test_a_stop_that_is_asked_for_after_the_last_batch(build: Build) -> None:
    """Whether `fit` validates when a callback sets `stop_training` after an epoch's last batch."""
    recognise(
        _done_after_a_stop(build, 3),
        {
            "the epoch ends without validation": {
                "batches": 4,
                "validated": False,
                "epochs ended": 1,
            },
            "the epoch ends with validation": {
                "batches": 4,
                "validated": True,
                "epochs ended": 1,
            },
            "the request is ignored": {"batches": 8, "validated": True, "epochs ended": 2},
        },
    )


@clause("fit.callbacks.stop-in-epoch")
def test_a_stop_that_is_asked_for_as_an_epoch_begins_or_ends(build: Build) -> None:
    """How many batches `fit` trains when a callback sets `stop_training` in an epoch's hook."""
    seen = {}
    for hook in ("epoch_begin", "epoch_end"):
        recorder = Recorder(stops_at=(hook, 0))
        result = small_model(build).fit(*DATA, batch_size=2, epochs=3, callbacks=[recorder])
        seen[hook] = len(result.events.of("train_batch_end"))

    recognise(
        seen,
        {
            "asked as it begins, after one batch of it; as it ends, before the next": {
                "epoch_begin": 1,
                "epoch_end": 2,
            },
            "asked as it begins or as it ends, after the whole of it": {
                "epoch_begin": 2,
                "epoch_end": 2,
            },
            "asked as it begins, before any batch of it; as it ends, before the next": {
                "epoch_begin": 0,
                "epoch_end": 2,
            },
            "the request is ignored": {"epoch_begin": 6, "epoch_end": 6},
        },
    )


@clause("fit.callbacks.exception")
def test_an_exception_in_a_callback(build: Build) -> None:
    """What an exception in a callback leaves behind."""
    recognise(ended_by(build, "ArithmeticError"), endings_by("ArithmeticError"))


@clause("fit.callbacks.interrupt")
def test_an_interrupt(build: Build) -> None:
    """What an interrupt by the user leaves behind."""
    recognise(ended_by(build, "KeyboardInterrupt"), endings_by("KeyboardInterrupt"))


@clause("fit.callbacks.added-logs")
def test_what_a_callback_adds_to_the_logs_of_an_epoch(build: Build) -> None:
    """Whether a later callback and History get an entry that a callback put into the logs."""
    model, later = build(linear()), Recorder()
    model.compile(SGD(0.0), "mse")

    result = model.fit(
        ONE, ZERO, batch_size=1, epochs=1, callbacks=[Recorder(adds={"own": 7.0}), later]
    )

    (end,) = result.events.by(later).of("epoch_end")
    seen = {
        "later callback": end.fields["logs"].get("own"),
        "History": result.history.history.get("own"),
    }
    recognise(
        seen,
        {
            "later callbacks and History get it": {"later callback": 7.0, "History": [7.0]},
            "later callbacks get it, History does not": {"later callback": 7.0, "History": None},
            "History gets it, later callbacks do not": {"later callback": None, "History": [7.0]},
            "nobody gets it": {"later callback": None, "History": None},
        },
    )


@clause("fit.callbacks.history-order")
def test_whether_history_comes_before_the_callbacks(build: Build) -> None:
    """What the model's History holds when a callback is told of the end of an epoch."""
    model = build(linear())
    model.compile(SGD(0.0), "mse")

    events = model.fit(ONE, ZERO, batch_size=1, epochs=2, callbacks=[Recorder(history=True)]).events

    recognise(
        [event.fields["recorded"] for event in events.of("epoch_end")],
        {
            "the epochs before this one": [[], [0]],
            "this epoch as well": [[0], [0, 1]],
        },
    )


@clause("fit.callbacks.validation_data")
def test_the_validation_data_of_a_callback(build: Build) -> None:
    """Whether a callback has the data that are validated on."""
    recorder = Recorder(validation_data=True)
    validation = constant(3, 1), constant(3, 0)

    events = (
        small_model(build)
        .fit(*DATA, epochs=1, validation_data=validation, callbacks=[recorder])
        .events
    )

    recognise(
        [event.fields["validation_rows"] for event in events.of("epoch_end")],
        {
            "it has the arrays": [3],
            "it has none": [None],
        },
    )
