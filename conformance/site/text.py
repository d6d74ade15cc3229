"""What comes from implementations, made fit to stand in a page, a picture or the name of a file."""

from __future__ import annotations

import hashlib
import re
import unicodedata

#: More than that of one text is in the report and not in the page.
LONGEST = 20_000

#: Line ends and tabs are shown as they are.
_KEPT = "\n\t"
#: Control characters, what turns the direction of writing or cannot be seen, and halves of pairs.
_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn")
_PLAIN = re.compile(r"[a-z0-9][a-z0-9._@-]*")
_LONGEST_ADDRESS = 60


def visible(text: str) -> str:
    """Return `text` with everything that cannot be seen, or hides what can, written out.

    What an implementation says may hold escape sequences, marks that reverse the direction of
    writing, or halves of surrogate pairs, which cannot even be saved as UTF-8.
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


def shortened(text: str) -> str:
    """Return `text`, of a very long one its beginning and how much is left out."""
    if len(text) <= LONGEST:
        return text
    return f"{text[:LONGEST]}\n… {len(text) - LONGEST:,} more characters are in the report"


def address(name: str) -> str:
    """Return what stands for `name` in addresses and names of files: the same for ever.

    Names that are safe everywhere stand for themselves. Of others the safe part is kept, and a
    digest tells them apart, also where a file system does not tell capitals from small letters.
    """
    if _PLAIN.fullmatch(name) and len(name) <= _LONGEST_ADDRESS:
        return name
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    safe = re.sub(r"[^a-z0-9._@-]+", "_", name.lower())[: _LONGEST_ADDRESS - 9].strip("._-@")
    return f"{safe or 'name'}-{digest}"
