"""Tests of `fitspec run` that is ended while pip or npm is at work: neither goes on."""

from __future__ import annotations

import os
import select
import shutil
import signal
import socket
import subprocess
from typing import TYPE_CHECKING

import pytest

from ...required import lacks
from ..conftest import pids_with
from ..on_a_terminal import PROGRAM
from .test_main import SOON

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("leaves_nothing")

#: How long an environment may take to be made on a busy machine, until pip is started, in s.
PATIENCE = 120.0


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """Have packages come from a place that never answers: whoever asks there is in the middle."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(PATIENCE)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/"
        for name, value in {
            "FITSPEC_CACHE": str(tmp_path / "cache"),
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_INDEX_URL": address,
            "npm_config_userconfig": os.devnull,
            "npm_config_registry": address,
            "npm_config_cache": str(tmp_path / "npm"),
            "no_proxy": "127.0.0.1",
        }.items():
            monkeypatch.setenv(name, value)
        yield server


def _pip(folder: Path) -> str:
    adapter = folder / "adapter.py"
    adapter.write_text('# /// script\n# dependencies = ["numpy"]\n# ///\n')
    return str(adapter)


def _npm(_: Path) -> str:
    if not (shutil.which("npm") and shutil.which("node")):
        lacks("npm and node are not on this machine; apt install npm")
    return "tfjs"


@pytest.mark.parametrize("sent", [signal.SIGHUP, signal.SIGKILL])
@pytest.mark.parametrize("subject", [_pip, pytest.param(_npm, marks=pytest.mark.needs("npm"))])
def test_nothing_is_built_on(
    subject: Callable[[Path], str], sent: signal.Signals, index: socket.socket, tmp_path: Path
) -> None:
    """All of it ends, and half a folder is removed, or known as that by the next run."""
    command = [*PROGRAM, "run", subject(tmp_path)]

    said = _ended_in_the_middle(command, sent, index)

    assert "Traceback" not in said
    if sent is signal.SIGKILL:
        assert list(tmp_path.glob("cache/environments/*/")) != []
        # It asks again: what is there does not count.
        _ended_in_the_middle(command, signal.SIGTERM, index)
    assert list(tmp_path.glob("cache/environments/*/")) == []


def _ended_in_the_middle(command: list[str], sent: signal.Signals, index: socket.socket) -> str:
    """End a run when it asks for a package; return what it said once all of it is gone."""
    # What the run before asked besides does not tell that this one has come so far.
    while select.select([index], [], [], 0)[0]:
        index.accept()[0].close()
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as program:
        asked, _ = index.accept()
        with asked:
            started = [os.pidfd_open(pid) for pid in pids_with(os.environ["FITSPEC_TEST"])]
            program.send_signal(sent)
            _, said = program.communicate(timeout=SOON)
            for process in started:
                gone, _, _ = select.select([process], [], [], SOON)
                os.close(process)
                assert gone
    return said
