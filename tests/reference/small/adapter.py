"""The adapter of the small reference, which lies where `FITSPEC_SMALL` says.

The package that lies there takes the place of `fitspec.reference` before anything imports that.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path


def take_place(face: Path) -> None:
    """Have `fitspec.reference` mean the package that has this face."""
    spec = importlib.util.spec_from_file_location(
        "fitspec.reference", face, submodule_search_locations=[str(face.parent)]
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["fitspec.reference"] = module
    spec.loader.exec_module(module)


take_place(Path(os.environ["FITSPEC_SMALL"]))

from fitspec.adapters.reference.plain import Reference  # noqa: E402  it drives what is there now


class SmallReference(Reference):
    """As the whole reference, and tells where it came from."""

    def versions(self) -> dict[str, str]:
        """Return the versions, and the files of all modules of the reference."""
        modules = [name for name in sys.modules if name.startswith("fitspec.reference")]
        folders = {str(Path(str(sys.modules[name].__file__)).parent) for name in modules}
        top = min(folders, key=len)
        return {**super().versions(), "reference": os.path.commonpath([top, *folders])}
