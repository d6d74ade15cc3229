"""The generators and Sequences that watch how an implementation reads them.

They act as a user's would: they may be slow until something happens, fail, or die with the process
they run in. What is asked of them goes to the event log, with the process and thread that asked.
"""

from __future__ import annotations

import builtins
import os
import signal
import threading
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from fitspec.adapters.events import EventLog


#: How many items more than its length says a Sequence gives that goes on beyond it: enough to see
#: that they are asked for, and no more, since some read until there are none.
_BEYOND = 100


def wait_for(log: EventLog, key: str, wait: Mapping[str, Any]) -> None:
    """Wait in the probe `key` until another, or the same, has seen enough.

    Logs `came` with whether it did in time.

    Args:
        log: where events are.
        key: of the probe that waits.
        wait: `kind`, `probe` (None for the one that waits), `count`, `within` and `quiet` of
            `EventLog.wait`.
    """
    settings = dict(wait, probe=wait["probe"] or key)
    log.write("came", key, in_time=log.wait(**settings))


class Conduct:
    """What a source of batches does besides giving them, at the indices where it does.

    Args:
        waits: index of an item -> what to wait for before it is given, as `wait_for` takes it.
        raises_at: index of the item in whose place it raises.
        error: name of the built-in exception that it raises.
        message: text of that exception.
        kills_at: index of the item in whose place it kills the process it runs in, unless that is
            the one that it was made in.
    """

    def __init__(
        self,
        waits: Mapping[int, Mapping[str, Any]] | None = None,
        raises_at: int | None = None,
        error: str = "ArithmeticError",
        message: str = "raised by the source of batches",
        kills_at: int | None = None,
    ) -> None:
        self.waits = waits or {}
        self.raises_at = raises_at
        self.error = error
        self.message = message
        self.kills_at = kills_at
        self.home = os.getpid()

    def act(self, log: EventLog, key: str, index: int) -> None:
        """Do what is due at item `index`."""
        if index in self.waits:
            wait_for(log, key, self.waits[index])
        if index == self.kills_at and os.getpid() != self.home:
            os.kill(os.getpid(), signal.SIGKILL)
        if index == self.raises_at:
            raise getattr(builtins, self.error)(self.message)


def generate(
    log: EventLog, key: str, items: Sequence[Any], repeats: bool, conduct: Conduct
) -> Iterator[Any]:
    """Yield `items`, from the first again after the last if it `repeats`.

    Logs `pull` as each is asked for, `give` as it is handed over, `end` when there are no more and
    `close` when it is closed before.
    """
    index = 0
    try:
        while repeats or index < len(items):
            log.write("pull", key, index=index)
            conduct.act(log, key, index)
            log.write("give", key, index=index)
            yield items[index % len(items)]
            index += 1
    except GeneratorExit:
        log.write("close", key, index=index)
        raise
    log.write("end", key)


def read_lines(log: EventLog, key: str, path: str) -> Iterator[Any]:
    """Yield the lines of a text file as batches of one sample, from the first after the last.

    It is the documents' example: a line holds three numbers, the inputs ``input_1`` and
    ``input_2`` and the target of ``output``. Logs `file_open` and `file_close`.
    """
    while True:
        log.write("file_open", key)
        try:
            with open(path, encoding="ascii") as file:
                for line in file:
                    x1, x2, y = (np.array([[float(word)]], np.float32) for word in line.split())
                    yield {"input_1": x1, "input_2": x2}, {"output": y}
        finally:
            log.write("file_close", key)


class Locked:
    """An iterator that several threads may draw from: one after the other."""

    def __init__(self, iterator: Iterator[Any]) -> None:
        self._iterator = iterator
        self._lock = threading.Lock()

    def __iter__(self) -> Locked:
        return self

    def __next__(self) -> Any:
        with self._lock:
            return next(self._iterator)


def sequence_class(base: type) -> Any:
    """Return a subclass of the implementation's Sequence that logs what is asked of it.

    Logs `get_item` as an item is asked for, `give` as it is handed over, and `sequence_epoch_end`.
    """

    def initialise(  # noqa: PLR0913, PLR0917  the fields of the description
        self: Any,
        log: EventLog,
        key: str,
        items: Sequence[Any],
        lengths: Sequence[int],
        endless: bool,
        picklable: bool,
        conduct: Conduct,
    ) -> None:
        base.__init__(self)  # type: ignore[misc]  # the base is known only when it runs
        self.fitspec_log, self.fitspec_key, self.fitspec_items = log, key, items
        self.fitspec_lengths, self.fitspec_endless = lengths or [len(items)], endless
        self.fitspec_picklable, self.fitspec_conduct = picklable, conduct
        self.fitspec_epochs = 0

    def length(self: Any) -> int:
        place = min(self.fitspec_epochs, len(self.fitspec_lengths) - 1)
        return int(self.fitspec_lengths[place])

    def item(self: Any, index: int) -> Any:
        self.fitspec_log.write("get_item", self.fitspec_key, index=index)
        self.fitspec_conduct.act(self.fitspec_log, self.fitspec_key, index)
        if index >= len(self) + (_BEYOND if self.fitspec_endless else 0):
            raise IndexError("item %d of %d" % (index, len(self)))
        self.fitspec_log.write("give", self.fitspec_key, index=index)
        return self.fitspec_items[index % len(self.fitspec_items)]

    def end(self: Any) -> None:
        self.fitspec_log.write("sequence_epoch_end", self.fitspec_key)
        self.fitspec_epochs += 1

    def reduced(self: Any) -> Any:
        if not self.fitspec_picklable:
            raise TypeError("this Sequence cannot be pickled")
        # The class is made here and cannot be found by its name elsewhere.
        return rebuilt, (base, self.__dict__)

    body = {
        "__init__": initialise,
        "__len__": length,
        "__getitem__": item,
        "on_epoch_end": end,
        "__reduce__": reduced,
    }
    return type("WatchedSequence", (base,), body)


def rebuilt(base: type, state: dict[str, Any]) -> Any:
    """Return a copy of a watched Sequence in another process."""
    kind = sequence_class(base)
    copy = kind.__new__(kind)
    copy.__dict__.update(state)
    return copy
