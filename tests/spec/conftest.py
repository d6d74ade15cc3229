"""A small contract on disk, good until a test spoils one of its files."""

from collections.abc import Callable
from pathlib import Path

import pytest

FILES = {
    "documents": """
[[document]]
id = "004"
title = "A text"
system = "Keras"
language = "English"
covers = ["fit"]
""",
    "profiles": """
[[profile]]
id = "keras"
title = "Keras"
programs = "Python"
documents = ["004"]
""",
    "contradictions": """
[[contradiction]]
id = "C1"
title = "How many epochs"
resolution = "One."
reason = "It is less."
clauses = ["fit.epochs.default-1"]

[[contradiction.reading]]
documents = ["004"]
says = "One."

[[contradiction.reading]]
implementations = ["Other"]
says = "Ten."
""",
    "renamed": """
[[renamed]]
old = "fit.epochs.one"
new = ["fit.epochs.default-1"]
reason = "It says more."
""",
    "fit": """
[[clause]]
id = "fit.epochs.default-1"
level = "must"
profiles = ["keras"]
documents = ["004"]
statement = "`fit` trains for one epoch."
observe = "The epochs in History."

[[clause]]
id = "fit.raises.not-compiled-RuntimeError"
level = "observed"
profiles = ["keras"]
documents = []
statement = "`fit` raises."
observe = "What is raised."
check = "pending"
depends = ["fit.epochs.default-1"]
reason = "Nobody says so."
""",
}

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write the small contract, with whole files replaced by other text."""

    def write(**changed: str) -> Path:
        (tmp_path / "clauses").mkdir(exist_ok=True)
        for name, text in {**FILES, **changed}.items():
            folder = tmp_path if name in FILES and name != "fit" else tmp_path / "clauses"
            (folder / f"{name}.toml").write_text(text, encoding="utf-8")
        return tmp_path

    return write


@pytest.fixture
def spoil(write: Write) -> Callable[[str, str, str], Path]:
    """Write the small contract with one text in one file replaced."""

    def spoil(name: str, good: str, bad: str) -> Path:
        assert good in FILES[name]
        return write(**{name: FILES[name].replace(good, bad)})

    return spoil
