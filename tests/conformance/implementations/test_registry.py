"""Implementations and where they are found."""

import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from fitspec import spec
from fitspec.conformance.implementations.implementation import Implementation
from fitspec.conformance.implementations.registry import find, known, unusable

RUNNING = f"{sys.version_info.major}.{sys.version_info.minor}"

#: The names of the table, in its order, which is that of the columns of a report.
NAMES = [
    "reference",
    "reference-cuda",
    "keras-2.2",
    "keras-2.2.5",
    "keras-2.3",
    "keras-2.3-theano",
    "tf.keras-2.10",
    "tf.keras-2.15",
    "tf-keras",
    "keras-3.0",
    "keras-3-jax",
    "keras-3-torch",
    "keras-3-tensorflow",
    "poutyne",
    "skorch",
    "torchbearer",
    "lightning",
    "ignite",
    "argus",
    "torchkeras",
    "fastai",
    "paddle",
    "torch-keras",
    "reference-r",
    "reference-from-r",
    "tfjs",
    "scikitjs",
]

Install = Callable[[str, dict[str, str], dict[str, str]], Path]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Install a package that declares entry points, and files, on the import path."""
    site = tmp_path / "site"
    site.mkdir()
    monkeypatch.syspath_prepend(str(site))

    def installed(package: str, points: dict[str, str], files: dict[str, str]) -> Path:
        information = site / f"{package}-1.dist-info"
        information.mkdir()
        (information / "METADATA").write_text(f"Name: {package}\nVersion: 1\n")
        lines = [f"{name} = {value}" for name, value in points.items()]
        (information / "entry_points.txt").write_text(
            "[fitspec.implementations]\n" + "\n".join(lines) + "\n"
        )
        for name, text in files.items():
            file = site / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        return site

    return installed


# --- the table of fitspec ---------------------------------------------------------------------


def test_the_implementations_of_fitspec_are_known_by_name() -> None:
    """The table has the reference first, then what people use."""
    assert list(known()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_the_adapters_of_fitspec_exist(name: str) -> None:
    """Each entry of the table names a file beside it."""
    assert find(name).adapter.is_file()


@pytest.mark.parametrize("name", NAMES)
def test_the_first_run_of_a_name_builds_all_that_it_needs(name: str) -> None:
    """What is installed is pinned, or in a lock file; what cannot be says how a user gets it."""
    found = find(name)
    pinned = {canonicalize_name(Requirement(item).name) for item in found.constraints}
    asked = {canonicalize_name(Requirement(item).name) for item in found.requirements}

    assert not found.unpinned
    assert asked <= pinned
    # What has no environment runs with what fitspec itself requires.
    assert found.needs_environment or found.program is not None or name == "reference"
    if found.program is not None:
        assert found.program.worker.is_file()
        assert found.program.ready
        assert found.program.install
        folder = found.program.packages
        assert folder is None or (folder / "package-lock.json").is_file()


@pytest.mark.parametrize("name", NAMES)
def test_the_requirements_of_fitspec_are_exact(name: str) -> None:
    """A verdict is about one known version, so the table pins what it installs."""
    found = find(name)

    specifiers = [Requirement(each).specifier for each in found.requirements + found.no_deps]

    assert all([each.operator for each in specifier] == ["=="] for specifier in specifiers)


@pytest.mark.parametrize("name", [name for name in NAMES if re.search(r"^(tf[.-])?keras\b", name)])
def test_old_and_new_keras_leave_the_home_folder_alone(name: str) -> None:
    """Keras writes a configuration file, which goes into the folder of the run."""
    variables = find(name).variables(Path("/run/7"))

    assert variables["HOME"] == "/run/7"
    assert variables["KERAS_HOME"] == "/run/7/keras"


def test_the_reference_needs_no_environment() -> None:
    """It runs in the interpreter of fitspec; with what its R functions plot by, it makes up all."""
    reference, of_r = find("reference"), find("reference-r")

    assert not reference.needs_environment
    assert any(item.startswith("matplotlib==") for item in of_r.requirements)
    assert reference.profiles + of_r.profiles == tuple(spec.profiles())


def test_only_the_scratch_folder_is_filled_in(tmp_path: Path) -> None:
    """Other braces of a value, as in JSON, stay as they are."""
    implementation = Implementation(
        "a", "A", tmp_path, environment={"FLAGS": '{"dir": "{scratch}/x", "{other}": {}}'}
    )

    expected = f'{{"dir": "{tmp_path}/x", "{{other}}": {{}}}}'
    assert implementation.variables(tmp_path) == {"FLAGS": expected}


# --- adapter files ----------------------------------------------------------------------------


def test_an_adapter_file_without_metadata_runs_in_the_interpreter_at_hand(tmp_path: Path) -> None:
    """A path is enough: the name is the stem, and every profile of Python applies."""
    file = tmp_path / "mine.py"
    file.write_text("raise SystemExit('imported')\n")

    assert find(str(file)) == Implementation(
        "mine", "mine", file, profiles=("keras-2.2", "keras-2.3")
    )


@pytest.mark.parametrize("suffix", [".mjs", ".js"])
def test_an_adapter_file_in_javascript_runs_in_node(suffix: str, tmp_path: Path) -> None:
    """It needs no environment, and Node itself finds what it imports."""
    file = tmp_path / f"mine{suffix}"
    file.write_text("export const title = 'mine';")

    found = find(str(file))

    assert (found.name, found.adapter, found.needs_environment) == ("mine", file, False)
    assert found.program is not None
    assert (found.program.command, found.program.packages) == (("node",), None)
    assert found.program.worker.is_file()


def test_an_adapter_file_declares_its_environment(tmp_path: Path) -> None:
    """Inline metadata gives what a table entry would."""
    file = tmp_path / "mine.py"
    file.write_text(
        '# /// script\n# requires-python = "==3.7.*"\n# dependencies = ["keras==2.3.1"]\n'
        '# [tool.fitspec]\n# title = "Mine"\n# profiles = ["keras-2.3"]\n'
        '# [tool.fitspec.environment]\n# A = "{scratch}"\n# [tool.ruff]\n# line-length = 9\n# ///\n'
    )

    assert find(str(file)) == Implementation(
        name="mine",
        title="Mine",
        adapter=file,
        python="3.7",
        requirements=("keras==2.3.1",),
        profiles=("keras-2.3",),
        environment={"A": "{scratch}"},
    )


@pytest.mark.parametrize(
    ("block", "python"),
    [
        ('# requires-python = ">=3.8"\n', None),
        ('# requires-python = ">=3.8"\n# dependencies = ["a"]\n', RUNNING),
        ('# requires-python = "==3.7.*"\n', "3.7"),
    ],
)
def test_metadata_that_the_interpreter_at_hand_satisfies_builds_nothing(
    tmp_path: Path, block: str, python: str | None
) -> None:
    """Only packages, or another Python, call for an environment."""
    file = tmp_path / "mine.py"
    file.write_text(f"# /// script\n{block}# ///\n")

    assert find(str(file)).python == python


@pytest.mark.parametrize(
    ("block", "message"),
    [
        ('requires-python = "3.7"', r"`requires-python`: expected a version specifier"),
        ("requires-python = 3", r"`requires-python` must be a text"),
        ('dependencies = "a"', r"`dependencies` must be a list of texts"),
        ('tool.fitspec = "a"', r"`tool\.fitspec` must be a table, got 'a'"),
        ('tool.fitspec.titel = "a"', r"unknown key `titel`; did you mean `title`\?"),
        ('tool.fitspec.profiles = ["keras-1"]', r"there is no profile 'keras-1'"),
    ],
)
def test_malformed_metadata_is_refused_by_file_and_key(
    tmp_path: Path, block: str, message: str
) -> None:
    """The message names the adapter file and the key."""
    file = tmp_path / "mine.py"
    file.write_text(f"# /// script\n# {block}\n# ///\n")

    with pytest.raises(ValueError, match=message) as caught:
        find(str(file))
    assert str(file) in str(caught.value)


def test_a_path_to_nothing_is_refused(tmp_path: Path) -> None:
    """A file that does not exist is named, and from where it was looked for."""
    with pytest.raises(ValueError, match=r"adapter file .*mine\.py does not exist \(seen from "):
        find(str(tmp_path / "mine.py"))


def test_a_path_to_a_folder_is_refused(tmp_path: Path) -> None:
    """A folder is not taken for an adapter."""
    with pytest.raises(ValueError, match="is a folder; expected an adapter file"):
        find(f"{tmp_path}/")


def test_a_folder_of_the_same_name_does_not_hide_a_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beside a folder `reference`, as in the repository of fitspec, the name still means itself."""
    (tmp_path / "reference").mkdir()
    monkeypatch.chdir(tmp_path)

    assert find("reference") == known()["reference"]


def test_a_bare_file_name_is_a_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What ends in `.py` is a file of the current folder, returned by its full path."""
    (tmp_path / "mine.py").touch()
    monkeypatch.chdir(tmp_path)

    assert find("mine.py").adapter == tmp_path / "mine.py"


# --- names ------------------------------------------------------------------------------------


def test_an_unknown_name_is_refused_with_the_nearest_ones() -> None:
    """A slip of the keyboard is answered with what was probably meant, and all that is known."""
    with pytest.raises(ValueError, match=r"'kears-3-jax'.* Did you mean keras-3-jax") as caught:
        find("kears-3-jax")
    assert all(name in str(caught.value) for name in NAMES)


@pytest.mark.parametrize("name", ["", "zzzzzzzz"])
def test_a_name_near_to_none_is_refused_without_a_guess(name: str) -> None:
    """Nothing is suggested where nothing is near."""
    with pytest.raises(ValueError, match="no implementation is called") as caught:
        find(name)
    assert "Did you mean" not in str(caught.value)


# --- entry points -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value", ["other.conformance.adapter", "other.conformance.adapter:Adapter"]
)
def test_an_installed_package_declares_its_adapter(install: Install, value: str) -> None:
    """An entry point names a module, whose file is found without importing what it lies in."""
    bomb = "raise RuntimeError('imported')\n"
    site = install(
        "other",
        {"other-1": value},
        {
            "other/__init__.py": bomb,
            "other/conformance/__init__.py": bomb,
            "other/conformance/adapter.py": bomb,
        },
    )

    file = site / "other" / "conformance" / "adapter.py"
    assert find("other-1") == known()["other-1"] == Implementation("other-1", "other-1", file)
    assert "other" not in sys.modules


def test_an_adapter_may_be_a_single_module(install: Install) -> None:
    """A module outside of any package serves as well."""
    site = install("single", {"single": "single_adapter"}, {"single_adapter.py": ""})

    assert find("single").adapter == site / "single_adapter.py"


def test_the_names_of_fitspec_go_before_those_of_packages(install: Install) -> None:
    """A package cannot put its adapter in the place of the reference."""
    install("other", {"reference": "other"}, {"other.py": ""})

    assert find("reference").title == known()["reference"].title == "the NumPy reference of fitspec"


def test_a_broken_package_leaves_the_others_usable(install: Install) -> None:
    """What cannot be found is reported by name and package, and only asked for does it raise."""
    install("broken", {"broken": "nowhere.at.all"}, {})

    assert "broken" not in known()
    reason = "entry point 'broken' = 'nowhere.at.all' of broken: the module 'nowhere.at.all' has no"
    assert unusable()["broken"].startswith(reason)
    with pytest.raises(ValueError, match="entry point 'broken'"):
        find("broken")


def test_two_packages_that_declare_one_name_are_refused(install: Install) -> None:
    """Which of the two would be meant is not guessed."""
    install("one", {"same": "one"}, {"one.py": ""})
    install("two", {"same": "two"}, {"two.py": ""})

    with pytest.raises(ValueError, match=r"declare 'same' .* differently: one and two"):
        find("same")
