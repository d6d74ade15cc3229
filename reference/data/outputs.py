"""What belongs to the outputs of a model, one by one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

TUPLES = ("loss", "metrics", "weighted_metrics", "target_tensors")
"""What may be a tuple as well."""


def per_output(
    value: object, names: Sequence[str], what: str, default: object = None
) -> list[object]:
    """Match the entries of a list (by position) or dict (by name) to the outputs.

    Args:
        value: List, tuple, dict, or None for the default of every output.
        names: The outputs' names.
        what: The argument's name, for messages.
        default: The entry of an output that a dict leaves out.

    Raises:
        ValueError: Wrong length, unknown name, or neither list nor dict.
        TypeError: A tuple where an entry may itself be several numbers, or is one.

    """
    if value is None:
        return [default] * len(names)
    if isinstance(value, Mapping):
        unknown = [key for key in value if key not in names]
        # compile.loss.dict-unknown-name-ValueError, compile.loss_weights.invalid-ValueError
        if unknown:
            raise ValueError(f"{what} names output {unknown[0]!r}, but the outputs are {names}")
        return [value.get(name, default) for name in names]
    if isinstance(value, tuple) and len(names) > 1 and what not in TUPLES:
        raise TypeError(f"{what} must be a list or a dict, not the tuple {value!r}")
    if isinstance(value, (list, tuple)):
        # compile.loss.list-length-ValueError, compile.loss_weights.invalid-ValueError
        if len(value) != len(names):
            raise ValueError(f"{what} has {len(value)} entries for {len(names)} outputs")
        return list(value)
    raise ValueError(f"{what} must be a list or a dict, not {value!r}")
