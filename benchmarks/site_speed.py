# noqa: INP001 - a program, and part of no package
"""Measure how fast the pages of a large site are made, open and answer.

Run ``python benchmarks/site_speed.py`` in an environment with the extra `dev` and Debian's package
`chromium`. The site has every clause of the contract and 20 implementations, or as many as
``--columns`` says; with ``--history`` it is that of the versions that come with fitspec. What a
browser needs depends on the machine; beside each time stands how often the same fits into a tenth
of a second, which people take for at once.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright
from rich.console import Console
from rich.table import Table

from fitspec import spec
from fitspec.conformance.history.as_reports import as_reports
from fitspec.conformance.history.history import EMPTY
from fitspec.conformance.history.storing import shipped
from fitspec.conformance.report.report import Report, Subject
from fitspec.conformance.report.verdicts import Finding, Verdict
from fitspec.conformance.site import overview, pages, whole_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from playwright.sync_api import Page

    from fitspec.conformance.history.history import History

_AT_ONCE = 0.1
_TIMES = 5
_OPTIONS = (
    *("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)

#: From the change to when it is drawn, in milliseconds.
_DRAWN = """(change) => new Promise((resolve) => {
  const start = performance.now();
  (0, eval)(change);
  requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - start)));
})"""
_PAINTED = """() => new Promise((resolve) => {
  new PerformanceObserver((list) => resolve(list.getEntries()[0].startTime))
    .observe({ type: "paint", buffered: true });
})"""
#: What a person does in the matrix -> how it is done, and undone.
ACTIONS = {
    "filter by text": (
        "text.value = 'shuffle'; text.dispatchEvent(new Event('input', {bubbles: true}))",
        "text.value = ''; text.dispatchEvent(new Event('input', {bubbles: true}))",
    ),
    "filter by verdict": (
        "document.querySelector('[name=verdict][value=fail]').click()",
        "document.querySelector('[name=verdict][value=fail]').click()",
    ),
    "filter by profile": (
        "profile.value = 'r-keras'; profile.dispatchEvent(new Event('input', {bubbles: true}))",
        "profile.value = ''; profile.dispatchEvent(new Event('input', {bubbles: true}))",
    ),
    "hide a column": (
        "document.querySelector('[name=column]').click()",
        "document.querySelector('[name=column]').click()",
    ),
    "fold and unfold all": (
        "document.getElementById('fold').click()",
        "document.getElementById('unfold').click()",
    ),
}


@dataclass(frozen=True)
class Timing:
    """What was measured.

    Args:
        what: was done.
        seconds: of each time.
    """

    what: str
    seconds: tuple[float, ...]


def reports(columns: int) -> Iterator[Report]:
    """Yield reports of made-up implementations, a third of whose clauses fall short."""
    clauses = list(spec.contract().clauses.values())
    verdicts = (Verdict.PASS, Verdict.PASS, Verdict.FAIL, Verdict.PASS, Verdict.ABSENT)
    for number in range(columns):
        name = f"implementation-{number}"
        subject = Subject(
            name, name, True, "", "", {"keras": f"3.{number}.0"}, "3.11", "Linux", {}, 60.0, 50.0
        )
        findings = tuple(
            _finding(clause, name, verdicts[(place + number * 7) % len(verdicts)], number)
            for place, clause in enumerate(clauses)
        )
        header = {
            "fitspec": "0.1.0",
            "started": "2026-01-02T03:04:05+00:00",
            "finished": "2026-01-02T03:05:05+00:00",
        }
        yield Report(header, (subject,), findings)


def _finding(clause: spec.Clause, name: str, verdict: Verdict, number: int) -> Finding:
    is_open = clause.level is spec.Level.OBSERVED
    fell = not is_open and verdict is not Verdict.PASS
    return Finding(
        clause=clause.id,
        implementation=name,
        verdict=None if is_open else verdict,
        behaviour=f"behaviour {number % 3}" if is_open else None,
        expected="[2, 3, 4] " * 10,
        observed="[4, 3, 2] " * 10,
        detail="the order is lost" if fell else "",
        seconds=0.1,
        seconds_inside=0.05,
        check="test_it.py::test_it",
        script="print('a line of a script')\n" * 30 if fell else "",
    )


def make(folder: Path, found: Sequence[Report], history: History) -> Timing:
    """Make a site, and say how long it took."""
    start = time.perf_counter()
    whole_folder.write(pages.pages(overview.site_of(found), history), folder)
    return Timing("make all pages", (time.perf_counter() - start,))


def browse(folder: Path) -> Iterator[Timing]:
    """Yield how long a browser takes to open pages and to answer."""
    path = shutil.which("chromium")
    if path is None:
        raise RuntimeError("no Chromium is on this machine: `apt install chromium`")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(_OPTIONS))
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        for name in ("index.html", "compare.html", "pictures.html"):
            address = (folder / name).as_uri()
            opened = [(_open(page, address), _painted(page)) for _ in range(_TIMES)]
            yield Timing(f"open {name}, first paint", tuple(painted for _, painted in opened))
            yield Timing(f"open {name}, ready", tuple(ready for ready, _ in opened))
        page.goto((folder / "index.html").as_uri())
        for what, changes in ACTIONS.items():
            times = [page.evaluate(_DRAWN, change) / 1000 for change in changes * _TIMES]
            yield Timing(what, tuple(times))
        yield Timing("open a cell", tuple(_open_cell(page, number) for number in range(_TIMES)))
        browser.close()


def _open(page: Page, address: str) -> float:
    """Return how long it takes until a page is drawn and its scripts have run."""
    page.goto("about:blank")
    start = time.perf_counter()
    page.goto(address)
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
    return time.perf_counter() - start


def _painted(page: Page) -> float:
    """Return how long it took until something of the page was seen."""
    milliseconds: float = page.evaluate(_PAINTED)
    return milliseconds / 1000


def _open_cell(page: Page, number: int) -> float:
    """Return how long it takes until a cell that was not opened before is shown."""
    cell = page.locator("tr.clause td a").nth(number * 97)
    start = time.perf_counter()
    cell.click()
    page.get_by_role("dialog").wait_for()
    seconds = time.perf_counter() - start
    page.keyboard.press("Escape")
    page.get_by_role("dialog").wait_for(state="hidden")
    return seconds


def show(timings: list[Timing], folder: Path, console: Console) -> None:
    """Print a line for each."""
    table = Table(box=None, header_style="bold", padding=(0, 2, 0, 0))
    for heading in ("", "median s", "worst s", "in a tenth of a second"):
        table.add_column(heading, justify="left" if not heading else "right")
    for item in timings:
        median = statistics.median(item.seconds)
        numbers = (f"{median:.3f}", f"{max(item.seconds):.3f}", f"{_AT_ONCE / median:.1f}")
        table.add_row(item.what, *numbers)
    console.print(table)
    sizes = [path.stat().st_size for path in folder.rglob("*") if path.is_file()]
    index = (folder / "index.html").stat().st_size
    console.print(
        f"{len(sizes)} files, {sum(sizes) / 1e6:.1f} MB; index.html {index / 1e6:.2f} MB",
        highlight=False,
    )


def main() -> int:
    """Make a site, browse it, print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--columns", type=int, default=20, metavar="N")
    parser.add_argument("--history", action="store_true", help="of the versions in the history")
    options = parser.parse_args()
    history = shipped() if options.history else EMPTY
    found = as_reports(history) if options.history else list(reports(options.columns))
    console = Console()
    with tempfile.TemporaryDirectory(prefix="fitspec-pages-") as name:
        folder = Path(name) / "site"
        timings = [make(folder, found, history), *browse(folder)]
        console.print(f"{len(spec.contract().clauses)} clauses, {len(found)} implementations")
        show(timings, folder, console)
    return 0


if __name__ == "__main__":
    sys.exit(main())
