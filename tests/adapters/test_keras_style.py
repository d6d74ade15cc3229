"""Tests of `fitspec.adapters.keras_style`."""

from __future__ import annotations

import sys

import pytest

from fitspec.adapters import NotOffered
from fitspec.adapters.keras_style import KerasStyle


def test_an_hdf5_data_set_needs_h5py(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without h5py in the environment, data sets in HDF5 files are not offered, and it says so."""
    monkeypatch.setitem(sys.modules, "h5py", None)

    with pytest.raises(NotOffered) as caught:
        KerasStyle().build_hdf5([1.0])

    assert caught.value.kind == "probe"
    assert caught.value.reason == "its environment lacks h5py"
