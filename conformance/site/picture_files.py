"""Pictures as text of SVG, for a page and for a file of its own, and as PNG."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from markupsafe import Markup

from fitspec.conformance.site.templates import environment, source

if TYPE_CHECKING:
    from fitspec.conformance.site.pictures import Picture

#: Room for the title of a picture that stands alone.
_HEAD = 36
_SIZE_OF_PNG = 2.0
_PROBE = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20">{}</svg>'


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
        ValueError: what draws them is not installed.
        RuntimeError: there is no font, so that all words would be missing.
    """
    try:
        import resvg_py  # noqa: F401, PLC0415  of an extra
    except ImportError as error:
        raise ValueError(
            "--png: PNG needs the extra `pictures`: pip install 'fitspec[pictures]'"
        ) from error
    if not _has_font():
        raise RuntimeError(
            "--png: no font was found, and pictures without words say nothing; "
            "`apt install fonts-dejavu-core` brings one"
        )


def png(standing: str) -> bytes:
    """Return a picture that stands alone as PNG, twice as large as it is drawn."""
    import resvg_py  # noqa: PLC0415  of an extra

    drawn: bytes = resvg_py.svg_to_bytes(svg_string=standing, zoom=_SIZE_OF_PNG)
    return bytes(drawn)


@cache
def _has_font() -> bool:
    word = '<text y="15" font-family="sans-serif">M</text>'
    return png(_PROBE.format(word)) != png(_PROBE.format(""))
