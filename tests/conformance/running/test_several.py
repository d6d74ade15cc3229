"""Tests of `fitspec.conformance.running.several`: implementations in processes of their own."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from fitspec import spec
from fitspec.conformance.report import reading, telling
from fitspec.conformance.report.verdicts import Verdict
from fitspec.conformance.running import engine, several
from fitspec.conformance.running.engine import HarnessFault

from ..sample_checks import write_checks

if TYPE_CHECKING:
    from collections.abc import Callable

    from fitspec.conformance.report.report import Report
    from fitspec.conformance.report.verdicts import Finding

HOSTILE = Path(__file__).parents[1] / "hostile"
MISBEHAVING = str(HOSTILE / "misbehaving.py")
BROKEN = str(HOSTILE / "import_fails.py")

pytestmark = pytest.mark.usefixtures("leaves_nothing")


@dataclass
class Heard(several.Watcher):
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

    def decided(self, name: str, clause: str) -> None:
        """Keep it."""
        self.news.append(("decided", name, clause))

    def ended(self, name: str, found: Report | None, words: str) -> None:
        """Keep it."""
        self.news.append(("ended", name, found is not None, words))
        self.on_end(name)


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
        *[("decided", "reference", item.clause) for item in whole.of("reference")],
        ("ended", "reference", True, ""),
    ]


def test_what_is_found_does_not_depend_on_how_many_share_the_checks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same findings in the same order, what is blocked included; each is heard of once."""
    monkeypatch.setenv("MISBEHAVIOUR", "exits")
    heard = Heard()

    alone = several.run(MISBEHAVING, watcher=Heard(), workers=1, reports=tmp_path / "one")
    shared = several.run(MISBEHAVING, watcher=heard, workers=3, reports=tmp_path / "three")

    assert Verdict.BLOCKED in {item.verdict for item in alone.findings}
    assert [_timeless(item) for item in shared.findings] == [
        _timeless(item) for item in alone.findings
    ]
    assert shared.subjects[0].not_asked == alone.subjects[0].not_asked
    assert shared.header["checked"] == alone.header["checked"]
    assert [item for item in heard.news if item[0] == "planned"] == [("planned", "misbehaving", 5)]
    decided = [item[2] for item in heard.news if item[0] == "decided"]
    assert sorted(decided) == sorted(item.clause for item in alone.findings)
    kept = reading.read(tmp_path / "three" / "misbehaving.ndjson")
    assert kept.findings == shared.findings
    again = Heard()
    several.run(MISBEHAVING, watcher=again, workers=2, reports=tmp_path / "three")
    assert [item[0] for item in again.news] == ["ended"]


def test_what_starts_in_none_of_several_processes_is_unavailable_as_in_one() -> None:
    """Every check says so, once."""
    whole = several.run(BROKEN, watcher=Heard(), workers=2)

    assert [item.name for item in whole.unavailable] == ["import_fails"]
    assert [item.verdict for item in whole.findings] == [Verdict.UNAVAILABLE] * 5


@pytest.mark.parametrize(
    ("ends", "words"),
    [
        ("os._exit(9)", "its process ended with status 9"),
        ("os.kill(os.getpid(), signal.SIGKILL)", "its process was killed"),
    ],
)
def test_where_one_of_several_processes_breaks_off_there_is_no_report(
    ends: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others are ended: what they would still find is no whole report."""
    text = f"""
@clause("predict.order")
def test_it(build, implementation):
    {ends}

@clause("predict.test-mode")
def test_other(build):
    expect(1, equals=1)
"""
    monkeypatch.setattr(engine, "CHECKS", write_checks(tmp_path / "breaking", text))

    with pytest.raises(HarnessFault, match=words):
        several.run("reference", watcher=Heard(), workers=2, reports=tmp_path / "reports")
    assert list((tmp_path / "reports").iterdir()) == []


def test_an_interruption_ends_all_processes_that_share_the_checks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is left, of them or of what they found so far."""
    heard = Heard()

    def interrupt(*_: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(heard, "decided", interrupt)

    with pytest.raises(several.Interrupted, match="nothing was written"):
        several.run("reference", watcher=heard, workers=2, reports=tmp_path / "reports")
    assert list((tmp_path / "reports").iterdir()) == []


def test_as_many_share_the_checks_as_processors_are_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of one implementation all; of many each has one; and few checks are worth one process."""
    monkeypatch.setattr(several, "processors", lambda: 8)
    monkeypatch.setattr(
        engine, "checked", lambda: dict.fromkeys([*spec.contract().clauses][:80], Path())
    )

    assert several.workers_for(1, []) == 8
    assert several.workers_for(3, []) == 2
    assert several.workers_for(30, []) == 1
    assert several.workers_for(30, [], jobs=1) == 8
    assert several.workers_for(1, [next(iter(spec.contract().clauses))]) == 1


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


def test_a_process_that_was_killed_is_no_fault_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As what has no memory left."""
    text = """
import signal

@clause("predict.order")
def test_it(build, implementation):
    os.kill(os.getpid(), signal.SIGKILL)
"""
    monkeypatch.setattr(engine, "CHECKS", write_checks(tmp_path / "breaking", text))

    with pytest.raises(HarnessFault) as broken:
        several.run("reference", watcher=Heard())

    assert telling.fault(str(broken.value)) == (
        "of this machine, not of any implementation: reference: its process was killed, by somebody"
        " or for want of memory"
    )


def test_a_file_that_cannot_be_written_is_no_fault_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files may not grow in one of the processes, as on a full disk; what others found counts."""
    text = """
import resource, sys

@clause("predict.order")
def test_it(build, implementation):
    if implementation == "misbehaving":
        # Else half of a compiled module may be kept, which whoever imports it next fails at.
        sys.dont_write_bytecode = True
        resource.setrlimit(resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))
    expect(1, equals=1)
"""
    monkeypatch.setattr(engine, "CHECKS", write_checks(tmp_path / "breaking", text))
    reports = tmp_path / "reports"

    whole = several.run("reference", MISBEHAVING, watcher=Heard(), jobs=2, reports=reports)

    assert [item.name for item in whole.subjects] == ["reference"]
    (fault,) = whole.faults
    assert telling.fault(fault) == (
        "of this machine, not of any implementation: misbehaving:"
        f" {reports / 'misbehaving.ndjson'}: File too large"
    )
    assert [file.name for file in reports.iterdir()] == ["reference.ndjson"]


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
        (["reference"], {"workers": 0}, "workers: 0; a number from 1 was expected"),
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


def test_a_folder_for_reports_is_looked_at_before_anything_is_started() -> None:
    """Here it is none."""
    heard = Heard()

    with pytest.raises(FileExistsError, match="/dev/null"):
        several.run("reference", watcher=heard, reports=Path("/dev/null"))
    assert heard.news == []


def _timeless(finding: Finding) -> Finding:
    return replace(finding, seconds=0.0, seconds_inside=0.0)


def test_each_report_says_what_it_was_made_with(tmp_path: Path) -> None:
    """The header of a report that is kept has its basis, in four texts."""
    several.run("reference", watcher=Heard(), clauses=["predict.order"], reports=tmp_path / "r")

    with (tmp_path / "r" / "reference.ndjson").open(encoding="utf-8") as file:
        header = json.loads(file.readline())
    assert set(header["basis"]) == {"fitspec", "clauses", "environment", "adapter"}
    assert header["basis"]["clauses"] == "predict.order"
