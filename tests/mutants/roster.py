"""Which mutants there are: of the modules that the contract is about."""

from __future__ import annotations

import fnmatch
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from ..reference.small.package import ONLY, RING_1
from .changes import mutants

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .changes import Mutant

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "reference"
#: Of losses, metrics and optimizers, those that the small reference has: checks ask for no others.
RING_2 = {folder: ONLY[folder] for folder in ("losses", "metrics", "optimizers")}


def modules() -> dict[str, bytes]:
    """Return the source of each module that is changed, by its path below the reference."""
    paths = [path for ring in RING_1 for path in sorted((REFERENCE / ring).glob("*.py"))]
    paths += [
        REFERENCE / folder / f"{name}.py" for folder, names in RING_2.items() for name in names
    ]
    return {
        path.relative_to(REFERENCE).with_suffix("").as_posix(): path.read_bytes() for path in paths
    }


def roster(patterns: Sequence[str]) -> list[Mutant]:
    """Return all mutants of the modules that patterns name."""
    return [
        mutant
        for module, source in modules().items()
        if any(fnmatch.fnmatchcase(module, pattern) for pattern in patterns)
        for mutant in mutants(module, source)
    ]


def drawn(found: Iterable[Mutant], number: int, seed: str) -> list[Mutant]:
    """Return a sample, which changes elsewhere in the sources leave as it is."""
    ranked = sorted(found, key=lambda one: hashlib.sha256((seed + one.id).encode()).digest())
    chosen = {one.id for one in ranked[:number]}
    return [one for one in found if one.id in chosen]


def digest() -> str:
    """Return what stands for all sources on which an outcome depends."""
    total = hashlib.sha256()
    for folder in ("spec", "reference", "conformance", "adapters"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in {".py", ".toml"}:
                total.update(path.relative_to(ROOT).as_posix().encode())
                total.update(path.read_bytes())
    return total.hexdigest()[:16]
