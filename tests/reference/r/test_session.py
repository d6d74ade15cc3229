"""Tests of `reference.r.session`."""

from __future__ import annotations

import pytest

from fitspec.reference.r import Session, options
from fitspec.reference.r.session import current, names_a_cluster, surroundings


def test_a_plain_program_is_none_of_them() -> None:
    """Without signals there is no RStudio, no knitr, no server and no viewer."""
    assert current() == Session()


def test_each_surrounding_gives_its_own_signal(monkeypatch: pytest.MonkeyPatch) -> None:
    """RStudio and servers are told by variables, knitr and viewers by options."""
    monkeypatch.setenv("RSTUDIO", "1")
    monkeypatch.setenv("TF_CONFIG", '{"cluster": {"worker": ["a:1"]}}')
    options({"knitr.in.progress": True, "viewer": print, "keras.view_metrics_file": "a.png"})

    expected = Session(rstudio=True, knitr=True, server=True, viewer=print, plot_file="a.png")
    assert current() == expected


@pytest.mark.parametrize(
    ("configuration", "expected"),
    [
        ("", False),
        ("no JSON", False),
        ("[]", False),
        ('{"task": {"index": 0}}', False),
        ('{"cluster": {}}', False),
        ('{"cluster": {"worker": ["a:1", "b:1"]}}', True),
    ],
)
def test_a_server_is_one_of_a_cluster(configuration: str, expected: bool) -> None:
    """`TF_CONFIG` makes a server of a machine when it names a cluster."""
    assert names_a_cluster(configuration) == expected


def test_a_program_may_describe_the_surroundings_itself() -> None:
    """Within a block a described session counts, and after it the real one again."""
    with surroundings(Session(rstudio=True)):
        within = current()

    assert (within, current()) == (Session(rstudio=True), Session())
