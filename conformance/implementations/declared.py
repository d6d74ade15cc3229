"""The values by which an implementation is declared, in a table or in an adapter file.

Each function takes where the value stands, for the message of the `ValueError` that it raises of a
value that is none.
"""

from __future__ import annotations

import difflib
import tomllib
from typing import TYPE_CHECKING, Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from fitspec import spec
from fitspec.conformance.implementations import gpus
from fitspec.conformance.implementations.implementation import assumed_profiles

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def toml(file: Path) -> dict[str, Any]:
    """Return what a file of TOML says.

    Raises:
        ValueError: it is none.
        OSError: it cannot be read.
    """
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ValueError(f"{file}: not TOML: {error}") from error


def refuse_unknown(
    where: str, table: Mapping[str, Any], allowed: set[str] | frozenset[str]
) -> None:
    """Refuse keys of a table that are not among those `allowed`, with the nearest of them."""
    for key in table:
        if key not in allowed:
            nearest = difflib.get_close_matches(key, allowed, n=1)
            question = f"; did you mean `{nearest[0]}`?" if nearest else ""
            raise ValueError(f"{where} has the unknown key `{key}`{question}")


def text(where: str, key: str, value: object) -> str:
    """Return a text that is not empty."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{where} `{key}` must be a text that is not empty, got {value!r}")
    return value


def texts(where: str, key: str, value: object) -> tuple[str, ...]:
    """Return texts, none of them empty."""
    if not isinstance(value, list):
        raise ValueError(f"{where} `{key}` must be a list of texts, got {value!r}")  # noqa: TRY004 - malformed data is a ValueError to the caller
    return tuple(text(where, f"{key}[{index}]", item) for index, item in enumerate(value))


def requirements(where: str, key: str, value: object) -> tuple[str, ...]:
    """Return requirements, each as pip takes it."""
    found = texts(where, key, value)
    for requirement in found:
        try:
            Requirement(requirement)
        except InvalidRequirement as error:
            raise ValueError(
                f"{where} `{key}`: {requirement!r} is not a requirement such as"
                f' "keras==2.3.1": {str(error).splitlines()[0]}'
            ) from error
    return found


def gpu(where: str, value: object) -> str | None:
    """Return a kind of GPU, or None."""
    if value is not None and value not in gpus.GPUS:
        raise ValueError(f"{where} `gpu` must be one of {gpus.GPUS}, got {value!r}")
    return str(value) if value is not None else None


def main_of(where: str, entry: Mapping[str, Any], requirements: tuple[str, ...]) -> str | None:
    """Return the name of the requirement that an entry is about: the first, or as it says."""
    names = [canonicalize_name(Requirement(each).name) for each in requirements]
    if "main" not in entry:
        return names[0] if names else None
    name = canonicalize_name(text(where, "main", entry["main"]))
    if name not in names:
        raise ValueError(f"{where} `main`: {entry['main']!r} is none of its requirements")
    return name


def profiles(where: str, table: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the profiles that a table names, or those that are assumed."""
    found = texts(where, "profiles", table.get("profiles", list(assumed_profiles())))
    for profile in found:
        if profile not in spec.profiles():
            raise ValueError(
                f"{where} `profiles`: there is no profile {profile!r};"
                f" there are {', '.join(spec.profiles())}"
            )
    if not found:
        raise ValueError(f"{where} `profiles` is empty; there are {', '.join(spec.profiles())}")
    return found


def environment(where: str, table: Mapping[str, Any]) -> dict[str, str]:
    """Return the variables that a table sets."""
    variables = table.get("environment", {})
    if not isinstance(variables, dict):
        raise ValueError(f"{where} `environment` must be a table of texts, got {variables!r}")  # noqa: TRY004 - malformed data is a ValueError to the caller
    for key, value in variables.items():
        if not isinstance(value, str):
            raise ValueError(f"{where} `environment.{key}` must be a text, got {value!r}")  # noqa: TRY004 - malformed data is a ValueError to the caller
        if not key or "=" in key or "\0" in key + value:
            raise ValueError(f"{where} `environment`: {key!r} cannot be set as a variable")
    return variables
