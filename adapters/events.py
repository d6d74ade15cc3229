"""The log into which probes write what happens to them, from any thread and any process."""

from __future__ import annotations

import json
import os
import threading
import time
from typing import Any, Callable

from fitspec.adapters import wire
from fitspec.adapters.scalars import number

#: How often a probe that waits looks into the log, in s.
_LOOK = 0.002


class EventLog:
    """An append-only file of events, one JSON object a line.

    The order of the lines is the order of the events, whichever threads and processes wrote them:
    a short write at the end of a file opened for appending is not divided. A log survives both
    ways into a child process: forked, its descriptor is shared; pickled, its path is.
    """

    #: Whether a newer log is in its place.
    _is_over = False

    def __init__(self, path: str) -> None:
        self.path = path
        self._descriptor = os.open(path, os.O_CREAT | os.O_RDWR | os.O_APPEND, 0o600)

    def __reduce__(self) -> tuple[type, tuple[str]]:
        return EventLog, (self.path,)

    def write(self, kind: str, probe: str, **fields: Any) -> None:
        """Note that `probe` saw an event of `kind`; `fields` are what a check may ask about it."""
        if self._is_over:
            return
        thread = threading.current_thread()
        event = {
            "kind": kind,
            "probe": probe,
            "pid": os.getpid(),
            "thread": thread.ident,
            "main_thread": thread is threading.main_thread(),
            "time": time.monotonic(),
            "fields": wire.encode(fields, _describe),
        }
        line = json.dumps(event, allow_nan=False, separators=(",", ":")) + "\n"
        os.write(self._descriptor, line.encode("ascii"))

    def position(self) -> int:
        """Return where the log ends now."""
        return os.fstat(self._descriptor).st_size

    def since(self, position: int) -> list[dict[str, Any]]:
        """Return the events after `position`, still encoded."""
        with open(self.path, "rb") as file:
            file.seek(position)
            lines = [line for line in file if line.endswith(b"\n")]
        # At once: each by itself takes more than twice as long.
        events: list[dict[str, Any]] = json.loads(b"[%s]" % b",".join(lines))
        return events

    def count(self, kind: str, probe: str) -> int:
        """Return how many events of `kind` the probe has seen since the log was made or renewed."""
        return sum(event["kind"] == kind and event["probe"] == probe for event in self.since(0))

    def wait(self, kind: str, probe: str, count: int, within: float, quiet: float = 0.0) -> bool:
        """Wait until the probe has seen `count` events of `kind`, wherever it runs.

        Args:
            kind: kind of event.
            probe: key of the probe.
            count: how many.
            within: how long to wait for them at most, in s.
            quiet: how long to go on waiting after the last such event, in s, for more to come.

        Returns:
            Whether they came.
        """
        deadline = time.monotonic() + within
        seen = self.count(kind, probe)
        while seen < count and time.monotonic() < deadline:
            time.sleep(_LOOK)
            seen = self.count(kind, probe)
        reached = seen >= count
        silent_since = time.monotonic()
        while time.monotonic() < silent_since + quiet:
            time.sleep(_LOOK)
            now = self.count(kind, probe)
            if now != seen:
                seen, silent_since = now, time.monotonic()
        return reached

    def renewed(self) -> EventLog:
        """Forget all events, and return a log in the place of this one, which takes no more.

        Who writes into this one later, as a generator that is found to be garbage by then, is a
        probe of a check that is over.
        """
        os.ftruncate(self._descriptor, 0)
        again = object.__new__(EventLog)
        again.path, again._descriptor = self.path, self._descriptor
        self._is_over = True
        return again


def _describe(value: Any) -> Any:
    """Give what an implementation handed to a probe as a number or an array, else as text."""
    scalar = number(value)
    if scalar is not None:
        return wire.encode(scalar)
    try:
        array = value.__array__()
    except Exception:  # noqa: BLE001  an implementation's object may raise anything here
        return describe(value)
    return wire.encode(array, describe)


def describe(value: Any, convert: Callable[[Any], str] = repr) -> str:
    """Return `value` as text, whatever its own conversion does: an implementation wrote it."""
    try:
        return str(convert(value))
    except BaseException as error:  # noqa: BLE001  also SystemExit is no reason to end here
        return "<%s whose text cannot be had: %s>" % (type(value).__name__, type(error).__name__)
