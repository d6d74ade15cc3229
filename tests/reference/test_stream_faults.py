"""Streams that fail, end or are broken off: no hang, nothing left behind, the exception arrives."""

import contextlib
import faulthandler
import gc
import itertools
import multiprocessing
import os
import re
import signal
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fitspec.reference import Sequence, Sequential, callbacks, layers
from fitspec.reference.data import prefetch, worker_processes

ONE = np.ones((1, 1), "float32")
SECONDS = 60.0
"""When waiting for something that must come is given up."""

HANG_SECONDS = 120.0
"""When a test that hangs ends the run, with the stacks of all threads."""

forked = pytest.mark.skipif(
    multiprocessing.get_all_start_methods()[0] == "spawn",
    reason="generators and local classes reach other processes by forking only",
)
WAYS = [
    pytest.param({"workers": 0}, id="main-thread"),
    pytest.param({"workers": 1}, id="thread"),
    pytest.param({"workers": 3}, id="threads"),
    pytest.param({"workers": 1, "use_multiprocessing": True}, id="process", marks=forked),
]
SEVERAL = pytest.param({"workers": 3, "use_multiprocessing": True}, id="processes", marks=forked)
"""Not for generators, of which each process would have a copy."""


def open_files() -> int:
    """Return how many files and pipes this process has open, where the system tells."""
    folder = Path("/proc/self/fd")
    return len(list(folder.iterdir())) if folder.is_dir() else 0


@pytest.fixture(autouse=True)
def _nothing_left_behind() -> Iterator[None]:
    """Fail where a call leaves a thread, a process or a pipe, and end the run where it hangs."""
    faulthandler.dump_traceback_later(HANG_SECONDS, exit=True)
    gc.collect()
    files = open_files()
    yield
    faulthandler.cancel_dump_traceback_later()
    assert [one for one in threading.enumerate() if one.name == prefetch.THREAD_NAME] == []
    assert multiprocessing.active_children() == []
    assert open_files() == files


class Full:
    """An endless generator of equal batches, in a thread, and how far it was drawn."""

    def __init__(self) -> None:
        self.drawn = 0
        self._changed = threading.Condition()

    def items(self) -> Iterator[Any]:
        """Give batches, and count."""
        while True:
            with self._changed:
                self.drawn += 1
                self._changed.notify_all()
            yield ONE, ONE

    def wait(self, drawn: int) -> None:
        """Wait until so many batches are drawn."""
        with self._changed:
            assert self._changed.wait_for(lambda: self.drawn >= drawn, SECONDS)


class Failing(Sequence):
    """Does at batch 2 of 5 what it is told."""

    def __init__(self, deed: Callable[[], object]) -> None:
        self.deed = deed

    def __len__(self) -> int:
        return 5

    def __getitem__(self, index: int) -> Any:
        return self.deed() if index == 2 else (ONE * index, ONE)


def unreadable() -> object:
    """Fail like a broken disk."""
    raise OSError("disk is gone")


def fail_at_two() -> Iterator[Any]:
    """Give two batches, then fail like a broken disk."""
    yield ONE * 0, ONE
    yield ONE * 1, ONE
    unreadable()


METHODS = ["fit", "evaluate", "predict", "fit_generator", "evaluate_generator", "predict_generator"]


def call(model: Any, method: str, data: object, **arguments: Any) -> object:
    """Call a method on a stream of five steps."""
    steps = "steps_per_epoch" if method.startswith("fit") else "steps"
    if method.startswith("fit"):
        arguments["shuffle"] = False
    return getattr(model, method)(data, verbose=0, **{steps: 5}, **arguments)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("method", METHODS)
def test_exceptions_of_a_generator_reach_the_caller(
    linear: Callable[..., Any], method: str, way: dict[str, Any]
) -> None:
    """They have their own class and message, wherever they were raised."""
    with pytest.raises(OSError, match="disk is gone") as caught:
        call(linear(), method, fail_at_two(), **way)

    assert type(caught.value) is OSError
    assert str(caught.value) == "disk is gone"


@pytest.mark.parametrize("way", [*WAYS, SEVERAL])
@pytest.mark.parametrize("method", METHODS)
def test_exceptions_of_a_sequence_reach_the_caller(
    linear: Callable[..., Any], method: str, way: dict[str, Any]
) -> None:
    """They have their own class and message, wherever they were raised."""
    with pytest.raises(OSError, match="disk is gone") as caught:
        call(linear(), method, Failing(unreadable), **way)

    assert type(caught.value) is OSError
    assert str(caught.value) == "disk is gone"


@pytest.mark.parametrize("way", [*WAYS, SEVERAL])
def test_batches_before_a_failure_are_trained(
    linear: Callable[..., Any], way: dict[str, Any]
) -> None:
    """However early a worker fails, batches 0 and 1 come first."""
    model = linear()

    with pytest.raises(OSError, match="disk is gone"):
        model.fit(Failing(unreadable), shuffle=False, verbose=0, **way)

    assert model.seen.training == [[0], [1]]


@pytest.mark.parametrize("way", WAYS)
def test_failures_of_a_validation_generator_end_training(
    linear: Callable[..., Any], way: dict[str, Any]
) -> None:
    """The training generator, whose workers wait at a full queue, is let go of too."""
    with pytest.raises(OSError, match="disk is gone"):
        linear().fit(
            Full().items(),
            steps_per_epoch=2,
            epochs=3,
            validation_data=fail_at_two(),
            validation_steps=5,
            verbose=0,
            **way,
        )


@pytest.mark.parametrize("way", [*WAYS, SEVERAL])
def test_failures_of_a_validation_sequence_end_training(
    linear: Callable[..., Any], way: dict[str, Any]
) -> None:
    """Batches of both are read by workers, who all end."""
    good, bad = Failing(lambda: (ONE, ONE)), Failing(unreadable)

    with pytest.raises(OSError, match="disk is gone"):
        linear().fit(good, epochs=3, validation_data=bad, verbose=0, **way)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("given", "trained"), [(0, 0), (1, 1), (4, 4)])
def test_a_generator_that_ends_early_is_refused_after_what_it_gave(
    linear: Callable[..., Any], way: dict[str, Any], given: int, trained: int
) -> None:
    """The message has the number of batches in the epoch that is short: 4 are 3 and 1."""
    model = linear()
    items = ((ONE, ONE) for _ in range(given))

    with pytest.raises(ValueError, match=f"ended after {given % 3} batches of an epoch of 3"):
        model.fit(items, steps_per_epoch=3, epochs=2, verbose=0, **way)

    assert len(model.seen.training) == trained


@pytest.mark.parametrize("way", WAYS)
def test_a_generator_may_end_exactly_on_time(
    linear: Callable[..., Any], way: dict[str, Any]
) -> None:
    """Six batches are enough for two epochs of three."""
    model = linear()

    model.fit(((ONE, ONE) for _ in range(6)), steps_per_epoch=3, epochs=2, verbose=0, **way)

    assert len(model.seen.training) == 6


class OddError(Exception):
    """Takes two arguments, of which it makes its message, and so cannot be unpickled."""

    def __init__(self, file: str, line: int) -> None:
        super().__init__(f"{file}, line {line}: cannot be read")


class TwiceError(Exception):
    """Makes its message of its argument, and so would make another one when unpickled."""

    def __init__(self, file: str) -> None:
        super().__init__(f"cannot read {file}")


class LadenError(Exception):
    """Carries what cannot be pickled."""

    def __init__(self) -> None:
        super().__init__("laden", unpicklable)


unpicklable = threading.Lock()


def odd() -> object:
    """Fail with an exception that pickles and does not unpickle."""
    raise OddError("a.csv", 3)


def twice() -> object:
    """Fail with an exception that unpickles with another message."""
    raise TwiceError("a.csv")


def laden() -> object:
    """Fail with an exception that does not pickle."""
    raise LadenError


def local() -> object:
    """Fail with an exception whose class cannot be found by name."""

    class HiddenError(Exception):
        pass

    raise HiddenError("nobody knows my class")


@forked
@pytest.mark.parametrize(
    ("deed", "kind", "message"),
    [
        (odd, OddError, "a.csv, line 3: cannot be read"),
        (twice, TwiceError, "cannot read a.csv"),
        (laden, LadenError, str(("laden", unpicklable))),
        (local, RuntimeError, "HiddenError: nobody knows my class"),
        (lambda: sys.exit(7), SystemExit, "7"),
        (lambda: (_ for _ in ()).throw(KeyboardInterrupt), KeyboardInterrupt, ""),
    ],
    # By hand: a lock prints its address, and every process of a divided run has to agree.
    ids=["no arguments", "other message", "no pickle", "local class", "exit", "interrupt"],
)
def test_exceptions_that_cannot_be_pickled_keep_class_and_message(
    linear: Callable[..., Any],
    deed: Callable[[], object],
    kind: type[BaseException],
    message: str,
) -> None:
    """An exception from another process is the same, or as near as its class can be found."""
    with pytest.raises(kind) as caught:
        linear().fit(Failing(deed), workers=2, use_multiprocessing=True, verbose=0)

    assert type(caught.value) is kind
    assert str(caught.value) == message


@forked
def test_exceptions_of_a_process_tell_where_they_were_raised(linear: Callable[..., Any]) -> None:
    """A note has the traceback in the other process."""
    with pytest.raises(OSError, match="disk is gone") as caught:
        linear().fit(Failing(unreadable), workers=2, use_multiprocessing=True, verbose=0)

    notes = "\n".join(caught.value.__notes__)
    assert "In a worker process" in notes
    assert "in unreadable" in notes


@forked
def test_items_that_cannot_be_pickled_are_refused(linear: Callable[..., Any]) -> None:
    """A TypeError says that the item is at fault, and why."""
    with pytest.raises(TypeError, match=r"item cannot be handed over.*pickle"):
        linear().fit(Failing(lambda: lambda: None), workers=2, use_multiprocessing=True, verbose=0)


@forked
@pytest.mark.parametrize("workers", [1, 2])
def test_a_process_that_is_killed_while_training_waits_ends_training(
    linear: Callable[..., Any], workers: int
) -> None:
    """A RuntimeError has the exit code."""
    told, tell = os.pipe()

    def block() -> object:
        os.write(tell, str(os.getpid()).encode())
        threading.Event().wait()
        raise AssertionError

    def kill() -> None:
        os.kill(int(os.read(told, 20)), signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    with pytest.raises(RuntimeError, match="ended unexpectedly, with exit code -9"):
        linear().fit(Failing(block), workers=workers, use_multiprocessing=True, verbose=0)
    killer.join()
    os.close(told)
    os.close(tell)


@forked
def test_a_process_that_will_not_end_is_ended(
    linear: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One in the middle of an item that nobody wants any more does not hold up the caller."""
    monkeypatch.setattr(worker_processes, "GRACE_SECONDS", 0.05)
    reached, reach = os.pipe()

    def block() -> object:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        os.write(reach, b"x")
        threading.Event().wait()
        raise AssertionError

    def stop(batch: int, logs: object) -> None:  # noqa: ARG001 - a hook's arguments
        os.read(reached, 1)
        raise OSError("enough")

    with pytest.raises(OSError, match="enough"):
        linear().fit(
            Failing(block),
            shuffle=False,
            workers=2,
            use_multiprocessing=True,
            verbose=0,
            callbacks=[callbacks.LambdaCallback(on_batch_end=stop)],
        )
    os.close(reached)
    os.close(reach)


@pytest.mark.parametrize("failure", [OSError("enough"), KeyboardInterrupt(), SystemExit(3)])
def test_exceptions_in_a_callback_while_the_queue_is_full(
    linear: Callable[..., Any], failure: BaseException
) -> None:
    """A producer that waits for room is let go, and the generator can be used again."""
    full = Full()
    items = full.items()

    def fail(batch: int, logs: object) -> None:  # noqa: ARG001 - a hook's arguments
        full.wait(1 + 3 + 1)  # trained, waiting, in hand
        raise failure

    with pytest.raises(type(failure)):
        linear().fit(
            items,
            steps_per_epoch=9,
            max_queue_size=3,
            verbose=0,
            callbacks=[callbacks.LambdaCallback(on_batch_end=fail)],
        )

    assert full.drawn == 5
    next(items)
    assert full.drawn == 6


@pytest.mark.parametrize("way", [*WAYS, SEVERAL])
@pytest.mark.parametrize(
    "hook", ["on_train_begin", "on_epoch_begin", "on_batch_begin", "on_epoch_end", "on_train_end"]
)
def test_exceptions_in_any_hook_end_all_workers(
    linear: Callable[..., Any], way: dict[str, Any], hook: str
) -> None:
    """Wherever a callback fails, nothing goes on behind its back."""

    def fail(*_: object) -> None:
        raise OSError("enough")

    with pytest.raises(OSError, match="enough"):
        linear().fit(
            Failing(lambda: (ONE, ONE)),
            steps_per_epoch=5,
            verbose=0,
            callbacks=[callbacks.LambdaCallback(**{hook: fail})],
            **way,
        )


@pytest.mark.parametrize("way", [*WAYS, SEVERAL])
def test_stop_training_ends_all_workers(linear: Callable[..., Any], way: dict[str, Any]) -> None:
    """Training ends with the batch, though most of the Sequence was not taken."""
    model = linear()

    def stop(batch: int, logs: object) -> None:  # noqa: ARG001 - a hook's arguments
        model.stop_training = batch == 1

    model.fit(
        Failing(lambda: (ONE, ONE)),
        epochs=3,
        verbose=0,
        callbacks=[callbacks.LambdaCallback(on_batch_end=stop)],
        **way,
    )

    assert len(model.seen.training) == 2


@pytest.mark.parametrize("way", WAYS)
def test_a_malformed_item_changes_nothing(linear: Callable[..., Any], way: dict[str, Any]) -> None:
    """A ValueError describes it; hooks of its batch are not called, weights stay."""
    model, begun = linear(3.0, lr=0.1), []
    note = callbacks.LambdaCallback(on_batch_begin=lambda batch, _: begun.append(batch))
    words = "tuple of 2 (ndarray of shape (1, 2), ndarray of shape (1, 1))"

    with pytest.raises(ValueError, match=re.escape(words)):
        model.fit(
            itertools.repeat((np.ones((1, 2)), ONE)),
            steps_per_epoch=2,
            verbose=0,
            callbacks=[note],
            **way,
        )

    assert begun == []
    assert model.get_weights()[0].tolist() == [[3]]
    assert model.optimizer.iterations == 0


@pytest.mark.parametrize(
    ("item", "words"),
    [
        (None, "got None"),
        ((ONE,) * 4, "got tuple of 4 (ndarray of shape (1, 1), "),
        ({"x": ONE}, "got dict of 1 ('x': ndarray of shape (1, 1))"),
        ((ONE, np.ones((2, 1))), "tuple of 2 (ndarray of shape (1, 1), ndarray of shape (2, 1))"),
        ((ONE, "text"), "tuple of 2 (ndarray of shape (1, 1), str)"),
    ],
)
def test_malformed_items_are_described(
    linear: Callable[..., Any], item: object, words: str
) -> None:
    """Type, length and shapes are in the message."""
    with pytest.raises(ValueError, match=re.escape(words)):
        linear().evaluate(iter([item]), steps=1, verbose=0)


def test_a_model_that_is_not_compiled_draws_nothing() -> None:
    """A RuntimeError comes before the first item."""
    full, model = Full(), Sequential([layers.Dense(1, input_shape=(1,))])

    for method in ("fit", "evaluate", "fit_generator", "evaluate_generator"):
        with pytest.raises(RuntimeError):
            call(model, method, full.items())

    assert full.drawn == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"epochs": "many"},
        {"callbacks": 3},
        {"class_weight": {"a": 1}},
        {"validation_data": (ONE, np.ones((2, 1)))},
        {"validation_data": iter([]), "validation_steps": 0},
        {"validation_data": (ONE, ONE), "validation_freq": 0},
        {"initial_epoch": -1},
        {"max_queue_size": 0},
        {"workers": 1.5},
        {"verbose": 9},
    ],
)
def test_a_call_that_is_refused_draws_nothing(
    linear: Callable[..., Any], wrong: dict[str, Any]
) -> None:
    """Model, optimizer and generator are as they were."""
    full, model = Full(), linear(3.0, lr=0.1)

    with pytest.raises((TypeError, ValueError)):
        model.fit(full.items(), **{"steps_per_epoch": 1, "verbose": 0, **wrong})

    assert full.drawn == 0
    assert model.get_weights()[0].tolist() == [[3]]
    assert model.optimizer.iterations == 0
    assert model.history is None


def run(tmp_path: Path, program: str) -> subprocess.CompletedProcess[str]:
    """Run a program in a process group of its own."""
    file = tmp_path / "program.py"
    file.write_text(textwrap.dedent(program), encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, "-W", "error", str(file)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            output, errors = process.communicate(timeout=HANG_SECONDS / 2)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
    return subprocess.CompletedProcess(process.args, process.returncode, output, errors)


CTRL_C = """
    import multiprocessing, os, signal, threading
    import numpy as np
    from fitspec.reference import Sequential, Sequence, callbacks, layers

    ONE = np.ones((1, 1))
    drawn = multiprocessing.Value("i", 0)
    full = threading.Event()

    def generate():
        while True:
            with drawn.get_lock():
                drawn.value += 1
            if drawn.value >= 1 + 3 + 1:
                full.set()
            yield ONE, ONE

    class Batches(Sequence):
        def __len__(self):
            return 1000
        def __getitem__(self, index):
            return ONE, ONE

    def interrupt(batch, logs):
        if WAIT:
            assert full.wait(60)
        os.killpg(os.getpgrp(), signal.SIGINT)

    signal.signal(signal.SIGINT, signal.default_int_handler)
    model = Sequential([layers.Dense(1, input_shape=(1,))])
    model.compile("sgd", "mse")
    callback = callbacks.LambdaCallback(on_batch_end=interrupt)
    try:
        model.fit(DATA, steps_per_epoch=1000, verbose=0, max_queue_size=3, callbacks=[callback],
                  use_multiprocessing=not WAIT, workers=1 if WAIT else 2)
    except KeyboardInterrupt:
        print("interrupted", threading.active_count(), multiprocessing.active_children())
"""


@pytest.mark.parametrize(
    ("data", "wait"), [("generate()", True), pytest.param("Batches()", False, marks=forked)]
)
def test_ctrl_c_ends_workers_and_training(tmp_path: Path, data: str, wait: bool) -> None:
    """With a full queue or with processes: one thread remains, no process, and nothing is said."""
    ended = run(tmp_path, CTRL_C.replace("DATA", data).replace("WAIT", str(wait)))

    assert (ended.stdout, ended.stderr) == ("interrupted 1 []\n", "")
    assert ended.returncode == 0


INTERRUPTED_AT_BIRTH = """
    import os, signal
    import numpy as np
    from fitspec.reference import Sequential, Sequence, layers

    class Batches(Sequence):
        def __len__(self):
            return 3
        def __getitem__(self, index):
            return np.ones((1, 1)), np.ones((1, 1))

    os.register_at_fork(after_in_child=lambda: os.kill(os.getpid(), signal.SIGINT))
    signal.signal(signal.SIGINT, signal.default_int_handler)
    model = Sequential([layers.Dense(1, input_shape=(1,))])
    model.compile("sgd", "mse")
    model.fit(Batches(), workers=2, use_multiprocessing=True, verbose=0)
    print("trained")
"""


@forked
def test_ctrl_c_while_a_process_begins_is_left_to_the_one_that_trains(tmp_path: Path) -> None:
    """A process hears of Ctrl-C at no time, the first moment included."""
    ended = run(tmp_path, INTERRUPTED_AT_BIRTH)

    assert (ended.stdout, ended.stderr) == ("trained\n", "")


ORPHANED = """
    import os, signal
    import numpy as np
    from fitspec.reference import Sequential, Sequence, callbacks, layers

    class Batches(Sequence):
        def __len__(self):
            return 1000
        def __getitem__(self, index):
            return np.ones((1, 1)), np.ones((1, 1))

    def die(batch, logs):
        os.kill(os.getpid(), signal.SIGKILL)

    model = Sequential([layers.Dense(1, input_shape=(1,))])
    model.compile("sgd", "mse")
    callback = callbacks.LambdaCallback(on_batch_end=die)
    model.fit(Batches(), workers=3, use_multiprocessing=True, verbose=0, callbacks=[callback])
"""


@forked
def test_workers_end_when_the_process_that_trains_is_killed(tmp_path: Path) -> None:
    """All of them have the output open, which ends when the last of them has."""
    ended = run(tmp_path, ORPHANED)

    assert ended.returncode == -signal.SIGKILL
    assert (ended.stdout, ended.stderr) == ("", "")


SPAWNED = """
    import multiprocessing, os, signal
    import numpy as np
    from fitspec.reference import Sequential, Sequence, layers

    class Batches(Sequence):
        def __init__(self):
            self.epoch = 1
        def __len__(self):
            return 4
        def __getitem__(self, index):
            if index == 2 and self.epoch == KILLED:
                os.kill(os.getpid(), signal.SIGKILL)
            assert multiprocessing.current_process().name != "MainProcess"
            return np.full((1, 1), self.epoch * 10 + index), np.ones((1, 1))
        def on_epoch_end(self):
            self.epoch += 1

    if __name__ == "__main__":
        multiprocessing.set_start_method("spawn")
        model = Sequential([layers.Dense(1, input_shape=(1,), use_bias=False)])
        model.compile("sgd", "mse")
        model.set_weights([np.ones((1, 1))])
        how = dict(workers=2, use_multiprocessing=True, verbose=0)
        sequence = Batches()
        print(model.predict(sequence, **how)[:, 0].tolist())
        sequence.on_epoch_end()
        print(model.predict(sequence, **how)[:, 0].tolist())
        class Local(Batches):
            pass
        local = Batches()
        local.hidden = lambda: None
        for data in ((item for item in [1]), local):
            try:
                model.fit(data, steps_per_epoch=1, use_multiprocessing=True, verbose=0)
            except TypeError as error:
                print(error)
        try:
            sequence.on_epoch_end()
            model.predict(sequence, **how)
        except RuntimeError as error:
            print(error)
        print(multiprocessing.active_children())
"""


@pytest.mark.skipif("spawn" not in multiprocessing.get_all_start_methods(), reason="no spawning")
def test_spawned_processes(tmp_path: Path) -> None:
    """They read a Sequence as it is at the time; what cannot be pickled is refused by name."""
    lines = run(tmp_path, SPAWNED.replace("KILLED", "3")).stdout.splitlines()

    assert lines[:2] == ["[10.0, 11.0, 12.0, 13.0]", "[20.0, 21.0, 22.0, 23.0]"]
    assert re.search(r"^the generator \(.*\) cannot be handed .*'spawn'", lines[2])
    assert re.search(r"^the Sequence \(Batches\) cannot be handed .*'spawn'", lines[3])
    assert lines[4:] == ["a worker process ended unexpectedly, with exit code -9", "[]"]
