"""Names that layers and models get when their maker gives none."""

import re
from collections import Counter

_counts: Counter[str] = Counter()


def snake_case(class_name: str) -> str:
    """Spell a class name in lower case with underscores: `Conv1D` becomes `conv1d`."""
    words = re.sub(r"([a-z])([A-Z])", r"\1_\2", class_name)
    return re.sub(r"([A-Z])([A-Z][a-z])", r"\1_\2", words).lower()


def fresh(prefix: str) -> str:
    """Return the next name with this prefix: `dense_1`, then `dense_2`."""
    _counts[prefix] += 1
    return f"{prefix}_{_counts[prefix]}"


def forget() -> None:
    """Count from 1 again."""
    _counts.clear()
