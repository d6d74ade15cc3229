"""Tests of `fitspec.adapters.r_style`."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

import pytest

from fitspec.adapters.events import EventLog
from fitspec.adapters.r_style import Call
from fitspec.adapters.reference.r import ReferenceR
from fitspec.reference.r import Session, get_option
from fitspec.reference.r.session import current

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def adapter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ReferenceR]:
    """The adapter of the R functions of the reference, in a plain session."""
    for name in ("RSTUDIO", "TF_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    adapter = ReferenceR()
    adapter.log = EventLog(str(tmp_path / "events.jsonl"))
    yield adapter
    adapter.reset()


def test_a_session_is_told_as_it_really_is(adapter: ReferenceR) -> None:
    """Each surrounding is seen by who looks where it is really told."""
    adapter.build_r_session("p1", True, True, True, {"keras.fit_verbose": 2})

    seen = current()
    assert (seen.rstudio, seen.knitr, seen.server) == (True, True, True)
    assert get_option("keras.fit_verbose") == 2


def test_a_session_replaces_the_one_before(adapter: ReferenceR) -> None:
    """Nothing of an earlier description is left, and nothing at all after a reset."""
    adapter.build_r_session("p1", True, True, True, {"keras.fit_verbose": 2})
    adapter.build_r_session("p2", False, False, False, {})
    second = current()

    adapter.reset()

    assert (second.rstudio, second.knitr, second.server) == (False, False, False)
    assert get_option("keras.fit_verbose") is None
    assert current() == Session()


def test_a_plot_is_seen_by_its_viewer(adapter: ReferenceR, tmp_path: Path) -> None:
    """Whoever shows a page leaves an event with the size of the page."""
    adapter.build_r_session("p1", False, False, False, {})
    page = tmp_path / "page.html"
    page.write_bytes(b"12345")
    viewer = current().viewer
    assert viewer is not None

    viewer(str(page))

    (event,) = adapter.log.since(0)
    assert (event["kind"], event["probe"], event["fields"]) == ("plot", "p1", {"size": 5})


def test_a_function_stands_for_a_method() -> None:
    """What takes the model first is called as a method is, and has the signature of one."""
    call = Call(divmod, 7)

    assert call(2) == (3, 1)
    assert list(inspect.signature(call).parameters) == ["y"]


def test_other_methods_are_those_of_the_model(adapter: ReferenceR) -> None:
    """Only the two functions are the dialect's own."""
    names = ("fit", "fit_generator", "evaluate", "compile")

    functions = [adapter.function(name) is not None for name in names]

    assert functions == [True, True, False, False]
