"""Performing a campaign on many processes or machines, by Dask.

Every process that takes part starts the implementations itself and keeps them for as long as the
campaign goes on. One that dies is replaced, and what it was at is begun again elsewhere: what comes
of a piece of work depends on nothing but that piece.
"""

from __future__ import annotations

import logging
import multiprocessing
import signal
import threading
import uuid
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final, TypeVar

from dask import config
from distributed import Client, KilledWorker, LocalCluster, WorkerPlugin, get_worker
from distributed.comm.addressing import parse_address, parse_host_port
from distributed.comm.core import CommClosedError

from fitspec.conformance.explore.campaign import smallest
from fitspec.conformance.system.interrupts import held_back
from fitspec.conformance.system.scratch import Scratch, sweep

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future
    from multiprocessing.process import BaseProcess

    from distributed import Worker

    from fitspec.conformance.explore.opening import Opened, Sides

T = TypeVar("T")

#: How many programs are begun ahead for each thread of the cluster. Making one difference smaller
#: takes as long as up to 250 of them, and who has nothing to do until then is idle.
AHEAD: Final = 100
#: How long a scheduler may take to answer, in s.
PATIENCE: Final = 10
#: How long a cluster that is interrupted may take to end in good order, in s.
_IMPATIENCE: Final = 0.5


class Cluster:
    """Performs on the processes of a cluster.

    Args:
        client: of the cluster.
        sides: whom each of its processes starts.
    """

    def __init__(self, client: Client, sides: Sides) -> None:
        self._client = client
        self._executor = client.get_executor(pure=False)
        self._name = f"fitspec-{uuid.uuid4().hex}"
        client.register_plugin(_Kept(sides), name=self._name)

    @property
    def ahead(self) -> int:
        """How many programs are begun at most before the first of them is through."""
        threads: int = sum(self._client.nthreads().values())
        return AHEAD * max(1, threads)

    def begin(self, work: Callable[..., T], *given: Any) -> Future[T]:
        """Have some process do it; making a difference smaller comes first, as it takes long."""
        first = int(work is smallest)
        future: Future[T] = self._executor.submit(_work, self._name, work, *given, priority=first)
        return future

    def versions(self) -> dict[str, str]:
        """Return those of the libraries of who is looked at.

        Raises:
            RuntimeError: it does not start there.
        """
        found: dict[str, str] = self._executor.submit(_versions, self._name).result()
        return found

    def close(self) -> None:
        """Leave nothing behind on the processes of the cluster."""
        self._executor.shutdown(wait=False)
        # One that dies meanwhile keeps nothing, and the others are told all the same.
        with suppress(CommClosedError):
            self._client.unregister_worker_plugin(self._name)


@contextmanager
def joined(sides: Sides, scheduler: str) -> Iterator[Cluster]:
    """Perform on the cluster of a scheduler, which is left as it was.

    Args:
        sides: whom a campaign is about.
        scheduler: its address, such as ``tcp://10.0.0.1:8786``.

    Raises:
        ValueError: that is no address.
        RuntimeError: nobody answers there, or nobody works for it.
    """
    try:
        parse_host_port(parse_address(scheduler)[1])
    except ValueError as error:
        raise ValueError(
            f"--scheduler {scheduler}: expected an address such as tcp://10.0.0.1:8786"
        ) from error
    try:
        client = Client(scheduler, timeout=PATIENCE, set_as_default=False)
    except OSError as error:
        raise RuntimeError(f"--scheduler {scheduler}: no scheduler of Dask answers") from error
    with client:
        if not client.nthreads():
            raise RuntimeError(f"--scheduler {scheduler}: it has no workers")
        with _of(client, sides) as cluster:
            yield cluster


@contextmanager
def started(sides: Sides, workers: int) -> Iterator[Cluster]:
    """Perform on so many processes of this machine, which end with the block.

    Args:
        sides: whom a campaign is about.
        workers: how many.
    """
    with (
        _local() as local,
        Client(local, set_as_default=False) as client,
    ):
        local.scale(workers)
        client.wait_for_workers(workers)
        client.register_plugin(_Deaf(), name="deaf")
        with _of(client, sides) as cluster:
            yield cluster


@contextmanager
def _local() -> Iterator[LocalCluster]:
    """Start a cluster of this machine without workers; it ends with the block, and they with it.

    Once a person interrupts it, nobody waits for what workers are at.
    """
    others: set[BaseProcess] = {*multiprocessing.active_children()}
    with Scratch() as scratch, config.set({"temporary-directory": str(scratch.folder)}):
        # One that is interrupted while it begins cannot be ended. Without workers it does not wait.
        with held_back():
            local = LocalCluster(
                n_workers=0,
                threads_per_worker=1,
                # What takes memory is what they start, which has a limit of its own.
                memory_limit=None,
                # Any port that is free.
                dashboard_address="127.0.0.1:0",
                # That one of them dies is told by none of their tracebacks.
                silence_logs=logging.CRITICAL,
            )
        try:
            yield local
        except KeyboardInterrupt:
            # What the processes have started ends with them.
            _kill(others)
            # Nor is it waited for at the end of this process.
            local.shutdown_on_close = False
            with suppress(TimeoutError):
                local.close(_IMPATIENCE)
            # Those that were started meanwhile in the place of the others.
            _kill(others)
            sweep()
            raise
        finally:
            if local.shutdown_on_close:
                local.close()


def _kill(others: set[BaseProcess]) -> None:
    """Kill the processes that this one has started, but for others, and see them dead."""
    started = {*multiprocessing.active_children()} - others
    for child in started:
        child.kill()
    for child in started:
        child.join(_IMPATIENCE)


@contextmanager
def _of(client: Client, sides: Sides) -> Iterator[Cluster]:
    cluster = Cluster(client, sides)
    try:
        yield cluster
    except KilledWorker as error:
        raise RuntimeError(f"a piece of work ended each worker that was at it: {error}") from error
    finally:
        cluster.close()


class _Deaf(WorkerPlugin):
    """Has Ctrl-C reach nobody but who started the cluster, and ends it."""

    def setup(self, worker: Worker) -> None:
        del worker
        signal.signal(signal.SIGINT, signal.SIG_IGN)


class _Kept(WorkerPlugin):
    """What a process has started, for whatever it has to do next.

    Args:
        sides: whom to start.
    """

    def __init__(self, sides: Sides) -> None:
        self._sides = sides

    def setup(self, worker: Worker) -> None:
        del worker
        self._sessions = ExitStack()
        self._free: list[Opened] = []
        self._starting = threading.Lock()

    def teardown(self, worker: Worker) -> None:
        del worker
        self._sessions.close()

    @contextmanager
    def lent(self) -> Iterator[Opened]:
        """Lend what nobody else is at; it is started where there is none."""
        try:
            opened = self._free.pop()
        except IndexError:
            with self._starting:
                opened = self._sessions.enter_context(self._sides.opened(lambda _: None))
        try:
            yield opened
        finally:
            self._free.append(opened)


def _kept(name: str) -> _Kept:
    kept = get_worker().plugins[name]
    assert isinstance(kept, _Kept)  # noqa: S101  the name is one of ours
    return kept


def _work(name: str, work: Callable[..., T], *given: Any) -> T:
    with _kept(name).lent() as opened:
        return work(opened.oracles, *given)


def _versions(name: str) -> dict[str, str]:
    with _kept(name).lent() as opened:
        return opened.versions
