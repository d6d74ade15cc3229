"""Learning rates of optimizers of PyTorch."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from torch import nn
from torch.optim import lr_scheduler

from fitspec import reference
from fitspec.reference import callbacks
from fitspec.reference.torch import Model, Scheduler

if TYPE_CHECKING:
    from .conftest import Build

X, Y = np.ones((4, 1), np.float32), np.ones((4, 1), np.float32)


def grouped(*rates: Any) -> Model:
    """Return a model whose weight and bias have rates of their own."""
    module = nn.Linear(1, 1)
    groups = [
        {"params": [weight], "lr": rate}
        for weight, rate in zip(module.parameters(), rates, strict=True)
    ]
    model = Model(module)
    model.compile(torch.optim.SGD(groups), "mse")
    return model


def rates_of(model: Model) -> list[float]:
    """Return the rate of every group."""
    return [float(group["lr"]) for group in model.optimizer.param_groups]


def trained(model: Model, callback: Any, epochs: int = 4) -> list[float]:
    """Return the rates of epochs of two batches."""
    history = model.fit(X, Y, batch_size=2, epochs=epochs, verbose=0, callbacks=[callback])
    return history.history["lr"]


def test_groups_go_along_in_proportion() -> None:
    """What halves the rate of the first group halves those of all."""
    model = grouped(0.5, 0.125)

    model.rates.lr = 0.25

    assert model.rates.lr == 0.25
    assert rates_of(model) == [0.25, 0.0625]


def test_proportions_outlive_a_rate_of_0() -> None:
    """A warm-up that begins at 0 leaves the groups as they were to each other."""
    model = grouped(0.5, 0.125)

    rates = trained(model, callbacks.LearningRateScheduler(lambda epoch: [0.0, 0.0, 1.0][epoch]), 3)

    assert rates == [0, 0, 1]
    assert rates_of(model) == [1, 0.25]


def test_groups_without_a_proportion() -> None:
    """Where all are 0 they are taken for equal; where only the first is, none can be told."""
    silent, frozen = grouped(0.0, 0.0), grouped(0.0, 0.5)

    silent.rates.lr = 0.5

    assert rates_of(silent) == [0.5, 0.5]
    with pytest.raises(ValueError, match=r"rates are \[0\.0, 0\.5\]; where the first is 0"):
        frozen.rates.lr = 0.5
    assert rates_of(frozen) == [0, 0.5]


def test_a_rate_that_is_a_tensor_stays_the_same_tensor() -> None:
    """A step that is compiled has it by this object."""
    rate = torch.tensor(0.5)
    model = grouped(rate, 0.125)

    model.rates.lr = 0.25

    assert model.optimizer.param_groups[0]["lr"] is rate
    assert rates_of(model) == [0.25, 0.0625]


def test_an_optimizer_without_rates_is_refused_by_what_needs_one(linear: Build) -> None:
    """The message names the callback."""
    model = linear()
    model.compile("sgd", "mse")
    for group in model.optimizer.param_groups:
        del group["lr"]

    with pytest.raises(ValueError, match="LearningRateScheduler needs an optimizer that has a"):
        model.fit(X, Y, callbacks=[callbacks.LearningRateScheduler(lambda _: 1.0)], verbose=0)


def test_a_scheduler_is_stepped_every_epoch_or_every_batch(linear: Build) -> None:
    """Two batches are two steps, and the rate that is noted is the last one of the epoch."""
    halving = partial(lr_scheduler.ExponentialLR, gamma=0.5)
    model = linear()

    model.compile(partial(torch.optim.SGD, lr=1.0), "mse")
    assert trained(model, Scheduler(halving), 3) == [1, 0.5, 0.25]
    model.compile(partial(torch.optim.SGD, lr=1.0), "mse")
    assert trained(model, Scheduler(halving, per="batch"), 3) == [1 / 4, 1 / 16, 1 / 64]


def test_a_scheduler_goes_on_until_there_is_another_optimizer(linear: Build) -> None:
    """A second training continues the first; after another `compile` it is made anew."""
    scheduler = Scheduler(partial(lr_scheduler.StepLR, step_size=3, gamma=0.5))
    model = linear()

    model.compile(partial(torch.optim.SGD, lr=1.0), "mse")
    assert trained(model, scheduler, 2) + trained(model, scheduler, 2) == [1, 1, 1, 0.5]
    model.compile(partial(torch.optim.SGD, lr=8.0), "mse")
    assert trained(model, scheduler, 4) == [8, 8, 8, 4]


def test_a_plateau_is_told_what_it_watches(linear: Build) -> None:
    """No loss is below the first by 10, so each epoch after it halves the rate."""
    plateau = partial(
        lr_scheduler.ReduceLROnPlateau,
        factor=0.5,
        patience=0,
        threshold=10,
        threshold_mode="abs",
    )
    model = linear()
    model.compile(partial(torch.optim.SGD, lr=0.5), "mse")

    assert trained(model, Scheduler(plateau, monitor="loss")) == [0.5, 0.5, 0.25, 0.125]


def test_a_plateau_without_its_quantity_says_so(linear: Build) -> None:
    """There is no validation, so the rate stays, and a warning has what there is."""
    plateau = partial(lr_scheduler.ReduceLROnPlateau, patience=0)
    model = linear()
    model.compile(partial(torch.optim.SGD, lr=0.5), "mse")

    with pytest.warns(RuntimeWarning, match=r"Scheduler watches 'val_loss', but there are \['loss"):
        assert trained(model, Scheduler(plateau), 1) == [0.5]


def test_a_scheduler_that_does_not_fit_is_refused(linear: Build) -> None:
    """It is of another optimizer, no scheduler at all, or stepped at another time."""
    model: Any = linear()
    model.compile("sgd", "mse")
    foreign = lr_scheduler.StepLR(torch.optim.SGD(model.module.parameters()), 1)
    nothing: Any = "step"
    never: Any = "never"

    with pytest.raises(ValueError, match="of another optimizer than the one in use"):
        trained(model, Scheduler(foreign))
    with pytest.raises(TypeError, match=r"scheduler must be one of torch.*not 'step'"):
        Scheduler(nothing)
    with pytest.raises(TypeError, match="scheduler must be one of"):
        trained(model, Scheduler(lambda _: None))
    with pytest.raises(ValueError, match=r"per must be one of \['epoch', 'batch'\], not 'never'"):
        Scheduler(foreign, per=never)


def test_a_scheduler_of_pytorch_is_none_of_numpy() -> None:
    """A model of layers has no optimizer of PyTorch."""
    model = reference.Sequential([reference.layers.Dense(1, input_shape=(1,))])
    model.compile("sgd", "mse")

    with pytest.raises(TypeError, match="SGD"):
        model.fit(X, Y, verbose=0, callbacks=[Scheduler(partial(lr_scheduler.StepLR, step_size=1))])
