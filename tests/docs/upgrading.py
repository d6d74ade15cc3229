"""The page docs/upgrading/keras-2.3-to-keras-3.md, made of two versions of the history.

That comes with fitspec, so that the page can be made anew, and be seen to be up to date, without
either version of Keras::

    python tests/docs/upgrading.py
"""

from __future__ import annotations

from pathlib import Path

from fitspec.conformance.changes.causes import causes_in
from fitspec.conformance.exports.differences import markdown
from fitspec.conformance.gate import expected
from fitspec.conformance.upgrade.sides import comparison

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "upgrading" / "keras-2.3-to-keras-3.md"
SIDES = ("keras-2.3", "keras-3-jax")

_LEAD = """\
What changes for a program that uses the documented Model API when it goes from Keras 2.3.1 to
Keras 3. Both were held against the contract; what is said here was seen there. Most of the clauses
that start to fail are about `fit_generator`, `evaluate_generator` and `predict_generator`, which
Keras 3 does not have. On the other backends of Keras 3 nearly everything is the same:
[`docs/deviations`](../deviations) has a page for each.

```sh
fitspec diff keras-2.3 keras-3-jax --run                 # this, of runs of today
fitspec repro CLAUSE --implementation keras-3-jax        # a script that shows it, in plain Keras
fitspec explain CLAUSE                                   # who documents it
```
"""


def page() -> str:
    """Return the page as it has to be."""
    changes = comparison(*SIDES)
    causes = causes_in((changes.before, changes.after), expected.known_causes())
    text = markdown(changes, causes, title="Keras 2.3 → Keras 3")
    heading, _, rest = text.partition("\n\n")
    return f"{heading}\n\n{_LEAD}\n{rest}"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
