"""A module as a table, a row for each module that has weights of its own, or none inside of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitspec.reference.config.text_table import ends_of, row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import torch

LENGTH = 88
ENDS = (0.4, 0.86, 1.0)
"""Where columns end, as parts of a line."""


def summarize(
    name: str,
    module: torch.nn.Module,
    line_length: int | None = None,
    positions: Sequence[float] | None = None,
    print_fn: Callable[[str], object] | None = None,
) -> None:
    """Print the parts of a module, their weights, and how many numbers these are.

    Args:
        name: Of the model.
        module: Its module.
        line_length: How long a line is.
        positions: Where columns end: parts of a line up to 1, or numbers of characters.
        print_fn: Is called with each line; prints it when left out.

    Raises:
        RuntimeError: A weight of a lazy module has no shape before the module was called.

    """
    tell = print_fn or print
    length = line_length or LENGTH
    ends = ends_of(positions or ENDS, length)
    tell(f'Model: "{name}"')
    tell("_" * length)
    tell(row(["Layer (type)", "Weights", "Param #"], ends))
    tell("=" * length)
    for path, part in module.named_modules():
        weights = dict(part.named_parameters(recurse=False))
        if weights or not list(part.children()):
            shapes = ", ".join(f"{key} {tuple(each.shape)}" for key, each in weights.items())
            label = f"{path or name} ({type(part).__name__})"
            tell(row([label, shapes, str(count(weights.values()))], ends))
    tell("=" * length)
    everything = count(module.parameters())
    trained = count(each for each in module.parameters() if each.requires_grad)
    tell(f"Total params: {everything:,}")
    tell(f"Trainable params: {trained:,}")
    tell(f"Non-trainable params: {everything - trained:,}")
    tell("_" * length)


def count(weights: Iterable[torch.Tensor]) -> int:
    """Return how many numbers there are."""
    return sum(each.numel() for each in weights)
