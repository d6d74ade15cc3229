"""Formats of weights."""

import sys
from pathlib import Path

import h5py
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


@pytest.mark.parametrize("kind", ["data set", "link", "virtual data set"])
def test_what_is_kept_in_another_file_is_not_followed(kind: str, tmp_path: Path) -> None:
    """A file from elsewhere brings nothing of this machine into a model."""
    other, path = tmp_path / "other", tmp_path / "weights.h5"
    for each in (other, path):
        weight_files.write(each, [("dense", [("kernel", np.ones((2, 3), np.float32))])])
    with h5py.File(path, "a") as file:
        del file["dense/kernel:0"]
        if kind == "data set":
            external = [(str(other), 0, 24)]
            file.create_dataset("dense/kernel:0", (2, 3), "f4", external=external)
        elif kind == "link":
            file["dense/kernel:0"] = h5py.ExternalLink(str(other), "dense/kernel:0")
        else:
            layout = h5py.VirtualLayout((2, 3), "f4")
            layout[...] = h5py.VirtualSource(str(other), "dense/kernel:0", (2, 3))
            file.create_virtual_dataset("dense/kernel:0", layout)

    with pytest.raises(ValueError, match="'dense/kernel:0' is kept in another file"):
        weight_files.read(path)


def test_numbers_that_a_file_has_not_take_no_memory(tmp_path: Path) -> None:
    """A shape alone is believed no further than compression could bear it out."""
    path = tmp_path / "weights.h5"
    weight_files.write(path, [("dense", [("kernel", np.ones((2, 3), np.float32))])])
    with h5py.File(path, "a") as file:
        del file["dense/kernel:0"]
        file.create_dataset("dense/kernel:0", (2**20, 2**14), "f4", chunks=(1024, 1))

    with pytest.raises(ValueError, match=f"'dense/kernel:0' has {2**36} bytes by its shape"):
        weight_files.read(path)


def test_what_is_compressed_as_far_as_can_be_is_read(tmp_path: Path) -> None:
    """Zeros take a thousandth of their room."""
    path, zeros = tmp_path / "weights.h5", np.zeros((2**11, 2**10), np.float32)
    weight_files.write(path, [("dense", [("kernel", zeros)])])
    with h5py.File(path, "a") as file:
        del file["dense/kernel:0"]
        chunks = zeros.shape
        file.create_dataset(
            "dense/kernel:0", data=zeros, compression="gzip", compression_opts=9, chunks=chunks
        )

    ((_, ((_, found),)),) = weight_files.read(path)

    assert np.array_equal(found, zeros)
