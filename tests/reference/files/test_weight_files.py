"""Formats of weights."""

import sys
from pathlib import Path

import numpy as np
import pytest

from fitspec.reference.files import weight_files


@pytest.mark.parametrize("suffix", [".h5", ".safetensors"])
def test_names_order_and_values_come_back(tmp_path: Path, suffix: str) -> None:
    """Layers without weights and weights without axes are kept, too."""
    stored: weight_files.Stored = [
        ("b", [("b/z", np.array([[1.0, 2.0], [3.0, 4.0]]).T), ("b/a", np.array(5.0))]),
        ("empty", []),
        ("a", [("a/x", np.array([1.0, 2.0], "float32"))]),
    ]

    weight_files.write(tmp_path / f"w{suffix}", stored)
    read = weight_files.read(tmp_path / f"w{suffix}")

    assert [(layer, [(name, array.tolist()) for name, array in each]) for layer, each in read] == [
        (layer, [(name, array.tolist()) for name, array in each]) for layer, each in stored
    ]


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """So is what to install."""
    for name in ("safetensors", "safetensors.numpy", "h5py"):
        monkeypatch.setitem(sys.modules, name, None)

    with pytest.raises(ImportError, match=r"need safetensors: install fitspec\[files\]"):
        weight_files.write(tmp_path / "w.safetensors", [])
    with pytest.raises(ImportError, match=r"need h5py: install fitspec\[files\]"):
        weight_files.write(tmp_path / "w.h5", [])
