"""Pictures of what training gave."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    from matplotlib.figure import Figure

    from fitspec.reference.callbacks import History


def plot_history(
    history: History | Mapping[str, Sequence[float]], path: str | os.PathLike[str] | None = None
) -> Figure:
    """Draw loss and metrics by epoch, training and validation together.

    Args:
        history: What `fit` returned, or its `history`.
        path: Where to write the picture; its ending chooses the format. None for nowhere.

    Returns:
        The figure of matplotlib.

    Raises:
        ImportError: matplotlib is not installed.
        ValueError: There is nothing to draw.

    """
    # The rest of this package does without matplotlib.
    try:
        from fitspec.reference.r import drawing  # noqa: PLC0415
    except ImportError as error:
        raise ImportError("plot_history needs matplotlib: install fitspec[plots]") from error
    from fitspec.reference.r.training_history import TrainingHistory  # noqa: PLC0415

    results: Mapping[str, Any] = history if isinstance(history, Mapping) else history.history
    count = max((len(values) for values in results.values()), default=0)
    if not count:
        raise ValueError("history: no epoch was trained, so there is nothing to draw")
    epochs = list(range(count)) if isinstance(history, Mapping) else history.epoch
    record = TrainingHistory()
    record.on_train_begin({})
    placed = {name: dict(zip(at(epochs, len(results[name])), results[name])) for name in results}  # noqa: B905 - as many as there are
    for epoch in epochs:
        logs = {name: values[epoch] for name, values in placed.items() if epoch in values}
        record.on_epoch_end(epoch, logs)
    figure = drawing.figure_of(record)
    if path is not None:
        figure.savefig(path)
    return figure


def at(epochs: Sequence[int], count: int) -> Sequence[int]:
    """Return which epochs so many values belong to: each, every k-th, or else the last ones."""
    for frequency in range(1, len(epochs) + 1):
        chosen = [epoch for epoch in epochs if (epoch + 1) % frequency == 0]
        if len(chosen) == count:
            return chosen
    return epochs[len(epochs) - count :]
