"""Tests of `fitspec.conformance.repro.keras_source`: the vocabulary in Keras's own Python."""

from __future__ import annotations

from typing import Any

import h5py
import numpy as np
import pytest

import fitspec.reference
from fitspec.conformance.repro.keras_dialects import DIALECTS
from fitspec.conformance.repro.keras_source import KerasSource, NotSpelled
from fitspec.conformance.vocabulary import models, probes
from fitspec.conformance.vocabulary.probes import ModelOf, NativeTensor
from fitspec.conformance.worker.remote import Event, Events

X = np.asarray([[1.0], [2.0]], np.float32)
MODELS = [
    models.linear(2.5),
    models.two_in_two_out(1.0, 2.0),
    models.of_the_example(),
    models.copies(3),
    models.tally(4),
    models.dropped_sum(),
    models.temporal_and_plain(2.0),
    models.shared_weight(3.0),
    models.running_sum(2),
    models.times_first(),
    models.masked_steps(),
    models.normalized(),
    models.softmax(3),
    models.two_branches(),
    models.three_layers(),
    models.fed_by_tensor(NativeTensor(X), 2.0),
]


def writer(*noted: str, events: Events = Events()) -> KerasSource:  # noqa: B008  frozen
    """Return a writer of the reference's words, which are Keras's."""
    return KerasSource(DIALECTS["reference"], {}, noted, events)


def run(written: KerasSource, expression: str) -> tuple[Any, dict[str, Any]]:
    """Return the value of an expression where all definitions are known, and these."""
    names: dict[str, Any] = {"keras": fitspec.reference, "np": np, "h5py": h5py}
    for module in sorted(written.modules - {"h5py"}):
        names[module] = __import__(module)
    for text in written.definitions.values():
        exec(text, names)  # noqa: S102  it is our own code, as text
    return eval(expression, names), names  # noqa: S307  as above


def value_of(value: Any, *noted: str, events: Events = Events()) -> Any:  # noqa: B008  frozen
    """Return the object that the code of a value makes."""
    written = writer(*noted, events=events)
    code = written.code(value)
    return run(written, code if isinstance(code, str) else code.flat())[0]


@pytest.mark.parametrize("description", MODELS, ids=lambda item: item.layers[-1].name)
def test_every_model_of_the_checks_is_built(description: ModelOf) -> None:
    """Its layers have their names, in their order, and the weights of the description."""
    written = writer()

    model, _ = run(written, written.model(description))

    weights = {layer.name: layer.get_weights() for layer in model.layers}
    for layer in description.layers:
        for wanted, there in zip(layer.weights or (), weights.get(layer.name, ()), strict=False):
            np.testing.assert_array_equal(there, wanted)
    named = [item.name for item in description.layers if item.kind not in ("again", "input")]
    assert set(named) <= weights.keys()


def test_alike_models_are_one_function() -> None:
    """Others have another name."""
    written = writer()

    calls = [written.model(models.linear(weight)) for weight in (1.0, 2.0, 1.0)]

    assert calls == ["linear()", "linear2()", "linear()"]


def test_optimizers_losses_and_metrics_are_objects_of_keras() -> None:
    """The rate goes by the name of the version."""
    keras = fitspec.reference

    assert isinstance(value_of(probes.SGD(0.5, 0.9)), keras.optimizers.SGD)
    assert value_of(probes.LimitedSGD(0.5, "clipnorm", 2.0)).clipnorm == 2.0
    assert isinstance(value_of(probes.LossObject("mae")), keras.losses.MeanAbsoluteError)
    assert value_of(probes.SummedLoss("mae")).reduction == "sum"
    assert value_of(probes.UnreducedLoss("mae")).reduction == "none"
    assert KerasSource(DIALECTS["keras-2"], {}, (), Events()).code(probes.SGD(0.5)) != (
        writer().code(probes.SGD(0.5))
    )


def test_data_are_what_they_were() -> None:
    """Arrays, tensors, HDF5 and arrays of others."""
    np.testing.assert_array_equal(value_of(probes.HeldArray(X)), X)
    np.testing.assert_array_equal(value_of(probes.HDF5(X))[:], X)
    np.testing.assert_array_equal(np.asarray(value_of(probes.ForeignTensor(X))), X)
    attached = value_of(probes.ForeignTensor(X, attached=True))
    with pytest.raises(RuntimeError, match="detach"):
        attached.numpy()
    np.testing.assert_array_equal(attached.detach().cpu().numpy(), X)


def test_sources_give_their_items() -> None:
    """Generators, iterators with a lock, Sequences, iterables, and the reader of files."""
    items = [(X, X), (2 * X, X)]

    generator = value_of(probes.Generator(items, repeats=False))
    locked = value_of(probes.LockedIterator(items))
    batches = value_of(probes.SequenceOf(items, lengths=[2, 1]))
    iterable = value_of(probes.IterableOf(items))
    reader = value_of(probes.FileReader(["1 2 3"]))

    assert [x[0][0, 0] for x in generator] == [1.0, 2.0]
    assert [next(locked)[0][0, 0] for _ in range(3)] == [1.0, 2.0, 1.0]
    assert len(batches) == 2
    assert batches[1][0][0, 0] == 2.0
    batches.on_epoch_end()
    assert len(batches) == 1
    assert len(iterable) == len(list(iterable)) == 2
    inputs, targets = next(reader)
    assert (inputs["input_2"].tolist(), targets["output"].tolist()) == ([[2.0]], [[3.0]])


def test_a_source_can_fail() -> None:
    """Where, and with what, it does in the check."""
    failing = probes.Generator([(X, X)], raises_at=1, error="KeyError", message="none")

    found = value_of(failing)

    next(found)
    with pytest.raises(KeyError, match="none"):
        next(found)


def test_a_callback_notes_what_is_asked_about_it() -> None:
    """Only the hooks that were called in the run are there, and only if that is of interest."""
    recorder = probes.Recorder(weights=True)
    ended = Event("epoch_end", recorder.key, 1, 1, True, 0.0, {})
    written = writer(recorder.key, events=Events((ended,)))
    code = written.code(recorder)
    written.define("seen", "seen = []\ndef note(who, what, **details): seen.append((who, what))")

    callback, names = run(written, code if isinstance(code, str) else code.flat())
    callback.set_model(run(written, written.model(models.linear()))[0])
    callback.on_epoch_end(0, {"loss": 1.0})

    assert names["seen"] == [("recorder", "epoch_end")]
    assert "on_batch_end" not in written.definitions["Recorder"]
    bare = value_of(probes.Recorder(weights=True))
    assert type(bare) is fitspec.reference.callbacks.Callback


@pytest.mark.parametrize(
    "probe",
    [
        probes.Generator([], waits={0: probes.until("pull", 1)}),
        probes.SequenceOf([], kills_at=1),
        probes.RSession(),
        probes.GeneratorFunction([]),
        object(),
    ],
)
def test_what_has_no_form_is_refused(probe: Any) -> None:
    """It is said, never left out."""
    with pytest.raises(NotSpelled):
        writer().code(probe)


def test_of_what_is_not_reached_nothing_is_needed() -> None:
    """Where a method or an argument is not there, no callback and no source does anything."""
    written = writer()
    written.idle = True

    assert written.code(probes.Recorder(waits={("train_begin", None): {}})) == (
        "keras.callbacks.Callback()"
    )
    assert written.code(probes.Generator([], waits={0: probes.until("pull", 1)}))


def test_no_function_has_the_name_that_variables_of_models_have() -> None:
    """In a script, where `model` is one of them, it could not be called any more."""
    assert models.copies(2).recipe is None
    assert writer().model(models.copies(2)) != "model()"
