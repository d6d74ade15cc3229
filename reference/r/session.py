"""What surrounds the call: RStudio, a document that is rendered, a training server."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TypeAlias

from fitspec.reference.r.session_options import get_option

Viewer: TypeAlias = Callable[[str], object]
"""Shows the page at a path, and is called once for it."""


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
