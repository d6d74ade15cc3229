"""The reference, but a call of `get_layer` does something that no implementation should.

The variable `MISBEHAVIOUR` names one of the functions below, and `METHOD` another method for it.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import signal
import subprocess
import sys
import tempfile
import threading
from decimal import Decimal
from fractions import Fraction
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.adapters import NotOffered
from fitspec.adapters.reference.plain import Reference

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


def kills_itself() -> None:
    """Dies as if the kernel had run out of memory."""
    os.kill(os.getpid(), signal.SIGKILL)


def leaves_a_file_and_dies() -> None:
    """Dies before it could remove a temporary file."""
    tempfile.mkstemp()
    kills_itself()


def goes_through_a_script() -> str:
    """Does, or returns, what the next line of the file `SCRIPT` says, whichever process asks."""
    script = Path(os.environ["SCRIPT"])
    now, *rest = script.read_text("utf-8").splitlines()
    script.write_text("\n".join(rest), "utf-8")
    return str(MISBEHAVIOURS[now]()) if now in MISBEHAVIOURS else now


def finds_no_room() -> None:
    """Raises what printing does when the disk is full."""
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def exits_at_once() -> None:
    """Ends the process without cleaning up."""
    os._exit(7)


def ends_with_success() -> None:
    """Ends the process as if all were well."""
    os._exit(0)


def segfaults() -> None:
    """Reads memory that is not its own."""
    ctypes.string_at(0)


def hangs() -> None:
    """Waits for what never comes."""
    threading.Event().wait()


def hangs_and_says_so() -> None:
    """Tells who reads the pipe `TELL` that it has come here, and hangs."""
    Path(os.environ["TELL"]).write_text("here")
    threading.Event().wait()


def hangs_stubbornly() -> None:
    """Waits for what never comes, and ignores being asked to end."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Event().wait()


def floods_stdout() -> None:
    """Prints without end."""
    while True:
        os.write(1, b"x" * 2**16)


def floods_stderr() -> None:
    """Complains without end."""
    while True:
        os.write(2, b"x" * 2**16)


def floods_the_answers() -> None:
    """Sends an answer that never ends."""
    while True:
        os.write(_answers(), b"x" * 2**16)


def prints_noise() -> str:
    """Prints bytes that are no text in any encoding."""
    os.write(1, b"\xff\xfe\x00\x80" + "\u2028é".encode())
    os.write(2, b"\xc3(")
    return "printed"


def answers_with_garbage() -> None:
    """Writes bytes that are no message where the answer belongs."""
    _answer_with(b"\x00\xffgarbage\n")


def answers_with_another_id() -> None:
    """Answers a request that nobody made."""
    _answer('"id":0,"outcome":"value","value":1,"events":[],"warnings":[],"seconds":0')


def answers_twice() -> None:
    """Answers once too often."""
    _answer('"id":0}\n{"id":1')


def answers_without_a_value() -> None:
    """Answers in the right form, but says nothing."""
    _answer(f'"id":{_request()},"outcome":"value","seconds":0')


def answers_with_a_list() -> None:
    """Answers with JSON that is no object."""
    _answer_with(b"[1, 2]\n")


def answers_with_an_error_of_no_form() -> None:
    """Answers that there was an error and does not say which."""
    _answer(f'"id":{_request()},"outcome":"error","error":"oops","seconds":0')


def answers_with_endless_nesting() -> None:
    """Answers with more lists in lists than a reader can follow, within what they may take."""
    _answer_with(b"[" * 5_000 + b"\n")


def answers_with_very_many_lists() -> None:
    """Answers with what takes fifty times as much memory as it has characters."""
    lists = ",".join(["[]"] * 2**22)
    _answer(f'"id":{_request()},"outcome":"value","value":[{lists}],"seconds":0')


def claims_an_endless_time() -> None:
    """Says that the call took an infinite time."""
    _answer(f'"id":{_request()},"outcome":"value","value":1,"seconds":1e999')


def speaks_another_version() -> None:
    """Answers in a later version of the protocol."""
    _answer_with(b'{"fitspec":99,"id":1}\n')


def closes_all_descriptors() -> None:
    """Closes whatever is open, as a daemon does, and goes on living."""
    os.closerange(0, 256)
    threading.Event().wait()


def closes_stdout() -> str:
    """Closes its standard streams and returns as if nothing had happened."""
    sys.stdout.close()
    sys.stderr = None  # as some daemons do
    return "returned"


def removes_its_folder() -> str:
    """Removes every file of the folder that it runs in."""
    for path in Path().iterdir():
        path.unlink()
    return "returned"


def returns_in_two_processes() -> str:
    """Forks, and both copies return."""
    os.fork()
    return "returned"


def leaves_a_child() -> str:
    """Starts a program that outlives the call, and everything after."""
    _start()
    return "returned"


def leaves_a_daemon() -> str:
    """Starts a program in a session of its own, where a signal to the group does not reach it."""
    _start(start_new_session=True)
    return "returned"


def leaves_a_stranger() -> str:
    """Starts a program in a session and an environment of its own: nothing tells whose it is."""
    _start(start_new_session=True, env={})
    return "returned"


def dies_and_leaves_a_daemon() -> None:
    """Starts a program in a session of its own, which keeps the pipes open, and dies."""
    if os.fork() == 0:
        os.setsid()
        threading.Event().wait()
    os._exit(3)


def raises_SystemExit() -> None:  # noqa: N802  named for what it raises
    """Wants to end the program."""
    sys.exit("enough")


def raises_KeyboardInterrupt() -> None:  # noqa: N802  named for what it raises
    """Pretends that the user wanted to stop."""
    raise KeyboardInterrupt


class Mute(Exception):  # noqa: N818  named for what it does
    """An exception that cannot be put into words."""

    def __str__(self) -> str:
        raise SystemExit("no words")

    __repr__ = __str__


def raises_without_words() -> None:
    """Raises an exception whose text cannot be had."""
    raise Mute


class Nameless:
    """An object that cannot be put into words."""

    __repr__ = Mute.__str__


def returns_the_unspeakable() -> object:
    """Returns an object whose repr raises."""
    return Nameless()


class Talkative:
    """An object with very much to say."""

    def __repr__(self) -> str:
        return "word " * 2**20


def returns_a_torrent() -> object:
    """Returns an object whose repr is megabytes long."""
    return Talkative()


def returns_no_numbers() -> object:
    """Returns what is no finite number, as Python's and as NumPy's."""
    inf, nan = float("inf"), float("nan")
    return [nan, inf, -inf, np.float32("nan"), np.asarray([nan, -inf], np.float16)]


def returns_its_own_numbers() -> object:
    """Returns numbers that are neither Python's nor NumPy's."""
    return [Fraction(3, 2), Decimal("nan"), HTTPStatus.OK]


def returns_itself_within() -> object:
    """Returns a list that contains itself."""
    endless: list[object] = []
    endless.append(endless)
    return endless


def raises_hostile_text() -> None:
    """Raises with a text that a careless writer of reports would break on."""
    raise LookupError("one\ntwo\r\u2028three\ud800 [red]four[/red] \x1b[31mfive\x00")


def is_missing() -> None:
    """Does not exist, as an adapter would say."""
    raise NotOffered("method", "get_layer")


def _start(**options: Any) -> None:
    waits = [sys.executable, "-c", "import threading; threading.Event().wait()"]
    with contextlib.suppress(OSError):
        subprocess.Popen(waits, stdin=subprocess.DEVNULL, close_fds=False, **options)


def _answers() -> int:
    return int(sys.argv[sys.argv.index("--answers") + 1])


def _request() -> int:
    """Return the id of the request that is being answered, which nobody told the adapter."""
    frame = sys._getframe()  # noqa: SLF001  a hostile implementation would look, too
    while "request" not in frame.f_locals:
        assert frame.f_back is not None
        frame = frame.f_back
    return int(frame.f_locals["request"]["id"])


def _answer(fields: str) -> None:
    _answer_with(b'{"fitspec":1,' + fields.encode() + b"}\n")


def _answer_with(line: bytes) -> None:
    """Write `line`, and keep the worker from adding the true answer to it."""
    os.write(_answers(), line)
    threading.Event().wait()


MISBEHAVIOURS: dict[str, Callable[[], Any]] = {
    name: value
    for name, value in list(globals().items())
    if getattr(value, "__module__", None) == __name__ and not isinstance(value, type)
}


class Misbehaving(Reference):
    """The reference, but for one method."""

    def call(self, target: Any, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        """Do as the reference does, but for the one method."""
        if name == os.environ.get("METHOD", "get_layer"):
            return MISBEHAVIOURS[os.environ["MISBEHAVIOUR"]]()
        return super().call(target, name, args, kwargs)
