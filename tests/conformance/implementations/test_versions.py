"""Tests of `fitspec.conformance.implementations.versions`, through the names that a user gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from packaging.specifiers import SpecifierSet

from fitspec.conformance.implementations import registry, table, versions
from fitspec.conformance.implementations.implementation import Implementation, Program
from fitspec.conformance.implementations.registry import find, known

if TYPE_CHECKING:
    from pathlib import Path

FAMILIES = versions.read(table.file().with_name("families.toml"))


def test_a_version_that_stands_in_the_table_is_its_row() -> None:
    """Asked for by family or by row, the version of a row is that row, with its constraints."""
    assert find("keras@2.2.4") == find("keras-2.2")
    assert find("keras-3-torch@3.15.1") == find("keras-3-torch")


def test_a_version_takes_the_place_of_that_in_the_nearest_row() -> None:
    """All else stays as in the row; only that its dependencies are not pinned is told."""
    row, found = find("keras-2.3"), find("keras@2.3.0")

    assert found.name == "keras@2.3.0"
    assert found.requirements == ("keras==2.3.0", *row.requirements[1:])
    assert (found.python, found.adapter, found.profiles) == (row.python, row.adapter, row.profiles)
    assert found.environment == row.environment
    assert found.constraints == ()
    assert found.unpinned
    assert found.title == "keras 2.3.0, run as keras-2.3, what it depends on not pinned"


@pytest.mark.parametrize(
    ("asked", "requirement", "row"),
    [
        ("keras@2.1.6", "keras==2.1.6", "keras-2.2"),
        ("keras@3.4", "keras==3.4", "keras-3.0"),
        ("keras@3.14.1", "keras==3.14.1", "keras-3-jax"),
        ("keras-3-torch@3.5.0", "keras==3.5.0", "keras-3-torch"),
        ("tf.keras@2.11.1", "tensorflow-cpu==2.11.1", "tf.keras-2.10"),
        ("skorch@1.3.0", "skorch==1.3.0", "skorch"),
        ("ignite@0.5.4", "pytorch-ignite==0.5.4", "ignite"),
        ("torch-keras@2.9.0", "torch==2.9.0", "torch-keras"),
        ("tf.keras@2.15.0rc1", "tensorflow-cpu==2.15.0rc1", "tf.keras-2.15"),
    ],
)
def test_families_and_rows_have_versions(asked: str, requirement: str, row: str) -> None:
    """The row decides what runs it, the version which release of its main requirement is run."""
    found = find(asked)

    assert requirement in found.requirements
    assert len(found.requirements) == len(known()[row].requirements)
    assert found.adapter == known()[row].adapter
    assert found.environment == known()[row].environment


def test_what_another_version_needs_besides_stands_in_the_table() -> None:
    """Requirements of the family go before those of the row."""
    found = find("tf-keras@2.16.0")

    assert found.requirements == ("tensorflow-cpu==2.16.*", "numpy==1.26.4")
    assert found.no_deps == ("tf-keras==2.16.0",)


def test_what_npm_installs_has_versions(tmp_path: Path) -> None:
    """What has the version of the main package has the other one, too; what has not keeps its."""
    row, found = find("tfjs"), find("tfjs@4")
    (tmp_path / "package.json").write_text('{"dependencies": {"a": "1.0.0", "b": "2.0.0"}}')
    program = Program(("node",), tmp_path, (), "", packages=tmp_path)
    other = Implementation("a-js", "A", tmp_path, main="a", program=program)

    assert row.program is not None
    assert found.program is not None
    assert found.program.asked == dict.fromkeys(row.program.asked, "4.0.0")
    assert (row.unpinned, found.unpinned) == (False, True)
    assert (found.version, found.adapter) == ("4.0.0", row.adapter)
    assert find(f"tfjs@{row.version}") == row
    of_some = versions.choose("a-js", "1.5", {"a-js": other}, {})
    assert of_some is not None
    assert of_some.program is not None
    assert of_some.program.asked == {"a": "1.5.0", "b": "2.0.0"}


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("keras@2.6.0", r"keras is known in the versions .*>=2\.3,<2\.4 \(keras-2\.3\)"),
        ("keras@newest", r"keras@newest: 'newest' is not a version; one is such as keras@2\.3\.1"),
        ("keras@", "'' is not a version"),
        ("keras@2.*", r"'2\.\*' is not a version"),
        ("reference@1.0", "reference has no version to choose, as it installs nothing"),
        ("kears@2.3.1", r"'kears'\. Did you mean keras@VERSION.* Known: .*keras@VERSION"),
        ("@2.3.1", r"no implementation is called '@2\.3\.1'"),
        ("tfjs@3.0.0rc1", r"tfjs@3\.0\.0rc1: '3\.0\.0rc1' is not a release; one is such as 3\.21"),
    ],
)
def test_what_there_is_not_is_refused(asked: str, words: str) -> None:
    """The message says what is known."""
    with pytest.raises(ValueError, match=words):
        find(asked)


@pytest.mark.parametrize("name", FAMILIES)
def test_each_family_leads_to_rows(name: str) -> None:
    """Every entry names a row of the table with a main requirement."""
    rows = known()

    assert all(rows[member.row].main for member in FAMILIES[name])


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("keras-3-torch@3.0.5", "keras"),
        ("keras@3.0.5", "keras"),
        ("tf-keras@2.16.0", "tf-keras"),
        ("tf.keras-2.15", "tf.keras"),
        ("poutyne@1.17.1", "poutyne"),
    ],
)
def test_a_row_that_versions_are_listed_of_stays_in_its_family(name: str, family: str) -> None:
    """What some versions of it need besides makes no other implementation of it."""
    assert registry.family_of(name) == family


def test_the_rows_of_a_family_are_its_members() -> None:
    """The version of a row lies in the range that leads to it."""
    for members in FAMILIES.values():
        for row in {member.row for member in members}:
            version = known()[row].version
            assert version is not None
            ranges = [SpecifierSet(item.versions) for item in members if item.row == row]
            assert row == "tf-keras" or any(version in each for each in ranges), row


def test_a_row_named_by_its_main_requirement_may_have_any_python(tmp_path: Path) -> None:
    """An entry can ask for another Python and for requirements of its own."""
    row = Implementation("a-1", "A", tmp_path, "3.11", ("b==1", "a==1.0"), main="a")
    member = versions.Member("<1", "a-1", "3.8", ("b==0.9", "c==2"))

    found = versions.choose("a", "0.5", {"a-1": row}, {"a": (member,)})

    assert found is not None
    assert found.python == "3.8"
    assert found.requirements == ("a==0.5", "b==0.9", "c==2")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a = ", "families.toml"),
        ('[[a]]\nrow = "b"\n', "'versions'"),
        ('[[a]]\nversions = "two"\nrow = "b"\n', "two"),
        ('[[a]]\nversions = "==2"\nrow = "b"\nrequirements = ["c 1"]\n', "families.toml"),
    ],
)
def test_a_malformed_table_of_families_is_refused(text: str, words: str, tmp_path: Path) -> None:
    """The message names the file."""
    file = tmp_path / "families.toml"
    file.write_text(text, "utf-8")

    with pytest.raises(ValueError, match=words):
        versions.read(file)
