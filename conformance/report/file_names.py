"""Files that are called after something that may have any name."""

from __future__ import annotations

import hashlib
import re
from typing import Final
from urllib.parse import quote

#: Longer ones are cut: with what comes before and after it, a file system takes up to 255 signs.
_LONGEST: Final = 150
_DIGITS: Final = 12
#: A capital letter that is none of an escaped sign.
_CAPITAL: Final = re.compile(r"(?<!%)(?<!%[0-9A-F])[A-Z]")
#: Whatever their ending.
_DEVICE: Final = re.compile(r"(con|prn|aux|nul|com\d|lpt\d) *($|\.)", re.IGNORECASE)


def file_name(name: str, safe: str) -> str:
    """Return a name as how that of a file begins; two names that differ give two that do.

    They do so too where a file system does not tell capitals from small letters. No file system
    refuses it, with an ending after it: what Windows takes for a device, such as ``con``, is
    escaped too.

    Args:
        name: of any length and signs.
        safe: signs that stay as they are, beside letters, digits and ``_.-~``.
    """
    quoted = quote(name, safe=safe, errors="surrogatepass")
    if _DEVICE.match(quoted):
        quoted = f"%{ord(quoted[0]):02X}{quoted[1:]}"
    if len(quoted) <= _LONGEST and not _CAPITAL.search(quoted):
        return quoted
    digest = hashlib.sha256(quoted.encode()).hexdigest()[:_DIGITS]
    return f"{quoted[: _LONGEST - _DIGITS - 1]}-{digest}"
