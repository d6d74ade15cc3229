"""Files that are called after something that may have any name."""

from __future__ import annotations

import hashlib
from typing import Final
from urllib.parse import quote

#: Longer ones are cut: with what comes before and after it, a file system takes up to 255 signs.
_LONGEST: Final = 150
_DIGITS: Final = 12


def file_name(name: str, safe: str) -> str:
    """Return a name as part of the name of a file; two names that differ give two that do.

    Args:
        name: of any length and signs.
        safe: signs that stay as they are, beside letters, digits and ``_.-~``.
    """
    quoted = quote(name, safe=safe, errors="surrogatepass")
    if len(quoted) <= _LONGEST:
        return quoted
    digest = hashlib.sha256(quoted.encode()).hexdigest()[:_DIGITS]
    return f"{quoted[: _LONGEST - _DIGITS]}{digest}"
