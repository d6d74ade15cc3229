"""Runs a program as it is written, or with another library in its lines of import.

`python running.py PROGRAM.py RESULTS` runs it as it is, in the working directory, and writes what
it left in `results` as JSON. This file runs in the Python of Keras 2.3.1 too, which is 3.7.
"""

from __future__ import annotations

import json
import platform
import re
import sys
import types
from pathlib import Path
from typing import Any

import numpy as np

#: The line that imports Keras, or something of it.
IMPORT = re.compile(r"^(import|from) keras((?:\.\w+)*)( as \w+)?(?= |$)", re.MULTILINE)


def source_for(library: str, source: str) -> str:
    """Return a program with another library in the place of Keras, in its lines of import alone."""

    def changed(line: re.Match[str]) -> str:
        verb, inner, alias = line[1], line[2], line[3] or ""
        if verb == "import" and not inner and not alias:
            alias = " as keras"
        return f"{verb} {library}{inner}{alias}"

    return IMPORT.sub(changed, source)


def run(path: Path, library: str = "keras") -> dict[str, Any]:
    """Run a program and return what it left in `results`, and the shapes of what it trained."""
    module = types.ModuleType(f"program_{path.stem}")
    sys.path.insert(0, str(path.parent))
    sys.modules[module.__name__] = module
    try:
        sys.modules.pop("starting_weights", None)
        program = compile(source_for(library, path.read_text("utf-8")), str(path), "exec")
        exec(program, vars(module))  # noqa: S102 - a program of this folder
        starting = sys.modules.get("starting_weights")
    finally:
        sys.path.remove(str(path.parent))
        del sys.modules[module.__name__]
    weights = starting.given if starting is not None else []
    found: dict[str, Any] = plain({"results": vars(module)["results"], "weights": weights})
    return found


def plain(value: Any) -> Any:
    """Return results as JSON has them."""
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, (np.ndarray, np.generic)):
        return plain(value.tolist())
    # All digits that single precision has, and no more.
    return float(f"{value:.9g}") if isinstance(value, float) else value


def versions() -> dict[str, str]:
    """Return what the results depend on."""
    import keras  # noqa: PLC0415 - not where the reference is run
    import tensorflow as tf  # noqa: PLC0415 - as above

    return {
        "keras": keras.__version__,
        "tensorflow": tf.__version__,
        "numpy": np.__version__,
        "python": platform.python_version(),
    }


if __name__ == "__main__":
    import ordered_updates  # type: ignore[import-not-found] # beside it, where it is a script

    ordered_updates.order()
    found = run(Path(sys.argv[1]))
    found["versions"] = versions()
    Path(sys.argv[2]).write_text(json.dumps(found), "utf-8")
