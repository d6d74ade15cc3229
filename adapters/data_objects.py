"""Data that are neither arrays nor generators: what users have from other libraries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fitspec.adapters.events import EventLog


class Reiterable:
    """Gives the same items each time it is iterated, as the loaders of data libraries do.

    Logs `iterate` as an iteration begins and `give` as an item is handed over.
    """

    def __init__(self, log: EventLog, key: str, items: Sequence[Any]) -> None:
        self.fitspec_log, self.fitspec_key, self.fitspec_items = log, key, items

    def __iter__(self) -> Iterator[Any]:
        """Begin anew."""
        self.fitspec_log.write("iterate", self.fitspec_key)
        for index, item in enumerate(self.fitspec_items):
            self.fitspec_log.write("give", self.fitspec_key, index=index)
            yield item


class SizedReiterable(Reiterable):
    """One that knows how many items it gives."""

    def __len__(self) -> int:
        return len(self.fitspec_items)


class ForeignTensor:
    """An array of another library, which gives NumPy's on demand."""

    def __init__(self, values: Any) -> None:
        self._values = values
        self.shape = values.shape
        self.ndim = values.ndim
        self.dtype = values.dtype

    def numpy(self) -> Any:
        """Return its values."""
        return self._values

    def __array__(self, dtype: Any = None, **_copy: Any) -> Any:
        return self.numpy().astype(dtype or self.dtype)

    def __len__(self) -> int:
        return len(self._values)

    def __getitem__(self, rows: Any) -> ForeignTensor:
        return type(self)(self._values[rows])


class AttachedTensor(ForeignTensor):
    """One that gives them only once it is detached from gradients and on the CPU."""

    def detach(self) -> AttachedTensor:
        """Return it without gradients."""
        free = AttachedTensor(self._values)
        free.numpy = lambda: self._values  # type: ignore[method-assign]  # of this one alone
        return free

    def cpu(self) -> AttachedTensor:
        """Return it where NumPy can reach it, which is where it is."""
        return self

    def numpy(self) -> Any:
        """Refuse.

        Raises:
            RuntimeError: always.
        """
        raise RuntimeError("detach it first")
