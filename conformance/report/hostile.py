"""What comes from implementations, made fit to be shown: in a terminal, a page, a file."""

from __future__ import annotations

import unicodedata

#: Line ends and tabs are shown as they are.
_KEPT = "\n\t"
#: Control characters, what turns the direction of writing or cannot be seen, and halves of pairs.
_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn")


def visible(text: str) -> str:
    """Return `text` with everything that cannot be seen, or hides what can, written out.

    What an implementation says may hold escape sequences that a terminal would obey, marks that
    reverse the direction of writing, what no XML can hold, or halves of surrogate pairs, which
    cannot even be saved as UTF-8. What was made visible stays as it is when it is made so again.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_visible, text))


def _visible(sign: str) -> str:
    if sign in _KEPT or unicodedata.category(sign) not in _UNSEEN:
        return sign
    code = ord(sign)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
