"""Tests of `fitspec.conformance.claims.laws`: claims made for many arguments."""

from __future__ import annotations

import io
import itertools
import re
import subprocess
import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from hypothesis import configuration
from hypothesis.strategies import integers
from rich.console import Console

from fitspec import conformance
from fitspec.conformance.checks.index import index
from fitspec.conformance.claims import laws
from fitspec.conformance.claims.expect import Claim, ClaimFault, ExpectationFell, collecting
from fitspec.conformance.claims.laws import EXAMPLES, ForAll, Sides
from fitspec.conformance.implementations.implementation import Implementation
from fitspec.conformance.report.verdicts import Verdict
from fitspec.conformance.running import engine
from fitspec.conformance.terminal import shortfalls
from fitspec.conformance.worker.limits import Limits
from fitspec.conformance.worker.process import WorkerDied, WorkerTimedOut
from fitspec.conformance.worker.remote import NotOffered, RemoteError

from ..hand_made import found, report
from ..sample_checks import write_checks

if TYPE_CHECKING:
    from pathlib import Path

Misbehaving = Callable[[str], Implementation]

NEVER = float("inf")


def claimed(law: Callable[..., Sides], chosen: int, examples: int = 200) -> Claim:
    """Return the claim of a law about one number, looked at there and at drawn numbers."""
    with collecting() as claim, pytest.raises(ExpectationFell):
        ForAll(examples, NEVER)(law, number=integers(0, 1000), examples=[(chosen,)])
    return claim


def test_a_law_that_holds_says_for_how_many_examples() -> None:
    """The chosen points and the drawn ones are counted together, in one claim."""
    seen: list[int] = []

    def law(number: int) -> Sides:
        seen.append(number)
        return Sides(number, equals=number)

    with collecting() as claim:
        ForAll(5, NEVER)(law, number=integers(0, 1000), examples=[(7,), (3,)])

    assert seen[:2] == [7, 3]
    assert (claim.made, claim.expected, claim.observed, claim.example) == (
        1,
        "holds for 7 examples",
        "holds for 7 examples",
        "",
    )


def test_without_drawing_the_chosen_points_are_looked_at() -> None:
    """No number of examples is too small."""
    with collecting() as claim:
        ForAll(0, NEVER)(lambda number: Sides(1, equals=number), number=integers(), examples=[(1,)])

    assert claim.observed == "holds for 1 examples"


def test_a_law_that_falls_is_shrunk_to_its_minimum() -> None:
    """The claim has both sides at the simplest point, its arguments and the known deviation."""

    def law(first: int, second: int) -> Sides:
        total = first + second if first < 17 or second < 3 else 0
        return Sides(total, equals=first + second, otherwise={"it gave up": total})

    with collecting() as claim, pytest.raises(ExpectationFell, match="it gave up"):
        ForAll(200, NEVER)(law, first=integers(0, 99), second=integers(0, 99), examples=[(1, 1)])

    assert (claim.made, claim.expected, claim.observed) == (1, "20", "0")
    assert (claim.detail, claim.example) == ("it gave up", "first=17, second=3")


def test_a_deviation_is_named_that_fits_at_every_point() -> None:
    """At a simple point several deviations look alike; what was refuted elsewhere is not named."""

    def law(number: int) -> Sides:
        return Sides(
            number if number < 100 else 0,
            equals=number,
            otherwise={"always 0": 0, "nothing above 99": number if number < 100 else 0},
        )

    assert claimed(law, chosen=1).detail == "nothing above 99"


def test_a_chosen_point_is_reported_as_it_is() -> None:
    """Where the law falls at a point that somebody chose, nothing is drawn."""
    seen: list[int] = []

    def law(number: int) -> Sides:
        seen.append(number)
        return Sides(number, equals=0)

    claim = claimed(law, chosen=99)

    assert (seen, claim.example) == ([99], "number=99")


def test_roundings_are_allowed_for_at_each_point() -> None:
    """A law may say at each point how far a number may be off."""
    above = 1.0 + 2.0**-23

    claim = claimed(lambda number: Sides(above, equals=1.0, ulps=number == 0), chosen=0)

    assert (claim.example, claim.expected) == ("number=1", "1")


def test_two_runs_draw_the_same() -> None:
    """What is drawn does not depend on chance."""
    draws: list[list[int]] = [[], []]

    for seen in draws:

        def law(number: int, seen: list[int] = seen) -> Sides:
            seen.append(number)
            return Sides(0, equals=0)

        with collecting():
            ForAll(20, NEVER)(law, number=integers(0, 10**9), examples=[])

    assert draws[0] == draws[1]
    assert len(set(draws[0])) == 20


@pytest.mark.parametrize(
    "error",
    [
        NotOffered("no method `fit`"),
        RemoteError(["ValueError"], "no", ""),
        WorkerDied("the worker exited with status 7"),
        WorkerTimedOut("no answer came in time"),
        KeyError("a fault of the check"),
    ],
)
@pytest.mark.parametrize("chosen", [True, False])
def test_an_exception_comes_through_as_it_is(error: Exception, chosen: bool) -> None:
    """What a law raises is raised at once, the same object, and nothing is claimed."""
    calls = itertools.count()

    def law(**_: int) -> Sides:
        next(calls)
        raise error

    with collecting() as claim, pytest.raises(type(error)) as caught:
        ForAll(5, NEVER)(law, number=integers(), examples=[(1,)] if chosen else [])

    assert caught.value is error
    assert (claim.made, next(calls)) == (0, 1)


def test_an_exception_while_shrinking_does_not_hide_that_the_law_fell() -> None:
    """That the law fell was found out before; the last point where it did is reported."""
    fallen: list[int] = []

    def law(number: int) -> Sides:
        if fallen and number < fallen[0]:
            raise WorkerDied("the worker exited with status 7")
        if number >= 500:
            fallen.append(number)
        return Sides(number, equals=number if number < 500 else 0)

    claim = claimed(law, chosen=0)

    assert claim.example == f"number={fallen[-1]}"


def test_a_law_that_holds_again_has_fallen_all_the_same() -> None:
    """An implementation that does otherwise at the second try did not do well."""
    falls = iter([False, False, True])

    def law(number: int) -> Sides:
        return Sides(number >= 0, equals=not next(falls, False))

    assert claimed(law, chosen=0).observed == "True"


def test_drawing_ends_when_its_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """A slow implementation is looked at with fewer examples, and is not made to time out."""
    clock = itertools.count()
    monkeypatch.setattr(laws, "time", SimpleNamespace(monotonic=lambda: next(clock)))

    with collecting() as claim:
        ForAll(50, until=3)(lambda **_: Sides(0, equals=0), number=integers(), examples=[(1,)])

    assert claim.observed == "holds for 5 examples"


def test_shrinking_ends_when_its_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was found until then is reported."""
    falls: list[int] = []

    def law(number: int) -> Sides:
        if number >= 17:
            falls.append(number)
        return Sides(number, equals=number if number < 17 else 0)

    over = SimpleNamespace(monotonic=lambda: len(falls))
    monkeypatch.setattr(laws, "time", over)
    with collecting() as claim, pytest.raises(ExpectationFell):
        ForAll(200, until=0)(law, number=integers(0, 1000), examples=[(1,)])

    assert claim.example == f"number={falls[0]}"
    assert len(falls) == 1


def test_a_law_is_the_one_claim_of_its_check() -> None:
    """Two laws in one check are a fault, as two claims are."""
    for_all = ForAll(1, NEVER)

    with collecting():
        for_all(lambda number: Sides(number, equals=number), number=integers(), examples=[])
        with pytest.raises(ClaimFault):
            for_all(lambda number: Sides(number, equals=number), number=integers(), examples=[])


def test_nothing_is_written_where_a_person_works() -> None:
    """What Hypothesis stores goes to a folder that is gone afterwards, and only meanwhile."""
    folders: list[Path] = []
    before = configuration.storage_directory("x").path

    def law(number: int) -> Sides:
        folders.append(configuration.storage_directory("x").path.parent)
        return Sides(number, equals=number)

    with collecting():
        ForAll(1, NEVER)(law, number=integers(), examples=[])

    assert configuration.storage_directory("x").path == before
    assert folders[0] != before.parent
    assert not folders[0].exists()


LAWS = '''
from hypothesis.strategies import integers
from fitspec.conformance.claims.laws import Sides

@clause("predict.order")
def test_falls(build, for_all):
    """Predictions of more than four samples are said to be reversed, which they are not."""
    model = build(linear(1.0))

    def law(samples):
        value = model.predict(ascending(samples)).value.ravel().tolist()
        expected = value if samples <= 4 else value[::-1]
        return Sides(value, equals=expected, otherwise={"they are in order": value})

    for_all(law, samples=integers(1, 30), examples=[(2,)])

@clause("fit.epochs.final-epoch")
def test_layer(build, for_all):
    """The layer comes."""
    model = build(linear())

    def law(again):
        value = model.get_layer("y").value
        return Sides(getattr(value, "name", value), equals="y")

    for_all(law, again=integers(1, 30), examples=[])
'''


@pytest.fixture
def run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tight: Limits, leaves_nothing: None
) -> Callable[..., conformance.Report]:
    """Run the two laws above, within tight limits unless others are given."""
    assert leaves_nothing is None
    monkeypatch.setattr(engine, "CHECKS", write_checks(tmp_path / "checks", LAWS))
    return lambda *subjects, **options: conformance.run(*subjects, **{"limits": tight, **options})


def test_a_fall_is_in_the_report_and_is_read_again(
    run: Callable[..., conformance.Report], tmp_path: Path
) -> None:
    """The finding has the arguments beside both sides; where nothing fell it has none."""
    found_out = run("reference", examples=100, limits=Limits())

    conformance.write(found_out, tmp_path / "r.ndjson")
    fell, held = conformance.read(tmp_path / "r.ndjson").findings
    assert (fell.verdict, fell.example, fell.detail) == (
        Verdict.FAIL,
        "samples=5",
        "they are in order",
    )
    assert (fell.expected, fell.observed) == ("[5, 4, 3, 2, 1]", "[1, 2, 3, 4, 5]")
    assert (held.verdict, held.example) == (Verdict.PASS, "")
    assert held.observed == "holds for 30 examples"


def test_a_few_examples_are_drawn_unless_more_are_asked_for(
    run: Callable[..., conformance.Report],
) -> None:
    """Without a number a run is quick."""
    (_, held) = run("reference", limits=Limits()).findings

    assert held.observed == f"holds for {EXAMPLES} examples"


@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        ("is_missing", Verdict.ABSENT),
        ("raises_SystemExit", Verdict.ERROR),
        ("kills_itself", Verdict.CRASH),
        ("hangs", Verdict.TIMEOUT),
    ],
)
def test_verdicts_stay_what_they_are(
    name: str,
    verdict: Verdict,
    run: Callable[..., conformance.Report],
    misbehaving: Misbehaving,
) -> None:
    """What ends a check in the middle of a law ends it as in any other check."""
    findings = run(misbehaving(name), clauses=["fit.epochs.final-epoch"]).findings

    assert [(item.verdict, item.example) for item in findings] == [(verdict, "")]


def test_a_negative_number_of_examples_is_refused() -> None:
    """It is refused before anything is started."""
    with pytest.raises(ValueError, match="examples: -1; a number from 0"):
        conformance.run("reference", examples=-1)


def test_the_arguments_are_printed() -> None:
    """A reader sees where a law fell."""
    console = Console(width=80, record=True, file=io.StringIO())
    finding = found("predict.order", Verdict.FAIL, observed="no", example="samples=5")

    shortfalls.render(report(finding), console)

    assert re.search(r"for +samples=5", console.export_text())


def test_every_law_holds_for_many_examples_on_the_reference() -> None:
    """The laws of the contract are laws: they hold wherever their checks may look."""
    stated = [clause for clause, check in index().items() if "for_all(" in check.source]

    findings = conformance.run("reference", clauses=stated, examples=200).findings

    assert len(stated) >= 12
    assert [item for item in findings if item.fell_short] == []
    held = {item.clause: int(item.observed.split()[2]) for item in findings}
    assert held.keys() == set(stated)
    # All points there are, where there are fewer than 200: a few epochs are soon counted through.
    assert min(held.values()) > 20
    assert max(held.values()) > 200


def test_who_draws_nothing_does_not_wait_for_hypothesis() -> None:
    """Neither the command line nor what runs checks loads it, but only those that state a law."""
    code = (
        "import sys, fitspec.conformance.running.engine, fitspec.conformance.running.checking; "
        "import fitspec.conformance.checks, fitspec.conformance.cli.main; "
        "assert 'hypothesis' not in sys.modules"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
