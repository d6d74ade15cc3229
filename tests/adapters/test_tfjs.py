"""Tests of `adapters/tfjs`, in a real Node with the real TensorFlow.js."""

from __future__ import annotations

import json
import os
import subprocess
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from jsonschema import Draft202012Validator

from fitspec import conformance
from fitspec.adapters import wire
from fitspec.conformance.environments.environment import Unavailable
from fitspec.conformance.environments.npm import VARIABLE, packages_of
from fitspec.conformance.environments.programs import require
from fitspec.conformance.implementations.registry import find
from fitspec.conformance.report.verdicts import Verdict
from fitspec.conformance.repro.conversation import converse
from fitspec.conformance.vocabulary.models import linear, running_sum, two_in_two_out
from fitspec.conformance.vocabulary.probes import SGD, Generator, Recorder, SequenceOf, Wait, until
from fitspec.conformance.vocabulary.samples import column
from fitspec.conformance.worker.remote import NotOffered, RemoteError

from ..required import lacks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fitspec.conformance.repro.conversation import Conversation

pytestmark = pytest.mark.needs("node")

FOLDER = Path(__file__).parents[2] / "adapters" / "tfjs"
WORKER = FOLDER.parent / "node" / "worker.mjs"
SCHEMA = json.loads((files("fitspec.adapters") / "protocol.schema.json").read_text("utf-8"))

X, Y = column(1, 2), column(0, 0)


@pytest.fixture(scope="module")
def packages() -> Path:
    """The folder in which Node finds TensorFlow.js."""
    implementation = find("tfjs")
    try:
        require(implementation)
    except Unavailable as refusal:
        lacks(str(refusal))
    found = packages_of(implementation.program)
    assert found is not None
    return found.folder


Answers = list[dict[str, Any]]


@pytest.fixture
def answers(packages: Path, tmp_path: Path) -> Callable[..., Answers]:
    """Ask a worker of its own; its answers are of the protocol."""

    def ask(*requests: dict[str, Any], adapter: Path = FOLDER / "adapter.mjs") -> Answers:
        (ours, theirs), (answered, answering) = os.pipe(), os.pipe()
        command = ["node", str(WORKER), "--adapter", str(adapter)]
        command += ["--requests", str(ours), "--answers", str(answering)]
        process = subprocess.Popen(
            [*command, "--events", str(tmp_path / "events.jsonl")],
            pass_fds=(ours, answering),
            env={**os.environ, VARIABLE: str(packages)},
        )
        os.close(ours)
        os.close(answering)
        with os.fdopen(theirs, "wb") as file:
            for number, request in enumerate(requests, 1):
                file.write(wire.dump({"id": number, **request}))
        with os.fdopen(answered, "rb") as lines:
            came = [json.loads(line) for line in lines]
        assert process.wait() == 0
        for answer in came:
            Draft202012Validator(SCHEMA).validate(answer)
        return came

    return ask


VALUES = [
    None,
    True,
    'ü\u2028"\\',
    1.5,
    -0.0,
    1e300,
    float("inf"),
    (1.0, [2.0], {"a": None}),
    {"$": 1.0, "b": 2.0},
    {1.0: "one"},
    range(1, 9, 2),
    b"\x00\xff",
    np.float64(0.1),
    np.asarray([[1, -2]], ">i8"),
    np.zeros((0, 3), np.float32),
    np.asarray(["a", "bc"]),
    np.asarray([None, (1.0,)], object),
]


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_values_come_back_as_they_went(value: object, answers: Callable[..., Answers]) -> None:
    """Type and bits of what JavaScript has no word for survive the way there and back."""
    sent = wire.encode(value)

    (answer,) = answers({"op": "echo", "value": sent})

    assert (answer["value"], repr(wire.decode(answer["value"]))) == (sent, repr(wire.decode(sent)))


def test_a_worker_says_who_it_is(answers: Callable[..., Answers]) -> None:
    """Versions of Node and TensorFlow.js, and every renaming, stand in its first answer."""
    (answer,) = answers({"op": "hello"})

    assert answer["value"]["versions"]["tfjs-layers"] == "4.22.0"
    assert answer["value"]["renames"]["fit(batch_size)"] == "fit({batchSize})"
    assert answer["value"]["renames"]["loss mse"] == "meanSquaredError"
    assert answer["value"]["renames"]["train_batch_end"] == "onBatchEnd"


def test_wrong_requests_are_the_fault_of_who_asks(answers: Callable[..., Answers]) -> None:
    """An unknown operation or object is no error of TensorFlow.js, and the next is answered."""
    came = answers({"op": "dance"}, {"op": "weights", "target": "o1"}, {"op": "echo", "value": 1})

    assert [answer.get("error", {}).get("protocol") for answer in came] == [True, True, None]


def test_an_adapter_that_cannot_be_imported_is_told(
    answers: Callable[..., Answers], tmp_path: Path
) -> None:
    """What went wrong at the import is the answer to every request."""
    broken = tmp_path / "broken.mjs"
    broken.write_text("throw new TypeError('broken');")

    (answer,) = answers({"op": "hello"}, adapter=broken)

    assert (answer["error"]["classes"], answer["error"]["message"]) == (
        ["TypeError", "Error"],
        "broken",
    )


@pytest.fixture
def talk(packages: Path) -> Iterator[Conversation]:
    """A conversation with TensorFlow.js."""
    assert packages.is_dir()
    with converse("tfjs") as conversation:
        yield conversation


def test_arguments_are_options_under_their_own_names(talk: Conversation) -> None:
    """What is documented by name is a field of the object that a method takes last."""
    model, recorder = talk.build(linear(2.0)), Recorder()
    model.compile(optimizer=SGD(0.0), loss="mse", metrics=["mae"])

    history = model.fit(
        x=X, y=Y, batch_size=1, epochs=3, initial_epoch=1, shuffle=False, callbacks=[recorder]
    )

    assert history.value.classes[:2] == ("History", "Callback")
    assert history.history.epoch == [1, 2]
    assert history.history.history == {"loss": [10.0, 10.0], "mae": [3.0, 3.0]}
    assert history.events.by(recorder).of("train_batch_end").indices == [0, 1, 0, 1]
    assert {event.main_thread for event in history.events} == {True}
    with pytest.raises(NotOffered, match="validation_freq`: fit has no such option"):
        model.fit(X, Y, validation_freq=2)


def test_a_generator_is_one_dataset(talk: Conversation) -> None:
    """`fit` with a generator is `fitDataset`; all epochs go on with the same generator."""
    model, source = talk.build(linear(1.0)), Generator([(column(1), Y[:1]), (column(2), Y[:1])])
    model.compile(SGD(0.0), "mse")

    result = model.fit(source, steps_per_epoch=1, epochs=2)

    assert result.history.history == {"loss": [1.0, 4.0]}
    assert result.events.by(source).of("give").indices == [0, 1]


def test_a_probe_waits_without_stopping_what_it_waits_for(talk: Conversation) -> None:
    """A callback that waits for a generator gives up after its time; an event that was counts."""
    source = Generator([(X, Y)])
    waits: dict[tuple[str, int | None], Wait] = {
        ("epoch_begin", 0): until("give", 1, of=source, within=0.05),
        ("train_batch_end", 0): until("give", 1, of=source, within=5.0, quiet=0.01),
    }
    recorder = Recorder(waits=waits)
    model = talk.build(linear(1.0))
    model.compile(SGD(0.0), "mse")

    result = model.fit(source, steps_per_epoch=1, callbacks=[recorder])

    came = result.events.by(recorder).of("came")
    assert [event.fields["in_time"] for event in came] == [False, True]


def test_callbacks_interfere_as_they_are_told(talk: Conversation) -> None:
    """A recorder can stop training, add to the logs and raise under the name of an exception."""
    model = talk.build(linear(1.0))
    model.compile(SGD(0.0), "mse")

    stopped = model.fit(X, Y, epochs=5, callbacks=[Recorder(stops_at=("epoch_end", 1))])
    added = model.fit(X, Y, callbacks=[Recorder(adds={"extra": 7.0})])
    with pytest.raises(RemoteError, match="raised by a callback at train_batch_begin 0") as caught:
        model.fit(X, Y, callbacks=[Recorder(raises_at=("train_batch_begin", 0), error="OSError")])

    assert stopped.history.epoch == [0, 1]
    assert added.history.history["extra"] == [7.0]
    assert caught.value.classes == ("OSError", "Error")


def test_what_a_generator_raises_arrives(talk: Conversation) -> None:
    """An exception in a generator is one of JavaScript under the name that was asked for."""
    model = talk.build(linear(1.0))
    model.compile(SGD(0.0), "mse")
    source = Generator([(X, Y)], raises_at=1, error="LookupError", message="no more")

    with pytest.raises(RemoteError, match="no more") as caught:
        model.fit_generator(source, steps_per_epoch=3)

    assert caught.value.classes[0] == "LookupError"
    assert caught.value.events.by(source).kinds == ["pull", "give", "pull"]


def test_tensors_are_arrays_and_scalars(talk: Conversation) -> None:
    """Predictions are arrays of 32 bit floats, one for each output; a loss alone is a scalar."""
    model = talk.build(two_in_two_out(1.0, 2.0))
    single = talk.build(linear(1.0))
    single.compile(SGD(0.0), "mse")

    predicted = model.predict([X, X.astype(np.float64)]).value
    loss = single.evaluate(X, Y).value

    assert [array.dtype for array in predicted] == [np.float32, np.float32]
    assert [array.tolist() for array in predicted] == [[[1.0], [2.0]], [[2.0], [4.0]]]
    assert (type(loss), loss) == (np.float32, 2.5)


def test_weights_are_injected_by_layer(talk: Conversation) -> None:
    """A recurrent layer too starts from the weights of the description."""
    model = talk.build(running_sum(1))

    assert {name: len(items) for name, items in model.weights().items()} == {"y": 2}
    assert model.predict(np.ones((1, 1, 1), np.float32), batch_size=1).value.tolist() == [[1.0]]


@pytest.mark.parametrize(
    ("method", "arguments", "words"),
    [
        ("test_on_batch", (X, Y), "no method `test_on_batch`: there is no testOnBatch"),
        ("predict", (Generator([X]),), "no argument `x as a stream`: streams are datasets"),
        ("fit", (SequenceOf([(X, Y)]),), "no probe `sequence`: there is no counterpart"),
        ("fit", (Generator([(X, Y, Y)]),), "no argument `sample weights of a generator`"),
        ("fit", (Generator([(X, Y)]), Y), "no argument `y`: fitDataset takes the targets"),
    ],
    ids=["method", "stream", "probe", "triple", "targets"],
)
def test_what_there_is_not_is_said_in_a_line(
    method: str, arguments: tuple[object, ...], words: str, talk: Conversation
) -> None:
    """A method, argument or object that TensorFlow.js lacks is named, with the reason."""
    model = talk.build(linear(1.0))
    model.compile(SGD(0.0), "mse")

    with pytest.raises(NotOffered, match=words):
        getattr(model, method)(*arguments)


def test_signatures_are_not_to_be_had(talk: Conversation) -> None:
    """Options are fields of an object, of which a function of JavaScript knows nothing."""
    with pytest.raises(NotOffered, match="no signature `fit`: the arguments are fields"):
        talk.build(linear(1.0)).fit.parameters()


def test_what_goes_to_the_console_as_a_warning_is_one(talk: Conversation) -> None:
    """`console.warn` is how JavaScript warns: it is recorded, and still printed."""
    model = talk.build(linear(1.0))
    model.compile(SGD(0.0), "mse")

    result = model.fit(Generator([(X, Y)], repeats=False), steps_per_epoch=2)

    ((kind, text),) = result.warnings
    assert kind == "Warning"
    assert "ran out of data" in text
    assert "ran out of data" in result.stderr


def test_the_epochs_of_javascript_are_those_of_the_documents(packages: Path) -> None:
    """A part of the contract in which TensorFlow.js does not fall short passes."""
    assert packages.is_dir()

    report = conformance.run("tfjs", clauses=["fit.epochs.*", "get_layer.*"])

    assert not report.faults
    assert {item.clause: item.verdict for item in report.findings if item.fell_short} == {}
    assert [item.verdict for item in report.findings].count(Verdict.PASS) >= 10
