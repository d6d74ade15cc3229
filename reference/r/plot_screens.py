"""Live plots on a screen: in a notebook, or in a window."""

from __future__ import annotations

import importlib
import os
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class NotebookPlot:
    """A plot below the cell that trains, changed in place."""

    def __init__(self) -> None:
        self._handle: Any = None

    def update(self, figure: Figure, words: str, *, more: bool) -> None:  # noqa: ARG002 - as FilePlot
        """Show the figure in the place of the one before."""
        # It is there when a notebook is, and nowhere else needed.
        display = importlib.import_module("IPython.display").display
        if self._handle is None:
            self._handle = display(figure, display_id=True)
        else:
            self._handle.update(figure)


class WindowPlot:
    """A plot in a window of its own, which stays when training has ended."""

    def __init__(self) -> None:
        from matplotlib import pyplot as plt  # noqa: PLC0415 - only where there is a screen

        self._pyplot = plt
        self.figure: Figure = plt.figure(layout="constrained")

    @property
    def is_seen(self) -> bool:
        """Whether matplotlib found a toolkit that opens windows."""
        return getattr(type(self.figure.canvas), "required_interactive_framework", None) is not None

    def close(self) -> None:
        """Remove the window."""
        self._pyplot.close(self.figure)

    def update(self, figure: Figure, words: str, *, more: bool) -> None:  # noqa: ARG002 - as FilePlot
        """Bring the window up to date, without waiting for the user."""
        if figure.canvas.manager is not None:
            figure.canvas.manager.show()
        figure.canvas.draw()
        figure.canvas.flush_events()


def in_notebook() -> bool:
    """Whether the program is a cell of a Jupyter notebook."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return shell is not None and "IPKernelApp" in shell.config


def has_screen() -> bool:
    """Whether windows can be opened, as far as the surroundings tell."""
    if sys.platform in ("darwin", "win32"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
