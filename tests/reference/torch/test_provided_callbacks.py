"""Every callback that comes provided does the same, whatever computes."""

from __future__ import annotations

import inspect
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from unittest import mock

import numpy as np
import pytest
import torch
from torch import nn

from fitspec import reference
from fitspec.reference import callbacks, initializers, layers, optimizers
from fitspec.reference.network.engine import ArrayEngine
from fitspec.reference.torch import Model

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

# Where the reference stands in for Keras there is one more.
REMOTE_MONITOR: Any = vars(callbacks)["RemoteMonitor"]

X, Y = np.ones((2, 1), np.float32), np.ones((2, 1), np.float32)

# A weight w that starts at 0 is to become 1: the loss of an epoch, which is one batch, is (1 - w)²,
# and an update with the rate 0.25 adds 2·0.25·(1 - w), so that w is halfway nearer.
LOSSES = [1, 1 / 4, 1 / 16, 1 / 64]
WEIGHTS = [1 / 2, 3 / 4, 7 / 8, 15 / 16]


def layered_model() -> reference.Model:
    """Return the model as a layer of the reference."""
    start = reference.Input((1,))
    weight = layers.Dense(1, use_bias=False, kernel_initializer=initializers.Constant(0.0))
    model = reference.Model(start, weight(start))
    model.compile(optimizers.SGD(0.25), "mse")
    return model


def torch_model() -> Model:
    """Return the model as a module of PyTorch."""
    module = nn.Linear(1, 1, bias=False)
    nn.init.zeros_(module.weight)
    model = Model(module)
    model.compile(torch.optim.SGD(module.parameters(), lr=0.25), "mse")
    return model


@pytest.fixture(params=["plain", "recorded", "strict", "torch"])
def make(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Make models that an engine computes."""
    if request.param == "plain":
        monkeypatch.setattr(reference.Model, "engine_class", ArrayEngine)
    with reference.strict(request.param == "strict"):
        yield torch_model if request.param == "torch" else layered_model


def fitted(model: Any, callback: Any, epochs: int = 4, y: Any = Y, verbose: int = 0) -> Any:
    """Return a model after some epochs, each of one batch."""
    model.fit(X, y, batch_size=2, epochs=epochs, callbacks=[callback], verbose=verbose)
    return model


def results(model: Any, name: str = "loss") -> Any:
    """Return what the History has under a name."""
    return model.history.history[name]


def base_logger(model: Any, **_: Any) -> None:
    """It changes nothing."""
    assert results(fitted(model, callbacks.BaseLogger())) == LOSSES


def csv_logger(model: Any, tmp_path: Path, **_: Any) -> None:
    """A headline and a line for every epoch."""
    path = tmp_path / "log.csv"

    fitted(model, callbacks.CSVLogger(str(path)), epochs=2)

    assert path.read_text().split() == ["epoch,loss", "0,1.0", "1,0.25"]


def early_stopping(model: Any, **_: Any) -> None:
    """The third loss improves by less than a half, and the weight after the second comes back."""
    stopping = callbacks.EarlyStopping("loss", min_delta=0.5, patience=1, restore_best_weights=True)

    fitted(model, stopping)

    assert model.history.epoch == [0, 1, 2]
    assert model.get_weights()[0].item() == WEIGHTS[1]


def history(model: Any, **_: Any) -> None:
    """One of the user's own has what the one of `fit` has."""
    own = callbacks.History()

    fitted(model, own)

    assert own.history == {"loss": LOSSES}


def lambda_callback(model: Any, **_: Any) -> None:
    """A function is called."""
    seen: list[float] = []

    fitted(model, callbacks.LambdaCallback(on_epoch_end=lambda _, logs: seen.append(logs["loss"])))

    assert seen == LOSSES


def learning_rate_scheduler(model: Any, **_: Any) -> None:
    """The first epoch has half the rate, 0.125, and so adds a quarter to the weight."""
    fitted(model, callbacks.LearningRateScheduler(lambda _epoch, rate: rate / 2), epochs=2)

    assert results(model, "lr") == [0.125, 0.0625]
    assert results(model) == [1, 0.5625]


def model_checkpoint(model: Any, tmp_path: Path, make: Any, **_: Any) -> None:
    """Models and weights are saved after every epoch, and are read into another model."""
    ending = ".pt" if make is torch_model else ".h5"

    fitted(model, callbacks.ModelCheckpoint(str(tmp_path / f"{{epoch}}{ending}")), epochs=2)
    weights = str(tmp_path / "w{epoch}-{loss:.3f}.safetensors")
    saver = callbacks.ModelCheckpoint(weights, "loss", save_best_only=True, save_weights_only=True)
    fitted(model, saver, epochs=2)

    files = [f"1{ending}", f"2{ending}", "w1-0.062.safetensors", "w2-0.016.safetensors"]
    assert sorted(path.name for path in tmp_path.iterdir()) == files
    for file, weight in zip(files, WEIGHTS, strict=True):
        other = make()
        other.load_weights(tmp_path / file)
        assert other.get_weights()[0].item() == weight


def progbar_logger(model: Any, capsys: pytest.CaptureFixture[str], **_: Any) -> None:
    """A bar beside the lines of `verbose=2`."""
    fitted(model, callbacks.ProgbarLogger("steps"), epochs=1, verbose=2)

    assert "1/1 [====" in capsys.readouterr().out


def reduce_lr_on_plateau(model: Any, **_: Any) -> None:
    """The third loss improves by less than a half, so the fourth epoch has a fifth of the rate."""
    reducing = callbacks.ReduceLROnPlateau("loss", factor=0.2, patience=1, min_delta=0.5)

    fitted(model, reducing)

    assert results(model, "lr") == [0.25, 0.25, 0.25, 0.05]


def remote_monitor(model: Any, **_: Any) -> None:
    """Whatever stands for the package that posts gets the loss of each epoch, as JSON."""
    sent: list[Any] = []
    error = SimpleNamespace(RequestException=OSError)
    package: Any = SimpleNamespace(post=lambda *_, json, **__: sent.append(json), exceptions=error)

    with mock.patch.dict(sys.modules, requests=package):
        fitted(model, REMOTE_MONITOR(send_as_json=True))

    assert sent == [{"epoch": epoch, "loss": loss} for epoch, loss in enumerate(LOSSES)]


def terminate_on_nan(model: Any, **_: Any) -> None:
    """The first batch is infinite."""
    fitted(model, callbacks.TerminateOnNaN(), y=np.full((2, 1), np.inf, np.float32))

    assert model.history.epoch == [0]


DOES: dict[type[callbacks.Callback], Callable[..., None]] = {
    callbacks.BaseLogger: base_logger,
    callbacks.CSVLogger: csv_logger,
    callbacks.EarlyStopping: early_stopping,
    callbacks.History: history,
    callbacks.LambdaCallback: lambda_callback,
    callbacks.LearningRateScheduler: learning_rate_scheduler,
    callbacks.ModelCheckpoint: model_checkpoint,
    callbacks.ProgbarLogger: progbar_logger,
    callbacks.ReduceLROnPlateau: reduce_lr_on_plateau,
    REMOTE_MONITOR: remote_monitor,
    callbacks.TerminateOnNaN: terminate_on_nan,
}


@pytest.mark.parametrize("kind", DOES, ids=lambda kind: kind.__name__)
def test_a_callback_does_the_same_on_every_engine(
    kind: type[callbacks.Callback],
    make: Any,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What each does is known to the last digit: all numbers are halves of halves."""
    DOES[kind](make(), make=make, tmp_path=tmp_path, capsys=capsys)


def test_every_callback_is_tried() -> None:
    """None of those that come provided is left out."""
    found = {
        each
        for each in map(vars(callbacks).get, callbacks.__all__)
        if inspect.isclass(each) and issubclass(each, callbacks.Callback)
    }

    assert found - {callbacks.Callback} == set(DOES)
