"""The templates of pages and pictures, and how text is written into them."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from fitspec.conformance.report.hostile import visible
from fitspec.conformance.site.text import shortened

#: What of a name fits beside a bar.
_LABEL = 32


@cache
def environment() -> Environment:
    """Return the environment of the templates, in which everything is escaped."""
    made = Environment(
        loader=PackageLoader("fitspec.conformance.site", "html"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalized,
        trim_blocks=True,
    )
    made.filters.update(clipped=_clipped, shortened=shortened, seconds=_seconds, ticked=_ticked)
    made.tests["web"] = _is_web
    return made


def source(name: str) -> str:
    """Return what a page loads, as it lies in the package."""
    return (files("fitspec.conformance.site") / "html" / name).read_text("utf-8")


def _finalized(value: Any) -> Any:
    """Make what is about to stand in a page visible; what is markup already, was."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _clipped(text: str) -> str:
    text = visible(text)
    return text if len(text) <= _LABEL else f"{text[: _LABEL - 1]}…"


def _ticked(text: str) -> Markup:
    """Set what stands between backticks as code."""
    parts = re.split(r"`([^`]+)`", visible(text))
    return Markup().join(
        Markup("<code>{}</code>").format(part) if place % 2 else escape(part)
        for place, part in enumerate(parts)
    )


def _is_web(address: str) -> bool:
    return address.startswith(("https://", "http://"))


def _seconds(number: float) -> str:
    """Return a time as a person reads it."""
    if number < 0.0995:  # what rounds to 100 ms is told as 0.10 s
        return f"{1000 * number:.0f} ms"
    return f"{number:.2f} s" if number < 10 else f"{number:,.0f} s"
