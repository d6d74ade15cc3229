"""Tests of `fitspec.conformance.worker.session` against implementations that misbehave."""

from __future__ import annotations

import math
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from fitspec.adapters import wire
from fitspec.conformance.claims.expect import show
from fitspec.conformance.environments.environment import Unavailable
from fitspec.conformance.implementations.implementation import Implementation
from fitspec.conformance.implementations.registry import find
from fitspec.conformance.vocabulary.layers import Layer
from fitspec.conformance.vocabulary.models import linear
from fitspec.conformance.vocabulary.probes import SGD, Generator, ModelOf, Recorder
from fitspec.conformance.worker import session as session_module
from fitspec.conformance.worker.limits import Limits
from fitspec.conformance.worker.process import (
    WorkerDied,
    WorkerFailed,
    WorkerProcess,
    WorkerSpokeNonsense,
    WorkerTimedOut,
)
from fitspec.conformance.worker.remote import (
    NotOffered,
    ProtocolFault,
    RemoteError,
    Result,
    class_of,
)
from fitspec.conformance.worker.session import Session

HOSTILE = Path(__file__).parents[1] / "hostile"

Talk = Callable[..., Session]
Misbehaving = Callable[[str], Implementation]


@pytest.fixture(scope="module", autouse=True)
def forked_workers() -> None:
    """Start an interpreter for each: how it begins and ends is what is tested."""


def provoke(session: Session) -> Result:
    """Begin a check and make the call that the implementation misbehaves in."""
    session.begin(60.0)
    return session.build(linear()).get_layer("y")


def works(session: Session) -> bool:
    """Return whether the next check finds an implementation that trains."""
    session.begin(60.0)
    model = session.build(linear(3.0))
    return bool(model.predict(np.ones((1, 1), np.float32)).value.tolist() == [[3.0]])


FATAL = {
    "kills_itself": (WorkerDied, "was killed by SIGKILL"),
    "exits_at_once": (WorkerDied, "exited with status 7"),
    "ends_with_success": (WorkerDied, "exited with status 0"),
    "segfaults": (WorkerDied, "was killed by SIGSEGV"),
    "hangs": (WorkerTimedOut, "no answer came in time"),
    "hangs_stubbornly": (WorkerTimedOut, "no answer came in time"),
    "floods_stdout": (WorkerDied, "wrote more than 262144 bytes to stdout"),
    "floods_stderr": (WorkerDied, "wrote more than 262144 bytes to stderr"),
    "floods_the_answers": (WorkerSpokeNonsense, "more than 1048576 bytes of memory"),
    "answers_with_very_many_lists": (WorkerSpokeNonsense, "more than 1048576 bytes of memory"),
    "answers_with_garbage": (WorkerSpokeNonsense, "no message"),
    "answers_with_another_id": (WorkerSpokeNonsense, "it answers request 0, not"),
    "answers_twice": (WorkerSpokeNonsense, "more than one answer came"),
    "answers_without_a_value": (WorkerSpokeNonsense, "no message: 'events'"),
    "answers_with_a_list": (WorkerSpokeNonsense, "a message is a JSON object"),
    "answers_with_an_error_of_no_form": (WorkerSpokeNonsense, "no message"),
    "answers_with_endless_nesting": (WorkerSpokeNonsense, "no message"),
    "claims_an_endless_time": (WorkerSpokeNonsense, "it took inf s"),
    "speaks_another_version": (WorkerSpokeNonsense, "protocol version 99"),
    "closes_all_descriptors": (WorkerDied, "closed its end of the pipe"),
    "dies_and_leaves_a_daemon": (WorkerDied, "exited with status 3"),
}


@pytest.mark.parametrize("name", FATAL)
def test_what_ends_a_worker_ends_one_check(name: str, talk: Talk, misbehaving: Misbehaving) -> None:
    """A worker that can answer no more is told by kind; the next check gets a new one."""
    kind, words = FATAL[name]
    session = talk(misbehaving(name))

    with pytest.raises(WorkerFailed, match=words) as caught:
        provoke(session)

    assert type(caught.value) is kind
    assert works(session)


def test_a_full_disk_is_no_exception_of_the_implementation(
    talk: Talk, misbehaving: Misbehaving
) -> None:
    """A check that waits for one, or says what was raised, would take it for its behaviour."""
    session = talk(misbehaving("finds_no_room"))

    with pytest.raises(OSError, match=r"Errno 28\] OSError: .* where the implementation runs"):
        provoke(session)

    assert works(session)


def test_an_answer_for_which_there_is_no_memory_ends_one_check(
    talk: Talk, misbehaving: Misbehaving
) -> None:
    """Where the limit is beyond what this process may have, that is the implementation's doing."""
    session = talk(misbehaving("answers_with_very_many_lists"), Limits(answer=2**50))
    session.start()
    before = resource.getrlimit(resource.RLIMIT_AS)
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + 2**27, before[1]))
    try:
        with pytest.raises(WorkerSpokeNonsense, match="more memory than there is"):
            provoke(session)
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)

    assert works(session)


RAISED = {
    "raises_SystemExit": ("SystemExit", "enough"),
    "raises_KeyboardInterrupt": ("KeyboardInterrupt", ""),
    "raises_without_words": ("Mute", "<Mute whose text cannot be had: SystemExit>"),
    "returns_itself_within": ("RecursionError", None),
    "raises_hostile_text": (
        "LookupError",
        "one\ntwo\r\u2028three\ud800 [red]four[/red] \x1b[31mfive\x00",
    ),
}


@pytest.mark.parametrize("name", RAISED)
def test_whatever_is_raised_arrives(name: str, talk: Talk, misbehaving: Misbehaving) -> None:
    """An exception of any kind is the implementation's answer, and its worker lives on."""
    name_of_class, message = RAISED[name]
    session = talk(misbehaving(name))

    with pytest.raises(RemoteError) as caught:
        provoke(session)

    assert caught.value.classes[0] == name_of_class
    assert message is None or caught.value.message == message
    assert name in caught.value.traceback or message is None
    assert works(session)


RETURNED = (
    "closes_stdout",
    "returns_in_two_processes",
    "leaves_a_child",
    "leaves_a_daemon",
    "leaves_a_stranger",
)


@pytest.mark.parametrize("name", RETURNED)
def test_one_answer_comes_and_no_process_outlives_it(
    name: str, talk: Talk, misbehaving: Misbehaving
) -> None:
    """Forking, leaving children or closing streams does not keep the one answer from arriving."""
    session = talk(misbehaving(name))

    assert provoke(session).value == "returned"
    assert works(session)


def test_removed_files_end_the_worker_and_not_the_harness(
    talk: Talk, misbehaving: Misbehaving
) -> None:
    """A worker that removes the files in its folder has removed its own events, and dies of it."""
    session = talk(misbehaving("removes_its_folder"))

    with pytest.raises(WorkerDied):
        provoke(session)

    assert works(session)


def test_bytes_that_are_no_text_are_shown(talk: Talk, misbehaving: Misbehaving) -> None:
    """What is printed and is no text arrives with its bytes spelled out."""
    result = provoke(talk(misbehaving("prints_noise")))

    assert result.stdout == "\\xff\\xfe\0\\x80\u2028é"
    assert result.stderr == "\\xc3("


def test_an_unspeakable_object_arrives(talk: Talk, misbehaving: Misbehaving) -> None:
    """An object whose repr raises arrives, with words in place of its own."""
    value = provoke(talk(misbehaving("returns_the_unspeakable"))).value

    assert value.text == "<Nameless whose text cannot be had: SystemExit>"


def test_a_long_text_is_cut(talk: Talk, misbehaving: Misbehaving) -> None:
    """Of an object whose repr is megabytes long the beginning arrives."""
    value = provoke(talk(misbehaving("returns_a_torrent"))).value

    assert value.text == "word " * 100


def test_no_numbers_arrive_as_they_are(talk: Talk, misbehaving: Misbehaving) -> None:
    """NaN and the infinities arrive, with the type they had."""
    values = provoke(talk(misbehaving("returns_no_numbers"))).value

    assert math.isnan(values[0])
    assert values[1:3] == [math.inf, -math.inf]
    assert type(values[3]) is np.float32
    assert math.isnan(values[3])
    assert values[4].dtype == np.float16


def test_numbers_of_its_own_kind_arrive_as_numbers(talk: Talk, misbehaving: Misbehaving) -> None:
    """They can be counted with, and have the class that they have there."""
    mean, nothing, whole = provoke(talk(misbehaving("returns_its_own_numbers"))).value

    assert mean == 1.5
    assert math.isnan(nothing)
    assert whole == 200
    kinds = [class_of(item) for item in (mean, nothing, whole)]
    assert kinds == ["Fraction", "Decimal", "HTTPStatus"]
    assert show([mean, whole]) == "[1.5, 200]"


REFUSED = {
    "no_adapter": "must define one subclass of Adapter; found: none",
    "two_adapters": "found: First, Second",
    "import_fails": "a_package_that_is_nowhere",
    "exits_on_import": "exited with status 4",
    "reset_fails": "cannot forget",
    "says_nothing_of_itself": "NotImplementedError",
}


@pytest.mark.parametrize("file", REFUSED)
def test_what_does_not_start_is_unavailable(file: str, talk: Talk) -> None:
    """An adapter that cannot be used is unavailable, with the reason, and stays so."""
    session = talk(Implementation(file, file, HOSTILE / f"{file}.py"))

    with pytest.raises(Unavailable) as caught:
        session.start()
    with pytest.raises(Unavailable) as again:
        session.begin(60.0)

    assert REFUSED[file] in caught.value.reason
    assert again.value is caught.value


def test_what_a_library_raises_is_no_reason_not_to_start(talk: Talk) -> None:
    """One that raises at every call has a worker that answers: what it does is for the checks."""
    session = talk(Implementation("x", "x", HOSTILE / "refuses_all_calls.py"))

    session.start()
    session.begin(60.0)

    with pytest.raises(RemoteError, match="never prepared for predict"):
        session.build(linear()).predict(np.ones((1, 1), np.float32))


def test_what_a_model_has_is_not_known_where_a_worker_ends_by_it(talk: Talk) -> None:
    """It is none of the first answers: whatever a library does with a model is for the checks."""
    session = talk(Implementation("x", "x", HOSTILE / "exits_on_members.py"))
    known = talk(find("reference"))
    known.start()
    session.start()

    assert known.members()["fit"].startswith("(x, y, ")
    assert session.members() == {}
    session.begin(60.0)
    assert works(session)


def test_the_last_words_of_a_worker_are_kept(talk: Talk) -> None:
    """What a worker said on stderr before it died while starting is part of the refusal."""
    session = talk(Implementation("x", "x", HOSTILE / "exits_on_import.py"))

    with pytest.raises(Unavailable) as caught:
        session.start()

    assert "no device found" in caught.value.remedy


def test_a_start_without_end_is_unavailable(talk: Talk) -> None:
    """An implementation that is never imported is unavailable once its time is over."""
    session = talk(
        Implementation("x", "x", HOSTILE / "hangs_on_import.py"), Limits(start=0.3, grace=0.1)
    )

    with pytest.raises(Unavailable, match="no answer came in time"):
        session.start()


def test_a_copy_made_on_import_does_not_answer(talk: Talk) -> None:
    """Of an implementation that forks while it is imported, one process answers."""
    session = talk(Implementation("x", "x", HOSTILE / "forks_on_import.py"))

    assert works(session)
    assert works(session)


def test_an_interruption_at_the_start_leaves_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C while a worker is being started is heard once the worker can be ended."""
    started: list[WorkerProcess] = []

    def start_and_interrupt(*arguments: Any) -> WorkerProcess:
        started.append(WorkerProcess(*arguments))
        signal.raise_signal(signal.SIGINT)
        return started[0]

    monkeypatch.setattr("fitspec.conformance.worker.session.WorkerProcess", start_and_interrupt)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        session = Session(find("reference"), Path(sys.executable), Limits())
        with pytest.raises(KeyboardInterrupt), session:
            session.start()
    finally:
        signal.signal(signal.SIGINT, before)

    assert not started[0].alive


def test_an_adapter_that_is_not_there_is_unavailable(talk: Talk, tmp_path: Path) -> None:
    """A path at which there is no file is a refusal, not a fault."""
    session = talk(Implementation("x", "x", tmp_path / "missing.py"))

    with pytest.raises(Unavailable, match="FileNotFoundError"):
        session.start()


def test_an_interpreter_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    """A Python that cannot be started is a refusal, and nothing stays open."""
    with (
        Session(find("reference"), tmp_path / "python") as session,
        pytest.raises(Unavailable, match="No such file"),
    ):
        session.start()


def test_each_check_starts_empty(talk: Talk) -> None:
    """What was built, printed or seen in one check is not there in the next."""
    session = talk(find("reference"))
    session.begin(60.0)
    old = session.build(linear())

    session.begin(60.0)

    with pytest.raises(ProtocolFault, match="there is no object"):
        old.predict(np.ones((1, 1), np.float32))


def test_a_call_brings_value_events_output_and_time(talk: Talk) -> None:
    """A result holds what was returned, seen, printed and how long it took."""
    session = talk(find("reference"))
    session.begin(60.0)
    model, recorder = session.build(linear()), Recorder()
    model.compile(SGD(0.0), "mse")
    x = np.ones((4, 1), np.float32)

    result = model.fit(x, x, batch_size=2, verbose=2, callbacks=[recorder])

    assert result.history.epoch == [0]
    assert result.events.by(recorder).of("train_batch_end").indices == [0, 1]
    assert "Epoch 1/1" in result.stdout
    assert 0.0 < result.seconds <= session.inside


def test_each_answer_of_a_check_has_its_time(
    talk: Talk, tight: Limits, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many answers, each in time, are no hang, however long they take together."""
    session = talk(find("reference"), tight)
    session.begin(7.0)
    clock, until = iter((0.0, 5.0, 10.0)), []
    monkeypatch.setattr(session_module, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    exchange = WorkerProcess.exchange

    def noting(process: WorkerProcess, line: bytes, deadline: float) -> bytes:
        until.append(deadline)
        return exchange(process, line, math.inf)

    monkeypatch.setattr(WorkerProcess, "exchange", noting)
    for _ in range(3):
        session.build(linear())

    assert until == [7.0, 12.0, 17.0]


def test_after_a_failure_the_same_check_gets_no_answer(
    talk: Talk, misbehaving: Misbehaving
) -> None:
    """A check that goes on after its worker died is told so, and is not given another."""
    session = talk(misbehaving("exits_at_once"))
    with pytest.raises(WorkerDied):
        provoke(session)

    with pytest.raises(WorkerDied, match=r"stopped|not running"):
        session.build(linear())


def of_another_vocabulary(kind: str) -> Layer:
    """Return a layer of a kind that ours does not have, as who sends one may have a newer one."""
    layer = Layer("dense", "z")
    object.__setattr__(layer, "kind", kind)
    return layer


def test_what_is_not_offered_is_told_apart(talk: Talk) -> None:
    """A kind of layer, a method, an argument or an attribute that is missing is no error."""
    session = talk(find("reference"))
    session.begin(60.0)
    model = session.build(linear())
    model.compile(SGD(0.0), "mse")

    with pytest.raises(NotOffered, match="layer conv9d"):
        session.build(ModelOf([of_another_vocabulary("conv9d")]))
    with pytest.raises(NotOffered, match="argument `nonsense`"):
        model.fit(np.ones((1, 1), np.float32), nonsense=1)
    with pytest.raises(NotOffered, match="attribute `nonsense`"):
        model.attribute("nonsense")


def test_a_probe_is_the_same_object_all_through_a_check(talk: Talk) -> None:
    """A generator that is sent twice goes on where it was."""
    session = talk(find("reference"))
    session.begin(60.0)
    model = session.build(linear())
    model.compile(SGD(0.0), "mse")
    x = np.ones((1, 1), np.float32)
    source = Generator([(x, x)] * 3)

    first = model.fit_generator(source, steps_per_epoch=2, workers=0, max_queue_size=1)
    second = model.fit_generator(source, steps_per_epoch=2, workers=0, max_queue_size=1)

    results = (first, second)
    seen = [index for result in results for index in result.events.by(source).of("pull").indices]
    assert seen == list(range(len(seen)))


def test_a_model_is_built_anew_each_time(talk: Talk) -> None:
    """Two models of one description share no weights."""
    session = talk(find("reference"))
    session.begin(60.0)
    description = linear(2.0)
    trained, other = session.build(description), session.build(description)

    trained.compile(SGD(0.5), "mse")
    trained.train_on_batch(np.ones((1, 1), np.float32), np.zeros((1, 1), np.float32))

    assert (trained.weight("y"), other.weight("y")) == (0.0, 2.0)


def test_a_value_that_cannot_be_sent_is_a_fault_of_ours(talk: Talk) -> None:
    """A check that hands over an object of its own has a mistake; the worker hears nothing."""
    session = talk(find("reference"))
    session.begin(60.0)
    model = session.build(linear())

    with pytest.raises(wire.WireError, match="type object cannot be sent"):
        model.predict(object())

    assert model.predict(np.ones((1, 1), np.float32)).value.tolist() == [[1.0]]


def test_variables_that_are_meant_for_us_do_not_reach_another_interpreter(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Another interpreter is not told to load the libraries of this one."""
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    implementation = find("reference")
    own = Session(implementation, Path(sys.executable))
    other = Session(implementation, tmp_path / "python")

    with own, other:
        assert own.variables(tmp_path)["PYTHONPATH"] == str(tmp_path)
        assert "PYTHONPATH" not in other.variables(tmp_path)


def test_temporary_files_of_a_worker_go_with_the_conversation(
    talk: Talk, misbehaving: Misbehaving
) -> None:
    """Also those of a worker that was killed; that nothing is left proves it."""
    session = talk(misbehaving("leaves_a_file_and_dies"))

    with pytest.raises(WorkerDied, match="SIGKILL"):
        provoke(session)


def test_what_one_check_printed_is_not_in_the_output_of_the_next() -> None:
    """After a check that printed, the output of the next begins with its own first byte."""
    with Session(find("reference"), Path(sys.executable)) as session:
        printed = []
        for _ in range(2):
            session.begin(60.0)
            model = session.build(linear())
            model.compile(SGD(0.0), "mse")
            x = np.ones((2, 1), np.float32)
            printed.append(model.fit(x, x, verbose=2).stdout)
        silent = model.fit(x, x, verbose=0).stdout

    assert printed[0].startswith("Epoch")
    assert printed[1].startswith("Epoch")
    assert not silent
