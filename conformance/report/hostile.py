"""What comes from implementations, made fit to be shown: in a terminal, a page, a file."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

#: Line ends and tabs are shown as they are.
_KEPT = "\n\t"
#: Control characters, what turns the direction of writing or cannot be seen, halves of pairs, and
#: ends of lines that only some readers take for such.
_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
#: What a CI that reads a log obeys: `::error::` at the start of a line, also behind blanks and
#: colours, and `##[error]`, `##vso[...]` or `##teamcity[...]` anywhere.
_COMMAND: Final = re.compile(r"^((?:[^\S\n]|\x1b\[[\d;]*m)*):(?=:)", re.MULTILINE)
_BRACKETED_COMMAND: Final = re.compile(r"#(?=#\w*\[)")
#: More of a text than that nobody reads in a terminal, in characters.
_LONGEST: Final = 4000


def visible(text: str) -> str:
    """Return `text` with everything that cannot be seen, or hides what can, written out.

    What an implementation says may hold escape sequences that a terminal would obey, marks that
    reverse the direction of writing, what no XML can hold, or halves of surrogate pairs, which
    cannot even be saved as UTF-8. What was made visible stays as it is when it is made so again.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_visible, text))


def on_a_line(text: str) -> str:
    """Return `text` made visible, ends of lines too, as the name of a file where lines count."""
    return visible(text).replace("\n", "\\n").replace("\t", "\\t")


def unobeyed(text: str) -> str:
    """Return whole lines of output in which no CI finds a command to itself."""
    return _BRACKETED_COMMAND.sub(r"\\x23", _COMMAND.sub(r"\1\\x3a", text))


def shortened(text: str, longest: int = _LONGEST) -> str:
    """Return as much of a text as a person reads in a terminal, and how much more there is."""
    if len(text) <= longest:
        return text
    return f"{text[:longest]}… ({len(text) - longest} characters more)"


def _visible(sign: str) -> str:
    if sign in _KEPT or unicodedata.category(sign) not in _UNSEEN:
        return sign
    code = ord(sign)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
