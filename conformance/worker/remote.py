"""What a check holds of the objects that live in a worker."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from fitspec.conformance.vocabulary.probes import Probe

#: Sends a request and returns the result of it; the fields are those of the protocol.
Ask = Callable[..., "Result"]


class RemoteError(Exception):
    """An exception that the implementation raised.

    Args:
        classes: the names of its classes, from its own to `BaseException`.
        message: its text.
        traceback: its traceback as text.

    Attributes:
        events: what the probes saw until then.
    """

    def __init__(self, classes: Sequence[str], message: str, traceback: str) -> None:
        super().__init__(f"{classes[0]}: {message}")
        self.events = Events()
        self.classes = tuple(classes)
        self.message = message
        self.traceback = traceback


class NotOffered(Exception):  # noqa: N818  no error of anybody
    """The implementation has no such method, argument, attribute or kind of object."""


class ProtocolFault(Exception):  # noqa: N818  a fault of the harness, never a verdict
    """The worker says that a request was not of the protocol: ours to mend."""


class LacksAttribute(AttributeError, NotOffered):  # noqa: N818  no error of anybody
    """An object that an implementation returned has no such documented attribute."""


@dataclass(frozen=True)
class RemoteObject:
    """An object in the worker: its classes, and of its attributes those that the adapter reveals.

    Two are equal when they are the very same object there.
    """

    reference: str
    classes: tuple[str, ...] = field(compare=False)
    attributes: Mapping[str, Any] = field(compare=False, repr=False)
    text: str = field(compare=False)
    array: Any = field(compare=False, repr=False, default=None)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if name not in self.attributes:
            owner = f"a {self.classes[0]}" if self.classes else "what came"
            raise LacksAttribute(f"no attribute `{name}` of {owner}")
        return self.attributes[name]


def number_of(name: str, value: Any) -> Any:
    """Return a number of a library's own kind: one to count with, of a class of that `name`."""
    plain = value.item() if hasattr(value, "item") else value
    base = type(plain)
    # Nothing can be a subclass of `bool`.
    return plain if base is bool else type(name, (base,), {})(plain)


def class_of(value: Any) -> str:
    """Return the name of the class of what a worker sent, as it is there."""
    if isinstance(value, RemoteObject):
        return value.classes[0] if value.classes else "object"
    return type(value).__name__


@dataclass(frozen=True)
class Event:
    """One thing that a probe saw; `fields` depend on its kind."""

    kind: str
    probe: str
    pid: int
    thread: int
    main_thread: bool
    time: float
    fields: Mapping[str, Any]

    @property
    def index(self) -> int | None:
        """The epoch, batch or item it is about."""
        value = self.fields.get("index")
        return None if value is None else int(value)


@dataclass(frozen=True)
class Events:
    """Events in the order they happened."""

    events: tuple[Event, ...] = ()

    def __iter__(self) -> Iterator[Event]:
        return iter(self.events)

    def __len__(self) -> int:
        return len(self.events)

    def of(self, *kinds: str) -> Events:
        """Return those of the given kinds."""
        return Events(tuple(event for event in self.events if event.kind in kinds))

    def by(self, probe: Probe) -> Events:
        """Return those that `probe` saw."""
        return Events(tuple(event for event in self.events if event.probe == probe.key))

    @property
    def kinds(self) -> list[str]:
        """The kind of each."""
        return [event.kind for event in self.events]

    @property
    def indices(self) -> list[int | None]:
        """The index of each."""
        return [event.index for event in self.events]


@dataclass(frozen=True)
class Result:
    """What one request brought.

    Args:
        value: what the operation returned.
        events: what the probes saw meanwhile.
        stdout, stderr: what was printed meanwhile.
        warnings: class name and text of each warning.
        seconds: time inside the implementation.
    """

    value: Any
    events: Events
    stdout: str
    stderr: str
    warnings: tuple[tuple[str, str], ...]
    seconds: float

    @property
    def history(self) -> Any:
        """The History object that `fit` returned.

        Raises:
            NotOffered: it returned something else.
        """
        if not isinstance(self.value, RemoteObject):
            raise NotOffered("no History: the call returned something else")
        return self.value


@dataclass(frozen=True)
class Parameter:
    """A parameter of a method: `default` is meaningless when it is `required`."""

    name: str
    kind: str
    required: bool
    default: Any = None


@dataclass(frozen=True)
class Method:
    """A documented method of a model in the worker."""

    ask: Ask
    reference: str
    name: str

    def __call__(self, *args: Any, **kwargs: Any) -> Result:
        """Call it.

        Raises:
            RemoteError: the implementation raised.
            NotOffered: the method or an argument does not exist there.
        """
        target = {"target": self.reference, "method": self.name}
        return self.ask("call", **target, args=list(args), kwargs=kwargs)

    def parameters(self) -> list[Parameter]:
        """Return its parameters in order."""
        found = self.ask("signature", target=self.reference, method=self.name).value
        return [
            Parameter(item["name"], item["kind"], "default" not in item, item.get("default"))
            for item in found
        ]


class Model:
    """A model in the worker, with the documented methods."""

    def __init__(self, ask: Ask, reference: str) -> None:
        self._ask = ask
        self.reference = reference
        self.compile = self._method("compile")
        self.fit = self._method("fit")
        self.evaluate = self._method("evaluate")
        self.predict = self._method("predict")
        self.train_on_batch = self._method("train_on_batch")
        self.test_on_batch = self._method("test_on_batch")
        self.predict_on_batch = self._method("predict_on_batch")
        self.fit_generator = self._method("fit_generator")
        self.evaluate_generator = self._method("evaluate_generator")
        self.predict_generator = self._method("predict_generator")
        self.get_layer = self._method("get_layer")

    def _method(self, name: str) -> Method:
        return Method(self._ask, self.reference, name)

    def attribute(self, name: str) -> Any:
        """Return a documented attribute."""
        return self._ask("get", target=self.reference, name=name).value

    def weights(self) -> dict[str, list[Any]]:
        """Return the weights as arrays, by layer."""
        weights: dict[str, list[Any]] = self._ask("weights", target=self.reference).value
        return weights

    def weight(self, layer: str) -> float:
        """Return the only weight of `layer`, which has one."""
        ((value,),) = (array.ravel().tolist() for array in self.weights()[layer])
        return float(value)

    def held(self, array: Probe) -> Any:
        """Return the values that an array has now."""
        return self._ask("echo", value=array).value

    def enter(self, surroundings: Probe) -> None:
        """Have calls from now on see other surroundings, such as an R session."""
        self._ask("echo", value=surroundings)

    def set_trainable(self, layer: str, trained: bool) -> None:
        """Set whether a layer is trained, as its attribute `trainable`.

        Raises:
            NotOffered: there is no such attribute.
        """
        self._ask("trainable", target=self.reference, layer=layer, trained=trained)

    def background(self, within: float = 5.0) -> dict[str, list[str]]:
        """Return the names of the threads and of the processes that are still there.

        Args:
            within: how long those that are about to end are given for it, in s.
        """
        left: dict[str, list[str]] = self._ask("background", within=within).value
        return left

    def iterations(self) -> int:
        """Return how many updates the optimizer has made."""
        return int(self._ask("iterations", target=self.reference).value)
