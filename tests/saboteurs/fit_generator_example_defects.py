"""Saboteurs of the example that the documents print for `fit_generator`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from fitspec.reference.data import columns

from .planting import saboteur

if TYPE_CHECKING:
    from .planting import Plant


@saboteur("fit_generator.example.file-reader")
def takes_numbered_names_for_one(plant: Plant) -> None:
    """Takes names that differ in a number after an underscore for the same one."""
    original = columns.columns

    def changed_columns(value: Any, ports: Any, what: str) -> Any:
        if isinstance(value, dict):
            stems = [re.sub(r"_\d+$", "", name) for name in value]
            arrays = list(value.values())
            value = {
                name: arrays[stems.index(stem)] for name, stem in zip(value, stems, strict=True)
            }
        return original(value, ports, what)

    plant(columns, "columns", changed_columns)
