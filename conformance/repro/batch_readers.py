"""What checks find out about batches from weights, seen and changed while they are replayed.

What a check observes of shuffling is worked out from which samples each batch held, and that from
many weights. Nobody learns anything from the weights; of the batches a few properties are enough.
"""

from __future__ import annotations

import functools
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeAlias

from fitspec.conformance.worker import answers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from fitspec.conformance.vocabulary.probes import Recorder

#: The samples of each batch of each epoch.
Epochs: TypeAlias = list[list[list[int]]]

READERS = ("trained_batches", "led_batches")


@dataclass(frozen=True)
class Look:
    """One time that a check looked at batches.

    Args:
        reader: which function it called.
        probe: key of the recorder, as it was in the run.
        epochs: what it found.
    """

    reader: str
    probe: str
    epochs: Epochs


@dataclass
class Tap:
    """Hears of each look at batches, and can answer some of them otherwise.

    Args:
        instead: number of the look -> what it finds.
        looks: that were made, in order.
    """

    instead: Mapping[int, Epochs] = field(default_factory=dict)
    looks: list[Look] = field(default_factory=list)

    @contextmanager
    def listening(self, keys: Mapping[str, str]) -> Iterator[None]:
        """Stand between the checks and the readers.

        Args:
            keys: key of a probe in the run -> key of the one that stands for it now.
        """
        replaced: list[tuple[Any, str, Callable[..., Epochs]]] = []
        for reader in READERS:
            original: Callable[..., Epochs] = getattr(answers, reader)
            answer = self._answering(reader, original, keys)
            for module in list(sys.modules.values()):
                known = getattr(module, "__name__", "").startswith("fitspec.conformance")
                if known and getattr(module, reader, None) is original:
                    replaced.append((module, reader, original))
                    setattr(module, reader, answer)
        try:
            yield
        finally:
            for module, reader, original in replaced:
                setattr(module, reader, original)

    def _answering(
        self, reader: str, original: Callable[..., Epochs], keys: Mapping[str, str]
    ) -> Callable[..., Epochs]:
        @functools.wraps(original)
        def answer(result: Any, recorder: Recorder) -> Epochs:
            found = original(result, recorder)
            probe = next((before for before, now in keys.items() if now == recorder.key), "")
            self.looks.append(Look(reader, probe, found))
            return self.instead.get(len(self.looks) - 1, found)

        return answer


def in_order(epochs: Epochs) -> bool:
    """Whether the samples of each epoch are used in the order given."""
    return all(
        [sample for batch in epoch for sample in batch] == [*range(sum(map(len, epoch)))]
        for epoch in epochs
    )


def are_chunks(epochs: Epochs) -> bool:
    """Whether each batch is a run of samples that follow each other, in whatever order."""
    return all(
        sorted(batch) == [*range(min(batch), min(batch) + len(batch))]
        for epoch in epochs
        for batch in epoch
        if batch
    )


def are_sorted(epochs: Epochs) -> bool:
    """Whether the samples inside each batch are in the order given."""
    return all(batch == sorted(batch) for epoch in epochs for batch in epoch)


def all_alike(epochs: Epochs) -> bool:
    """Whether every epoch has the same batches in the same order."""
    return all(epoch == epochs[0] for epoch in epochs)


#: Reader -> the properties that can be told of what it finds.
PROPERTIES: Mapping[str, tuple[Callable[[Epochs], bool], ...]] = {
    "trained_batches": (in_order, are_chunks, all_alike),
    "led_batches": (in_order, are_chunks, are_sorted, all_alike),
}


def _filled(epoch: list[list[int]], order: Iterable[int]) -> list[list[int]]:
    """Return batches of the same sizes, with these samples in this order."""
    left = iter(order)
    return [[next(left) for _ in batch] for batch in epoch]


def kept(epochs: Epochs) -> Epochs:
    """Return the batches as they are without shuffling."""
    return [_filled(epoch, sorted(chain(*epoch))) for epoch in epochs]


def dealt_samples(epochs: Epochs) -> Epochs:
    """Return batches of the same sizes, with samples from all over the data, the last one first."""
    return [
        _filled(epoch, [item for first in range(len(epoch)) for item in back[first :: len(epoch)]])
        for epoch in epochs
        for back in [sorted(chain(*epoch), reverse=True)]
    ]


def moved_batches(epochs: Epochs) -> Epochs:
    """Return the batches as they are without shuffling, by one place more in each epoch."""
    return [
        [epoch[(place + number) % len(epoch)] for place in range(len(epoch))]
        for number, epoch in enumerate(kept(epochs), start=1)
    ]


#: What could have been found instead: nothing shuffled, samples moved, whole batches moved.
OTHERS: tuple[Callable[[Epochs], Epochs], ...] = (kept, dealt_samples, moved_batches)
