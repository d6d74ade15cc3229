"""Data that knows how many batches it has."""

from __future__ import annotations


class Sequence:
    """Base for data that is read batch by batch, in any order and by several workers.

    A Sequence of one's own overrides `__getitem__` and `__len__`, and `on_epoch_end` if it changes
    between epochs. Several threads may call `__getitem__` at the same time. Processes have copies,
    made as an epoch begins and so with what `on_epoch_end` has changed; what `__getitem__` changes
    in a copy is lost with it.
    """

    def __getitem__(self, index: int) -> object:
        """Return batch number `index`: (inputs, targets) or (inputs, targets, sample_weights)."""
        raise NotImplementedError(f"{type(self).__name__} does not define __getitem__")

    def __len__(self) -> int:
        """Return the number of batches."""
        raise NotImplementedError(f"{type(self).__name__} does not define __len__")

    def on_epoch_end(self) -> None:
        """Note that an epoch of training, or a validation, has ended, however many batches it had.

        Called in the thread that trains, while nothing is being read.
        """
