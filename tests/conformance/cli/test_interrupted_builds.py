"""Tests of commands that are ended while pip or npm is at work: neither goes on."""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import signal
import socket
import subprocess
from typing import TYPE_CHECKING

import pytest

from fitspec.conformance.environments.interpreters import find_interpreter

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


def _adapter(folder: Path) -> str:
    adapter = folder / "adapter.py"
    adapter.write_text('# /// script\n# dependencies = ["numpy"]\n# ///\n')
    return str(adapter)


def _pip(folder: Path) -> list[str]:
    return ["run", _adapter(folder)]


def _apart(folder: Path) -> list[str]:
    return ["run", _adapter(folder), "--jobs", "2"]


def _npm(_: Path) -> list[str]:
    if not (shutil.which("npm") and shutil.which("node")):
        lacks("npm and node are not on this machine; apt install npm")
    return ["run", "tfjs"]


def _history(folder: Path) -> list[str]:
    return ["history", "--run", _adapter(folder), "--into", str(folder / "history.json")]


def _trace(folder: Path) -> list[str]:
    program = folder / "program.py"
    program.touch()
    return ["trace", str(program), "--on", _adapter(folder), "--on", "reference"]


def _explore(folder: Path) -> list[str]:
    saved = str(folder / "campaign.ndjson")
    return ["explore", _adapter(folder), "--save", saved]


def _diff(folder: Path) -> list[str]:
    return ["diff", "reference", _adapter(folder), "--run", "--page", str(folder / "page.html")]


def _bisect(_: Path) -> list[str]:
    if find_interpreter("3.11") is None:
        lacks("Python 3.11 is not on this machine")
    return ["bisect", "fit.epochs.final-epoch", "keras-3-jax@3.9..3.10", "--fresh"]


def _pin(_: Path) -> list[str]:
    if find_interpreter("3.11") is None:
        lacks("Python 3.11 is not on this machine")
    return ["pin", "torch-keras"]


_NEEDS_NPM = pytest.mark.needs("npm")


@pytest.mark.parametrize(
    ("arguments", "sent"),
    [
        *((each, signal.SIGHUP) for each in (_pip, _apart, _history, _trace, _explore, _diff)),
        *((each, signal.SIGHUP) for each in (_bisect, _pin)),
        (_pip, signal.SIGKILL),
        pytest.param(_npm, signal.SIGHUP, marks=_NEEDS_NPM),
        pytest.param(_npm, signal.SIGKILL, marks=_NEEDS_NPM),
    ],
)
def test_nothing_is_built_on(
    arguments: Callable[[Path], list[str]],
    sent: signal.Signals,
    index: socket.socket,
    tmp_path: Path,
) -> None:
    """All of it ends, and half a folder is removed, or known as that by the next run."""
    command = [*PROGRAM, *arguments(tmp_path)]
    given = set(tmp_path.iterdir())

    said = _ended_in_the_middle(command, sent, index)

    assert "Traceback" not in said
    if sent is signal.SIGKILL:
        assert list(tmp_path.glob("cache/**/environments/*/")) != []
        # It asks again: what is there does not count.
        _ended_in_the_middle(command, signal.SIGTERM, index)
    assert list(tmp_path.glob("cache/**/environments/*/")) == []
    # What was to be made of it is not there by half.
    places = {tmp_path / name for name in ("cache", "npm")}
    assert {item for item in tmp_path.iterdir() if item.is_file()} <= given | places


def _ended_in_the_middle(command: list[str], sent: signal.Signals, index: socket.socket) -> str:
    """End a run when it asks for a package; return what it said once all of it is gone."""
    # What the run before asked besides does not tell that this one has come so far.
    while select.select([index], [], [], 0)[0]:
        index.accept()[0].close()
    with (
        subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as program,
        contextlib.ExitStack() as failing,
    ):
        # Whatever is wrong, nobody waits for what goes on.
        failing.callback(program.kill)
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
