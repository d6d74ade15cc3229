"""Tests of `fitspec.conformance.explore.records`: the file of a campaign."""

from __future__ import annotations

import errno
import json
import os
import re
from typing import TYPE_CHECKING

import pytest

from fitspec.conformance.explore.comparing import Kind
from fitspec.conformance.explore.program import Call, Data, Program
from fitspec.conformance.explore.records import CampaignFile, Header, Record, Sighting

if TYPE_CHECKING:
    from pathlib import Path

HEADER = Header("one", {"one": "1.0"}, ["other"], 7)
PROGRAM = Program("linear", (Call("compile", {"loss": "mse"}), Call("fit", {}, Data(2))))
SEEN = Sighting(Kind("other", "fit", "how it ends", "returned, crash"), PROGRAM, "1", "2")
RECORD = Record(3, PROGRAM, 2, 1, [SEEN])


def test_a_campaign_is_taken_up_again(tmp_path: Path) -> None:
    """All of what was written is there."""
    path = tmp_path / "campaign"
    CampaignFile(path, HEADER).add(RECORD)
    again = CampaignFile(path, HEADER)
    again.add(Record(4, PROGRAM, 2))

    assert again.records[3] == RECORD
    assert not again.cut
    assert list(CampaignFile(path, None).records) == [3, 4]


def test_a_line_that_was_cut_short_is_written_anew(tmp_path: Path) -> None:
    """Nothing before it is lost."""
    path = tmp_path / "campaign"
    CampaignFile(path, HEADER).add(RECORD)
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"number": 4, "pro')

    file = CampaignFile(path, HEADER)

    assert file.cut
    assert list(file.records) == [3]
    file.add(Record(4, PROGRAM, 2))
    assert path.read_bytes().startswith(whole)
    assert list(CampaignFile(path, HEADER).records) == [3, 4]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"a letter\n", "this is no file of a campaign"),
        (b"a letter", "this is no file of a campaign"),
        (b'{"fitspec-campaign": 9}\n', "a campaign of version 9; expected is 1"),
        (b"[]\n", "this is no file of a campaign"),
        (b"[" * 100_000 + b"\n", "this is no file of a campaign"),
        (b'{"fitspec-campaign": 1', "this is no file of a campaign"),
    ],
)
def test_another_file_is_refused_and_left(tmp_path: Path, content: bytes, words: str) -> None:
    """It may be somebody's."""
    path = tmp_path / "file"
    path.write_bytes(content)

    with pytest.raises(ValueError, match=words):
        CampaignFile(path, HEADER)
    assert path.read_bytes() == content


def test_a_damaged_line_is_named(tmp_path: Path) -> None:
    """It is no line that was cut short: others come after it."""
    path = tmp_path / "campaign"
    CampaignFile(path, HEADER).add(RECORD)
    path.write_bytes(path.read_bytes() + b'{"number": 4}\n')

    with pytest.raises(ValueError, match="campaign, line 3: damaged: 'differences'"):
        CampaignFile(path, HEADER)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"[" * 100_000, "it is nested too deeply"),
        (b"[]", "list indices"),
        (b'{"number": 1e999}', "'differences'"),
        (b'{"number": 1, "number": 1}', "the key 'number' stands twice"),
        (b'{"differences": [], "number": 1e999, "performed": 0, "lost": 0}', "[inf, 0, 0]"),
        (b'{"differences": [], "number": 4, "performed": -1, "lost": 0}', "[4, -1, 0]"),
        (json.dumps(RECORD.plain()).encode(), "program 3 stands twice"),
    ],
)
def test_whatever_a_line_holds_it_is_named(tmp_path: Path, line: bytes, words: str) -> None:
    """None is taken that `add` would not have written."""
    path = tmp_path / "campaign"
    CampaignFile(path, HEADER).add(RECORD)
    path.write_bytes(path.read_bytes() + line + b"\n")

    with pytest.raises(ValueError, match=f"line 3: damaged: .*{re.escape(words)}"):
        CampaignFile(path, HEADER)


def test_another_campaign_is_refused(tmp_path: Path) -> None:
    """With what differs."""
    path = tmp_path / "campaign"
    CampaignFile(path, HEADER)

    with pytest.raises(ValueError, match="seed of that campaign is 7, and of this one 8"):
        CampaignFile(path, Header("one", {"one": "1.0"}, ["other"], 8))


def test_a_full_disk_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The half of a line that was written goes."""
    path = tmp_path / "campaign"
    file = CampaignFile(path, HEADER)
    file.add(RECORD)
    before = path.read_bytes()
    write = os.pwrite
    left = [1]

    def full(descriptor: int, data: bytes, at: int) -> int:
        if not left:
            raise OSError(errno.ENOSPC, "No space left on device")
        left.pop()
        return write(descriptor, data[:10], at)

    monkeypatch.setattr(os, "pwrite", full)
    with pytest.raises(OSError, match="campaign"):
        file.add(Record(4, PROGRAM, 2))
    with pytest.raises(OSError, match="other"):
        CampaignFile(tmp_path / "other", HEADER)

    assert path.read_bytes() == before
    assert [item.name for item in tmp_path.iterdir()] == ["campaign"]


@pytest.mark.parametrize(
    "value", [None, [], {}, 10**4000, 0.5], ids=["none", "list", "object", "huge", "float"]
)
@pytest.mark.parametrize("name", ["kind", "observed", "other", "shrunk"])
def test_a_field_of_another_type_is_refused(name: str, value: object, tmp_path: Path) -> None:
    """Else it would be told as what an implementation did."""
    path = tmp_path / "campaign"
    CampaignFile(path, HEADER)
    plain = RECORD.plain()
    plain["differences"][0][name] = value
    with path.open("a", encoding="utf-8") as file:
        file.write(f"{json.dumps(plain)}\n")

    with pytest.raises(ValueError, match=re.escape(f"{path}, line 2: damaged: ")):
        CampaignFile(path, None)


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    path = tmp_path / "campaign"
    CampaignFile(path, HEADER)
    with path.open("a", encoding="utf-8") as file:
        file.write("{}\n")

    with pytest.raises(ValueError, match="line 2: damaged: 'differences' is missing"):
        CampaignFile(path, None)
