"""The first lines of an adapter: a file that runs, in which each part says what it is for."""

from __future__ import annotations

import keyword
import re
import string
from pathlib import Path
from typing import Final

from fitspec.conformance.system import atomic

_SKELETONS: Final = Path(__file__).with_name("skeletons")

#: What a library may be like: whose names it has, or whose modules it trains.
LIKE: Final = ("keras", "torch", "own", "javascript")

#: A name of a package of npm, with the group that it may be in.
_OF_NPM: Final = re.compile(r"(@[a-z0-9~-][a-z0-9._~-]*/)?[a-z0-9~-][a-z0-9._~-]*")


def write(library: str, like: str, folder: Path) -> Path:
    """Write the file of an adapter, and return its path.

    Args:
        library: the name by which a program imports the library, `mylibrary` or `my.library`;
            of JavaScript, that of its package, `mylibrary` or `@me/library`.
        like: one of `LIKE`.
        folder: where the file goes, as `mylibrary_adapter.py` or `my_library_adapter.py`, or
            with `.mjs` for JavaScript.

    Raises:
        ValueError: nothing can be imported by that name, it is like nothing known, the folder is
            not there, or the file is there already: it is never written over.
        OSError: it cannot be written; it names the file, of which nothing is there then.
    """
    if like not in LIKE:
        raise ValueError(f"like: expected one of {', '.join(LIKE)}, got {like!r}")
    if like == "javascript":
        _refuse_unless(_OF_NPM.fullmatch(library) is not None, library, "mylibrary or @me/library")
        words, suffix = re.findall(r"[a-z0-9]+", library), ".mjs"
    else:
        parts = library.split(".")
        named = all(part.isidentifier() and not keyword.iskeyword(part) for part in parts)
        _refuse_unless(named, library, "mylibrary or my.library")
        words, suffix = "_".join(parts).split("_"), ".py"
    if not folder.is_dir():
        raise ValueError(f"{folder}: there is no such folder (seen from {Path.cwd()})")
    file = folder / f"{'_'.join(words)}_adapter{suffix}"
    names = {
        "library": library,
        "file": file.name,
        "adapter": "".join(word[:1].upper() + word[1:] for word in words) + "Adapter",
    }
    skeleton = (_SKELETONS / f"{like}.txt").read_text("utf-8")
    if file.exists() or file.is_symlink():
        raise ValueError(
            f"{file}: is there already, and stays as it is; "
            "choose another folder with --into, or remove it"
        )
    atomic.write_text(file, string.Template(skeleton).substitute(names))
    return file


def _refuse_unless(named: bool, library: str, such_as: str) -> None:
    if not named:
        raise ValueError(
            f"NAME: {library!r} is no name that a program imports a library by; "
            f"expected one such as {such_as}"
        )
