"""Where the record of a clause stands in the files of the contract."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from fitspec.spec.clause import CLAUSES

if TYPE_CHECKING:
    from collections.abc import Mapping

_ID: Final = re.compile(r'id = "([^"]+)"')


@cache
def clause_lines() -> Mapping[str, tuple[str, int]]:
    """Return for each clause the file of `fitspec.spec` with its record, and the line of its id."""
    found = {}
    folder = files("fitspec.spec") / CLAUSES
    for file in sorted(folder.iterdir(), key=lambda item: item.name):
        if file.name.endswith(".toml"):
            for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
                if heading := _ID.fullmatch(line):
                    found[heading[1]] = f"{CLAUSES}/{file.name}", number
    return found
