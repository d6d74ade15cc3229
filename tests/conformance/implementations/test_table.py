"""Tests of `implementations.table`: what may stand in it, and what is said of the rest."""

from pathlib import Path

import pytest

from fitspec.conformance.implementations.implementation import Program
from fitspec.conformance.implementations.table import read_table


def table(folder: Path, text: str) -> Path:
    file = folder / "implementations.toml"
    file.write_text(text)
    return file


GOOD = '[a]\ntitle = "A"\nadapter = "a.py"\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a = ", r"implementations\.toml: not TOML"),
        ("a = 1\n", r"\[a\] must be a table, got 1"),
        ('[a]\ntitle = "A"\n', r"\[a\] lacks the key `adapter`"),
        (GOOD + "pyton = '3.7'\n", r"\[a\] has the unknown key `pyton`; did you mean `python`\?"),
        (GOOD + "python = 3.7\n", r"\[a\] `python` must be a string such as \"3\.7\", got 3\.7"),
        (GOOD + "python = '3.7.16'\n", r"`python` must be a string such as \"3\.7\""),
        ('[a]\ntitle = ""\nadapter = "a.py"\n', r"`title` must be a text that is not empty"),
        (GOOD + "requirements = 'b'\n", r"\[a\] `requirements` must be a list of texts, got 'b'"),
        (GOOD + "requirements = [1]\n", r"`requirements\[0\]` must be a text .*, got 1"),
        (GOOD + "requirements = ['b 1']\n", r"`requirements`: 'b 1' is not a requirement"),
        (GOOD + "profiles = ['keras-3']\n", r"there is no profile 'keras-3'; there are keras-2\.2"),
        (GOOD + "profiles = []\n", r"`profiles` is empty"),
        (GOOD + "environment = 'A=1'\n", r"`environment` must be a table of texts, got 'A=1'"),
        (GOOD + "environment = {A = 1}\n", r"`environment\.A` must be a text, got 1"),
        (GOOD + "environment = {'A=B' = '1'}\n", r"'A=B' cannot be set as a variable"),
    ],
)
def test_a_malformed_table_is_refused_by_file_entry_and_key(
    tmp_path: Path, text: str, message: str
) -> None:
    """What is wrong is said before anything is run."""
    file = table(tmp_path, text)

    with pytest.raises(ValueError, match=message) as caught:
        read_table(file)
    assert str(file) in str(caught.value)


# --- workers that are not Python --------------------------------------------------------------

WITH_PROGRAM = """
[mine]
title = "Mine"
adapter = "mine.py"
[mine.program]
command = ["Rscript", "--vanilla"]
worker = "r/worker.R"
ready = ["-e", "1"]
install = "apt install r-base-core"
"""


def test_a_program_may_run_the_worker(tmp_path: Path) -> None:
    """An entry can say which program runs its worker, and how a user gets it."""
    file = tmp_path / "table.toml"
    file.write_text(WITH_PROGRAM, "utf-8")

    assert read_table(file)["mine"].program == Program(
        command=("Rscript", "--vanilla"),
        worker=tmp_path.parent / "r/worker.R",
        ready=("-e", "1"),
        install="apt install r-base-core",
    )


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('worker = "r/worker.R"', "", "lacks the key `worker`"),
        ('command = ["Rscript", "--vanilla"]', "command = []", "`command` is empty"),
        ('ready = ["-e", "1"]', 'ready = "-e 1"', "`ready` must be a list"),
        ("install =", "instal =", "did you mean `install`"),
    ],
)
def test_a_malformed_program_is_refused(old: str, new: str, words: str, tmp_path: Path) -> None:
    """What is wrong with a program is said, with file, entry and key."""
    file = tmp_path / "table.toml"
    file.write_text(WITH_PROGRAM.replace(old, new), "utf-8")

    with pytest.raises(ValueError, match=rf"table\.toml: \[mine\] `program`.*{words}"):
        read_table(file)


def test_a_program_may_need_packages_of_npm(tmp_path: Path) -> None:
    """An entry can name the folder of a package.json, beside the table."""
    file = tmp_path / "table.toml"
    file.write_text(f'{WITH_PROGRAM}packages = "js"\n', "utf-8")

    program = read_table(file)["mine"].program

    assert program is not None
    assert program.packages == tmp_path.parent / "js"


def test_one_of_these_packages_is_what_it_is_about(tmp_path: Path) -> None:
    """Its version is that of the implementation; one that npm does not install is refused."""
    (tmp_path / "tables").mkdir()
    (tmp_path / "js").mkdir()
    (tmp_path / "js" / "package.json").write_text('{"dependencies": {"@large/tensors": "4.22.0"}}')
    file = tmp_path / "tables" / "table.toml"
    file.write_text(f'{WITH_PROGRAM}packages = "js"\nmain = "@large/tensors"\n', "utf-8")

    found = read_table(file)["mine"]

    assert (found.main, found.version) == ("@large/tensors", "4.22.0")
    file.write_text(f'{WITH_PROGRAM}packages = "js"\nmain = "small"\n', "utf-8")
    with pytest.raises(ValueError, match="`program` `main`: 'small' is none of its packages"):
        read_table(file)


def test_a_program_is_a_table(tmp_path: Path) -> None:
    """The name of a program alone does not say how it runs a worker."""
    file = tmp_path / "table.toml"
    file.write_text('[mine]\ntitle = "M"\nadapter = "m.py"\nprogram = "Rscript"\n', "utf-8")

    with pytest.raises(ValueError, match="`program` must be a table, got 'Rscript'"):
        read_table(file)
