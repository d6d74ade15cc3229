"""Tests of `fitspec.reference.devices`, on a stand-in where a GPU would be."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fitspec import conformance, reference
from fitspec.reference import Input, Model, Sequential, _array, device, layers

HERE = Path(__file__).parent

X = np.arange(12, dtype=np.float32).reshape(6, 2) / 12
Y = X[:, :1] - X[:, 1:]


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The library of arrays that only it can read, as the device "stand-in"."""
    monkeypatch.syspath_prepend(str(HERE))
    monkeypatch.setitem(_array.LIBRARIES, "stand-in", "device_stand_in")
    yield importlib.import_module("device_stand_in")
    del sys.modules["device_stand_in"]


def network() -> Sequential:
    """Return a model with weights of known values."""
    model = Sequential([layers.Dense(1, input_shape=(2,))])
    model.set_weights([np.array([[0.5], [-0.25]]), np.array([0.125])])
    return model


def trained(model: Sequential, **arguments: Any) -> list[Any]:
    """Return losses and weights after training."""
    model.compile("adam", "mse", metrics=["mae"], weighted_metrics=["mae"])
    history = model.fit(
        X, Y, batch_size=4, epochs=2, shuffle=False, validation_split=0.5, verbose=0, **arguments
    )
    return [history.history, *(weight.tolist() for weight in model.get_weights())]


def test_every_clause_holds_on_a_device_of_its_own() -> None:
    """Nothing in the reference mixes arrays of the device with those of NumPy."""
    report = conformance.run(str(HERE / "adapter.py"))

    assert not report.faults
    assert not report.fell_short
    assert len(report.findings) > 290


def test_a_model_stays_where_it_was_made(stand_in: Any) -> None:
    """Weights remain on the device while the model is used outside of the block."""
    with device("stand-in"):
        model = network()

    trained(model)

    assert all(type(each.data) is stand_in.DeviceArray for each in model.variables)
    assert type(model.get_weights()[0]) is np.ndarray
    assert type(model.predict(X)) is np.ndarray
    assert type(network().variables[0].data) is np.ndarray


@pytest.mark.usefixtures("stand_in")
@pytest.mark.parametrize(
    ("targets", "weights"),
    [
        (Y, {}),
        (Y, {"sample_weight": np.arange(6.0)}),
        ((X[:, :1] > 0.4).astype(np.float32), {"class_weight": {0: 2.0, 1: 0.5}}),
    ],
    ids=["plain", "sample weights", "class weights"],
)
def test_a_device_gives_the_same_numbers(targets: Any, weights: dict[str, Any]) -> None:
    """Where a model computes changes nothing but where it computes."""
    results = []
    for name in ("cpu", "stand-in"):
        with device(name):
            model = network()
            model.compile("adam", "mse", metrics=["mae"], weighted_metrics=["mae"])
            history = model.fit(X, targets, batch_size=4, shuffle=False, verbose=0, **weights)
        results.append([history.history, model.get_weights()[0].tolist()])

    assert results[0] == results[1]


def of_images() -> Model:
    """Return a model that looks at windows, and normalizes."""
    x = Input(shape=(4, 5, 1))
    first = layers.Conv2D(2, 2, padding="same", activation="relu")(x)
    normal = layers.BatchNormalization()(first)
    pooled = [layers.MaxPooling2D()(normal), layers.AveragePooling2D()(normal)]
    merged = [layers.add(pooled), layers.maximum(pooled), layers.multiply(pooled)]
    joined = layers.concatenate(merged)
    ends = [layers.GlobalMaxPooling2D()(joined), layers.GlobalAveragePooling2D()(joined)]
    return Model(x, layers.Dense(2)(layers.dot(ends, 1)))


def of_words() -> Model:
    """Return a model that reads sentences, of which words that are 0 do not count."""
    x = Input(shape=(6,))
    words = layers.Embedding(4, 3, mask_zero=True)(x)
    settings: Any = {"recurrent_dropout": 0.2, "dropout": 0.2}
    read = layers.LSTM(2, return_sequences=True, **settings)(words)
    back = layers.GRU(2, go_backwards=True, return_sequences=True)(words)
    rnn = layers.Bidirectional(layers.SimpleRNN(2, return_sequences=True))(words)
    steps = layers.TimeDistributed(layers.Dense(2))(layers.concatenate([read, back, rnn]))
    windows = layers.Conv1D(2, 2, padding="causal")(layers.Reshape((6, 1))(x))
    ends = [layers.GlobalAveragePooling1D()(steps), layers.GlobalMaxPooling1D()(windows)]
    return Model(x, layers.average(ends))


@pytest.mark.usefixtures("stand_in")
@pytest.mark.parametrize(("make", "shape"), [(of_images, (4, 5, 1)), (of_words, (6,))])
def test_every_layer_computes_on_the_device(make: Any, shape: tuple[int, ...]) -> None:
    """No layer mixes arrays of the device with those of NumPy, whatever it is made of."""
    x = np.random.default_rng(1).integers(0, 4, (8, *shape)).astype("float32")
    results = []
    for name in ("cpu", "stand-in"):
        reference.set_random_seed(5)
        with device(name):
            model = make()
            model.compile("adam", "mae", metrics=["mae"])
            history = model.fit(x, np.ones((8, 2)), batch_size=4, epochs=2, verbose=0)
        results.append([history.history, *(weight.tolist() for weight in model.get_weights())])

    assert results[0] == results[1]


def test_data_may_be_on_the_device(stand_in: Any) -> None:
    """Inputs, targets and weights are taken from the memory of the device as from the CPU's."""
    with device("stand-in"):
        model, twin = network(), network()
    for one in (model, twin):
        one.compile("sgd", "mse")
    reference.set_random_seed(3)
    given = model.fit(
        stand_in.asarray(X),
        stand_in.asarray(Y),
        batch_size=4,
        sample_weight=stand_in.asarray(np.arange(6.0)),
        verbose=0,
    )
    reference.set_random_seed(3)
    usual = twin.fit(X, Y, batch_size=4, sample_weight=np.arange(6.0), verbose=0)

    assert given.history == usual.history


@pytest.mark.usefixtures("stand_in")
def test_layers_of_one_model_share_a_device() -> None:
    """A model of layers that were made for different devices is refused."""
    with device("stand-in"):
        there = layers.Dense(1)

    with pytest.raises(ValueError, match=r"different devices.*cpu.*stand-in"):
        Sequential([layers.Dense(2, input_shape=(2,)), there])


def test_the_device_before_is_in_force_again(stand_in: Any) -> None:  # noqa: ARG001  its device
    """Blocks inside of each other end one by one, also by an exception."""
    with device("stand-in"):
        with pytest.raises(KeyError), device("cpu"):
            raise KeyError
        within = network()

    assert within.device == "stand-in"
    assert network().device == "cpu"


def test_a_device_that_nobody_knows_is_refused() -> None:
    """The message lists the devices there are."""
    with pytest.raises(ValueError, match=r"device must be one of \['cpu', 'cuda'.*not 'tpu'"):
        device("tpu").__enter__()


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without CuPy, the message says how to get it."""
    monkeypatch.setitem(sys.modules, "cupy", None)

    with pytest.raises(RuntimeError, match=r"package cupy: install fitspec\[cuda12\]"):
        device("cuda").__enter__()


def test_a_missing_gpu_is_told(stand_in: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the library says about the machine is passed on."""

    def zeros(_shape: int) -> Any:
        raise OSError("no driver")

    monkeypatch.setattr(stand_in, "zeros", zeros, raising=False)

    with pytest.raises(RuntimeError, match="'stand-in' cannot be used: no driver"):
        device("stand-in").__enter__()
