"""`fit`: what the documents leave open about callbacks and History."""

from __future__ import annotations

from fitspec.conformance.checks import SGD, Build, Recorder, clause, recognise
from fitspec.conformance.vocabulary.models import linear
from fitspec.conformance.vocabulary.samples import column

ONE, ZERO = column(1), column(0)


@clause("fit.callbacks.added-logs")
def test_what_a_callback_adds_to_the_logs_of_an_epoch(build: Build) -> None:
    """Whether a later callback and History get an entry that a callback put into the logs."""
    model, later = build(linear()), Recorder()
    model.compile(SGD(0.0), "mse")

    result = model.fit(ONE, ZERO, epochs=1, callbacks=[Recorder(adds={"own": 7.0}), later])

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

    events = model.fit(ONE, ZERO, epochs=2, callbacks=[Recorder(history=True)]).events

    recognise(
        [event.fields["recorded"] for event in events.of("epoch_end")],
        {
            "the epochs before this one": [[], [0]],
            "this epoch as well": [[0], [0, 1]],
        },
    )
