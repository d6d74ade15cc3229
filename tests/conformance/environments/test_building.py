"""Running what builds environments."""

import os
import select
from collections.abc import Iterator
from pathlib import Path

import pytest

from fitspec.conformance.environments.building import follow, redacted


@pytest.fixture
def alive(tmp_path: Path) -> Iterator[int]:
    """Make a pipe `alive` that reads as ended once no process holds it open any more."""
    os.mkfifo(tmp_path / "alive")
    reader = os.open(tmp_path / "alive", os.O_RDONLY | os.O_NONBLOCK)
    yield reader
    os.close(reader)


def ended(reader: int) -> bool:
    readable, _, _ = select.select([reader], [], [], 10)
    return bool(readable) and os.read(reader, 1) == b""


def test_each_line_is_handed_over_and_the_exit_code_returned() -> None:
    """Standard output and standard error arrive together, line by line."""
    lines: list[str] = []

    code = follow(["/bin/sh", "-c", "echo a; echo b >&2; exit 3"], lines.append)

    assert code == 3
    assert lines == ["a\n", "b\n"]


def test_an_interrupt_ends_every_process(tmp_path: Path, alive: int) -> None:
    """What the command started in the background ends with it when the user interrupts."""

    def interrupt(_: str) -> None:
        raise KeyboardInterrupt

    background = "trap '' TERM INT; /bin/sleep 60"
    command = f"exec 3> {tmp_path}/alive; ({background}) & echo started; wait"
    with pytest.raises(KeyboardInterrupt):
        follow(["/bin/sh", "-c", command], interrupt)
    assert ended(alive)


def test_what_outlives_the_command_is_ended(tmp_path: Path, alive: int) -> None:
    """A process left behind could go on writing into the environment, so it is ended."""
    command = f"exec 3> {tmp_path}/alive; /bin/sleep 60 > /dev/null 2>&1 &"

    assert follow(["/bin/sh", "-c", command], lambda _: None) == 0
    assert ended(alive)


def test_the_index_of_the_user_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """What chooses where packages come from reaches pip; what would lead it astray does not."""
    monkeypatch.setenv("PIP_INDEX_URL", "kept")
    for name in ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "__PYVENV_LAUNCHER__", "PIP_TARGET"):
        monkeypatch.setenv(name, "removed")
    lines: list[str] = []

    follow(["/usr/bin/env"], lines.append)

    assert "PIP_INDEX_URL=kept\n" in lines
    assert not [line for line in lines if "removed" in line]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Looking in https://me:s3cret@host/simple", "Looking in https://****@host/simple"),
        ("git+https://token@host/a.git@v1", "git+https://****@host/a.git@v1"),
        ("http://me:p@ss@host:8080/", "http://****@host:8080/"),
        ("https://host/a@1 b@c", "https://host/a@1 b@c"),
    ],
)
def test_credentials_are_left_out(text: str, expected: str) -> None:
    """Whoever reads a log or a message sees no password of an index."""
    assert redacted(text) == expected


def test_printed_credentials_are_left_out() -> None:
    """Lines come without credentials, whoever looks at them."""
    lines: list[str] = []

    follow(["/bin/echo", "from https://me:s3cret@host/"], lines.append)

    assert lines == ["from https://****@host/\n"]
