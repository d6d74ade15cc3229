"""The R session of a call: its options, and whether RStudio, knitr or a server surrounds it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TypeAlias

_OPTIONS: dict[str, object] = {}
"""By which a user sets other defaults for a whole session."""

Viewer: TypeAlias = Callable[[str], object]
"""Shows the page at a path, and is called once for it."""


# --- options -----------------------------------------------------------------------------------


def options(changes: Mapping[str, object] | None = None) -> dict[str, object]:
    """Set options and return what they were, which can be given back later.

    Args:
        changes: New values by name, such as ``{"keras.fit_verbose": 2}``; None removes an option.

    Returns:
        The old values of the options that were changed, None where there was none. Without
        changes, all options.

    Raises:
        TypeError: A name is no text.

    """
    if changes is None:
        return dict(_OPTIONS)
    if unnamed := [name for name in changes if type(name) is not str]:
        raise TypeError(f"options: a name must be a text, not {unnamed[0]!r}")
    before = {name: _OPTIONS.get(name) for name in changes}
    for name, value in changes.items():
        if value is None:
            _OPTIONS.pop(name, None)
        else:
            _OPTIONS[name] = value
    return before


def get_option(name: str, default: object = None) -> object:
    """Return the value of an option, or `default` where it is not set."""
    return _OPTIONS.get(name, default)


class FromOption:
    """A default that is looked up when the function is called.

    Args:
        name: The option.
        default: The value where it is not set.

    """

    def __init__(self, name: str, default: object) -> None:
        self.name = name
        self.default = default

    def __repr__(self) -> str:
        return f'getOption("{self.name}", default = {self.default!r})'


def resolved(value: object) -> object:
    """Return the value of an argument, looking up the option where that is its default."""
    return get_option(value.name, value.default) if isinstance(value, FromOption) else value


# --- surroundings ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Session:
    """Where a function is called.

    Attributes:
        rstudio: Whether the session runs in RStudio.
        knitr: Whether knitr renders a document.
        server: Whether it is a server for distributed training.
        viewer: What shows pages, None where nothing does.
        plot_file: Where the user wants live plots to be written, None for nowhere in particular.

    """

    rstudio: bool = False
    knitr: bool = False
    server: bool = False
    viewer: Viewer | None = None
    plot_file: str | None = None


_DESCRIBED: ContextVar[Session | None] = ContextVar("fitspec_r_session", default=None)


@contextmanager
def surroundings(session: Session) -> Iterator[None]:
    """Have calls within the block see `session`, whatever really surrounds them."""
    token = _DESCRIBED.set(session)
    try:
        yield
    finally:
        _DESCRIBED.reset(token)


def current() -> Session:
    """Return the session as its surroundings describe it, unless somebody else has described it.

    RStudio sets the variable `RSTUDIO` to 1 and the option `viewer`; knitr sets the option
    `knitr.in.progress`; a server for distributed training sets the variable `TF_CONFIG`, which
    names the machines of its cluster. The option `keras.view_metrics_file` is our own.
    """
    described = _DESCRIBED.get()
    if described is not None:
        return described
    viewer = get_option("viewer")
    file = get_option("keras.view_metrics_file")
    return Session(
        rstudio=os.environ.get("RSTUDIO") == "1",
        knitr=get_option("knitr.in.progress") is True,
        server=names_a_cluster(os.environ.get("TF_CONFIG", "")),
        viewer=viewer if callable(viewer) else None,
        plot_file=None if file is None else str(file),
    )


def names_a_cluster(configuration: str) -> bool:
    """Whether a `TF_CONFIG` lists machines that train together."""
    try:
        found = json.loads(configuration)
    except ValueError:
        return False
    return isinstance(found, dict) and bool(found.get("cluster"))
