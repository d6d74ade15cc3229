"""Names that layers and models get when their maker gives none."""

import re
from collections import Counter
from collections.abc import Iterable

_counts: Counter[str] = Counter()


def snake_case(class_name: str) -> str:
    """Spell a class name in lower case with underscores: `SimpleRNN` becomes `simple_rnn`."""
    words = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", class_name)
    return re.sub(r"([A-Z])([A-Z][a-z])", r"\1_\2", words).lower()


def fresh(prefix: str) -> str:
    """Return the next name with this prefix: `dense_1`, then `dense_2`."""
    _counts[prefix] += 1
    return f"{prefix}_{_counts[prefix]}"


def forget() -> None:
    """Count from 1 again."""
    _counts.clear()


def numbered(names: Iterable[str]) -> list[str]:
    """Tell equal names apart by appending `_1`, `_2` to the second, third."""
    seen: Counter[str] = Counter()
    distinct = []
    for name in names:
        distinct.append(f"{name}_{seen[name]}" if seen[name] else name)
        seen[name] += 1
    return distinct


def require_distinct(names: Iterable[str]) -> None:
    """Refuse a model in which a name would not single out one layer.

    Raises:
        ValueError: A name occurs twice (`get_layer.unique-names`).

    """
    repeated = [name for name, count in Counter(names).items() if count > 1]
    if repeated:
        raise ValueError(
            f"layer names must be unique within a model, but several are named {repeated[0]!r}"
        )
