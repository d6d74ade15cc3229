"""Tests of `reference.r.session`."""

from __future__ import annotations

from typing import Any

import pytest

from fitspec.reference.r import Session, get_option, options
from fitspec.reference.r.session import (
    FromOption,
    current,
    names_a_cluster,
    resolved,
    surroundings,
)

# --- options -----------------------------------------------------------------------------------


def test_options_return_what_they_were() -> None:
    """Setting options returns their old values, None where there was none, to be set back."""
    options({"keras.fit_verbose": 2})

    before = options({"keras.fit_verbose": 0, "keras.view_metrics": True})

    assert before == {"keras.fit_verbose": 2, "keras.view_metrics": None}


def test_none_removes_an_option() -> None:
    """An option that is set to None is not there any more."""
    options({"keras.fit_verbose": 2})

    options({"keras.fit_verbose": None})

    assert (options(), get_option("keras.fit_verbose", "auto")) == ({}, "auto")


def test_names_of_options_are_texts() -> None:
    """Something else than a text as a name is refused, and nothing is set."""
    changes: Any = {"keras.fit_verbose": 2, 1: 2}

    with pytest.raises(TypeError, match="a name must be a text, not 1"):
        options(changes)

    assert options() == {}


def test_a_default_from_an_option_is_looked_up_late() -> None:
    """A default that an option gives has the value of the moment."""
    default = FromOption("keras.fit_verbose", "auto")
    before = resolved(default)
    options({"keras.fit_verbose": 0})

    assert (before, resolved(default), resolved(7)) == ("auto", 0, 7)


def test_a_default_from_an_option_shows_as_in_the_documents() -> None:
    """In a signature such a default reads as R code."""
    assert repr(FromOption("keras.fit_verbose", 1)) == 'getOption("keras.fit_verbose", default = 1)'


# --- surroundings ------------------------------------------------------------------------------


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
