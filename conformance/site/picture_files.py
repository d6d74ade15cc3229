"""Pictures as text of SVG, for a page and for a file of its own, and as PNG."""

from __future__ import annotations

from importlib.resources import as_file, files
from typing import TYPE_CHECKING

from markupsafe import Markup

from fitspec.conformance.site.templates import environment, source

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from fitspec.conformance.site.pictures import Picture

#: Room for the title of a picture that stands alone.
_HEAD = 36
_SIZE_OF_PNG = 2.0


def in_page(picture: Picture) -> str:
    """Return a picture as SVG that takes its colours from the page, and has its title there."""
    return _drawn(picture, head=0, style="")


def standing_alone(picture: Picture) -> str:
    """Return a picture as SVG with a title and colours of its own."""
    return _drawn(picture, head=_HEAD, style=Markup(source("picture.css")))  # noqa: S704  our own


def _drawn(picture: Picture, **given: object) -> str:
    return environment().get_template(picture.template).render(picture=picture, **given)


def check_png() -> None:
    """See that pictures can be drawn as PNG.

    Raises:
        ValueError: what draws them, or the font of their words, is not installed.
    """
    try:
        import resvg_py  # noqa: F401, PLC0415  of an extra

        _font()
    except ImportError as error:
        raise ValueError(
            "--png: PNG needs the extra `pictures`: pip install 'fitspec[pictures]'"
        ) from error


def png(standing: str) -> bytes:
    """Return a picture that stands alone as PNG, twice as large as it is drawn.

    It is the same on every machine: fonts of the machine are not looked at.
    """
    import resvg_py  # noqa: PLC0415  of an extra

    with as_file(_font()) as font:
        drawn: bytes = resvg_py.svg_to_bytes(
            svg_string=standing,
            zoom=_SIZE_OF_PNG,
            skip_system_fonts=True,
            font_files=[str(font)],
        )
    return bytes(drawn)


def _font() -> Traversable:
    """Return the file of DejaVu Sans, which `picture.css` asks for; a package brings it."""
    return files("ziafont") / "fonts" / "DejaVuSans.ttf"
