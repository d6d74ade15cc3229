"""Class weights as R has them: a named list whose names stand for class indices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def by_index(class_weight: object) -> Any:
    """Return class weights with integers for keys (`r.class_weight.named-list`).

    Args:
        class_weight: A named list of factors by class, such as ``{"0": 1.0, "1": 5.0}``; for
            several outputs a list of these, or a named list of these by output; None for none.

    Raises:
        ValueError: A name stands for no class index, or two stand for the same.

    """
    if isinstance(class_weight, (list, tuple)):
        return [by_index(one) for one in class_weight]
    if not isinstance(class_weight, Mapping):
        return class_weight
    if class_weight and all(isinstance(one, Mapping) for one in class_weight.values()):
        return {output: by_index(one) for output, one in class_weight.items()}
    indexed = {class_index(name): factor for name, factor in class_weight.items()}
    if len(indexed) < len(class_weight):
        raise ValueError(f"class_weight: {list(class_weight)} names a class twice")
    return indexed


def class_index(name: object) -> int:
    """Return the class that a name stands for.

    Raises:
        ValueError: It is not the text of a whole number from 0 on.

    """
    try:
        number = float(str(name))
    except ValueError:
        number = -1.0
    if number < 0 or not number.is_integer():
        raise ValueError(f"class_weight: the names must be class indices such as '0', not {name!r}")
    return int(number)
