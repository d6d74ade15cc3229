"""Tests of `fitspec.conformance.gate.expected_source`: comments belong to something."""

from __future__ import annotations

from fitspec.conformance.gate.expected_source import Block, ExpectedFile, cut, starts

TEXT = """\
# About the file.

# About all.
# About the first.
[[expect]]  # beside
clause = "a.b"  # beside "a"
reason = "no # comment"
# below a key
verdict = 'fail # neither'

# About the second,
[[expect]]

# within
clauses = [
    "a.c",  # the third
    "\\"#",
]

# At the end.
"""


def test_a_comment_belongs_to_the_entry_that_follows_it() -> None:
    """Those on top and at the end belong to the file, those between the keys to their entry."""
    source = cut(TEXT)

    first, second = source.blocks
    assert source.top == ("# About the file.",)
    assert first.above == ("# About all.", "# About the first.")
    assert first.within == ("# beside", '# beside "a"', "# below a key")
    assert first.text.splitlines()[0] == "[[expect]]  # beside"
    assert first.text.splitlines()[-1] == "verdict = 'fail # neither'"
    assert second.above == ("# About the second,",)
    assert second.within == ("# within", "# the third")
    assert source.end == ("# At the end.",)


def test_the_lines_of_entries_are_counted_from_1() -> None:
    """Headings are found with blanks and comments beside them, and in quotation marks."""
    assert starts(TEXT) == [5, 12]
    assert starts('  [[ "expect" ]] # x\n[[expected]]\n# [[expect]]\n') == [1]


def test_a_file_without_entries_has_only_comments() -> None:
    """Nothing is lost of a file in which nothing is expected yet."""
    assert cut("# a\n\n# b\n") == ExpectedFile(("# a", "# b"), (), ())
    assert cut("") == ExpectedFile((), (), ())


def test_an_entry_may_be_all_there_is() -> None:
    """There need be no comment anywhere."""
    assert cut("[[expect]]\nx = 1") == ExpectedFile((), (Block("[[expect]]\nx = 1", (), ()),), ())


def test_only_what_ends_a_line_in_toml_ends_a_comment() -> None:
    """A separator of lines inside a comment is part of it; Windows's ends of lines are ends."""
    source = cut("# one\u2028two\r\n[[expect]]\r\nx = 1\r\n")

    assert source.blocks == (Block("[[expect]]\nx = 1", ("# one\u2028two",), ()),)
