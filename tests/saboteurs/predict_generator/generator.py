"""Saboteurs of `predict_generator`: how the reading of a generator goes on and ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..direct_calls import change_exception, end_silently
from ..planting import saboteur

if TYPE_CHECKING:
    from ..planting import Plant


@saboteur("predict_generator.generator.ends-early")
def predicts_by_the_generator_method_what_a_generator_gave_before_it_ended(plant: Plant) -> None:
    """Uses what there is in `predict_generator` when a generator ends early, without a word."""
    end_silently(plant, "predict_generator")


@saboteur("predict_generator.generator.exception")
def raises_another_exception_in_predict_generator(plant: Plant) -> None:
    """Has `predict_generator` raise RuntimeError with the message of what a generator raised."""
    change_exception(plant, "predict_generator")
