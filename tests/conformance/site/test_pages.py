"""Tests of `fitspec.conformance.site.pages`: the files of a site, and what stands in them."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest

from fitspec.conformance.report.verdicts import Verdict
from fitspec.conformance.site import overview, pages

from .. import hand_made, snapshot

if TYPE_CHECKING:
    from collections.abc import Mapping

CHUNKS = "fit.shuffle.batch-chunks"
LOSS = "fit.returns.epoch-loss-sample-weighted-mean"
FINDINGS = (
    hand_made.found(CHUNKS, Verdict.PASS),
    hand_made.found(
        CHUNKS,
        Verdict.FAIL,
        implementation="keras-2.3",
        observed="[3, 2, <4>]",
        detail="samples are mixed",
        script='print("observed  [3, 2, <4>]")\n',
        seconds=2.5,
    ),
    hand_made.found(LOSS, None, behaviour="the mean & more"),
    hand_made.found(LOSS, None, behaviour="<the sum>", implementation="keras-2.3"),
    hand_made.found(CHUNKS, Verdict.UNAVAILABLE, implementation="keras-3-torch"),
)
SUBJECTS = (hand_made.SUBJECT, hand_made.OTHER, hand_made.GONE)


@pytest.fixture(autouse=True)
def _a_check(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let one clause have a short check."""
    check = SimpleNamespace(module="made.up", line=12, source="def test_it() -> None: ...\n")
    monkeypatch.setattr(pages, "index", lambda: {CHUNKS: check})
    monkeypatch.setattr(pages, "version", lambda _: "0.1.0")


@pytest.fixture
def files() -> Mapping[str, str | bytes]:
    """The files of a small site."""
    report = hand_made.report(*FINDINGS, subjects=SUBJECTS)
    return dict(pages.pages(overview.site_of([report])))


@pytest.mark.parametrize(
    "name",
    ["index", f"clauses/{CHUNKS}", f"clauses/{LOSS}", "implementations/keras-2.3", "compare"],
)
def test_a_page_is_as_it_was_found_good(files: Mapping[str, str | bytes], name: str) -> None:
    """The text of a page is what a person has read and approved."""
    text = _Text.of(str(files[f"{name}.html"]))

    assert snapshot.matches(f"page-{name.replace('/', '-')}", text)


def test_there_is_a_page_for_each_clause_and_each_implementation(
    files: Mapping[str, str | bytes],
) -> None:
    """Their addresses are made of their names, and nothing else."""
    assert [name for name in files if name.endswith(".html")] == [
        f"clauses/{CHUNKS}.html",
        f"clauses/{LOSS}.html",
        "implementations/reference.html",
        "implementations/keras-2.3.html",
        "implementations/keras-3-torch.html",
        "pictures.html",
        "compare.html",
        "index.html",
    ]


def test_pages_are_the_same_each_time(files: Mapping[str, str | bytes]) -> None:
    """Made again from the same reports, a site differs in nothing."""
    report = hand_made.report(*FINDINGS, subjects=SUBJECTS)

    assert dict(pages.pages(overview.site_of([report]))) == files


def test_pages_load_nothing_from_elsewhere(files: Mapping[str, str | bytes]) -> None:
    """Scripts, styles and pictures are in the site; no page has code of its own."""
    for name, text in files.items():
        if name.endswith(".html"):
            loaded = re.findall(r"<(?:script|link|img)[^>]* (?:src|href)=\"([^\"]*)\"", str(text))
            folder = name.rpartition("/")[0]
            assert loaded
            for item in loaded:
                path = re.sub(r"[^/]+/\.\./", "", f"{folder}/{item}" if folder else item)
                assert item == "data:," or path in files
            assert not re.search(r"<script(?![^>]* src=)| on\w+=|<style| style=", str(text))


def test_links_lead_to_files_and_places_that_are_there(files: Mapping[str, str | bytes]) -> None:
    """But for places that a script makes, and clauses that were not examined."""
    for name in [item for item in files if item.endswith(".html")]:
        folder = name.rpartition("/")[0]
        for link in re.findall(r"<a [^>]*href=\"([^\"]*)\"", str(files[name])):
            path, _, place = unquote(link).partition("#")
            target = re.sub(r"[^/]+/\.\./", "", f"{folder}/{path}" if folder else path)
            target = target if path else name
            assert target in files, (name, link)
            assert not place or "=" in place or f'id="{place}"' in str(files[target]), (name, link)


def test_what_a_cell_loads_is_safe_in_any_encoding(files: Mapping[str, str | bytes]) -> None:
    """It is pure ASCII, a single call, and what comes from implementations is escaped in it."""
    text = str(files[f"cells/{CHUNKS}.js"])

    assert text.isascii()
    assert text.startswith(f'fitspecCell("{CHUNKS}", {{')
    assert "&lt;4&gt;" in text
    assert "<4>" not in text


def test_faults_and_strangers_are_told_first() -> None:
    """A report that is no evidence says so on the matrix."""
    report = replace(
        hand_made.report(*FINDINGS, hand_made.found("no.such", Verdict.PASS), subjects=SUBJECTS),
        faults=("the worker <spoke> first",),
    )

    text = str(dict(pages.pages(overview.site_of([report])))["index.html"])

    assert "the worker &lt;spoke&gt; first" in text
    assert "no.such" in text
    assert "keras-3-torch</strong> could not be started" in text


class _Text(HTMLParser):
    """The text of a page as it is read, a line for each block, with the addresses of links."""

    _BLOCKS = frozenset(
        (
            *("body", "caption", "footer", "header", "main", "nav", "section", "summary", "figure"),
            *("h1", "h2", "h3", "h4", "p", "pre", "div", "fieldset", "legend", "select", "option"),
            *("table", "tr", "th", "td", "ul", "li", "dl", "dt", "dd"),
        )
    )

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[str] = []
        self._silent = False

    @classmethod
    def of(cls, page: str) -> str:
        """Return the text of a page."""
        reader = cls()
        reader.feed(page)
        lines = ("".join(reader._parts)).split("\n")
        return "".join(f"{line.strip()}\n" for line in lines if line.strip())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._silent = tag in ("script", "style")
        if tag in self._BLOCKS:
            self._parts.append("\n")
        if tag == "a":
            self._parts.append(f"[{given['href']}]")
        if label := given.get("aria-label"):
            self._parts.append(f"({label})")

    def handle_endtag(self, tag: str) -> None:
        self._silent = False
        if tag in self._BLOCKS:
            self._parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._parts.append(data)
