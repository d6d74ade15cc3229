"""What comes from implementations, cut to what a page has room for, and as the name of a file."""

from __future__ import annotations

import hashlib
import re

#: More than that of one text is in the report and not in the page.
LONGEST = 20_000

_PLAIN = re.compile(r"[a-z0-9][a-z0-9._@-]*")
_LONGEST_ADDRESS = 60


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
