"""Tests of `fitspec.conformance.running.several`: implementations in processes of their own."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from fitspec.conformance.report import reading
from fitspec.conformance.running import engine, several
from fitspec.conformance.running.engine import HarnessFault

from ..sample_checks import write_checks

if TYPE_CHECKING:
    from collections.abc import Callable

    from fitspec.conformance.report.report import Report

HOSTILE = Path(__file__).parents[1] / "hostile"
MISBEHAVING = str(HOSTILE / "misbehaving.py")
BROKEN = str(HOSTILE / "import_fails.py")

pytestmark = pytest.mark.usefixtures("leaves_nothing")


@dataclass
class Heard:
    """Keeps what a run told."""

    news: list[tuple[Any, ...]] = field(default_factory=list)
    on_end: Callable[[str], None] = lambda _: None

    def started(self, name: str) -> None:
        """Keep it."""
        self.news.append(("started", name))

    def progress(self, name: str, text: str) -> None:
        """Keep it."""
        self.news.append(("progress", name, text))

    def planned(self, name: str, checks: int) -> None:
        """Keep it."""
        self.news.append(("planned", name, checks))

    def decided(self, name: str) -> None:
        """Keep it."""
        self.news.append(("decided", name))

    def ended(self, name: str, found: Report | None, words: str) -> None:
        """Keep it."""
        self.news.append(("ended", name, found is not None, words))
        self.on_end(name)

    def tick(self) -> None:
        """Time goes by."""


@pytest.fixture(autouse=True)
def _small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "CHECKS", write_checks(tmp_path / "checks"))
    monkeypatch.setenv("MISBEHAVIOUR", "prints_noise")


def test_one_report_is_made_of_all(tmp_path: Path) -> None:
    """Two at a time, each heard of by its name; what does not start leaves the others whole."""
    heard = Heard()
    folder = tmp_path / "reports"

    whole = several.run(MISBEHAVING, BROKEN, "reference", watcher=heard, jobs=2, reports=folder)

    assert [item.name for item in whole.subjects] == ["misbehaving", "import_fails", "reference"]
    assert [len(whole.of(item.name)) for item in whole.subjects] == [5, 5, 5]
    assert [item.name for item in whole.unavailable] == ["import_fails"]
    assert {item.implementation for item in whole.fell_short} == {"misbehaving", "import_fails"}
    assert whole.faults == ()
    assert "basis" not in whole.header
    names = ["import_fails.ndjson", "misbehaving.ndjson", "reference.ndjson"]
    assert sorted(path.name for path in folder.iterdir()) == names
    assert heard.news[:2] == [("started", "misbehaving"), ("started", "import_fails")]
    of_reference = [item for item in heard.news if item[1] == "reference"]
    assert of_reference == [
        ("started", "reference"),
        ("planned", "reference", 5),
        ("progress", "reference", "starting reference"),
        *[("decided", "reference")] * 5,
        ("ended", "reference", True, ""),
    ]


def test_what_is_finished_is_not_run_again(tmp_path: Path) -> None:
    """After an interruption the same call runs what is left, and takes the rest as it was found."""
    folder = tmp_path / "reports"

    def interrupt(_: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(several.Interrupted, match=r"1 of 2 implementations are finished.*reports"):
        several.run(
            "reference", MISBEHAVING, watcher=Heard(on_end=interrupt), jobs=1, reports=folder
        )
    assert [path.name for path in folder.iterdir()] == ["reference.ndjson"]
    first = reading.read(folder / "reference.ndjson")
    heard = Heard()
    whole = several.run("reference", MISBEHAVING, watcher=heard, jobs=1, reports=folder)

    assert whole.of("reference") == list(first.findings)
    started = [item[1] for item in heard.news if item[0] == "started"]
    assert started == ["misbehaving"]
    assert heard.news[0][:3] == ("ended", "reference", True)
    assert "found in" in heard.news[0][3]


def test_what_did_not_start_or_was_made_otherwise_is_run_again(tmp_path: Path) -> None:
    """Only finished implementations are left out, and only if nothing has changed."""
    folder = tmp_path / "reports"
    several.run("reference", BROKEN, watcher=Heard(), clauses=["predict.order"], reports=folder)
    heard = Heard()

    several.run("reference", BROKEN, watcher=heard, clauses=["predict.*"], reports=folder)

    assert heard.news[0] == (
        "progress",
        "reference",
        f"to be run again: {folder / 'reference.ndjson'}: made with other clauses",
    )
    assert {item[1] for item in heard.news if item[0] == "started"} == {"reference", "import_fails"}


def test_a_fault_of_ours_on_one_leaves_the_others_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that breaks off is a fault that is named; what the others found counts."""
    text = """
@clause("predict.order")
def test_it(build, implementation):
    if implementation == "misbehaving":
        os._exit(9)
    expect(1, equals=1)
"""
    monkeypatch.setattr(engine, "CHECKS", write_checks(tmp_path / "breaking", text))

    whole = several.run("reference", MISBEHAVING, watcher=Heard(), jobs=2)

    assert [item.name for item in whole.subjects] == ["reference"]
    (fault,) = whole.faults
    assert fault.startswith("misbehaving: its process ended with status 9")


def test_clauses_for_some_leave_the_others_out() -> None:
    """An implementation of which nothing is asked has no column; if all are such, it is refused."""
    heard = Heard()

    whole = several.run("reference", "reference-r", watcher=heard, clauses=["predict.order"])

    assert [item.name for item in whole.subjects] == ["reference"]
    assert ("ended", "reference-r", False) in [item[:3] for item in heard.news]
    with pytest.raises(ValueError, match=r"no check matches predict\.order of those"):
        several.run("reference-r", watcher=Heard(), clauses=["predict.order"])


def test_where_all_break_off_nothing_was_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A module of checks that cannot be read is a fault, with the reason."""
    monkeypatch.setattr(engine, "CHECKS", write_checks(tmp_path / "broken", "import nowhere_\n"))

    with pytest.raises(HarnessFault, match=r"reference: (?s:.*)No module named .nowhere_"):
        several.run("reference", watcher=Heard())


@pytest.mark.parametrize(
    ("subjects", "options", "words"),
    [
        (["reference", "referense"], {}, "Did you mean reference"),
        (["reference", "reference"], {}, "given twice"),
        (["reference"], {"jobs": 0}, "jobs: 0; a number from 1 was expected"),
        (["reference"], {"reports": Path("/dev/null")}, "reports /dev/null: it cannot be written"),
    ],
)
def test_wrong_use_is_refused_before_anything_is_started(
    subjects: list[str], options: dict[str, Any], words: str
) -> None:
    """Nothing is started in vain."""
    heard = Heard()

    with pytest.raises(ValueError, match=words):
        several.run(*subjects, watcher=heard, **options)
    assert heard.news == []


def test_each_report_says_what_it_was_made_with(tmp_path: Path) -> None:
    """The header of a report that is kept has its basis, in four texts."""
    several.run("reference", watcher=Heard(), clauses=["predict.order"], reports=tmp_path / "r")

    with (tmp_path / "r" / "reference.ndjson").open(encoding="utf-8") as file:
        header = json.loads(file.readline())
    assert set(header["basis"]) == {"fitspec", "clauses", "environment", "adapter"}
    assert header["basis"]["clauses"] == "predict.order"
