"""Writing a file so that whoever looks finds the old one or the new one, never half of either."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import tempfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

#: How much of the name of a file that of its unfinished self begins with, in characters.
_LONGEST = 40


def check_destination(path: Path | None, what: str = "report") -> None:
    """Refuse a place for a file that could not be written, before anything is done for it.

    Args:
        path: where to; None is fine, for nothing will be written.
        what: how the message calls it.

    Raises:
        ValueError: its folder does not exist or refuses, or it is a folder itself.
    """
    if path is None:
        return
    folder = path.absolute().parent
    if not folder.is_dir():
        raise ValueError(f"{what} {path}: the folder {folder} does not exist")
    if path.is_dir():
        raise ValueError(f"{what} {path}: this is a folder; the name of a file was expected")
    if not path.exists() and not os.access(folder, os.W_OK):
        raise ValueError(f"{what} {path}: the folder {folder} cannot be written to")


def make_folder(folder: Path) -> None:
    """Make a folder for files, if need be, and see that files can be written there.

    Raises:
        OSError: they cannot; it names the folder.
    """
    with named(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass


def write_text(path: Path, text: str) -> None:
    """Write `text` to `path` as UTF-8, whole or not at all.

    A pipe or device, such as ``/dev/stdout``, is written to as it is.

    Raises:
        OSError: it cannot be written; what was at `path` before is untouched.
    """
    write_bytes(path, text.encode())


def write_bytes(path: Path, content: bytes) -> None:
    """Write `content` to `path`, whole or not at all; as `write_pieces`.

    Raises:
        OSError: it cannot be written; what was at `path` before is untouched. It names `path`.
    """
    write_pieces(path, [content])


def write_pieces(path: Path, pieces: Iterable[bytes]) -> None:
    """Write what is made piece by piece to `path`, whole or not at all; as `write_text`.

    Raises:
        OSError: it cannot be written; what was at `path` before is untouched. It names `path`.
    """
    with named(path):
        _write(path, pieces)


@contextlib.contextmanager
def named(path: Path) -> Iterator[None]:
    """Have an error of the system name `path`: a full disk alone would name no file."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error


def refusal(error: OSError) -> str:
    """Return what the system refused, and of which file."""
    said = error.strerror or str(error)
    return said if error.filename is None else f"{error.filename}: {said}"


def is_full(error: OSError) -> bool:
    """Return whether there was no room, which is nothing that whoever named the file did wrong."""
    return error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def says_full(words: str) -> bool:
    """Return whether what was raised, told in words, says that a disk is full."""
    return f"[Errno {errno.ENOSPC}]" in words


def check_room(folder: Path) -> None:
    """Refuse to go on where the disk of `folder` is full.

    Raises:
        OSError: it is.
    """
    if os.statvfs(folder).f_bavail == 0:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(folder))


def _write(path: Path, pieces: Iterable[bytes]) -> None:
    if path.exists() and not path.is_file():
        path.write_bytes(b"".join(pieces))
        return
    # A link stays, and what it leads to is replaced.
    path = path.resolve()
    # A program that can be executed still can be, when it was rewritten.
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~umask()
    # A name may be as long as the file system takes. It is known before there is such a file, which
    # whatever comes while it is made then takes away.
    unfinished = path.with_name(f".{path.name[:_LONGEST]}.{secrets.token_hex(8)}.partial")
    try:
        # Nobody else may read it until it is whole.
        made = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(made, "wb") as file:
            for piece in pieces:
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        unfinished.chmod(mode)
        unfinished.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            unfinished.unlink()
        raise


def umask() -> int:
    """Return which permissions new files of this process do not get."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
