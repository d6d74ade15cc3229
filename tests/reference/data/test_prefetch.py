"""Threads that read ahead: bounds, order, ends and what is left behind."""

import itertools
import random
import threading
from collections.abc import Iterator

import pytest

from fitspec.reference import Sequence
from fitspec.reference.data import prefetch

SECONDS = 60.0
"""When waiting for something that must come is given up."""


class Progress:
    """Counts what has been begun, and lets another thread wait for a number."""

    def __init__(self) -> None:
        self.count = 0
        self._changed = threading.Condition()

    def add(self) -> int:
        """Count one more; return how many there were before."""
        with self._changed:
            self.count += 1
            self._changed.notify_all()
            return self.count - 1

    def reaches(self, count: int) -> bool:
        """Wait for a number; return whether it came."""
        with self._changed:
            return self._changed.wait_for(lambda: self.count >= count, SECONDS)


def workers_alive() -> list[threading.Thread]:
    """Return the threads that read."""
    return [one for one in threading.enumerate() if one.name == prefetch.THREAD_NAME]


class Numbers(Sequence):
    """Gives its indices, and counts."""

    def __init__(self, length: int = 1000) -> None:
        self.length = length
        self.begun = Progress()

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, index: int) -> object:
        self.begun.add()
        return index


@pytest.mark.parametrize("size", [1, 3, 10])
@pytest.mark.parametrize("workers", [1, 2, 4])
def test_sequences_are_read_ahead_up_to_the_queue_and_one_item_a_worker(
    size: int, workers: int
) -> None:
    """Nobody begins an item more than size + workers ahead, and that far they all get."""
    numbers, leads = Numbers(), []
    items = prefetch.items_in_order(numbers, list(range(40)), workers, size)

    for taken in range(1, 21):
        next(items)
        assert numbers.begun.reaches(taken + size + workers)
        leads.append(numbers.begun.count - taken)
    items.close()

    assert leads == [size + workers] * 20
    assert numbers.begun.count == 20 + size + workers
    assert workers_alive() == []


@pytest.mark.parametrize("size", [1, 3, 10])
def test_generators_are_drawn_ahead_up_to_the_queue_and_one_item(size: int) -> None:
    """Size + 1 items are drawn that nobody has taken, and as long as nobody does no more."""
    drawn = Progress()
    items = prefetch.BackgroundIterator((drawn.add() for _ in itertools.count()), size)

    received = []
    for taken in range(1, 9):
        received.append(next(items))
        assert drawn.reaches(taken + size + 1)
        assert drawn.count == taken + size + 1
    items.close()

    assert received == list(range(8))
    assert drawn.count == 8 + size + 1


def test_items_that_are_ready_early_wait_for_their_turn() -> None:
    """Item 0 is finished only after all others that may be read ahead: it still comes first."""
    others = Progress()

    class Late(Sequence):
        def __len__(self) -> int:
            return 4

        def __getitem__(self, index: int) -> object:
            if index == 0:
                assert others.reaches(3)
            else:
                others.add()
            return index

    assert list(prefetch.items_in_order(Late(), [0, 1, 2, 3], 3, 4)) == [0, 1, 2, 3]


@pytest.mark.parametrize("seed", range(5))
def test_any_order_workers_and_queue_give_each_item_once_in_order(seed: int) -> None:
    """Whatever is asked for comes in the order asked for."""
    chosen = random.Random(seed)  # noqa: S311 - no secret
    indices = chosen.choices(range(50), k=chosen.randrange(1, 60))
    numbers = Numbers()

    items = prefetch.items_in_order(
        numbers, indices, chosen.randrange(1, 9), chosen.randrange(1, 9)
    )

    assert list(items) == indices
    assert numbers.begun.count == len(indices)


def test_workers_of_copies_take_turns() -> None:
    """Worker k of 2 takes every second position, from k on."""
    shares = prefetch.positions_in_turn(2)

    assert [list(itertools.islice(share, 3)) for share in shares] == [[0, 2, 4], [1, 3, 5]]


def test_a_worker_that_is_held_up_does_not_hold_up_the_others() -> None:
    """Of 2 workers one waits for item 0 until the other has read 1, 2 and 3."""
    others = Progress()

    class Held(Numbers):
        def __getitem__(self, index: int) -> object:
            if index == 0:
                assert others.reaches(3)
            else:
                others.add()
            return index

    assert list(prefetch.items_in_order(Held(), [0, 1, 2, 3, 4], 2, 4)) == [0, 1, 2, 3, 4]


def test_no_thread_starts_before_an_item_is_wanted() -> None:
    """A reader that nobody asks draws nothing, and can be closed."""
    drawn = Progress()
    items = prefetch.BackgroundIterator((drawn.add() for _ in itertools.count()), 3)

    before = workers_alive()
    items.close()

    assert before == []
    assert drawn.count == 0


def test_an_exception_comes_in_the_place_of_its_item() -> None:
    """The items before it are given, and asking again raises it again."""

    def generate() -> Iterator[object]:
        yield from (0, 1)
        raise OSError("disk is gone")

    items = prefetch.BackgroundIterator(generate(), 10)

    assert [next(items), next(items)] == [0, 1]
    for _ in range(2):
        with pytest.raises(OSError, match="disk is gone"):
            next(items)
    items.close()
    assert workers_alive() == []


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_an_exception_in_one_of_several_threads_does_not_stop_the_items_before_it(
    workers: int,
) -> None:
    """Index 3 fails, 0 to 2 come first, and the threads end though 4 to 9 were never taken."""

    class Broken(Numbers):
        def __getitem__(self, index: int) -> object:
            if index == 3:
                raise OSError("disk is gone")
            return super().__getitem__(index)

    items = prefetch.items_in_order(Broken(), list(range(10)), workers, 2)

    assert list(itertools.islice(items, 3)) == [0, 1, 2]
    with pytest.raises(OSError, match="disk is gone"):
        next(items)
    assert workers_alive() == []


def test_the_end_of_a_generator_is_the_end_of_its_items() -> None:
    """What it gave before comes first; after the end there is nothing more."""
    items = prefetch.BackgroundIterator(iter([1, 2]), 5)

    assert list(items) == [1, 2]
    assert list(items) == []
    items.close()


def test_stop_iteration_in_a_sequence_is_no_end() -> None:
    """A Sequence that raises StopIteration fails: the items after it would be lost in silence."""

    class Ending(Numbers):
        def __getitem__(self, index: int) -> object:
            if index == 1:
                raise StopIteration
            return index

    with pytest.raises(RuntimeError, match="__getitem__ of a Sequence raised StopIteration"):
        list(prefetch.items_in_order(Ending(), [0, 1, 2], 2, 2))


def test_a_generator_is_let_go_of() -> None:
    """After close it is neither closed nor running: its owner draws on behind what was drawn."""
    drawn, finished = Progress(), []

    def generate() -> Iterator[int]:
        try:
            while True:
                yield drawn.add()
        finally:
            finished.append(True)

    generator = generate()
    items = prefetch.BackgroundIterator(generator, 2)
    first = next(items)
    assert drawn.reaches(4)
    items.close()

    assert first == 0
    assert finished == []
    assert next(generator) == 4


def test_closing_says_so_when_reading_does_not_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thread cannot be broken off: after a while closing warns and goes on without it."""
    monkeypatch.setattr(prefetch, "JOIN_SECONDS", 0.01)
    entered, released = threading.Event(), threading.Event()

    def generate() -> Iterator[int]:
        yield 0
        entered.set()
        assert released.wait(SECONDS)
        yield 1

    items = prefetch.BackgroundIterator(generate(), 2)
    next(items)
    assert entered.wait(SECONDS)

    with pytest.warns(RuntimeWarning, match="reading an item takes more than"):
        items.close()

    released.set()
    for thread in workers_alive():
        thread.join(SECONDS)
    assert workers_alive() == []
