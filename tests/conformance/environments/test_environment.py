"""The environments of implementations: building, reusing, failing."""

import dataclasses
import hashlib
import json
import subprocess
import sys
import tarfile
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from fitspec.conformance.environments.building import follow
from fitspec.conformance.environments.environment import (
    BuildFailed,
    Environment,
    Unavailable,
    cache_folder,
    environment_of,
    prepare,
)
from fitspec.conformance.environments.pip import complaint
from fitspec.conformance.implementations import hashes
from fitspec.conformance.implementations.implementation import Implementation

OLD = Implementation(
    name="old", title="Old", adapter=Path("old.py"), python="3.99", requirements=("tiny==1.0",)
)
"""An implementation for a Python that no machine has, which the tests play."""

FakePython = Callable[[str], Path]


def place_of(implementation: Implementation, cache: Path) -> Environment:
    environment = environment_of(implementation, cache=cache)
    assert environment is not None
    return environment


def wheel(folder: Path, name: str, version: str, **modules: str) -> Path:
    """Make a package of one module, or of those that are given by their names; return its file."""
    information = f"{name}-{version}.dist-info"
    own = {f"{name}/{module}.py": text for module, text in modules.items()}
    files = {
        **(own or {f"{name}.py": f"version = {version!r}\n"}),
        f"{information}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{information}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{file},,\n" for file in (*files, f"{information}/RECORD"))
    file = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(file, "w") as archive:
        for name_in_it, text in {**files, f"{information}/RECORD": record}.items():
            archive.writestr(name_in_it, text)
    return file


@pytest.fixture
def fake_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakePython:
    """Put a `python3.99` on `PATH` whose venv copies itself and whose pip is a piece of shell."""

    def placed(pip: str) -> Path:
        file = tmp_path / "bin" / "python3.99"
        file.parent.mkdir(exist_ok=True)
        file.write_text(
            "#!/bin/sh\n"
            'case "$*" in\n'
            '*"-c import sys"*) echo "$0"; echo 3 99 1 ;;\n'
            '*"-m venv"*) /bin/mkdir -p "$4/bin"; /bin/cp "$0" "$4/bin/python" ;;\n'
            f'*"-m pip"*) echo "$*" >> {tmp_path}/pip-calls\n{pip}\n;;\n'
            "esac\n"
        )
        file.chmod(0o755)
        monkeypatch.setenv("PATH", str(file.parent))
        return file

    return placed


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, list[str]]]:
    """Build one environment with the true venv and pip, from two wheels made here."""
    wheels = tmp_path_factory.mktemp("wheels")
    wheel(wheels, "tiny", "1.0")
    # The worker's own requirement; with one at hand, nothing is fetched.
    wheel(wheels, "numpy", "99.0")
    news: list[str] = []
    implementation = Implementation("tiny", "Tiny", Path("tiny.py"), requirements=("tiny==1.0",))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PIP_NO_INDEX", "1")
        patch.setenv("PIP_FIND_LINKS", str(wheels))
        cache = tmp_path_factory.mktemp("cache")
        yield prepare(implementation, progress=news.append, cache=cache), news


# --- which interpreter ------------------------------------------------------------------------


def test_without_needs_the_running_interpreter_is_used(tmp_path: Path) -> None:
    """An implementation that asks for nothing runs beside fitspec, and nothing is built."""
    plain = Implementation("plain", "Plain", Path("plain.py"))

    assert prepare(plain, cache=tmp_path) == Path(sys.executable)
    assert not list(tmp_path.iterdir())


def test_an_interpreter_of_the_user_is_used_as_it_is(tmp_path: Path) -> None:
    """A link into a virtual environment is not followed out of it, and nothing is built."""
    link = tmp_path / "python"
    link.symlink_to(sys.executable)

    assert prepare(OLD, python=link, cache=tmp_path / "cache") == link
    assert not (tmp_path / "cache").exists()


def test_a_missing_interpreter_of_the_user_is_refused(tmp_path: Path) -> None:
    """The path that the user gave is named."""
    with pytest.raises(ValueError, match=r"python: there is no interpreter .*/nowhere"):
        prepare(OLD, python=tmp_path / "nowhere")


def test_an_interpreter_of_the_user_that_does_not_run_is_refused(tmp_path: Path) -> None:
    """A file that is no Python is found out before the worker is started with it."""
    file = tmp_path / "python"
    file.write_text("not a program")

    with pytest.raises(ValueError, match=r"python: .*/python does not run"):
        prepare(OLD, python=file)


def test_a_missing_python_makes_it_unavailable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is missing and what to do about it are said, and nothing is left in the cache."""
    monkeypatch.setenv("PATH", "")

    with pytest.raises(Unavailable) as caught:
        prepare(OLD, cache=tmp_path)
    assert caught.value.reason == "Python 3.99 is not on this machine"
    assert caught.value.remedy == (
        "install it with `uv python install 3.99` or `pyenv install 3.99`"
    )
    assert not place_of(OLD, tmp_path).folder.exists()


# --- a real build -----------------------------------------------------------------------------


def test_a_real_environment_has_what_was_asked_for(real: tuple[Path, list[str]]) -> None:
    """The interpreter that is returned imports the requirement and what the worker needs."""
    python, _ = real

    code = "import tiny, numpy; print(tiny.version, numpy.version)"
    answer = subprocess.run([python, "-I", "-c", code], capture_output=True, text=True, check=True)

    assert answer.stdout == "1.0 99.0\n"


def test_a_real_build_says_what_it_is_doing(real: tuple[Path, list[str]]) -> None:
    """The steps and the news of pip arrive as short lines."""
    python, news = real

    expected = [
        f"making a virtual environment in {python.parent.parent}",
        "pip installs numpy tiny==1.0",
        "Installing collected packages: tiny, numpy",
    ]
    assert [line for line in news if line in expected] == expected
    assert news[-1].startswith("built in ")


def test_the_complaint_of_the_real_pip_is_understood(real: tuple[Path, list[str]]) -> None:
    """The error lines of pip have the form that is looked for."""
    python, _ = real
    lines: list[str] = []

    code = follow([str(python), "-I", "-m", "pip", "install", "nosuch==1.0"], lines.append)

    assert code == 1
    assert complaint(lines)[1] == "nosuch==1.0"


# --- reuse ------------------------------------------------------------------------------------


def test_a_whole_environment_is_used_again(tmp_path: Path, fake_python: FakePython) -> None:
    """The second preparation installs nothing and says nothing."""
    fake_python("echo Collecting tiny")
    first = prepare(OLD, cache=tmp_path)
    news: list[str] = []

    second = prepare(OLD, cache=tmp_path, progress=news.append)

    assert first == second
    assert news == []
    assert len((tmp_path / "pip-calls").read_text().splitlines()) == 1


def test_implementations_of_one_recipe_share_an_environment(tmp_path: Path) -> None:
    """Name, adapter, variables and the order of requirements make no difference."""
    one = dataclasses.replace(OLD, requirements=("a==1", "b==2"))
    two = dataclasses.replace(
        one, name="b", adapter=Path("b.py"), environment={"A": "1"}, requirements=("b==2", "a==1")
    )

    assert place_of(one, tmp_path) == place_of(two, tmp_path)


@pytest.mark.parametrize(
    "other",
    [
        dataclasses.replace(OLD, requirements=("tiny==1.1",)),
        dataclasses.replace(OLD, requirements=("tiny==1.0", "b==1")),
        dataclasses.replace(OLD, no_deps=("b==1",)),
        dataclasses.replace(OLD, python="3.98"),
    ],
)
def test_another_recipe_has_another_environment(tmp_path: Path, other: Implementation) -> None:
    """Whatever changes what would be installed changes the folder."""
    assert place_of(OLD, tmp_path).folder != place_of(other, tmp_path).folder


def test_what_is_installed_without_its_dependencies_comes_last(
    tmp_path: Path, fake_python: FakePython
) -> None:
    """A second call of pip is for it, and told to leave alone what it depends on."""
    fake_python("echo Collecting tiny")
    implementation = dataclasses.replace(OLD, no_deps=("odd==2.0",))

    prepare(implementation, cache=tmp_path)

    first, second = (tmp_path / "pip-calls").read_text().splitlines()
    assert first.endswith("numpy tiny==1.0")
    assert "--no-deps" not in first
    assert second.endswith("--no-deps odd==2.0")
    environment = place_of(implementation, tmp_path)
    assert environment.built() is not None


@pytest.mark.parametrize(
    ("requirements", "expected"),
    [
        ((), ("numpy",)),
        (("a==1",), ("a==1", "numpy")),
        (("NumPy==1.18.5", "a==1"), ("NumPy==1.18.5", "a==1")),
    ],
)
def test_what_the_worker_imports_is_installed_too(
    requirements: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    """The worker needs NumPy, of any version that the implementation asks for."""
    implementation = dataclasses.replace(OLD, requirements=requirements)

    assert place_of(implementation, Path("/cache")).recipe.requirements == expected


def test_an_environment_without_its_python_is_built_again(
    tmp_path: Path, fake_python: FakePython
) -> None:
    """When the Python it was made from is gone, the environment is no longer whole."""
    fake_python("echo Collecting tiny")
    python = prepare(OLD, cache=tmp_path)
    python.unlink()

    assert prepare(OLD, cache=tmp_path).is_file()


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"recipe": 1, "finished": "2026-01-01"}'])
def test_an_environment_with_a_spoilt_marker_is_not_whole(tmp_path: Path, content: str) -> None:
    """Only a marker that tells this very recipe counts."""
    environment = place_of(OLD, tmp_path)
    environment.folder.mkdir(parents=True)
    environment.marker.write_text(content)

    assert environment.built() is None


# --- failing and interrupted builds -----------------------------------------------------------


def test_a_refusal_of_pip_names_the_requirement_and_the_log(
    tmp_path: Path, fake_python: FakePython
) -> None:
    """The message has what pip said; the log has everything, without credentials."""
    fake_python(
        "echo 'Looking in indexes: https://me:s3cret@host/simple'\n"
        "echo 'ERROR: No matching distribution found for tiny==1.0'\nexit 1"
    )

    with pytest.raises(BuildFailed, match=r"pip could not install tiny==1\.0") as caught:
        prepare(OLD, cache=tmp_path)
    assert caught.value.requirement == "tiny==1.0"
    assert str(caught.value.log) in str(caught.value)
    log = caught.value.log.read_text()
    assert "https://****@host/simple" in log
    assert "s3cret" not in log


def test_a_failed_build_leaves_nothing_that_looks_whole(
    tmp_path: Path, fake_python: FakePython
) -> None:
    """After a failure the next preparation starts afresh."""
    fake_python("exit 1")
    with pytest.raises(BuildFailed, match="pip ended with code 1"):
        prepare(OLD, cache=tmp_path)
    fake_python("echo Collecting tiny")

    assert not place_of(OLD, tmp_path).folder.exists()
    assert prepare(OLD, cache=tmp_path).is_file()


def test_an_interrupt_leaves_nothing_that_looks_whole(
    tmp_path: Path, fake_python: FakePython
) -> None:
    """Ctrl-C while pip works ends pip at once and removes what was begun."""
    fake_python("echo Collecting tiny\n/bin/sleep 60")

    def interrupt(line: str) -> None:
        if line == "Collecting tiny":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        prepare(OLD, cache=tmp_path, progress=interrupt)
    assert place_of(OLD, tmp_path).built() is None
    assert not place_of(OLD, tmp_path).folder.exists()


def test_an_unfinished_build_is_removed_and_made_again(
    tmp_path: Path, fake_python: FakePython
) -> None:
    """A folder without a marker, as a killed fitspec leaves it, is not mistaken for whole."""
    fake_python("echo Collecting tiny")
    environment = place_of(OLD, tmp_path)
    (environment.folder / "bin").mkdir(parents=True)
    (environment.folder / "bin" / "leftover").touch()
    environment.python.symlink_to(sys.executable)
    news: list[str] = []

    prepare(OLD, cache=tmp_path, progress=news.append)

    assert news[0] == f"removing the unfinished environment {environment.folder}"
    assert not (environment.folder / "bin" / "leftover").exists()
    assert environment.built() is not None


def test_the_marker_tells_what_was_built(tmp_path: Path, fake_python: FakePython) -> None:
    """The recipe, the Python it was made from and the duration can be read afterwards."""
    base = fake_python("echo Collecting tiny")
    prepare(OLD, cache=tmp_path)

    content = json.loads(place_of(OLD, tmp_path).marker.read_text())

    assert content["recipe"]["requirements"] == ["numpy", "tiny==1.0"]
    assert (content["base"], content["version"]) == (str(base), "3.99.1")


def test_a_second_builder_waits_for_the_first(tmp_path: Path, fake_python: FakePython) -> None:
    """Two runs at once do not write into one folder; the second one says that it waits."""
    fake_python("echo Collecting tiny")
    environment = place_of(OLD, tmp_path)
    environment.folder.parent.mkdir(parents=True)
    waiting = threading.Event()
    news: list[str] = []

    def progress(line: str) -> None:
        news.append(line)
        waiting.set()

    with FileLock(environment.lock):
        second = threading.Thread(
            target=prepare, args=(OLD,), kwargs={"progress": progress, "cache": tmp_path}
        )
        second.start()
        assert waiting.wait(60)
        assert news == ["waiting for another fitspec that builds the same environment"]
        assert not environment.folder.exists()
    second.join(60)
    assert environment.built() is not None


# --- the cache folder -------------------------------------------------------------------------


def test_the_cache_folder_can_be_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`FITSPEC_CACHE` overrides the folder of the system, relative to the current one."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FITSPEC_CACHE", "mine")

    assert cache_folder() == tmp_path / "mine"


def test_the_cache_folder_is_the_users_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the variable, the cache lies where the system keeps such things."""
    monkeypatch.delenv("FITSPEC_CACHE", raising=False)

    assert cache_folder().name == "fitspec"


def test_pip_keeps_to_the_constraints(tmp_path: Path, fake_python: FakePython) -> None:
    """They reach pip as a file, and make an environment of their own."""
    fake_python("echo Collecting tiny")
    pinned = dataclasses.replace(OLD, constraints=("numpy==1.0", "tiny==1.0"))

    prepare(pinned, cache=tmp_path)

    environment = place_of(pinned, tmp_path)
    call = (tmp_path / "pip-calls").read_text()
    assert f"--constraint {environment.constraints} numpy tiny==1.0" in call
    assert environment.constraints.read_text() == "numpy==1.0\ntiny==1.0\n"
    assert environment.folder != place_of(OLD, tmp_path).folder
    content = json.loads(environment.marker.read_text())
    assert content["recipe"]["constraints"] == ["numpy==1.0", "tiny==1.0"]


def test_files_are_held_against_their_hashes(tmp_path: Path, fake_python: FakePython) -> None:
    """What has a hash is installed first and alone; what it depends on besides is told."""
    fake_python("echo Installing collected packages: other")
    one, two = (f"sha256:{digit * 64}" for digit in "12")
    file = tmp_path / "hashes.toml"
    hashes.write(file, {"tiny==1.0": (one, two), "other==1.0": (one,)})
    pinned = dataclasses.replace(OLD, constraints=("numpy==1.0", "tiny==1.0"), hashes=file)
    news: list[str] = []

    prepare(pinned, cache=tmp_path, progress=news.append)

    environment = place_of(pinned, tmp_path)
    first, second = (tmp_path / "pip-calls").read_text().splitlines()
    assert first.endswith(
        f"--no-build-isolation --no-deps --require-hashes --requirement {environment.hashes}"
    )
    assert second.endswith(f"--constraint {environment.constraints} numpy tiny==1.0")
    assert environment.hashes.read_text() == f"tiny==1.0 --hash={one} --hash={two}\n"
    assert "Installing collected packages: other" in news
    assert "not pinned, so not held against a hash: other" in news
    unhashed = dataclasses.replace(pinned, hashes=None)
    assert environment.folder != place_of(unhashed, tmp_path).folder


def test_a_file_with_another_hash_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The true pip says which release it is, and nothing of it is installed."""
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    wheel(wheels, "tiny", "1.0")
    wheel(wheels, "numpy", "99.0")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheels))
    file = tmp_path / "hashes.toml"
    hashes.write(file, {"tiny==1.0": (f"sha256:{'0' * 64}",)})
    forged = Implementation(
        "tiny",
        "Tiny",
        Path("tiny.py"),
        requirements=("tiny==1.0",),
        constraints=("tiny==1.0",),
        hashes=file,
    )

    with pytest.raises(BuildFailed, match=r"could not install tiny==1\.0") as caught:
        prepare(forged, cache=tmp_path / "cache")

    assert "is no file of this release, by its hash; set another index" in str(caught.value)
    assert "DO NOT MATCH THE HASHES" in str(caught.value)
    assert f"Expected sha256 {'0' * 64}" in str(caught.value)
    assert caught.value.requirement == "tiny==1.0"
    assert not place_of(forged, tmp_path / "cache").folder.exists()


#: Builds a package, which lies ready among its sources, and leaves a mark of that.
BACKEND = """
import pathlib, shutil

def build_wheel(folder, settings=None, metadata=None):
    pathlib.Path(__file__).with_name("has_built").touch()
    shutil.copy("ready.whl", pathlib.Path(folder) / "tiny-1.0-py3-none-any.whl")
    return "tiny-1.0-py3-none-any.whl"
"""


def sources(folder: Path, backend: str) -> Path:
    """Make the archive of `tiny`, which `backend` has to build, and return it."""
    made = folder / "tiny-1.0"
    made.mkdir()
    wheel(made, "tiny", "1.0").rename(made / "ready.whl")
    tool, _, _ = backend.partition(".")
    (made / "pyproject.toml").write_text(
        f'[build-system]\nrequires = ["{tool}"]\nbuild-backend = "{backend}"\n'
    )
    (made / "PKG-INFO").write_text("Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n")
    file = folder / "tiny-1.0.tar.gz"
    with tarfile.open(file, "w:gz") as archive:
        archive.add(made, made.name)
    return file


@pytest.fixture
def pinned_sources(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Implementation]:
    """Return what needs `tiny`, of which there are sources alone, with all hashes known."""
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheels))

    def made(backend: str, **forged: str) -> Implementation:
        wheel(wheels, "strange", "1.0", __init__="", backend=BACKEND)
        pins = {
            "numpy": wheel(wheels, "numpy", "99.0"),
            "setuptools": wheel(wheels, "setuptools", "99.0", __init__="", build_meta=BACKEND),
            "tiny": sources(wheels, backend),
        }
        digests = {
            name: hashlib.sha256(file.read_bytes()).hexdigest() for name, file in pins.items()
        }
        versions = {name: "1.0" if name == "tiny" else "99.0" for name in pins}
        file = tmp_path / "hashes.toml"
        hashes.write(
            file,
            {
                f"{name}=={versions[name]}": [f"sha256:{forged.get(name, digest)}"]
                for name, digest in digests.items()
            },
        )
        return Implementation(
            "tiny",
            "Tiny",
            Path("tiny.py"),
            requirements=("tiny==1.0",),
            constraints=tuple(f"{name}=={version}" for name, version in versions.items()),
            hashes=file,
        )

    return made


def test_sources_are_built_by_what_is_pinned(
    tmp_path: Path, pinned_sources: Callable[..., Implementation]
) -> None:
    """It is installed first, held against its hash, and nothing else is fetched to build them."""
    implementation = pinned_sources("setuptools.build_meta")

    python = prepare(implementation, cache=tmp_path / "cache")

    asked = "import tiny, setuptools; print(tiny.version, *setuptools.__path__)"
    done = subprocess.run([python, "-c", asked], capture_output=True, text=True, check=True)
    version, place = done.stdout.split()
    assert version == "1.0"
    assert (Path(place) / "has_built").exists()


def test_what_builds_with_another_hash_is_refused(
    tmp_path: Path, pinned_sources: Callable[..., Implementation]
) -> None:
    """It is named, and has built nothing."""
    implementation = pinned_sources("setuptools.build_meta", setuptools="0" * 64)

    with pytest.raises(BuildFailed, match=r"could not install setuptools==99\.0") as caught:
        prepare(implementation, cache=tmp_path / "cache")

    assert "is no file of this release, by its hash" in str(caught.value)
    assert "tiny" not in caught.value.log.read_text()


def test_what_builds_is_not_fetched_unheld(
    tmp_path: Path, pinned_sources: Callable[..., Implementation]
) -> None:
    """A tool that nobody pinned would run whatever the index served."""
    implementation = pinned_sources("strange.backend")

    # By the version of pip.
    unknown = "No module named 'strange'|Cannot import 'strange"
    with pytest.raises(BuildFailed, match=unknown) as caught:
        prepare(implementation, cache=tmp_path / "cache")

    assert "could not install " in str(caught.value)
    assert "tiny-1.0.tar.gz" in str(caught.value.requirement)
