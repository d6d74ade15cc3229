"""Many models in many threads; `benchmarks/thread_stress.py` goes on for as long as one likes."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

PROGRAM = Path(__file__).parents[2] / "benchmarks" / "thread_stress.py"


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The program, as a module."""
    spec = importlib.util.spec_from_file_location(PROGRAM.stem, PROGRAM)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, PROGRAM.stem, module)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def _often() -> Iterator[None]:
    """Have threads take turns in the middle of whatever they do."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("_often")
def test_many_models_in_many_threads_come_to_the_same_bits_as_alone(
    program: Any, tmp_path: Path
) -> None:
    """All kinds of sources, read by nobody, by threads and by processes, and all methods."""
    jobs = [program.Job(number, tmp_path) for number in range(12)]
    readers = {(job.source, *job.readers.items()) for job in jobs}

    assert {("arrays",), ("hdf5",), ("sequence", ("workers", 0))} <= readers
    assert any(("use_multiprocessing", True) in each for each in readers)
    assert list(map(str, program.differing(jobs, threads=5))) == []
