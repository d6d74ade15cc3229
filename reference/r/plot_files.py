"""Live plots as files, for where no window can be opened: rewritten after every epoch."""

from __future__ import annotations

import base64
import html
import io
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from fitspec.reference.config.atomic_file import replaced

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from fitspec.reference.r.session import Viewer

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


class FilePlot:
    """A plot in a file: a page that reloads itself while training goes on, or a picture.

    Args:
        file: Where it goes; the ending chooses the format. None for a page in a new folder for
            temporary files.
        viewer: Is called with the path once there is something to see; None for nobody.

    """

    def __init__(self, file: str | None = None, viewer: Viewer | None = None) -> None:
        folder = tempfile.mkdtemp(prefix="fitspec-") if file is None else ""
        self.path = Path(folder, PAGE_NAME if file is None else file).absolute()
        self._viewer = viewer
        #: Whether the user knows where the plot is, or has it shown.
        self.is_known = file is not None or viewer is not None

    def update(self, figure: Figure, words: str, *, more: bool) -> None:
        """Write the plot anew.

        Args:
            figure: What it looks like by now.
            words: The same in words.
            more: Whether more epochs may come.

        Raises:
            OSError: The file cannot be written.
            ValueError: There is no format with its ending.

        """
        is_page = self.path.suffix.lower() in PAGE_ENDINGS
        kind = "png" if is_page else self.path.suffix.lstrip(".").lower() or "png"
        picture = io.BytesIO()
        figure.savefig(picture, format=kind, dpi=RESOLUTION)
        content = picture.getvalue()
        replace(self.path, page(content, words, more=more) if is_page else content)
        if self._viewer is not None:
            viewer, self._viewer = self._viewer, None
            viewer(str(self.path))


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
