"""Run a function as on Windows: what only POSIX has is taken away from Python first.

Usage: ``python without_posix.py MODULE:FUNCTION ARGUMENT...``; the function takes the arguments as
a list. The standard library, which does differently on Windows, is imported before.
"""

from __future__ import annotations

import enum
import importlib
import multiprocessing.connection
import multiprocessing.util
import os
import platform
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import warnings
from typing import Any

import filelock
import platformdirs.unix

MODULES = "fcntl grp posix_ipc pty pwd resource syslog termios tty readline curses"
#: Those that Windows has.
SIGNALS = {"SIGABRT", "SIGFPE", "SIGILL", "SIGINT", "SIGSEGV", "SIGTERM"}
FUNCTIONS = (
    "alarm getitimer pause pthread_kill pthread_sigmask setitimer siginterrupt sigpending sigwait"
    " sigwaitinfo sigtimedwait"
)
OF_SYSTEM = (
    "chown chroot ctermid eventfd fchmod fchown fork forkpty getegid geteuid getgid getgroups"
    " getloadavg getpgid getpgrp getpriority getsid getuid initgroups killpg lchown lockf"
    " memfd_create mkfifo mknod nice openpty pidfd_open pipe2 posix_fallocate posix_spawn"
    " posix_spawnp pread preadv pwrite pwritev register_at_fork sched_getaffinity"
    " sched_setaffinity sendfile setegid seteuid setgid setgroups setpgid setpriority setsid"
    " setuid sync sysconf tcgetpgrp ttyname wait wait3 wait4 waitid"
    " O_CLOEXEC O_DIRECTORY O_DSYNC O_NOCTTY O_NOFOLLOW O_NONBLOCK O_SYNC WNOHANG"
)
#: They kept the functions that they need, or ask for them by name only where nothing else does.
NEED_THEM = (
    filelock,
    multiprocessing,
    platform,
    platformdirs.unix,
    random,
    shutil,
    subprocess,
    tempfile,
)


def hide() -> None:
    """Take it away."""
    platform.uname()
    # This is how Python is told to refuse an import.
    refused: Any = None
    for name in MODULES.split():
        sys.modules[name] = refused
    names = [each.name for each in signal.Signals if each.name not in SIGNALS]
    for name in (*names, *FUNCTIONS.split(), "Sigmasks", "SIG_BLOCK", "SIG_UNBLOCK", "SIG_SETMASK"):
        if hasattr(signal, name):
            delattr(signal, name)
    left = {name: int(number) for name, number in signal.Signals.__members__.items()}
    kept = {name: number for name, number in left.items() if name in SIGNALS}
    signal.Signals = enum.IntEnum("Signals", kept)  # type: ignore[misc]
    for name in OF_SYSTEM.split():
        if hasattr(os, name):
            delattr(os, name)


def main() -> int:
    """Run what the arguments say; a file of ours that is opened in whatever encoding fails."""
    hide()
    warnings.filterwarnings("error", category=EncodingWarning, module=r"fitspec\b")
    module, _, function = sys.argv[1].partition(":")
    status: int = getattr(importlib.import_module(module), function)(sys.argv[2:])
    return status


if __name__ == "__main__":
    sys.exit(main())
