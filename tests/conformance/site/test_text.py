"""Tests of `fitspec.conformance.site.text`: what a page has room for, and names of files."""

from __future__ import annotations

import pytest

from fitspec.conformance.site.text import LONGEST, address, shortened


def test_very_long_text_is_cut_and_says_so() -> None:
    """A page shows the beginning, and how much is missing."""
    assert shortened("a" * LONGEST) == "a" * LONGEST
    assert shortened("a" * (LONGEST + 1234)).endswith("\n… 1,234 more characters are in the report")


@pytest.mark.parametrize("name", ["keras-2.3", "tf.keras-2.15", "keras@2.3.0", "reference"])
def test_a_plain_name_is_its_own_address(name: str) -> None:
    """What is safe everywhere stays as it is, so that addresses can be guessed."""
    assert address(name) == name


def test_other_names_get_addresses_that_no_other_name_has() -> None:
    """Names that a file system or an address would mix up stay apart, the same each time."""
    names = ["", ".", "..", "../../etc/passwd", "a b", "a_b", "Keras", "KERAS", "con/../x", "#?&%"]
    names += ["a" * 61, "a" * 62, "é", "\ud800"]

    addresses = [address(name) for name in names]

    assert addresses == [address(name) for name in names]
    assert len({item.lower() for item in addresses}) == len(names)
    assert all(len(item) <= 60 for item in addresses)
    assert not any(set(item) & set("/\\#?&% ") or item.startswith(".") for item in addresses)
