"""Tests of `adapters/worker.py`, also in the interpreters that it is meant for."""

from __future__ import annotations

import _thread
import gc
import multiprocessing
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np
import pytest

from fitspec.adapters import wire
from fitspec.adapters.events import EventLog
from fitspec.adapters.worker import HERE, Worker, load_adapter
from fitspec.conformance.environments.environment import Unavailable, prepare
from fitspec.conformance.environments.interpreters import find_interpreter
from fitspec.conformance.implementations.implementation import Implementation
from fitspec.conformance.vocabulary.models import linear
from fitspec.conformance.vocabulary.probes import Recorder
from fitspec.conformance.worker.session import Session

from ..required import lacks

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).parents[2] / "adapters"
STUB = Path(__file__).with_name("stub_adapter.py")
VERSIONS = [
    pytest.param(version, marks=pytest.mark.needs("pythons"))
    for version in ("3.7", "3.8", "3.9", "3.10", "3.11", "3.12", "3.13")
]

COMPILE = """
import sys, warnings
warnings.simplefilter("error")
for path in sys.argv[1:]:
    with open(path, encoding="utf-8") as file:
        compile(file.read(), path, "exec")
"""


@pytest.mark.parametrize("version", VERSIONS)
def test_every_interpreter_understands_the_folder(version: str) -> None:
    """All modules of the folder are written in what each Python from 3.7 on understands."""
    interpreter = find_interpreter(version)
    if interpreter is None:
        _lacks(version)
    files = [str(path) for path in FOLDER.glob("*.py")]

    subprocess.run([interpreter.path, "-I", "-c", COMPILE, *files], check=True)

    assert len(files) >= 10


def _lacks(version: str) -> NoReturn:
    lacks(f"Python {version} is not on this machine")


def _interpreter(version: str) -> Path:
    """Return a Python of `version` with NumPy, in an environment that is built if need be."""
    stub = Implementation("stub", "stub", STUB, python=version, requirements=("numpy",))
    try:
        return prepare(stub)
    except Unavailable:
        _lacks(version)


@pytest.fixture(params=["running", *VERSIONS])
def session(request: pytest.FixtureRequest) -> Iterator[Session]:
    """Talk to the library of the stub, in one interpreter after the other."""
    running = request.param == "running"
    python = Path(sys.executable) if running else _interpreter(request.param)
    with Session(Implementation("stub", "stub", STUB), python) as session:
        session.begin(60.0)
        yield session


def test_a_conversation_is_the_same_in_every_interpreter(session: Session) -> None:
    """Building, calls, probes, events, values, output and warnings work on each Python."""
    model, recorder = session.build(linear(2.0)), Recorder(weights=True)
    x = np.asarray([[1.0], [-0.0]], ">f8")

    result = model.fit(x, callbacks=[recorder])

    assert result.value.classes == ("History",)
    assert result.history.epoch == [0]
    assert [type(item) for item in result.history.history["loss"]] == [np.float32]
    assert result.events.by(recorder).kinds == ["epoch_begin", "epoch_end"]
    assert result.stdout == "fitting\n"
    assert result.warnings == (("UserWarning", "careful"),)
    logs = result.events.of("epoch_end").events[0].fields["logs"]
    assert (logs["x"].dtype, logs["x"].tobytes()) == (x.dtype, x.tobytes())
    assert np.isnan(logs["loss"])
    assert model.weight("y") == 2.0


@pytest.fixture
def worker(tmp_path: Path) -> Worker:
    """Return a worker that is asked directly, without a process of its own."""
    return Worker(load_adapter(str(STUB)), EventLog(str(tmp_path / "events.jsonl")))


def ask(worker: Worker, operation: str, **request: Any) -> dict[str, Any]:
    """Return the answer to one request."""
    return worker.answer({"id": 1, "op": operation, **request})


def build(worker: Worker) -> str:
    """Build a model and return the reference to it."""
    fields = wire.encode(linear(2.0).settings())
    form = {"$": "probe", "key": "p1", "kind": "model", "fields": fields}
    reference: str = ask(worker, "build", value=form)["value"]["ref"]
    return reference


def test_a_worker_says_who_it_is(worker: Worker) -> None:
    """The greeting names the adapter, the versions and every renaming."""
    value = ask(worker, "hello")["value"]

    assert value["adapter"] == "Stub"
    assert value["versions"] == {"numpy": np.__version__}
    assert (value["dialect"], value["imports"]) == ("keras-3", "import stub as keras")
    assert value["renames"] == {
        "evaluate": "assess",
        "fit(x)": "x",
        "evaluate(steps)": "named",
        "evaluate(y)": "vague",
        # The library lies in the file of the adapter, as a model that an adapter defines does.
        "fit, in the adapter": "Show the callbacks one epoch; nothing is learnt.",
        "predict, in the adapter": "Return the product.",
    }


def test_what_stands_for_a_method_of_the_library_is_a_renaming(worker: Worker) -> None:
    """Of a signature that an adapter gives, the report says whose it is."""
    worker.adapter.signatures = {"fit": Worker.answer}

    renames = ask(worker, "hello")["value"]["renames"]

    assert renames["fit, its signature"] == "Worker.answer"


def test_what_a_model_has_is_known_where_an_adapter_says_it(
    worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As texts, whatever it is that it says."""
    assert ask(worker, "members")["value"] == {}
    monkeypatch.setattr(worker.adapter, "members", lambda: {"fit": "(x)", "loss": None})
    assert ask(worker, "members")["value"] == {"fit": "(x)", "loss": "None"}


def test_what_a_check_left_open_tells_the_next_one_nothing(worker: Worker) -> None:
    """An implementation keeps a generator, and loses it while another check goes on."""
    kept = worker.adapter.build_generator("p1", [1, 2], repeats=False)
    next(kept)
    assert [event["kind"] for event in worker.log.since(0)] == ["pull", "give"]

    ask(worker, "reset")
    kept.close()

    assert worker.log.since(0) == []
    of_the_next = worker.adapter.build_generator("p2", [1], repeats=False)
    next(of_the_next)
    assert [event["probe"] for event in worker.log.since(0)] == ["p2", "p2"]


@pytest.mark.parametrize(
    ("operation", "request_", "words"),
    [
        ("sing", {}, "no operation 'sing'"),
        ("answer", {}, "no operation 'answer'"),
        ("get", {"target": "o9", "name": "x"}, "no object 'o9'"),
        ("echo", {"value": {"$": "secret"}}, "malformed"),
        ("echo", {"value": {"$": "object", "ref": "o1"}}, "kind 'object'"),
    ],
)
def test_a_request_that_is_wrong_is_our_fault(
    worker: Worker, operation: str, request_: dict[str, Any], words: str
) -> None:
    """What the protocol does not know is answered as a fault of the harness."""
    answer = ask(worker, operation, **request_)

    assert answer["outcome"] == "error"
    assert answer["error"]["protocol"] is True
    assert words in answer["error"]["message"]


@pytest.mark.parametrize(
    ("method", "arguments", "missing"),
    [
        ("compile", {}, ("method", "compile")),
        ("predict", {"x": 1, "batch_size": 2}, ("argument", "batch_size")),
        ("evaluate", {"x": 1, "steps": 2}, ("argument", "steps")),
    ],
)
def test_what_is_missing_is_named_as_the_documents_name_it(
    worker: Worker, method: str, arguments: dict[str, Any], missing: tuple[str, str]
) -> None:
    """A missing method or argument is told apart from errors, by its documented name."""
    answer = ask(worker, "call", target=build(worker), method=method, kwargs=arguments)

    offered = answer["error"]["not_offered"]
    assert (offered["kind"], offered["name"]) == missing


def test_an_error_about_something_else_is_an_error(worker: Worker) -> None:
    """A TypeError that does not name the argument is the implementation's own."""
    answer = ask(worker, "call", target=build(worker), method="evaluate", kwargs={"x": 1, "y": 2})

    assert answer["error"]["classes"][0] == "TypeError"
    assert "not_offered" not in answer["error"]


def test_a_kind_that_cannot_be_built_is_not_offered(worker: Worker) -> None:
    """Of a kind of object that the adapter does not build, the name is told."""
    form = {"$": "probe", "key": "p1", "kind": "sgd", "fields": {}}

    answer = ask(worker, "build", value=form)

    assert answer["error"]["not_offered"]["name"] == "sgd"


def test_an_object_is_known_by_one_name(worker: Worker) -> None:
    """The same object has the same reference each time, and none after a reset."""
    reference = build(worker)
    first = ask(worker, "get", target=reference, name="secret")["value"]["ref"]
    second = ask(worker, "get", target=reference, name="secret")["value"]["ref"]

    ask(worker, "reset")
    gone = ask(worker, "get", target=reference, name="secret")

    assert first == second
    assert "no object" in gone["error"]["message"]
    assert build(worker) not in (reference, first)


def test_what_is_there_before_the_first_check_is_no_garbage(worker: Worker) -> None:
    """Collecting garbage later does not go through all that was imported."""
    gc.unfreeze()
    before = len(gc.get_objects())

    ask(worker, "reset")
    left = len(gc.get_objects())
    gc.unfreeze()

    assert left < before / 10


def test_a_signature_is_told_in_documented_names(worker: Worker) -> None:
    """Parameters come with name, kind and, where there is one, default."""
    value = ask(worker, "signature", target=build(worker), method="fit")["value"]

    assert value == [
        {"name": "x", "kind": "positional_or_keyword"},
        {"name": "callbacks", "kind": "keyword_only", "default": {"$": "tuple", "items": []}},
    ]


@pytest.mark.parametrize(
    ("text", "words"), [("", "found: none"), ("import nowhere_at_all", "nowhere_at_all")]
)
def test_a_file_without_an_adapter_is_refused(tmp_path: Path, text: str, words: str) -> None:
    """A file must be importable and define one adapter."""
    path = tmp_path / "adapter.py"
    path.write_text(text)

    with pytest.raises(ImportError, match=words):
        load_adapter(str(path))


def test_modules_beside_an_adapter_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """But for ours: there, a file named as a library is would be taken for a missing library."""
    path = [*sys.path]
    monkeypatch.setattr(sys, "path", [*path])
    load_adapter(str(Path(HERE) / "reference" / "plain.py"))
    assert sys.path == path

    (tmp_path / "adapter.py").write_bytes(STUB.read_bytes())
    load_adapter(str(tmp_path / "adapter.py"))
    assert sys.path == [*path, str(tmp_path)]


def test_a_file_of_another_kind_is_no_adapter(tmp_path: Path) -> None:
    """What does not end as Python files do is refused, with its name."""
    with pytest.raises(ImportError, match="is no Python file"):
        load_adapter(str(tmp_path / "adapter.txt"))


def test_what_runs_in_the_background_is_named(worker: Worker) -> None:
    """Threads and processes that came since the reset are told while they are there."""
    release = multiprocessing.get_context("fork").Event()
    thread = threading.Thread(target=release.wait, name="a thread")
    child = multiprocessing.get_context("fork").Process(target=release.wait, name="a process")
    ask(worker, "reset")
    child.start()
    thread.start()

    during = ask(worker, "background", within=0.0)
    release.set()
    after = ask(worker, "background", within=60.0)
    child.join()

    assert wire.decode(during["value"]) == {"threads": ["a thread"], "processes": ["a process"]}
    assert wire.decode(after["value"]) == {"threads": [], "processes": []}


def test_what_runs_already_is_not_of_this_check(worker: Worker) -> None:
    """Threads and processes that were there before are not held against a library."""
    release = multiprocessing.get_context("fork").Event()
    thread = threading.Thread(target=release.wait)
    child = multiprocessing.get_context("fork").Process(target=release.wait)
    child.start()
    thread.start()
    ask(worker, "reset")

    answer = ask(worker, "background", within=0.0)
    release.set()
    thread.join()
    child.join()

    assert wire.decode(answer["value"]) == {"threads": [], "processes": []}


def test_threads_that_python_did_not_start_are_not_told(worker: Worker) -> None:
    """A thread of a library's own pool, of whose end Python does not hear, is left out."""
    known, release = threading.Event(), threading.Event()

    def foreign() -> None:
        threading.current_thread()  # whereby Python gets to know it
        known.set()
        release.wait()

    ask(worker, "reset")
    _thread.start_new_thread(foreign, ())
    known.wait()

    answer = ask(worker, "background", within=0.0)
    release.set()

    assert wire.decode(answer["value"]) == {"threads": [], "processes": []}


def test_a_start_method_lasts_for_one_check(worker: Worker) -> None:
    """The next check finds the way of starting processes that Python has here."""
    usual = multiprocessing.get_start_method()
    probe = {"$": "probe", "kind": "start_method", "key": "p1", "fields": {"name": "spawn"}}

    ask(worker, "echo", value=probe)
    during = multiprocessing.get_start_method()
    ask(worker, "reset")

    assert (during, multiprocessing.get_start_method()) == ("spawn", usual)
