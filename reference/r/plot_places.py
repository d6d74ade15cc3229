"""Where a live plot is shown: in a file, below a cell of a notebook, or in a window."""

from __future__ import annotations

import base64
import html
import importlib
import io
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fitspec.reference.config.atomic_file import replaced

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from fitspec.reference.r.session import Session, Viewer

PAGE_NAME = "training-metrics.html"
PAGE_ENDINGS = (".html", ".htm")
RELOAD_SECONDS = 1
RESOLUTION = 144
"""Of pictures, in dots per inch."""

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
{reload}<title>Training metrics</title>
<style>body {{ margin: 0; text-align: center }} img {{ max-width: 100%; height: auto }}</style>
</head>
<body><img src="data:image/png;base64,{picture}" alt="{words}"></body>
</html>
"""


class Plot:
    """A place where a figure is shown.

    Attributes:
        figure: What is drawn on.

    """

    def __init__(self) -> None:
        from matplotlib.figure import Figure  # noqa: PLC0415 - only who plots needs it

        self.figure: Figure = Figure(layout="constrained")

    def update(self, words: str, *, more: bool) -> None:
        """Show the figure as it is by now.

        Args:
            words: The same in words.
            more: Whether more epochs may come.

        Raises:
            OSError: The place is a file that cannot be written.
            ValueError: There is no format with the ending of the file.

        """
        raise NotImplementedError


def place_for(session: Session) -> Plot:
    """Return where a plot is shown: where the user said, or the best that there is."""
    if session.plot_file is not None or session.viewer is not None:
        return FilePlot(session.plot_file, session.viewer)
    if in_notebook():
        return NotebookPlot()
    if has_screen():
        window = WindowPlot()
        if window.is_seen:
            return window
        window.close()
    return FilePlot()


# --- a file ------------------------------------------------------------------------------------


class FilePlot(Plot):
    """A plot in a file: a page that reloads itself while training goes on, or a picture.

    Args:
        file: Where it goes; the ending chooses the format. None for a page in a new folder for
            temporary files, whose path is written to stderr unless a viewer shows it.
        viewer: Is called with the path once there is something to see; None for nobody.

    """

    def __init__(self, file: str | None = None, viewer: Viewer | None = None) -> None:
        super().__init__()
        self._path = None if file is None else Path(file).absolute()
        tell: Viewer | None = announce if file is None else None
        self._viewer = viewer or tell

    def update(self, words: str, *, more: bool) -> None:
        """Write the plot anew."""
        if self._path is None:
            # Not before: a training that fails at once would leave an empty folder.
            self._path = Path(tempfile.mkdtemp(prefix="fitspec-"), PAGE_NAME)
        is_page = self._path.suffix.lower() in PAGE_ENDINGS
        kind = "png" if is_page else self._path.suffix.lstrip(".").lower() or "png"
        picture = io.BytesIO()
        self.figure.savefig(picture, format=kind, dpi=RESOLUTION)
        content = picture.getvalue()
        replace(self._path, page(content, words, more=more) if is_page else content)
        if self._viewer is not None:
            viewer, self._viewer = self._viewer, None
            viewer(str(self._path))


def announce(path: str) -> None:
    """Tell a user who has no viewer where the plot is."""
    sys.stderr.write(f"view_metrics: the plot is {path}, rewritten after every epoch\n")


def page(picture: bytes, words: str, *, more: bool) -> bytes:
    """Return a page with a PNG picture, which reloads itself if `more` may come."""
    reload = f'<meta http-equiv="refresh" content="{RELOAD_SECONDS}">\n' if more else ""
    data = base64.b64encode(picture).decode("ascii")
    text = PAGE.format(reload=reload, picture=data, words=html.escape(words, quote=True))
    return text.encode("utf-8")


def replace(path: Path, content: bytes) -> None:
    """Write a file so that a reader sees all of the old or all of the new."""
    with replaced(path) as draft:
        draft.write_bytes(content)


# --- a screen ----------------------------------------------------------------------------------


class NotebookPlot(Plot):
    """A plot below the cell that trains, changed in place."""

    def __init__(self) -> None:
        super().__init__()
        self._handle: Any = None

    def update(self, words: str, *, more: bool) -> None:  # noqa: ARG002 - as Plot
        """Show the figure in the place of the one before."""
        # It is there when a notebook is, and nowhere else needed.
        display = importlib.import_module("IPython.display").display
        if self._handle is None:
            self._handle = display(self.figure, display_id=True)
        else:
            self._handle.update(self.figure)


class WindowPlot(Plot):
    """A plot in a window of its own, which stays when training has ended."""

    def __init__(self) -> None:
        from matplotlib import pyplot as plt  # noqa: PLC0415 - only where there is a screen

        # No figure but one of its own opens a window.
        self._pyplot = plt
        self.figure = plt.figure(layout="constrained")

    @property
    def is_seen(self) -> bool:
        """Whether matplotlib found a toolkit that opens windows."""
        return getattr(type(self.figure.canvas), "required_interactive_framework", None) is not None

    def close(self) -> None:
        """Remove the window."""
        self._pyplot.close(self.figure)

    def update(self, words: str, *, more: bool) -> None:  # noqa: ARG002 - as Plot
        """Bring the window up to date, without waiting for the user."""
        if self.figure.canvas.manager is not None:
            self.figure.canvas.manager.show()
        self.figure.canvas.draw()
        self.figure.canvas.flush_events()


def in_notebook() -> bool:
    """Whether the program is a cell of a Jupyter notebook."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return shell is not None and "IPKernelApp" in shell.config


def has_screen() -> bool:
    """Whether windows can be opened, as far as the surroundings tell."""
    if sys.platform in ("darwin", "win32"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
