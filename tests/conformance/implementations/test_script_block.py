"""Inline script metadata of adapter files."""

import sys
from pathlib import Path

import pytest

from fitspec.conformance.implementations.script_block import python_for, read_block

RUNNING = f"{sys.version_info.major}.{sys.version_info.minor}"


def adapter(folder: Path, text: str) -> Path:
    file = folder / "mine.py"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_block_is_read_as_toml(tmp_path: Path) -> None:
    """The comment between the opening and the closing line is a TOML document."""
    file = adapter(
        tmp_path,
        '"""Mine."""\n# /// script\n# dependencies = [\n#   "a==1",\n# ]\n#\n'
        '# [tool.fitspec]\n# title = "Mine"\n# ///\nimport a\n',
    )

    expected = {"dependencies": ["a==1"], "tool": {"fitspec": {"title": "Mine"}}}
    assert read_block(file) == expected


def test_a_file_without_a_block_has_no_metadata(tmp_path: Path) -> None:
    """Blocks of other types and ordinary comments are no metadata."""
    file = adapter(tmp_path, "# a comment\n# /// pyproject\n# a = 1\n# ///\n")

    assert read_block(file) is None


def test_the_last_closing_line_of_the_comment_ends_the_block(tmp_path: Path) -> None:
    """A closing line inside a TOML text does not end the block, as the standard has it."""
    file = adapter(tmp_path, "# /// script\n# a = '''\n# ///\n# '''\n# ///\n")

    assert read_block(file) == {"a": "///\n"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("# /// script\n# a = 1\nimport a\n", "line 1 has no closing"),
        ("# /// script\n# ///\nimport a\n# /// script\n# ///\n", "lines 1 and 4"),
        ("\n# /// script\n# a = \n# ///\n", "block in line 2 is not TOML"),
    ],
)
def test_a_malformed_block_is_refused_by_file_and_line(
    tmp_path: Path, text: str, message: str
) -> None:
    """An adapter is never run in an interpreter that its author did not mean."""
    file = adapter(tmp_path, text)

    with pytest.raises(ValueError, match=message) as caught:
        read_block(file)
    assert str(file) in str(caught.value)


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    """A file that is not UTF-8 is named, not shown as a decoding error of fitspec."""
    file = tmp_path / "mine.py"
    file.write_bytes(b"# \xff\n")

    with pytest.raises(ValueError, match=r"mine\.py: not UTF-8"):
        read_block(file)


@pytest.mark.parametrize(
    ("requires", "expected"),
    [
        ("==3.7.*", "3.7"),
        (">=3.8", RUNNING),
        (">=3.7,<3.10", "3.9"),
        ("==3.7.16", "3.7"),
        (">=3.20", "3.20"),
        ("", RUNNING),
    ],
)
def test_the_running_python_or_the_nearest_is_chosen(requires: str, expected: str) -> None:
    """The running Python is preferred, then the nearest older one, then the nearest newer one."""
    assert python_for(requires) == expected


@pytest.mark.parametrize("requires", ["<3.7", "==2.7.*", ">=4"])
def test_a_python_that_cannot_run_the_worker_is_refused(requires: str) -> None:
    """A specifier that leaves no Python from 3.7 on is an error, not a guess."""
    with pytest.raises(ValueError, match=r"allows no Python from 3\.7 on"):
        python_for(requires)


def test_what_is_no_specifier_is_refused() -> None:
    """`3.7` alone is not a specifier; the message shows one."""
    with pytest.raises(ValueError, match=r"such as \">=3\.8\", got '3\.7'"):
        python_for("3.7")
