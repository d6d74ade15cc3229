"""Models small enough for results to be worked out by hand."""

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import numpy as np
import pytest

from fitspec.reference import Input, Model, Sequence, layers, optimizers, set_random_seed
from fitspec.reference.callbacks import Callback
from fitspec.reference.compute.recorded import kinds
from fitspec.reference.compute.recorded.step import RecordedStep
from fitspec.reference.initializers import Constant
from fitspec.reference.tensor.array_library import Array
from fitspec.reference.tensor.autodiff import Tensor

Build: TypeAlias = Callable[..., Any]


def array(predictions: Array | list[Array]) -> Array:
    """Return the predictions of the only output."""
    assert isinstance(predictions, np.ndarray)
    return predictions


@pytest.fixture
def plans(monkeypatch: pytest.MonkeyPatch) -> list[RecordedStep]:
    """The plans that are made, in order."""
    made: list[RecordedStep] = []
    original = RecordedStep.__init__

    def noting(plan: RecordedStep, *arguments: Any) -> None:
        made.append(plan)
        original(plan, *arguments)

    monkeypatch.setattr(RecordedStep, "__init__", noting)
    return made


@pytest.fixture
def never_recorded(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Have everything computed as the definitions say from now on."""
    return lambda: monkeypatch.setattr(kinds, "is_replayable", lambda *_: False)


@pytest.fixture(autouse=True)
def _seeded() -> None:
    set_random_seed(7)


class Seen(layers.Layer):
    """Passes batches on, and notes the first feature of every row."""

    def __init__(self) -> None:
        super().__init__()
        self.training: list[list[float]] = []
        self.testing: list[list[float]] = []

    def call(self, inputs: list[Tensor], *, training: bool) -> Tensor:
        """Note the batch and return it."""
        batches = self.training if training else self.testing
        batches.append(inputs[0].numpy()[:, 0].tolist())
        return inputs[0]


class Log(Callback):
    """Notes every hook that is called, with its index and logs."""

    def __init__(self) -> None:
        super().__init__()
        self.events: list[tuple[str, int | None]] = []
        self.logs: list[tuple[str, dict[str, Any]]] = []

    def __getattribute__(self, name: str) -> Any:
        """Wrap every hook in one that takes notes; the two old batch hooks are left alone."""
        if not name.startswith("on_") or name in ("on_batch_begin", "on_batch_end"):
            return super().__getattribute__(name)

        def note(*arguments: Any) -> None:
            index = arguments[0] if len(arguments) == 2 else None
            self.events.append((name.removeprefix("on_"), index))
            self.logs.append((name.removeprefix("on_"), dict(arguments[-1])))

        return note

    def of(self, name: str) -> list[dict[str, Any]]:
        """Return the logs of every call of one hook."""
        return [logs for event, logs in self.logs if event == name]


class Batches(Sequence):
    """Gives batch i with all values i (from `values`), and notes what is asked for."""

    def __init__(self, values: list[float], rows: int = 1) -> None:
        self.values = values
        self.rows = rows
        self.asked: list[int] = []
        self.ended = 0

    def __len__(self) -> int:
        return len(self.values)

    def __getitem__(self, index: int) -> tuple[Array, Array]:
        self.asked.append(index)
        x = np.full((self.rows, 1), self.values[index], "float32")
        return x, np.zeros_like(x)

    def on_epoch_end(self) -> None:
        """Count."""
        self.ended += 1


@pytest.fixture
def linear() -> Build:
    """Return a builder of y = w x with mse and SGD, which notes the rows it sees."""

    def build(w: float = 1.0, lr: float = 0.0, **compiled: Any) -> Any:
        seen = Seen()
        x = Input(shape=(1,))
        y = layers.Dense(1, use_bias=False, kernel_initializer=Constant(w), name="a")(seen(x))
        model = Model(x, y)
        compiled = {"optimizer": optimizers.SGD(lr), "loss": "mse", **compiled}
        model.compile(**compiled)
        model.seen = seen  # type: ignore[attr-defined] # handy in tests
        return model

    return build


@pytest.fixture
def two() -> Build:
    """Return a builder of a = w1 in1, b = w2 in2."""

    def build(w1: float = 1.0, w2: float = 1.0, lr: float = 0.0, **compiled: Any) -> Any:
        in1, in2 = Input(shape=(1,), name="in1"), Input(shape=(1,), name="in2")
        a = layers.Dense(1, use_bias=False, kernel_initializer=Constant(w1), name="a")(in1)
        b = layers.Dense(1, use_bias=False, kernel_initializer=Constant(w2), name="b")(in2)
        model = Model([in1, in2], [a, b])
        compiled = {"optimizer": optimizers.SGD(lr), "loss": "mse", **compiled}
        model.compile(**compiled)
        return model

    return build


@pytest.fixture
def temporal() -> Build:
    """Return a builder of y = w x for samples of 3 steps, with weights per step."""

    def build(w: float = 1.0, mode: object = "temporal") -> Any:
        x = Input(shape=(3, 1))
        y = layers.Dense(1, use_bias=False, kernel_initializer=Constant(w))(x)
        model = Model(x, y)
        model.compile(optimizers.SGD(0.0), "mse", sample_weight_mode=mode)
        return model

    return build


@pytest.fixture
def column() -> Callable[[int], Array]:
    """Return a maker of the column 1..n."""

    def make(n: int) -> Array:
        return np.arange(1, n + 1, dtype="float32")[:, None]

    return make


@pytest.fixture
def zeros() -> Callable[[int], Array]:
    """Return a maker of a column of n zeros."""

    def make(n: int) -> Array:
        return np.zeros((n, 1), "float32")

    return make


@pytest.fixture
def log() -> Log:
    """Return a callback that notes every hook."""
    return Log()


@pytest.fixture
def batches() -> type[Batches]:
    """Return the class of Sequences that note what is asked for."""
    return Batches


@pytest.fixture
def counting() -> Callable[..., Iterator[Any]]:
    """Return an endless generator of (x = i, y = 0), which appends i to a list when it is drawn."""

    def generate(drawn: list[int], rows: int = 1) -> Iterator[Any]:
        index = 0
        while True:
            drawn.append(index)
            x = np.full((rows, 1), index, "float32")
            yield x, np.zeros_like(x)
            index += 1

    return generate
