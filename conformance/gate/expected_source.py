"""The text of a file of expectations, cut into its entries with the comments around them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise, takewhile
from typing import Final

_HEADING: Final = re.compile(r"\s*\[\[\s*(?:expect|\"expect\"|'expect')\s*\]\]\s*(?:#.*)?")
#: A line with a comment at its end; a sign inside quotation marks begins none.
_COMMENTED: Final = re.compile(r"""(?:[^"'#]|"(?:\\.|[^"\\])*"|'[^']*')*(?P<comment>#.*)""")


@dataclass(frozen=True)
class Block:
    """An entry as it was written.

    Args:
        text: its lines, from its heading to its last key, without blank lines around.
        above: the comments that stand before its heading.
        within: the comments that stand between and behind its keys.
    """

    text: str
    above: tuple[str, ...]
    within: tuple[str, ...]


@dataclass(frozen=True)
class ExpectedFile:
    """A whole file.

    Args:
        top: the comments at its top, which a blank line divides from the first entry.
        blocks: its entries.
        end: the comments after the last one.
    """

    top: tuple[str, ...]
    blocks: tuple[Block, ...]
    end: tuple[str, ...]


def starts(text: str) -> list[int]:
    """Return the numbers of the lines, counted from 1, at which entries begin."""
    lines = enumerate(_lines(text), start=1)
    return [number for number, line in lines if _HEADING.fullmatch(line)]


def _lines(text: str) -> list[str]:
    # Not `splitlines`: what else ends a line there is part of a comment in TOML.
    return text.replace("\r\n", "\n").split("\n")


def cut(text: str) -> ExpectedFile:
    """Cut a file of expectations into its entries.

    A comment belongs to the entry that follows it. Those at the top belong to the file, down to
    the last blank line before the first entry.
    """
    lines = _lines(text)
    headings = [number - 1 for number in starts(text)]
    if not headings:
        return ExpectedFile(_comments(lines), (), ())
    before = lines[: headings[0]]
    near = len([*takewhile(_is_comment, reversed(before))])
    above, blocks = _comments(before[len(before) - near :]), []
    for start, end in pairwise([*headings, len(lines)]):
        rest = len([*takewhile(_is_no_key, reversed(lines[start + 1 : end]))])
        own = lines[start : end - rest]
        blocks.append(Block("\n".join(own), above, _comments(own)))
        above = _comments(lines[end - rest : end])
    return ExpectedFile(_comments(before[: len(before) - near]), tuple(blocks), above)


def _comments(lines: list[str]) -> tuple[str, ...]:
    found = map(_COMMENTED.match, lines)
    return tuple(item["comment"].strip() for item in found if item is not None)


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith("#")


def _is_no_key(line: str) -> bool:
    return not line.strip() or _is_comment(line)
