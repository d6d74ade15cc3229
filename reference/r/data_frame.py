"""A training history as a table in long form: one value a row."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fitspec.reference.utils.plotting import TRAINING, VALIDATION

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass
class DataFrame:
    """Columns of equal length, as R's data frames are.

    Attributes:
        epoch: Number of the epoch, from 1.
        value: The result, nan where there is none.
        metric: Which result; the values in their order of appearance are its levels.
        data: "training" or "validation".

    """

    epoch: list[int] = field(default_factory=list)
    value: list[float] = field(default_factory=list)
    metric: list[str] = field(default_factory=list)
    data: list[str] = field(default_factory=list)

    def add(self, epoch: int, value: float, metric: str, data: str) -> None:
        """Append a row."""
        self.epoch.append(epoch)
        self.value.append(float(value))
        self.metric.append(metric)
        self.data.append(data)

    def __len__(self) -> int:
        return len(self.epoch)

    def __iter__(self) -> Iterator[tuple[int, float, str, str]]:
        return zip(self.epoch, self.value, self.metric, self.data, strict=True)

    def columns(self) -> dict[str, list[object]]:
        """Return the columns by name, as constructors of data frames take them."""
        return {name: list(getattr(self, name)) for name in ("epoch", "value", "metric", "data")}

    def levels(self, column: str) -> list[str]:
        """Return the values that a column of categories can have, in order.

        Raises:
            ValueError: It is no such column.

        """
        if column == "data":
            return [TRAINING, VALIDATION]
        if column == "metric":
            return list(dict.fromkeys(self.metric))
        raise ValueError(f"column must be 'metric' or 'data', not {column!r}")
