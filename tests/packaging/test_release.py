"""A release is made of a commit alone: the same bytes from every checkout, at any time."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
LICENSE = (ROOT / "LICENSE").read_bytes()

# Its programs are found where this Python is.
PATH = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))


def _release(folder: Path, checkout: Path, umask: int, zone: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [checkout / ".ci" / "release", folder],
        cwd=folder.parent,
        env={**os.environ, "PATH": PATH, "TZ": zone},
        umask=umask,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two of them, of this checkout and of a clone, by people with other settings."""
    folder = tmp_path_factory.mktemp("releases")
    clone = ["git", "clone", "--quiet", "--depth=1", ROOT.as_uri(), str(folder / "clone")]
    subprocess.run(clone, check=True)
    # No commit has it.
    (folder / "clone" / "spec" / "clauses" / "mine.toml").touch()
    started = [
        _release(folder / "here", ROOT, 0o022, "UTC"),
        _release(folder / "there", folder / "clone", 0o077, "Pacific/Kiritimati"),
    ]
    for process in started:
        said, _ = process.communicate()
        assert process.returncode == 0, said
    return folder / "here", folder / "there"


def test_the_same_commit_gives_the_same_bytes(releases: tuple[Path, Path]) -> None:
    """Place, time, owner, mode and zone of the checkout make no difference."""
    first, second = ({path.name: path.read_bytes() for path in each.iterdir()} for each in releases)

    assert sorted(name.partition("-")[2][-7:] for name in first) == [".tar.gz", "any.whl"]
    assert first == second


def test_the_licence_is_in_each_of_them(releases: tuple[Path, Path]) -> None:
    """Who has but one of the files has the licence with it."""
    (archive,) = releases[0].glob("*.tar.gz")
    (wheel,) = releases[0].glob("*.whl")

    with tarfile.open(archive) as source:
        member = source.extractfile(f"{archive.name.removesuffix('.tar.gz')}/LICENSE")
        assert member is not None
        assert member.read() == LICENSE
    with zipfile.ZipFile(wheel) as packed:
        (name,) = (name for name in packed.namelist() if name.endswith("/licenses/LICENSE"))
        assert packed.read(name) == LICENSE


def test_the_source_archive_says_nothing_of_who_made_it(releases: tuple[Path, Path]) -> None:
    """All is of the time of the commit, and of nobody."""
    asked = ["git", "log", "-1", "--format=%ct"]
    time = subprocess.run(asked, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    (archive,) = releases[0].glob("*.tar.gz")

    with tarfile.open(archive) as source:
        told = {(item.mtime, item.uid, item.gid, item.uname, item.gname) for item in source}

    assert told == {(int(time), 0, 0, "", "")}


#: The heading of this version, with its day, and what is told above it.
_HEADING = re.compile(
    rf"(## \[Unreleased\]\n)(.*)(## \[{re.escape(VERSION)}\] - (\d{{4}}-\d\d-\d\d)\n)", re.DOTALL
)


def test_the_changelog_and_the_citation_tell_of_this_version() -> None:
    """A tag of the version needs nothing but what has changed since to be moved below it."""
    found = _HEADING.search((ROOT / "CHANGELOG.md").read_text("utf-8"))
    cited = (ROOT / "CITATION.cff").read_text("utf-8").splitlines()

    assert found is not None
    assert f"version: {VERSION}" in cited
    assert f"date-released: {found[4]}" in cited


def _tagged(copy: Path, tag: str, told: str) -> None:
    """Make a clone whose changelog has `told` where this version and what follows it stand."""
    clone = ["git", "clone", "--quiet", "--depth=1", ROOT.as_uri(), str(copy)]
    subprocess.run(clone, check=True)
    text = (copy / "CHANGELOG.md").read_text("utf-8")
    (copy / "CHANGELOG.md").write_text(_HEADING.sub(told, text), "utf-8")
    git = ["git", "-c", "user.name=A tester", "-c", "user.email=tester@example.org"]
    commit = [*git, "commit", "--quiet", "--all", "--allow-empty", "--message=For a test"]
    for command in (commit, [*git, "tag", tag]):
        subprocess.run(command, cwd=copy, check=True)


def test_a_tag_of_this_version_is_released(tmp_path: Path) -> None:
    """With nothing above its heading, it is the wheel and the source archive of that version."""
    _tagged(tmp_path / "copy", f"v{VERSION}", r"\1\n\3")

    done = _release(tmp_path / "out", tmp_path / "copy", 0o022, "UTC")
    said, _ = done.communicate()

    assert done.returncode == 0, said
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        f"fitspec-{VERSION}-py3-none-any.whl",
        f"fitspec-{VERSION}.tar.gz",
    ]


@pytest.mark.parametrize(
    ("tag", "told", "words"),
    [
        ("v99.0.0", r"\g<0>", "the tag v99.0.0 is of a commit whose version is "),
        (f"v{VERSION}", "## Before\n", f"CHANGELOG.md has no heading '## [{VERSION}] - '"),
        (
            f"v{VERSION}",
            r"\1\n### Added\n\n- More.\n\n\3",
            f"CHANGELOG.md has changes under [Unreleased], which are none of the tag v{VERSION}",
        ),
    ],
)
def test_a_tag_that_says_something_else_is_refused(
    tag: str, told: str, words: str, tmp_path: Path
) -> None:
    """Nothing is built for a tag of another version, or one that the changelog does not tell of."""
    _tagged(tmp_path / "copy", tag, told)

    done = _release(tmp_path / "out", tmp_path / "copy", 0o022, "UTC")
    said, _ = done.communicate()

    assert done.returncode == 1
    assert words in said
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [([], "usage: .ci/release FOLDER"), (["."], "is not empty")],
)
def test_a_wrong_call_is_refused(arguments: list[str], words: str, tmp_path: Path) -> None:
    """A folder with something in it is left as it is."""
    (tmp_path / "older.whl").touch()

    done = subprocess.run(
        [ROOT / ".ci" / "release", *arguments],
        cwd=tmp_path,
        check=False,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 2
    assert words in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["older.whl"]


def test_what_it_needs_is_named(tmp_path: Path) -> None:
    """A Python without the tools is told with what installs them; nothing is made."""
    python = tmp_path / "bin" / "python"
    python.parent.mkdir()
    python.write_text("#!/bin/sh\nexit 1\n")
    python.chmod(0o755)

    done = subprocess.run(
        [ROOT / ".ci" / "release", tmp_path / "out"],
        env={**os.environ, "PATH": f"{python.parent}{os.pathsep}{os.environ['PATH']}"},
        check=False,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 2
    assert done.stderr == f"{python} lacks build or twine: python -m pip install build twine\n"
    assert list((tmp_path / "out").iterdir()) == []
