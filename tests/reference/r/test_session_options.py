"""Tests of `reference.r.session_options`."""

from __future__ import annotations

from typing import Any

import pytest

from fitspec.reference.r import get_option, options
from fitspec.reference.r.session_options import FromOption, resolved


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
