"""`fit`: what callbacks are told about the call, in their attribute `params`."""

from __future__ import annotations

from fitspec.conformance.checks import SGD, Build, Recorder, clause, recognise
from fitspec.conformance.vocabulary.models import linear
from fitspec.conformance.vocabulary.samples import ascending, constant


@clause("fit.callbacks.params")
def test_what_params_tell_a_callback(build: Build) -> None:
    """Which entries the attribute `params` has."""
    model, recorder = build(linear()), Recorder(params=True)
    model.compile(SGD(0.25), "mse")
    data = ascending(4), constant(4, 0)

    result = model.fit(*data, batch_size=2, epochs=1, validation_data=data, callbacks=[recorder])

    few = ["epochs", "steps", "verbose"]
    all_of_it = sorted([*few, "batch_size", "do_validation", "metrics", "samples"])
    (begin,) = result.events.of("train_begin")
    recognise(
        begin.fields["params"],
        {
            "the epochs, the steps and how much is printed; the samples raise a KeyError": few,
            "also the samples, the batch size, the metrics, and whether is validated": all_of_it,
            "there is no such attribute": None,
        },
    )
