"""The hashes of releases, as an index and the folders of pip have them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from fitspec.conformance.environments import hashing
from fitspec.conformance.environments.hashing import hashes_of

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have pip use an index on the disk, with two files of one release and one of another."""
    names = ("tiny-1.0-py3-none-any.whl", "tiny-1.0-cp37-cp37m-win_amd64.whl", "tiny-2.0.tar.gz")
    links = (f'<a href="{name}#sha256={_sha256(name)}">{name}</a>' for name in names)
    page = tmp_path / "simple" / "tiny" / "index.html"
    page.parent.mkdir(parents=True)
    page.write_text(f"<!DOCTYPE html><html><body>{''.join(links)}</body></html>", "utf-8")
    for name in names:
        (page.parent / name).write_text(name, "utf-8")
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.delenv("PIP_EXTRA_INDEX_URL", raising=False)
    monkeypatch.setenv("PIP_INDEX_URL", (tmp_path / "simple").as_uri())
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "folder"))
    (tmp_path / "folder").mkdir()
    return tmp_path


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_every_file_of_a_release_counts(index: Path) -> None:  # noqa: ARG001  a setting of pip
    """For whatever machine it is, and no file of another release."""
    expected = (
        _sha256("tiny-1.0-py3-none-any.whl"),
        _sha256("tiny-1.0-cp37-cp37m-win_amd64.whl"),
    )

    assert hashes_of(["tiny==1.0"], "3.7") == {
        "tiny==1.0": tuple(sorted(f"sha256:{value}" for value in expected))
    }


def test_every_index_counts(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What one has of a release hides nothing of what others have, and it may be in few of them."""
    names = ("tiny-1.0-py2-none-any.whl", "tiny-1.0-py3-none-any.whl", "odd-1.0-py3-none-any.whl")
    links = [f'<a href="{name}#sha256={_sha256(f"my {name}")}">{name}</a>' for name in names]
    for package, its in (("tiny", links[:2]), ("odd", links[2:])):
        page = index / "mine" / package / "index.html"
        page.parent.mkdir(parents=True)
        page.write_text(f"<!DOCTYPE html><html><body>{''.join(its)}</body></html>", "utf-8")
    (index / "empty").mkdir()
    others = [(index / name).as_uri() for name in ("mine", "empty")]
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", " ".join(others))

    found = hashes_of(["tiny==1.0", "odd==1.0"], "3.11")

    texts = ("tiny-1.0-py3-none-any.whl", "tiny-1.0-cp37-cp37m-win_amd64.whl")
    both = {f"sha256:{_sha256(text)}" for text in (*texts, *(f"my {name}" for name in names[:2]))}
    assert set(found["tiny==1.0"]) == both
    assert found["odd==1.0"] == (f"sha256:{_sha256(f'my {names[2]}')}",)


def test_files_in_folders_of_pip_are_read(index: Path) -> None:
    """What no index names is a file of the release as well."""
    (index / "folder" / "tiny-2.0-py3-none-any.whl").write_text("mine", "utf-8")
    (index / "folder" / "notes.txt").touch()

    found = hashes_of(["tiny==2.0"], "3.11")["tiny==2.0"]

    assert set(found) == {f"sha256:{_sha256(text)}" for text in ("tiny-2.0.tar.gz", "mine")}


def test_a_release_of_which_a_build_lies_there_has_none(index: Path) -> None:
    """It would pass that build over for a file whose hash is known."""
    (index / "folder" / "tiny-2.0+cpu-py3-none-any.whl").touch()

    assert hashes_of(["tiny==2.0"], "3.11") == {"tiny==2.0": ()}


def test_a_release_that_no_index_has_is_named(index: Path) -> None:  # noqa: ARG001  a setting of pip
    """What uv says of it is told."""
    with pytest.raises(RuntimeError, match=r"(?s)uv could not tell the hashes: .*tiny==3\.0"):
        hashes_of(["tiny==3.0"], "3.11")


def test_without_uv_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """It comes with an extra."""
    monkeypatch.setattr(hashing, "find_spec", lambda _: None)

    with pytest.raises(RuntimeError, match=r"uv is not installed.*pip install 'fitspec\[pin\]'"):
        hashes_of(["tiny==1.0"], None)
