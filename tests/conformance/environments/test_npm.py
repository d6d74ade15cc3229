"""The packages of workers in JavaScript: installing, reusing, failing."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from filelock import FileLock

from fitspec.conformance.environments.doctor import Line, State, examine
from fitspec.conformance.environments.environment import BuildFailed, Unavailable
from fitspec.conformance.environments.npm import NodePackages, complaint, packages_of, provide
from fitspec.conformance.implementations.implementation import Program
from fitspec.conformance.implementations.registry import find, known

LOCK = {
    "packages": {
        "": {"name": "worker"},
        "node_modules/@large/tensors": {"version": "4.22.0", "integrity": "sha512-abc=="},
    }
}

FakeNpm = Callable[[str], Path]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A folder that asks for one package."""
    folder = tmp_path / "source"
    folder.mkdir()
    asked = {"type": "module", "dependencies": {"@large/tensors": "4.22.0"}}
    (folder / "package.json").write_text(json.dumps(asked))
    (folder / "package-lock.json").write_text(json.dumps(LOCK))
    return folder


@pytest.fixture
def fake_npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeNpm:
    """Put an `npm` on `PATH` that is a piece of shell; return the file with its calls."""

    def placed(code: str) -> Path:
        file = tmp_path / "bin" / "npm"
        file.parent.mkdir(exist_ok=True)
        file.write_text(f'#!/bin/sh\necho "$*" >> {tmp_path}/calls\n{code}\n')
        file.chmod(0o755)
        monkeypatch.setenv("PATH", str(file.parent))
        return tmp_path / "calls"

    return placed


def program(source: Path) -> Program:
    return Program(("node",), source / "worker.mjs", (), "apt install nodejs npm", source)


def place(source: Path, cache: Path) -> NodePackages:
    packages = packages_of(program(source), cache=cache)
    assert packages is not None
    return packages


def test_a_worker_may_need_no_packages(source: Path) -> None:
    """Only where a program names a folder with a package.json is there anything to install."""
    assert packages_of(None) is None
    assert packages_of(Program(("Rscript",), source / "worker.R", (), "")) is None


def test_npm_installs_what_the_lock_file_says(
    source: Path, tmp_path: Path, fake_npm: FakeNpm
) -> None:
    """`npm ci` runs once, on copies of the two files, and leaves a log; then they are there."""
    calls = fake_npm("echo added 1 package")
    packages, news = place(source, tmp_path / "cache"), list[str]()

    folder = provide(packages, news.append)

    assert provide(packages, news.append) == folder == packages.folder
    (call,) = calls.read_text().splitlines()
    assert call.startswith(f"ci --prefix {folder} --ignore-scripts ")
    assert (folder / "package-lock.json").read_bytes() == (
        source / "package-lock.json"
    ).read_bytes()
    assert "added 1 package" in packages.log.read_text()
    assert news[0] == "npm installs @large/tensors@4.22.0"
    assert len(news) == 2


def test_versions_that_are_not_locked_are_installed_as_they_depend(
    source: Path, tmp_path: Path, fake_npm: FakeNpm
) -> None:
    """`npm install` finds out what other versions need, without the lock file of these."""
    calls = fake_npm("echo added 1 package")
    others = replace(program(source), others={"@large/tensors": "3.0.0"})
    packages = packages_of(others, cache=tmp_path / "cache")
    assert packages is not None

    folder = provide(packages)

    (call,) = calls.read_text().splitlines()
    assert call.startswith(f"install --prefix {folder} --ignore-scripts ")
    described = json.loads((folder / "package.json").read_text())
    assert described == {"type": "module", "dependencies": {"@large/tensors": "3.0.0"}}
    assert not (folder / "package-lock.json").exists()
    assert folder != place(source, tmp_path / "cache").folder


def test_other_versions_lie_elsewhere(source: Path, tmp_path: Path) -> None:
    """What was installed by another lock file is never taken for what is asked now."""
    before = place(source, tmp_path).folder
    (source / "package-lock.json").write_text("{}")

    assert place(source, tmp_path).folder != before


@pytest.mark.parametrize(
    ("said", "named"),
    [
        (
            ["code ETARGET", "notarget No matching version found for @large/tensors@4.99.0."],
            "@large/tensors@4.99.0",
        ),
        (
            ["code E404", "404  '@large/tensors@4.22.0' is not in this registry."],
            "@large/tensors@4.22.0",
        ),
        (
            ["Integrity checksum failed when using sha512: wanted sha512-abc== but got x"],
            "@large/tensors@4.22.0",
        ),
        (["code ECONNREFUSED", "request failed"], None),
    ],
    ids=["no version", "no package", "wrong content", "no network"],
)
@pytest.mark.parametrize("sign", ["npm error", "npm ERR!"])
def test_a_failure_says_which_package_and_why(  # noqa: PLR0913, PLR0917  fixtures and parameters
    sign: str, said: list[str], named: str | None, source: Path, tmp_path: Path, fake_npm: FakeNpm
) -> None:
    """The error of npm is told, with the package that it is about; nothing half is left."""
    lines = "\n".join(f"{sign} {line}" for line in said)
    fake_npm(f"/bin/cat <<'END'\n{lines}\nEND\nexit 1")
    packages = place(source, tmp_path / "cache")

    with pytest.raises(BuildFailed, match="npm ") as caught:
        provide(packages)

    assert caught.value.requirement == named
    assert said[-1] in str(caught.value)
    assert caught.value.log.is_file()
    assert not packages.folder.exists()


def test_a_failure_without_a_word_of_npm_is_told_with_the_last_lines() -> None:
    """Where nothing is marked as an error, what was printed last stands for the reason."""
    assert complaint(["1\n", "2\n", "3\n", "4\n", "5\n", "Killed\n"], Path()) == (
        ["2", "3", "4", "5", "Killed"],
        None,
    )
    assert complaint([], Path()) == (["it printed nothing"], None)


def test_the_reasons_are_without_what_npm_adds() -> None:
    """Codes, stacks and the place of npm's own log say nothing to a reader."""
    lines = [
        "npm warn old config\n",
        "npm error code E1\n",
        "npm error the reason\n",
        "npm error     at Object.<anonymous> (file.js:1)\n",
        "npm error A complete log of this run can be found in: x\n",
    ]

    assert complaint(lines, Path()) == (["the reason"], None)


def test_without_npm_it_is_unavailable(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine without npm is no failure: what is missing is said, and how to get it."""
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(Unavailable) as caught:
        provide(place(source, tmp_path / "cache"))

    assert caught.value.reason == "npm is not on this machine"
    assert caught.value.remedy == "install it with `apt install npm`"


def test_one_installs_and_another_waits(source: Path, tmp_path: Path, fake_npm: FakeNpm) -> None:
    """Whoever comes while another installs waits for it and takes what is there then."""
    calls = fake_npm("exit 0")
    packages = place(source, tmp_path / "cache")
    packages.folder.parent.mkdir(parents=True)
    waiting, news = threading.Event(), list[str]()

    def note(line: str) -> None:
        news.append(line)
        waiting.set()

    with FileLock(packages.lock):
        other = threading.Thread(target=provide, args=(packages, note))
        other.start()
        assert waiting.wait(60)
        packages.folder.mkdir()
        packages.marker.write_text('{"finished": "2026-01-02T03:04:05"}')
    other.join()

    assert news == ["waiting for another fitspec that installs the same packages"]
    assert not calls.exists()


# --- doctor -------------------------------------------------------------------------------------


@pytest.fixture
def node(tmp_path: Path, fake_npm: FakeNpm) -> Path:
    """A `node` that is ready, beside an `npm`."""
    fake_npm("exit 0")
    file = tmp_path / "bin" / "node"
    file.write_text("#!/bin/sh\nexit 0\n")
    file.chmod(0o755)
    return file


def examined(cache: Path) -> tuple[State | None, Line]:
    found = next(item for item in examine(cache=cache) if item.name == "tfjs")
    return found.state, found.lines[0]


@pytest.mark.usefixtures("node")
def test_doctor_tells_packages_to_install_from_those_installed(tmp_path: Path) -> None:
    """Before the first run doctor names the packages, afterwards when and where they came."""
    packages = packages_of(find("tfjs").program, cache=tmp_path)
    assert packages is not None

    before = examined(tmp_path)
    provide(packages)
    after = examined(tmp_path)

    what = ", ".join(packages.requirements)
    text = f"not installed; the first run installs {what}"
    assert before == (State.TO_BUILD, Line("packages", text, ("fitspec run tfjs",)))
    assert after[0] is State.READY
    assert after[1].text.startswith("installed 20")
    assert after[1].verbatim == (str(packages.folder),)


def test_doctor_misses_npm(tmp_path: Path, node: Path) -> None:
    """With a Node but without npm, doctor says how to get it."""
    node.with_name("npm").unlink()

    state, line = examined(tmp_path)

    assert state is State.UNAVAILABLE
    assert line.verbatim == ("apt install npm",)


@pytest.mark.parametrize(
    "name", [name for name, item in known().items() if packages_of(item.program) is not None]
)
def test_all_that_is_installed_is_pinned(name: str) -> None:
    """The versions asked for are exact, the lock file has a hash for each, and no host."""
    packages = packages_of(find(name).program)
    assert packages is not None
    lock = json.loads((packages.source / "package-lock.json").read_text("utf-8"))

    locked = {path: item for path, item in lock["packages"].items() if path}

    assert all(name.split("@")[-1][0].isdigit() for name in packages.requirements)
    assert all(item["integrity"].startswith("sha512-") for item in locked.values())
    assert not [path for path, item in locked.items() if "resolved" in item]
