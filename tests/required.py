"""What a machine may lack: where it does, tests are skipped, unless this run is to have it all."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest

#: Set where nothing that has the mark `needs` may be skipped: in `tox -e machine`.
VARIABLE = "FITSPEC_HAS_ALL"


def lacks(reason: str) -> NoReturn:
    """Skip a test that has the mark `needs`, or fail it where this run is to have it all.

    Args:
        reason: what is missing, and how to get it.
    """
    if os.environ.get(VARIABLE):
        pytest.fail(reason)
    pytest.skip(reason)
