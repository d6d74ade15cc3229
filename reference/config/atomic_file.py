"""Files of which a reader sees all of the old or all of the new."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextlib.contextmanager
def replaced(path: str | os.PathLike[str], *, overwrite: bool = True) -> Iterator[Path]:
    """Give the path of a draft to write, which takes the place of a file at the end of the block.

    If the block raises, the file stays as it was. Folders that are missing are made.

    Args:
        path: Of the file.
        overwrite: Whether there may be one already.

    Raises:
        FileExistsError: There is one, and there may not be.

    """
    target = Path(path).resolve()
    if not overwrite and target.exists():
        raise FileExistsError(f"{target} exists already, and overwrite is False")
    target.parent.mkdir(parents=True, exist_ok=True)
    # In the same folder, as a file can be renamed only within one file system.
    draft = target.with_name(f".{target.name}-{os.urandom(8).hex()}")
    try:
        # Made here, and not as a temporary file, so that whoever may read new files may read it.
        draft.touch(exist_ok=False)
        yield draft
        with draft.open("rb+") as file:
            os.fsync(file.fileno())
        draft.replace(target)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
