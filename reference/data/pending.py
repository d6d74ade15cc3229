"""Numbers that a device may still be computing when the CPU goes on to the next batch.

Whoever asks for one waits for it; nobody waits for what nobody asks for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.reference.data import devices

if TYPE_CHECKING:
    from collections.abc import Callable, ItemsView, Iterator, Sequence, ValuesView


class LateValue:
    """A value that is computed, or brought to the CPU, when it is asked for.

    Args:
        compute: Returns the value, given `array`.
        array: An array of a device, which nobody changes any more.

    """

    __slots__ = ("_compute", "array")

    def __init__(self, compute: Callable[[Any], Any], array: Any) -> None:
        self._compute: Callable[[Any], Any] | None = compute
        self.array = array

    def value(self) -> Any:
        """Return the value, once it is there."""
        if self._compute is not None:
            self.array, self._compute = self._compute(self.array), None
        return self.array


def number(loss: Any, *, late: bool) -> Any:
    """Return the loss of a batch, which a device may still be computing, as a number."""
    # The next batch may be put where this one is before anybody looks at the loss.
    return LateValue(float, loss.data.copy()) if late else float(loss)


def collect(collected: list[Any], outputs: list[Any]) -> None:
    """Add the outputs of a batch to those before, of which only the last may be late."""
    collected.append(outputs)
    if len(collected) > 1 and type(outputs[0]) is LateValue:
        # By now the device has something else to do.
        collected[-2] = known(collected[-2])


def result_of(metric: Any) -> Any:
    """Return the value of a metric, which can be late if all that it does is to add up counts."""
    adds_counts = getattr(metric, "adds_counts", False)
    return LateValue(metric.value, metric.counted) if adds_counts else metric.result()


def known(value: Any) -> Any:
    """Return a value, or a list of them, of which none is late."""
    if isinstance(value, list):
        return [known(each) for each in value]
    return value.value() if isinstance(value, LateValue) else value


def known_numbers(numbers: Sequence[Any]) -> Sequence[float]:
    """Return numbers, all of which are late or none; those of a device come all at once."""
    if not are_late(numbers):
        return numbers
    if not all(devices.is_on_device(each.array) for each in numbers):  # some were asked for
        return [float(known(each)) for each in numbers]
    arrays = [each.array for each in numbers]
    found: list[float] = devices.to_host(devices.namespace(arrays[0]).stack(arrays)).tolist()
    return found


def are_late(values: Sequence[Any]) -> bool:
    """Whether results, or lists of them, are late; those of a batch are, or are not, together."""
    first = values[0]
    return isinstance(first, LateValue) or (isinstance(first, list) and are_late(first))


class LateLogs(dict[str, Any]):
    """Results by name, as callbacks get them; the first look at one waits for all of them."""

    def _known(self) -> dict[str, Any]:
        for name in dict.keys(self):
            dict.__setitem__(self, name, known(dict.__getitem__(self, name)))
        return self

    def __getitem__(self, name: str) -> Any:
        return dict.__getitem__(self._known(), name)

    def __iter__(self) -> Iterator[str]:
        # Where this is overridden, `dict(logs)` and `{**logs}` ask for the items one by one.
        return dict.__iter__(self)

    def get(self, name: str, default: Any = None) -> Any:
        """Return a result, or the default."""
        return dict.get(self._known(), name, default)

    def items(self) -> ItemsView[str, Any]:  # type: ignore[override]  # a view, named generally
        """Return names and results."""
        return dict.items(self._known())

    def values(self) -> ValuesView[Any]:  # type: ignore[override]  # as above
        """Return the results."""
        return dict.values(self._known())

    def copy(self) -> dict[str, Any]:
        """Return the results in a dict of their own."""
        return dict(self.items())

    def pop(self, *arguments: Any) -> Any:
        """Take a result out."""
        return dict.pop(self._known(), *arguments)

    def setdefault(self, name: str, default: Any = None) -> Any:
        """Return a result, which is set if it is not there."""
        return dict.setdefault(self._known(), name, default)

    def __or__(self, other: Any) -> Any:
        return self.copy() | other

    def __ror__(self, other: Any) -> Any:
        return other | self.copy()

    def __eq__(self, other: object) -> bool:
        return self.copy() == other

    __hash__ = None  # as dict

    def __repr__(self) -> str:
        return repr(self.copy())

    def __reduce__(self) -> tuple[type[dict[str, Any]], tuple[dict[str, Any]]]:
        """Have copies, and what is sent to other processes, hold plain results."""
        return dict, (self.copy(),)
