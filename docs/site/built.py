"""What is wrong with pages once they are built: links that lead nowhere, and what others serve."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: Elements that fetch what they name when a page is looked at.
FETCHED = ("script", "img", "link", "iframe", "source")


class Links(HTMLParser):
    """The places in a page that are linked to, what it links to, and what it fetches."""

    def __init__(self) -> None:
        super().__init__()
        self.places: set[str] = set()
        self.links: set[str] = set()
        self.fetched: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what an element says."""
        values = {name: value for name, value in attrs if value}
        self.places.update(values[name] for name in ("id", "name") if name in values)
        if tag == "a" and "href" in values:
            self.links.add(values["href"])
        if tag in FETCHED and values.get("rel") not in ("canonical", "next", "prev"):
            self.fetched.update(values[name] for name in ("src", "href") if name in values)


def read(page: Path) -> Links:
    """Return what there is in a page."""
    found = Links()
    found.feed(page.read_text("utf-8"))
    return found


def wrong(site: Path) -> Iterator[str]:
    """Yield what is wrong with the pages below the folder `site`, each in a line."""
    pages = {page.resolve(): read(page) for page in sorted(site.rglob("*.html"))}
    for page, found in pages.items():
        name = page.relative_to(site.resolve())
        for link in sorted(found.links | found.fetched):
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                if link in found.fetched and parts.scheme != "data":
                    yield f"{name}: {link} is fetched from elsewhere"
                continue
            # The page of an error may be shown at any address, so its links begin at the root.
            start = site.resolve() if parts.path.startswith("/") else page.parent
            file = (start / unquote(parts.path).lstrip("/")).resolve() if parts.path else page
            file = file / "index.html" if file.is_dir() else file
            if not file.is_file():
                yield f"{name}: {link} leads nowhere"
            elif file in pages and unquote(parts.fragment) not in {"", *pages[file].places}:
                yield f"{name}: {link}: there is no such place"
