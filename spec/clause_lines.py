"""Where the record of a clause stands in the files of the contract."""

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

from .clause import CLAUSES

_ID: Final = re.compile(r'id = "([^"]+)"')


@cache
def clause_lines() -> Mapping[str, tuple[str, int]]:
    """Return for each clause the file of `fitspec.spec` with its record, and the line of its id."""
    found = {}
    folder = files(__package__) / CLAUSES
    for file in sorted(folder.iterdir(), key=lambda item: item.name):
        if file.name.endswith(".toml"):
            for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
                if heading := _ID.fullmatch(line):
                    found[heading[1]] = f"{CLAUSES}/{file.name}", number
    return found
