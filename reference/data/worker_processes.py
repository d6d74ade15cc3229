"""Items prepared in other processes while the model works.

Each process has a thread of this one to itself, which asks it for one item after another. So order,
the bound on items ahead and the way of exceptions are those of `queueing`, and two processes share
nothing that the death of one could leave locked.

Processes start and end with an epoch of a Sequence: they see what `on_epoch_end` has made of it,
which goes for a Sequence that cannot be pickled too, where processes are forked. Those of a
generator live as long as the call that reads it.
"""

from __future__ import annotations

import contextlib
import pickle
import signal
import threading
import time
import traceback
import warnings
from typing import TYPE_CHECKING, Any

from fitspec.reference.data import prefetch

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from multiprocessing.connection import Connection
    from multiprocessing.context import BaseContext
    from multiprocessing.process import BaseProcess

    from fitspec.reference.data.prefetch import Read
    from fitspec.reference.data.sequence import Sequence

ITEM, FAILURE, END = "item", "failure", "end"

LOOK_SECONDS = 0.2
"""How often one who waits looks whether the process is still there, should its pipe not tell."""

GRACE_SECONDS = 1.0
"""How long a process that is dismissed in the middle of an item has before it is ended."""


class WorkerProcess:
    """A process that reads items when asked.

    Args:
        context: How processes are started.
        read: What it reads with: a copy of this, pickled unless processes are forked.
        what: A name for that in messages.

    Raises:
        TypeError: `read` must be pickled and cannot be.

    """

    def __init__(self, context: BaseContext, read: Read, what: str) -> None:
        self._connection, theirs = context.Pipe()
        arguments = (read, theirs, self._connection)
        # Of a `BaseContext` the type checker does not know that it has processes.
        self._process: BaseProcess = context.Process(  # type: ignore[attr-defined]
            target=serve, args=arguments, daemon=True
        )
        try:
            start(self._process)
        # fit_generator.use_multiprocessing.picklable
        except (TypeError, AttributeError, pickle.PicklingError) as error:
            self._connection.close()
            raise TypeError(
                f"{what} cannot be handed to another process: {error}. Processes are started "
                f"by {context.get_start_method()!r} here, which pickles what they are given"
            ) from error
        except BaseException:
            self._connection.close()
            raise
        finally:
            # The only open end is that of the process, so that its death ends the connection.
            theirs.close()

    def read(self, position: int) -> object:
        """Ask for the item at a position, and wait for it.

        Raises:
            RuntimeError: The process is gone without a word.
            BaseException: Whatever was raised there.

        """
        kind, content, trace = pickle.loads(self._ask(position))  # noqa: S301 - from our process
        if kind == END:
            raise StopIteration
        if kind == FAILURE:
            failure = pickle.loads(content)  # noqa: S301 - from our process
            failure.add_note(f"In a worker process:\n{trace}")
            raise failure
        return content

    def _ask(self, position: int) -> bytes:
        try:
            self._connection.send(position)
            while not self._connection.poll(LOOK_SECONDS):
                if not self._process.is_alive() and not self._connection.poll():
                    raise EOFError  # noqa: TRY301 - as if the connection had told
            return self._connection.recv_bytes()
        except (EOFError, OSError):
            self._process.join(GRACE_SECONDS)
            raise RuntimeError(
                f"a worker process ended unexpectedly, with exit code {self._process.exitcode}"
            ) from None

    def dismiss(self) -> None:
        """Tell the process that nothing more is wanted."""
        with contextlib.suppress(OSError):
            self._connection.send(None)

    def end(self, deadline: float) -> None:
        """Wait for the process until the deadline, then end it."""
        self._process.join(max(0.0, deadline - time.monotonic()))
        if self._process.is_alive():
            self._process.terminate()
            self._process.join(GRACE_SECONDS)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()

    def close(self) -> None:
        """Close what leads to a process that has ended."""
        self._connection.close()
        self._process.close()


_starting = threading.RLock()
"""One thread forks at a time: warnings are the process's, and libraries refuse forks at once."""


def start(process: BaseProcess) -> None:
    """Start a process."""
    with _starting, warnings.catch_warnings():
        # Python warns of forking beside threads. Those of array libraries expect it.
        warnings.simplefilter("ignore", DeprecationWarning)
        with ctrl_c_held_back():
            process.start()


@contextlib.contextmanager
def ctrl_c_held_back() -> Iterator[None]:
    """Have a process that is started inside of the block begin without hearing of Ctrl-C."""
    if not hasattr(signal, "pthread_sigmask"):  # where there is no fork either
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def serve(read: Read, connection: Connection, other_end: Connection) -> None:
    """Send the items that are asked for, until none is. Runs in the other process."""
    # A copy of the end that is not ours would keep the connection alive without its owner.
    other_end.close()
    # Ctrl-C reaches all processes of a terminal; the one that trains decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    with contextlib.suppress(EOFError, OSError):  # the one that trains is gone
        while (position := connection.recv()) is not None:
            connection.send_bytes(reply_to(read, position))


def reply_to(read: Read, position: int) -> bytes:
    """Read an item and pickle it, or else the exception that came of it."""
    outcome = prefetch.prefetched(read, position)
    if isinstance(outcome.failure, StopIteration):
        return pickle.dumps((END, None, ""))
    if outcome.failure is not None:
        return failed(outcome.failure)
    try:
        return pickle.dumps((ITEM, outcome.item, ""), pickle.HIGHEST_PROTOCOL)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with the item
        problem = f"an item cannot be handed over by a worker process, which pickles it: {error}"
        return failed(TypeError(problem))


def failed(failure: BaseException) -> bytes:
    """Pickle an exception, with its traceback as text."""
    return pickle.dumps((FAILURE, portable(failure), "".join(traceback.format_exception(failure))))


def portable(failure: BaseException) -> bytes:
    """Pickle an exception, or else one of its class with its message, or with its message alone."""
    for candidate in (failure, Bare(type(failure), str(failure))):
        with contextlib.suppress(Exception):  # whatever is wrong with it
            content = pickle.dumps(candidate)
            copy = pickle.loads(content)  # noqa: S301 - just made here
            # An exception that makes its message of its arguments makes one of the message.
            if type(copy) is type(failure) and str(copy) == str(failure):
                return content
    return pickle.dumps(RuntimeError(f"{type(failure).__name__}: {failure}"))


class Bare:
    """Pickles as an exception that has its class and message and nothing else."""

    def __init__(self, kind: type[BaseException], message: str) -> None:
        self._kind = kind
        self._message = message

    def __reduce__(self) -> tuple[Any, ...]:
        return bare, (self._kind, self._message)


def bare(kind: type[BaseException], message: str) -> BaseException:
    """Make an exception past its own constructor, which may want other arguments."""
    failure = kind.__new__(kind, message)
    failure.args = (message,)
    return failure


class ProcessReader(prefetch.OrderedReader):
    """Reads items in processes, ahead of need, and gives them in the order of their positions.

    Args:
        reads: What each process reads with.
        positions: As for `OrderedReader`.
        max_queue_size: How many items may wait.
        what: A name for what is read, for messages.

    Raises:
        TypeError: It must be pickled and cannot be.

    """

    def __init__(
        self, reads: list[Read], positions: list[Iterator[int]], max_queue_size: int, what: str
    ) -> None:
        # Imported only here, as most training needs no processes and pays for every import.
        import multiprocessing  # noqa: PLC0415

        usual = multiprocessing.get_all_start_methods()[0]
        chosen = multiprocessing.get_start_method(allow_none=True) or usual
        # What is usual since Python 3.14 pickles what is handed over: no generator. Whoever asked
        # what it is, or had a pool, has chosen it as far as can be seen.
        method = "fork" if chosen == usual == "forkserver" else chosen
        context = multiprocessing.get_context(method)
        self._processes: list[WorkerProcess] = []
        try:
            for read in reads:
                self._processes.append(WorkerProcess(context, read, what))
        except BaseException:
            end(self._processes)
            for process in self._processes:
                process.close()
            raise
        super().__init__([process.read for process in self._processes], positions, max_queue_size)

    def close(self) -> None:
        """End the processes and then the threads; items that nobody has taken are lost."""
        self.stop()
        end(self._processes)
        self.join()  # a thread that waits for a process waits no longer
        for process in self._processes:
            process.close()
        self._processes.clear()


def end(processes: list[WorkerProcess]) -> None:
    """End processes: those in the middle of an item share a time of grace."""
    for process in processes:
        process.dismiss()
    deadline = time.monotonic() + GRACE_SECONDS
    for process in processes:
        process.end(deadline)


def items_in_order(
    sequence: Sequence, indices: list[int], workers: int, max_queue_size: int
) -> Generator[object]:
    """Read items of a Sequence in several processes, and give them in the order asked for.

    See `fit_generator.sequence.order-guarantee`.
    """
    count = min(workers, len(indices))  # fit_generator.workers.upper-bound
    reads: list[Read] = [prefetch.ItemsAt(sequence, indices)] * count
    # fit_generator.sequence.each-index-once
    positions = prefetch.positions_when_free(count, len(indices))
    what = f"the Sequence ({type(sequence).__name__})"
    with contextlib.closing(ProcessReader(reads, positions, max_queue_size, what)) as items:
        for _ in indices:
            yield next(items)


def copies_of(iterator: Iterator[object], workers: int, max_queue_size: int) -> ProcessReader:
    """Draw from copies of a generator, one per process, in turn.

    See `fit_generator.use_multiprocessing.generator-duplicates`.
    """
    if workers > 1:
        warnings.warn(
            f"use_multiprocessing with {workers} workers draws every item of a generator "
            f"{workers} times; a Sequence is read once",
            UserWarning,
            stacklevel=2,
        )
    reads: list[Read] = [prefetch.NextOf(iterator)] * workers
    # fit_generator.use_multiprocessing.single-process
    positions = prefetch.positions_in_turn(workers)
    return ProcessReader(reads, positions, max_queue_size, f"the generator ({iterator!r})")
