"""The text of a file of expectations, cut into its entries with the comments around them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_HEADING: Final = re.compile(r"\s*\[\[\s*(?:expect|\"expect\"|'expect')\s*\]\]\s*(?:#.*)?")


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
    top = _comments(before)[: -len(_directly_above(before)) or None]
    above = _directly_above(before)
    blocks = []
    for number, heading in enumerate(headings):
        after = headings[number + 1] if number + 1 < len(headings) else len(lines)
        own, rest = _divide(lines[heading:after])
        blocks.append(Block("\n".join(own), above, _within(own)))
        above = _comments(rest)
    return ExpectedFile(top, tuple(blocks), above)


def _divide(lines: list[str]) -> tuple[list[str], list[str]]:
    """Return what belongs to an entry, and what comes after its last key."""
    end = len(lines)
    while end > 1 and (not lines[end - 1].strip() or _is_comment(lines[end - 1])):
        end -= 1
    return lines[:end], lines[end:]


def _comments(lines: list[str]) -> tuple[str, ...]:
    return tuple(line.strip() for line in lines if _is_comment(line))


def _directly_above(lines: list[str]) -> tuple[str, ...]:
    start = len(lines)
    while start and _is_comment(lines[start - 1]):
        start -= 1
    return _comments(lines[start:])


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith("#")


def _within(lines: list[str]) -> tuple[str, ...]:
    found = (line[place:].strip() for line in lines if (place := _comment_at(line)) is not None)
    return tuple(found)


def _comment_at(line: str) -> int | None:
    """Return where a comment begins in a line; a sign inside quotation marks begins none."""
    quote, place = "", 0
    while place < len(line):
        sign = line[place]
        if quote == '"' and sign == "\\":
            place += 1
        elif quote:
            quote = "" if sign == quote else quote
        elif sign in "\"'":
            quote = sign
        elif sign == "#":
            return place
        place += 1
    return None
