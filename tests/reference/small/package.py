"""The small reference: rings 1 and 2, with only what the contract's own probes use.

Nothing is recorded, no device is known, and there are no files, no strict mode, and no dialect of R
or PyTorch. Folders that have less than all of their modules have a face of their own, in `faces`.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import fitspec.reference

if TYPE_CHECKING:
    from collections.abc import Sequence

FOLDER = Path(fitspec.reference.__file__).parent
FACES = Path(__file__).parent / "faces"

#: The documented methods, whatever computes: what `docs/architecture.md` calls ring 1.
RING_1 = ("api", "data", "training", "callbacks")
#: Folders that are part of it but for these modules of them.
WITHOUT = {
    "api": (),
    "callbacks": ("provided",),
    "config": ("atomic_file", "formats", "text_table"),
    "data": (),
    "network": ("summary",),
    "tensor": ("more_operations",),
    "training": (),
}
#: Of other folders, the modules that are.
ONLY = {
    "": ("activations", "initializers", "regularizers"),
    "layers": ("core", "function", "merging", "normalization", "recurrent"),
    "losses": ("base", "crossentropies", "differences", "named"),
    "metrics": ("averages", "base", "confusion", "suited"),
    "models": ("model", "sequential"),
    "optimizers": ("adaptive", "base", "descent", "moments"),
}


def modules() -> dict[str, Sequence[str]]:
    """Return the names of all modules, by folder."""
    whole = {
        folder: sorted(file.stem for file in (FOLDER / folder).glob("*.py")) for folder in WITHOUT
    }
    return ONLY | {
        folder: [name for name in names if name not in (*WITHOUT[folder], "__init__")]
        for folder, names in whole.items()
    }


def files() -> dict[str, Path]:
    """Return every file of the small reference, by its path below the package."""
    found: dict[str, Path] = {}
    for folder, names in modules().items():
        for name in names:
            found[str(Path(folder, f"{name}.py"))] = FOLDER / folder / f"{name}.py"
        face = FACES / f"{folder or 'reference'}.py"
        path = str(Path(folder, "__init__.py"))
        found[path] = face if face.exists() else FOLDER / path
    return found


def assemble(into: Path) -> Path:
    """Copy the small reference into a folder, and return the file of its face."""
    for path, file in files().items():
        place = into / path
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, place)
    return into / "__init__.py"
