"""Tests of `fitspec.reference.compute.cuda.devices`, on a stand-in where a GPU would be."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fitspec import conformance, reference
from fitspec.reference import (
    Input,
    Model,
    Sequential,
    callbacks,
    device,
    layers,
    optimizers,
    set_random_seed,
)

HERE = Path(__file__).parent

X = np.arange(12, dtype=np.float32).reshape(6, 2) / 12
Y = X[:, :1] - X[:, 1:]


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


def stacked() -> Sequential:
    """Return a model of all that is recorded in a way of its own."""
    return Sequential(
        [
            layers.Dense(4, activation="relu", input_shape=(2,)),
            layers.Dropout(0.3),
            layers.BatchNormalization(),
            layers.Dense(2, activation="softmax"),
        ]
    )


LONG_X = np.random.default_rng(1).normal(size=(40, 2))
LONG_Y = np.eye(2)[np.random.default_rng(2).integers(0, 2, 40)]


def results_on(name: str, *listeners: Any) -> list[Any]:
    """Return all that training, testing and predicting come to on a device."""
    set_random_seed(4)
    with device(name):
        model = stacked()
        model.compile("adam", "categorical_crossentropy", metrics=["accuracy", "mae"])
        weights = np.linspace(0, 1, 40)
        history = model.fit(
            *(LONG_X, LONG_Y), 6, 4, 0, [*listeners], 0.25, sample_weight=weights[:40]
        )
        tested = model.evaluate(LONG_X, LONG_Y, batch_size=6, verbose=0)
        outputs = np.asarray(model.predict(LONG_X, batch_size=6)).tolist()
    return [history.history, tested, outputs, *(w.tolist() for w in model.get_weights())]


def test_what_is_done_again_gives_the_same_numbers_on_a_device(stand_in: Any) -> None:
    """Steps are recorded there too, and become graphs; so do those of testing and predicting."""
    graphs = stand_in.cuda.Graph
    graphs.launches = 0

    there = results_on("stand-in")

    assert graphs.launches > 100
    assert there == results_on("cpu")


def test_data_that_do_not_fit_are_brought_batch_by_batch(
    stand_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The memory of a device limits a batch, and not the data."""
    sizes = []
    original = stand_in.DeviceArray.set

    def watched(array: Any, *arguments: Any) -> None:
        sizes.append(len(array))
        original(array, *arguments)

    monkeypatch.setattr(stand_in.DeviceArray, "set", watched)
    there = results_on("stand-in")
    assert sizes == []
    # Of 40 samples with 2 inputs, 2 targets and a weight, half of this is less.
    monkeypatch.setattr(stand_in.cuda.runtime, "free", 40 * 5 * 8)

    assert results_on("stand-in") == there
    assert set(sizes) == {6, 4}


def test_nobody_waits_for_a_device_inside_of_an_epoch(stand_in: Any) -> None:
    """The CPU asks for results when an epoch is over, and for no batch's that nobody looks at."""
    waits: list[int] = []

    class Noting(callbacks.Callback):
        """Notes how often the CPU has waited by the beginning of each batch."""

        def on_batch_begin(self, batch: int, logs: Any) -> None:  # noqa: ARG002 - as Callback
            """Note it."""
            if batch == 0:
                waits.append(0)
                stand_in.DeviceArray.waits = 0
            waits[-1] = stand_in.DeviceArray.waits

        def on_batch_end(self, batch: int, logs: Any) -> None:  # noqa: ARG002 - as Callback
            """Get the results without a look at them."""
            assert list(logs) == ["batch", "size", "loss", "accuracy", "mae"]

    results_on("stand-in", Noting())

    # The first two batches are computed, and the second recorded, for which constants are read.
    assert waits[1:] == [0, 0, 0]


def test_a_callback_that_looks_at_a_batch_gets_numbers(stand_in: Any) -> None:
    """Results of a batch are brought to the CPU for whoever asks, and are those of the CPU."""
    assert stand_in
    seen: dict[str, list[Any]] = {"cpu": [], "stand-in": []}
    for name, noted in seen.items():
        results_on(
            name,
            callbacks.LambdaCallback(
                on_batch_end=lambda _, logs, noted=noted: noted.append(dict(logs))
            ),
        )

    assert seen["stand-in"] == seen["cpu"]
    assert type(seen["stand-in"][0]["loss"]) is float


@pytest.mark.usefixtures("stand_in")
def test_a_model_without_weights_is_recorded_on_a_device() -> None:
    """The library is that of the batch, as there is no weight to ask."""
    with device("stand-in"):
        model = Sequential([layers.Flatten(input_shape=(2, 1))])

    for _ in range(4):
        found = np.asarray(model.predict(LONG_X[:, :, None], batch_size=8))

    assert np.array_equal(found, LONG_X.astype("float32"))


def test_a_step_can_be_explained_on_a_device(stand_in: Any) -> None:
    """It is the same step as on the CPU."""
    assert stand_in
    told = []
    for name in ("cpu", "stand-in"):
        with device(name):
            model = Sequential([layers.Dense(1, input_shape=(2,), name="dense")], name="model")
            model.compile("adam", "mse")
            told.append(model.explain_step(4))

    assert told[0] == told[1]


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


@pytest.mark.usefixtures("stand_in")
@pytest.mark.parametrize(
    "name", ["sgd", "rmsprop", "adagrad", "adadelta", "adam", "adamax", "nadam"]
)
def test_every_optimizer_computes_on_the_device(name: str) -> None:
    """Also in steps that are done again, with limits on gradients and a rate that decays."""
    results = []
    for where in ("cpu", "stand-in"):
        set_random_seed(4)
        with device(where):
            model = stacked()
            settings: dict[str, Any] = {"decay": 0.1, "clipnorm": 1.0, "clipvalue": 0.1}
            model.compile(optimizers.resolve({"class_name": name, "config": settings}), "mse")
            history = model.fit(LONG_X, LONG_Y, batch_size=8, epochs=2, verbose=0)
        results.append([history.history, *(one.tolist() for one in model.get_weights())])

    assert results[0] == results[1]
