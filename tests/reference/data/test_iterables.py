"""Data sets and loaders: objects of other libraries, known by what they can do alone."""

import multiprocessing
import threading
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from fitspec.reference import Input, Model, layers
from fitspec.reference.data import sources
from fitspec.reference.tensor.array_library import Array

ONE = np.ones((1, 1), "float32")


class TorchTensor:
    """A tensor as PyTorch has it: with a graph, and perhaps on a device."""

    dtype = "torch.float32"

    def __init__(self, values: Array, where: str = "cuda, with a graph") -> None:
        self._values = values
        self._where = where
        self.shape = values.shape

    def __getitem__(self, rows: Any) -> "TorchTensor":
        raise AssertionError("rows of a tensor are taken one by one")

    def detach(self) -> "TorchTensor":
        """Leave the graph."""
        return TorchTensor(self._values, "cuda")

    def cpu(self) -> "TorchTensor":
        """Leave the device."""
        return TorchTensor(self._values, self._where.replace("cuda", "cpu"))

    def numpy(self) -> Array:
        """Become an array, which no tensor with a graph or on a device can."""
        assert self._where == "cpu"
        return self._values


class EagerTensor:
    """A tensor as TensorFlow has it."""

    dtype = "<dtype: 'float32'>"

    def __init__(self, values: Array) -> None:
        self._values = values
        self.shape = values.shape

    def numpy(self) -> Array:
        """Become an array."""
        return self._values


class Loader:
    """Gives batches as PyTorch's DataLoader does: lists of tensors, anew every time."""

    collate_fn = None

    def __init__(self, values: list[float]) -> None:
        self.values = values
        self.begun = 0
        self.threads: set[threading.Thread] = set()

    def __len__(self) -> int:
        return len(self.values)

    def __iter__(self) -> Iterator[Any]:
        self.begun += 1
        for value in self.values:
            self.threads.add(threading.current_thread())
            yield [TorchTensor(ONE * value), TorchTensor(ONE * 0)]


class DataSet:
    """Gives batches as a data set of `tf.data` does; its length may be unknown."""

    element_spec = None

    def __init__(self, values: list[float], *, endless: bool = False) -> None:
        self.values = values
        self.endless = endless
        self.begun = 0

    def __len__(self) -> int:
        raise TypeError("the length is unknown")

    def cardinality(self) -> Array:
        """Return -1 for no end and -2 for an unknown length, as a tensor."""
        return np.array(-1 if self.endless else -2)

    def __iter__(self) -> Iterator[Any]:
        self.begun += 1
        while True:
            for value in self.values:
                yield EagerTensor(ONE * value), EagerTensor(ONE * 0)
            if not self.endless:
                return


def trained(model: Any) -> list[float]:
    """Return the value of every batch that was trained on."""
    return [batch[0] for batch in model.seen.training]


WORKERS = [{"workers": 0}, {"workers": 1}, {"workers": 4}]


@pytest.mark.parametrize("kind", [Loader, DataSet])
@pytest.mark.parametrize("way", WORKERS)
def test_an_epoch_is_a_pass_that_begins_anew(
    linear: Callable[..., Any], kind: Callable[..., Any], way: dict[str, Any]
) -> None:
    """Two epochs are two iterations in the order of the data, whoever reads."""
    model, iterable = linear(), kind([3, 1, 2])

    history = model.fit(iterable, epochs=2, verbose=0, **way).history

    assert trained(model) == [3, 1, 2] * 2
    assert iterable.begun == 2
    assert history["loss"] == [pytest.approx(14 / 3)] * 2


@pytest.mark.parametrize("kind", [Loader, DataSet])
@pytest.mark.parametrize("way", WORKERS)
def test_explicit_steps_go_on_where_the_last_epoch_stopped(
    linear: Callable[..., Any], kind: Callable[..., Any], way: dict[str, Any]
) -> None:
    """Passes follow each other: 3, 1 | 2, 3 | 1, 2."""
    model = linear()

    model.fit(kind([3, 1, 2]), steps_per_epoch=2, epochs=3, verbose=0, **way)

    assert trained(model) == [3, 1, 2, 3, 1, 2]


@pytest.mark.parametrize("kind", [Loader, DataSet])
@pytest.mark.parametrize("way", WORKERS)
@pytest.mark.parametrize("suffix", ["", "_generator"])
def test_all_methods_take_iterables(
    linear: Callable[..., Any], kind: Callable[..., Any], way: dict[str, Any], suffix: str
) -> None:
    """Evaluate and predict make one pass, or the steps they are given."""
    model = linear()
    evaluate, predict = (getattr(model, name + suffix) for name in ("evaluate", "predict"))

    assert evaluate(kind([1, 2, 3]), verbose=0, **way) == pytest.approx(14 / 3)
    assert evaluate(kind([1, 2, 3]), steps=2, verbose=0, **way) == 2.5
    assert predict(kind([1, 2, 3]), **way).tolist() == [[1], [2], [3]]
    assert predict(kind([1, 2, 3]), steps=4, **way).tolist() == [[1], [2], [3], [1]]
    getattr(model, "fit" + suffix)(kind([1, 2, 3]), verbose=0, **way)
    assert trained(model) == [1, 2, 3]


@pytest.mark.parametrize("kind", [Loader, DataSet])
@pytest.mark.parametrize("steps", [None, 2])
def test_validation_begins_anew_every_time(
    linear: Callable[..., Any], kind: Callable[..., Any], steps: int | None
) -> None:
    """All batches, or the first so many, of every epoch are the same."""
    model, iterable = linear(), kind([1, 2, 3])

    model.fit(ONE, ONE, epochs=2, verbose=0, validation_data=iterable, validation_steps=steps)

    assert [batch[0] for batch in model.seen.testing] == [1, 2, 3][:steps] * 2


def test_iterables_are_read_in_the_background(linear: Callable[..., Any]) -> None:
    """One thread reads, however many are allowed, and the main thread where none is."""
    here, elsewhere = Loader([1, 2]), Loader([1, 2])

    linear().predict(here, workers=0)
    linear().predict(elsewhere, workers=3)

    assert here.threads == {threading.main_thread()}
    assert len(elsewhere.threads) == 1
    assert threading.main_thread() not in elsewhere.threads


@pytest.mark.skipif(
    multiprocessing.get_all_start_methods()[0] == "spawn", reason="a local class is not pickled"
)
def test_another_process_can_read_an_iterable(linear: Callable[..., Any]) -> None:
    """One process reads, however many are allowed, so that each batch comes once."""
    model, loader = linear(), Loader([1, 2, 3])
    way = {"workers": 3, "use_multiprocessing": True, "verbose": 0}

    model.fit(loader, epochs=2, **way)
    model.fit(loader, epochs=2, steps_per_epoch=2, **way)

    assert trained(model) == [1, 2, 3, 1, 2, 3, 1, 2, 3, 1]
    assert loader.threads == set()


@pytest.mark.parametrize("way", WORKERS)
def test_no_batches_are_refused(linear: Callable[..., Any], way: dict[str, Any]) -> None:
    """An empty pass is a ValueError, with and without steps."""
    for steps in (None, 2):
        with pytest.raises(ValueError, match=r"DataSet.*no batches"):
            linear().fit(DataSet([]), steps_per_epoch=steps, verbose=0, **way)


def test_data_without_end_need_steps(linear: Callable[..., Any]) -> None:
    """A ValueError comes before anything is read; with steps such data are fine."""
    model, endless = linear(), DataSet([1, 2, 3], endless=True)

    with pytest.raises(ValueError, match="steps_per_epoch must be given"):
        model.fit(endless, verbose=0)
    assert endless.begun == 0
    model.fit(endless, steps_per_epoch=2, epochs=2, verbose=0)
    assert trained(model) == [1, 2, 3, 1]


def test_the_bar_of_an_unknown_length_has_no_target(
    linear: Callable[..., Any], capsys: pytest.CaptureFixture[str]
) -> None:
    """It counts, and says that it does not know how far."""
    linear().fit(DataSet([1, 2]), verbose=1)

    assert "2/?" in capsys.readouterr().out


def test_a_loader_may_collate_inputs_alone(linear: Callable[..., Any]) -> None:
    """A data set of one tensor a sample gives lists of one, which hold the inputs."""

    class Inputs(Loader):
        def __iter__(self) -> Iterator[Any]:
            return ([TorchTensor(ONE * value)] for value in self.values)

    assert linear(2.0).predict(Inputs([1, 2])).tolist() == [[2], [4]]


def test_lists_of_a_plain_iterable_are_lists() -> None:
    """What no loader collated stands for several inputs."""

    class Pairs:
        def __iter__(self) -> Iterator[Any]:
            return iter([[ONE, ONE * 2]])

    inputs = [Input(shape=(1,)), Input(shape=(1,))]
    model: Any = Model(inputs, layers.Add()(inputs))

    assert model.predict(Pairs()).tolist() == [[3]]


@pytest.mark.parametrize("kind", [TorchTensor, EagerTensor])
def test_native_tensors_are_arrays(linear: Callable[..., Any], kind: Callable[..., Any]) -> None:
    """Tensors of PyTorch and TensorFlow train, test and predict like arrays of the same values."""
    model = linear(2.0)
    x, y, weight = kind(np.array([[1.0], [2.0]])), kind(np.zeros((2, 1))), np.array([1.0, 3.0])

    assert model.fit(x, y, verbose=0).history["loss"] == [10]
    assert model.evaluate(x, y, sample_weight=weight, verbose=0) == 26
    assert model.train_on_batch(x, y) == 10
    assert model.predict(x).tolist() == [[2], [4]]
    assert model.predict_on_batch(x).tolist() == [[2], [4]]
    assert model.evaluate(iter([(x, y, weight)]), steps=1, verbose=0) == 26


def test_iterables_are_told_from_arrays_and_collections() -> None:
    """What holds all its data is no stream, and neither is what cannot be iterated."""
    streams = [Loader([1]), DataSet([1])]
    others = [ONE, [ONE], (ONE,), {"x": ONE}, {"x": ONE}.values(), {1}, "text", b"bytes", 3, None]
    tensors = [TorchTensor(ONE), EagerTensor(ONE), Loader]

    assert all(map(sources.yields_batches, streams))
    assert not any(map(sources.yields_batches, others + tensors))
