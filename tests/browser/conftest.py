"""A real browser for the pages: Debian's Chromium, or the one that FITSPEC_BROWSER names."""

from __future__ import annotations

import functools
import http.server
import os
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from fitspec.conformance.environments.environment import Unavailable
from fitspec.conformance.environments.npm import packages_of, provide
from fitspec.conformance.gate import expected
from fitspec.conformance.history.as_reports import as_reports
from fitspec.conformance.history.storing import shipped
from fitspec.conformance.implementations.implementation import Program
from fitspec.conformance.site import overview, pages, whole_folder

from ..conformance.history import versioned
from ..required import lacks
from . import sample_reports

if TYPE_CHECKING:
    from fitspec.conformance.report.report import Report

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_INSTALL = "`apt install chromium`, or name another in FITSPEC_BROWSER"
_OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    # Nothing of a page needs the network, so neither does the browser.
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
#: Where all that a page loads comes from.
_OWN = ("file:", "data:,", "http://127.0.0.1:")

CAUSES = """
[[expect]]
clause = "fit.shuffle.batch-chunks"
of = ["keras-3"]
verdict = "fail"
reason = "Mixes the rows of each batch <b>too</b>."
link = "https://example.org/issues/1"
"""

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser for the tests of a module; its event loop shall not run beside other tests."""
    named = os.environ.get("FITSPEC_BROWSER")
    path = named or next(filter(None, map(shutil.which, _NAMES)), None)
    if path is None:
        lacks(f"no Chromium is on this machine: {_INSTALL}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(_OPTIONS))
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """Windows that know nothing of those of other tests."""
    context = browser.new_context(viewport={"width": 1200, "height": 800})
    context.set_default_timeout(30_000)
    yield context
    context.close()


@pytest.fixture
def open_page(context: BrowserContext) -> Iterator[Open]:
    """Open pages; none may complain, throw, alert, or ask for what is not there or not of it."""
    complaints: list[str] = []

    def look(url: str) -> None:
        if not url.startswith(_OWN):
            complaints.append(f"asked for: {url}")

    def open_(address: str, *, scheme: str = "light", width: int = 1200) -> Page:
        page = context.new_page()
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        page.set_viewport_size({"width": width, "height": 800})
        page.on("console", lambda message: complaints.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: complaints.append(f"thrown: {error}"))
        page.on("requestfailed", lambda request: complaints.append(f"not loaded: {request.url}"))
        page.on("request", lambda request: look(request.url))
        page.on("dialog", lambda dialog: complaints.append(f"dialog: {dialog.message}"))
        page.goto(address)
        return page

    yield open_
    assert complaints == []


def _made(reports: list[Report], causes: Sequence[expected.Entry], folder: Path) -> Path:
    found = overview.site_of(reports, [causes])
    whole_folder.write(pages.pages(found, shipped()), folder)
    return folder


@pytest.fixture(scope="session")
def ordinary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a site of ordinary reports."""
    causes = expected.parse(CAUSES, "causes.toml")
    return _made(sample_reports.ordinary(), causes, tmp_path_factory.mktemp("pages") / "site")


@pytest.fixture(scope="session")
def versions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a site of a history, of five versions."""
    found = versioned.history()
    site = overview.site_of(as_reports(found), first=[item.subject.name for item in found.versions])
    folder = tmp_path_factory.mktemp("pages") / "versions"
    whole_folder.write(pages.pages(site, found), folder)
    return folder


@pytest.fixture(scope="session")
def wide(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a site of so many columns that no screen holds them."""
    return _made(sample_reports.ordinary() * 6, (), tmp_path_factory.mktemp("pages") / "wide")


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a site of reports that try to break out of it."""
    attacks = sample_reports.hostile()
    by_name = replace(attacks, faults=())
    causes = sample_reports.hostile_causes()
    return _made([attacks, by_name], causes, tmp_path_factory.mktemp("pages") / "hostile")


class _Quiet(http.server.SimpleHTTPRequestHandler):
    """A server that says nothing."""

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002  of the base class
        """Say nothing."""


@pytest.fixture(scope="session")
def served(ordinary: Path) -> Iterator[str]:
    """The address of the same site on a web server."""
    handler = functools.partial(_Quiet, directory=str(ordinary))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core, which examines a page for what keeps people out."""
    folder = Path(__file__).parent
    packages = packages_of(Program(("node",), folder, (), "apt install npm", folder))
    assert packages is not None
    try:
        modules = provide(packages)
    except Unavailable as refusal:
        lacks(str(refusal))
    return (modules / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")
