"""Tests of `fitspec.conformance.implementations.gpus`."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, Any

import pytest

from fitspec.conformance.environments.environment import Unavailable, prepare
from fitspec.conformance.implementations import gpus
from fitspec.conformance.implementations.implementation import Implementation

if TYPE_CHECKING:
    from pathlib import Path


class Driver:
    """A driver of NVIDIA that answers as it is told."""

    def __init__(self, started: int = 0, counted: int = 0, gpus: int = 1) -> None:
        self._started, self._counted, self._gpus = started, counted, gpus

    def cuInit(self, flags: int) -> int:  # noqa: N802 - the driver's own name
        """Start, or say why not."""
        assert flags == 0
        return self._started

    def cuDeviceGetCount(self, place: Any) -> int:  # noqa: N802 - the driver's own name
        """Write the number of GPUs where the caller wants it."""
        place._obj.value = self._gpus  # noqa: SLF001 - what ctypes.byref refers to
        return self._counted


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Let the machine have a driver, or none."""

    def has(driver: Driver | None) -> None:
        def load(name: str) -> Driver:
            assert name == "libcuda.so.1"
            if driver is None:
                raise OSError(name)
            return driver

        monkeypatch.setattr(ctypes, "CDLL", load)

    return has


def test_a_gpu_with_its_driver_lacks_nothing(machine: Any) -> None:
    """One GPU that the driver counts is enough."""
    machine(Driver())

    assert gpus.lacks_gpu() is None


@pytest.mark.parametrize(
    ("driver", "reason"),
    [
        (None, "no NVIDIA driver"),
        (Driver(started=100), "cuInit returned 100"),
        (Driver(counted=3), "cuDeviceGetCount returned 3"),
        (Driver(gpus=0), "finds no GPU"),
    ],
)
def test_what_is_missing_is_said(machine: Any, driver: Driver | None, reason: str) -> None:
    """No driver, one that does not start, and one without GPUs are told apart."""
    machine(driver)

    assert reason in (gpus.lacks_gpu() or "")


def test_nothing_is_built_for_a_gpu_that_is_not_there(machine: Any, tmp_path: Path) -> None:
    """The implementation is unavailable before anything is downloaded for it."""
    machine(None)
    subject = Implementation(
        "a", "A", tmp_path / "a.py", python="3.11", requirements=("x==1",), gpu="cuda"
    )

    with pytest.raises(Unavailable, match=r"no NVIDIA driver.*with an NVIDIA GPU"):
        prepare(subject, cache=tmp_path / "cache")

    assert list(tmp_path.iterdir()) == []
