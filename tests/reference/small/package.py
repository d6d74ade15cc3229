"""The small reference: rings 1 and 2, with only what the contract's own probes use.

Nothing is recorded, no device is known, and there are no files, no strict mode, and no dialect of R
or PyTorch. Folders that have less than all of their modules have a face of their own, in `faces`.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import fitspec.reference

FOLDER = Path(fitspec.reference.__file__).parent
FACES = Path(__file__).parent / "faces"

#: By folder, the modules that are part of it; those with a face of their own are in `FACES`.
MODULES = {
    "": "activations initializers regularizers",
    "api": "arguments calls compiled compiling get_layer methods requests whole_numbers",
    "data": (
        "arrays batch_order batches columns describing devices feeding iterables outputs pending "
        "prefetch random_source sample_weights sequence sources worker_processes"
    ),
    "training": "engine loop plan",
    "callbacks": "base dispatch progress",
    "tensor": "array_library autodiff operations ordering random repeatable variable",
    "config": "configuration lookup naming settings",
    "network": "compiled_network constructor engine graph input_layer keras_layers layer network",
    "models": "model sequential",
    "losses": "base crossentropies differences named",
    "metrics": "averages base confusion suited",
    "optimizers": "adam adaptive base sgd",
    "layers": "core function merging normalization recurrent",
}


def files() -> dict[str, Path]:
    """Return every file of the small reference, by its path below the package."""
    found: dict[str, Path] = {}
    for folder, modules in MODULES.items():
        for module in modules.split():
            found[str(Path(folder, f"{module}.py"))] = FOLDER / folder / f"{module}.py"
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
