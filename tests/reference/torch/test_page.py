"""The page for users of PyTorch."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pytest

PAGE = Path(__file__).parents[3] / "docs" / "torch.md"


def test_the_example_of_the_page_runs(capsys: pytest.CaptureFixture[str]) -> None:
    """The program on the page does what the page says, and prints what it evaluates."""
    (program,) = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    names: dict[str, Any] = {}

    exec(program, names)  # noqa: S102 - the program of our own page

    assert names["fit"].shape == names["age"].shape == (256, 1)
    assert names["history"].history["val_age_loss"][-1] < names["history"].history["age_loss"][0]
    assert "'fit_loss'" in capsys.readouterr().out
