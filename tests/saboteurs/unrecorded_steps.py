"""Defects that last: a step that is done again from its record goes past what is planted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitspec.reference.compute.engine import RecordedEngine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fitspec.reference.data.batches import Batch
    from fitspec.reference.training.engine import Outcome
    from fitspec.reference.training.plan import OutputPlan

    from .planting import Plant


def compute_every_step(plant: Plant) -> None:
    """Have every batch computed as the definitions say, and none by what was recorded."""

    def forward(
        self: RecordedEngine, batch: Batch, outputs: Sequence[OutputPlan], *, training: bool
    ) -> Outcome:
        return self.compute(batch, outputs, training=training)

    plant(RecordedEngine, "forward", forward)
