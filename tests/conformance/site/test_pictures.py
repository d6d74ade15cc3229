"""Tests of `fitspec.conformance.site.pictures` and of their files."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import resvg_py

from fitspec.conformance.report.verdicts import Finding, Verdict
from fitspec.conformance.site import picture_files
from fitspec.conformance.site.overview import Site, site_of
from fitspec.conformance.site.pictures import Picture, pictures, slowest

from .. import hand_made, snapshot

CLAUSES = (
    "compile.loss.string",
    "fit.epochs.final-epoch",
    "fit.shuffle.batch-chunks",
    "fit.shuffle.each-epoch",
)
NEW = replace(hand_made.OTHER, name="keras-3", versions={"keras": "3.15.1"}, seconds=5.0)
OLD = replace(hand_made.OTHER, name="keras-2.3", versions={"keras": "2.3.1"}, seconds=2.5)


def findings(name: str, *verdicts: Verdict) -> list[Finding]:
    """Return a finding of each verdict."""
    return [
        hand_made.found(clause, verdict, implementation=name, seconds=0.5 + place)
        for place, (clause, verdict) in enumerate(zip(CLAUSES, verdicts, strict=True))
    ]


@pytest.fixture
def site() -> Site:
    """A site of a new and an old version, the new one first."""
    new = findings("keras-3", Verdict.PASS, Verdict.FAIL, Verdict.ABSENT, Verdict.BLOCKED)
    old = findings("keras-2.3", Verdict.PASS, Verdict.PASS, Verdict.CRASH, Verdict.PASS)
    return site_of([hand_made.report(*new, *old, subjects=(NEW, OLD))])


def by_name(site: Site) -> dict[str, Picture]:
    """Return the pictures by their names."""
    return {picture.name: picture for picture in pictures(site)}


def test_a_field_tells_how_many_clauses_of_a_method_passed(site: Site) -> None:
    """Rounded down: what is not all is not a hundred."""
    picture = by_name(site)["methods"]

    assert picture.columns == ("implementation", "all", "compile", "fit")
    assert picture.rows == (
        ("keras-3", "1 of 4", "1 of 1", "0 of 3"),
        ("keras-2.3", "3 of 4", "1 of 1", "2 of 3"),
    )
    assert [square.text for square in picture.squares] == ["25", "100", "0", "75", "100", "66"]


def test_versions_come_from_the_oldest_to_the_newest(site: Site) -> None:
    """Whatever the order of the reports, and each with why it does not pass the rest."""
    picture = by_name(site)["versions"]

    assert picture.rows == (
        ("keras-2.3", "2.3.1", "3", "0", "1", "0", "0", "4"),
        ("keras-3", "3.15.1", "1", "1", "0", "1", "1", "4"),
    )
    assert [bar.number for bar in picture.bars] == ["3 of 4, 75%", "1 of 4, 25%"]


def test_the_parts_of_a_bar_fill_it(site: Site) -> None:
    """Each begins where the one before ends."""
    for bar in by_name(site)["versions"].bars:
        for part, following in zip(bar.parts, bar.parts[1:], strict=False):
            assert following.x == pytest.approx(part.x + part.width, abs=0.2)
        assert sum(part.width for part in bar.parts) == pytest.approx(480, abs=0.5)


def test_time_is_told_inside_and_outside(site: Site) -> None:
    """The longest fills the width, with the method that took most."""
    picture = by_name(site)["times"]

    assert picture.rows == (
        ("keras-3", "5.0", "0.5", "fit: 7.5 s"),
        ("keras-2.3", "2.5", "0.5", "fit: 7.5 s"),
    )
    widths = [sum(part.width for part in bar.parts) for bar in picture.bars]
    assert widths == pytest.approx([480, 240], abs=0.5)


def test_the_slowest_checks_come_first(site: Site) -> None:
    """Of all implementations together."""
    found = [(column.name, cell.finding.clause) for column, cell in slowest(site)[:2]]

    assert found == [("keras-3", CLAUSES[3]), ("keras-2.3", CLAUSES[3])]


def test_pictures_that_would_be_empty_are_left_out() -> None:
    """No version of Keras, no picture over versions; nothing judged, none of shares."""
    behaviour = hand_made.found(
        "fit.returns.epoch-loss-sample-weighted-mean", None, behaviour="the mean"
    )

    assert list(by_name(site_of([hand_made.report(behaviour)]))) == ["times"]


@pytest.mark.parametrize("name", ["methods", "versions", "times"])
def test_a_picture_is_as_it_was_found_good(site: Site, name: str) -> None:
    """The drawing is what a person has looked at and approved."""
    assert snapshot.matches(f"picture-{name}", picture_files.in_page(by_name(site)[name]))


def test_a_picture_stands_alone_whatever_is_written_in_it(site: Site) -> None:
    """With a title and colours of its own it is well-formed, also with a hostile name."""
    hostile = replace(NEW, name='<script x="\x00">]]>&\ud800')
    findings_ = findings(hostile.name, *[Verdict.PASS] * 4)
    found = pictures(site_of([hand_made.report(*findings_, subjects=(hostile,))]))

    for picture in [*found, *pictures(site)]:
        text = picture_files.standing_alone(picture)
        root = ET.fromstring(text)  # noqa: S314  our own
        assert text.encode()
        assert [item.tag for item in root.iter() if "script" in str(item.tag)] == []
        assert picture.title in "".join(root.itertext())


def test_a_picture_is_drawn_as_png(site: Site) -> None:
    """Twice as large as it is in a page."""
    picture_files.check_png()
    picture = by_name(site)["versions"]

    drawn = picture_files.png(picture_files.standing_alone(picture))

    assert drawn.startswith(b"\x89PNG\r\n")
    assert int.from_bytes(drawn[16:20]) == 2 * picture.width


def test_words_are_drawn_in_the_font_that_a_package_brings(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever fonts this machine has: without any, words would be missing and nothing say so."""
    draw, given = resvg_py.svg_to_bytes, {}

    def drawing(**options: Any) -> bytes:
        given.update(options)
        return draw(**options)

    monkeypatch.setattr(resvg_py, "svg_to_bytes", drawing)
    standing = picture_files.standing_alone(by_name(site)["versions"])
    without = re.sub(r">[^<>]+</text>", "></text>", standing)

    assert picture_files.png(without) != picture_files.png(standing)
    assert without != standing
    assert given["skip_system_fonts"]


@pytest.mark.parametrize("missing", ["resvg_py", "ziafont"])
def test_without_what_draws_png_the_remedy_is_told(
    monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    """Before anything is written."""
    monkeypatch.setitem(sys.modules, missing, None)

    with pytest.raises(ValueError, match=r"pip install 'fitspec\[pictures\]'"):
        picture_files.check_png()
