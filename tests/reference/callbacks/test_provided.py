"""Callbacks on losses that are given, so that what they do is known."""

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fitspec.reference import Sequential, callbacks, layers, optimizers

X, Y = np.ones((2, 1)), np.zeros((2, 1))


class Given(callbacks.Callback):
    """Has each epoch end with the next of the given losses, and its number as the weight."""

    def __init__(self, *losses: float, name: str = "val_loss") -> None:
        super().__init__()
        self.losses = losses
        self.name = name

    def on_epoch_end(self, epoch: int, logs: dict[str, Any]) -> None:
        """Put the loss into the logs."""
        assert self.model is not None
        logs[self.name] = self.losses[epoch]
        model: Any = self.model
        model.set_weights([np.full((1, 1), epoch)])


class Saving(Sequential):
    """Notes what it is asked to save, and where to."""

    def __init__(self) -> None:
        super().__init__([layers.Dense(1, use_bias=False, input_shape=(1,))])
        self.saved: list[tuple[str, str]] = []
        self.compile(optimizers.SGD(0.5), "mse")

    def save(self, filepath: Any, *_: Any, **_settings: Any) -> None:
        """Note a path for the model."""
        self.saved.append(("model", filepath))

    def save_weights(self, filepath: Any, *_: Any, **_settings: Any) -> None:
        """Note a path for the weights."""
        self.saved.append(("weights", filepath))


def fitted(given: Given, *others: callbacks.Callback) -> Any:
    """Return a model, trained for an epoch for each given loss."""
    model = Saving()
    epochs = len(given.losses)
    model.fit(X, Y, epochs=epochs, callbacks=[given, *others], verbose=0)
    return model


def paths(model: Saving) -> list[str]:
    """Return where a model was saved to."""
    return [path for _, path in model.saved]


def test_the_best_weights_come_back() -> None:
    """The loss is best in epoch 1, and training ends 2 epochs later."""
    stopping = callbacks.EarlyStopping(patience=2, restore_best_weights=True)

    model = fitted(Given(3, 1, 2, 2, 0), stopping)

    assert model.history.epoch == [0, 1, 2, 3]
    assert model.get_weights() == [[[1]]]


def test_a_baseline_has_to_be_beaten() -> None:
    """Losses of 3 and 2 are no improvement on 1."""
    model = fitted(Given(3, 2, 0), callbacks.EarlyStopping(patience=2, baseline=1))

    assert model.history.epoch == [0, 1]


def test_accuracies_are_to_be_large() -> None:
    """The name alone says so, and changes of less than 0.1 do not count."""
    stopping = callbacks.EarlyStopping("val_acc", min_delta=0.1, patience=1)

    assert fitted(Given(0.1, 0.5, 0.55, 0.9, name="val_acc"), stopping).history.epoch == [0, 1, 2]


def test_with_a_delta_below_zero_what_is_a_little_worse_goes_on() -> None:
    """2.5 is worse than 2 by less than 1, and the best from then on; 3.6 is worse by more."""
    stopping = callbacks.EarlyStopping(min_delta=-1, patience=0)

    assert fitted(Given(2, 2.5, 3.6, 1), stopping).history.epoch == [0, 1, 2]


def test_checkpoints_are_named_by_epoch_and_loss() -> None:
    """Every second epoch is saved, counted from 1."""
    saver = callbacks.ModelCheckpoint("w{epoch:02d}-{val_loss:.2f}", period=2)

    assert paths(fitted(Given(3, 1.234, 2, 5), saver)) == ["w02-1.23", "w04-5.00"]


def test_only_the_best_checkpoints_are_saved(capsys: pytest.CaptureFixture[str]) -> None:
    """Losses 3 and 1 are new minima; weights alone are saved, and it is told."""
    saver = callbacks.ModelCheckpoint(
        "{epoch}", verbose=1, save_best_only=True, save_weights_only=True
    )

    model = fitted(Given(3, 3, 1, 2), saver)

    assert model.saved == [("weights", "1"), ("weights", "3")]
    told = capsys.readouterr().out
    assert "Epoch 00003: val_loss improved from 3.00000 to 1.00000" in told
    assert "Epoch 00004: val_loss did not improve from 1.00000" in told


def test_the_rate_is_lowered_on_a_plateau() -> None:
    """After 2 epochs at 1 it is halved, and 2 epochs later again, but not below 0.2."""
    reducing = callbacks.ReduceLROnPlateau(factor=0.5, patience=2, cooldown=1, min_lr=0.2)

    model = fitted(Given(1, 1, 1, 1, 1, 1, 1), reducing)

    # epochs 1 and 2 are waited for; 3, with which the cooldown ends, and 4 as well
    assert model.history.history["lr"] == [0.5, 0.5, 0.5, 0.25, 0.25, 0.2, 0.2]


@pytest.mark.parametrize(
    ("schedule", "rates"),
    [
        (lambda epoch: 1 / (epoch + 1), [1, 1 / 2, 1 / 3]),
        (lambda _epoch, rate: rate / 2, [0.25, 0.125, 0.0625]),
    ],
)
def test_rates_by_schedule(schedule: Any, rates: list[float]) -> None:
    """A schedule takes the epoch, or the epoch and the rate before."""
    model = fitted(Given(1, 1, 1), callbacks.LearningRateScheduler(schedule))

    assert model.history.history["lr"] == rates
    assert model.optimizer.learning_rate == rates[-1]


def test_schedules_must_return_numbers() -> None:
    """Anything else is a ValueError."""
    with pytest.raises(ValueError, match="schedule"):
        fitted(Given(1), callbacks.LearningRateScheduler(lambda _: "fast"))


def test_epochs_are_written_as_lines(tmp_path: Path) -> None:
    """A second training adds its lines to those of the first, without a second headline."""
    path = tmp_path / "log.csv"

    fitted(Given(2, 1.5, name="a"), callbacks.CSVLogger(str(path), separator=";"))
    fitted(Given(7, name="a"), callbacks.CSVLogger(str(path), separator=";", append=True))

    lines = [line.split(";") for line in path.read_text().split()]
    assert [(line[0], line[1]) for line in lines] == [
        ("epoch", "a"),
        ("0", "2"),
        ("1", "1.5"),
        ("0", "7"),
    ]


def test_what_is_missing_is_written_as_such(tmp_path: Path) -> None:
    """Without validation after the second epoch there is no value of it."""
    path = tmp_path / "log.csv"
    logger = callbacks.CSVLogger(str(path))

    logger.on_train_begin({})
    logger.on_epoch_end(0, {"val_loss": 1.0})
    logger.on_epoch_end(1, {})

    assert path.read_text().split() == ["epoch,val_loss", "0,1.0", "1,NA"]


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (np.arange(3.0), '"[0.0, 1.0, 2.0]"'),
        ([1, 2], '"[1, 2]"'),
        (np.arange(2000), f'"[{", ".join(map(str, range(2000)))}]"'),
        (np.array(0.5), "0.5"),
        ("high", "high"),
    ],
)
def test_an_array_is_written_with_all_its_elements(
    tmp_path: Path, value: object, written: str
) -> None:
    """As Keras 2.3 writes it, in one cell; `str` of a long array leaves most of it out."""
    path = tmp_path / "log.csv"
    logger = callbacks.CSVLogger(str(path))

    logger.on_train_begin({})
    logger.on_epoch_end(0, {"each": value})

    assert list(csv.reader(path.read_text().splitlines())) == [["epoch", "each"], ["0", written]]


def test_training_ends_when_the_loss_is_no_number(capsys: pytest.CaptureFixture[str]) -> None:
    """The first batch is infinite, so the second one is not trained."""
    seen: list[int] = []
    counter = callbacks.LambdaCallback(on_batch_end=lambda batch, _: seen.append(batch))
    model = Saving()

    targets = np.array([[np.inf], [0.0]])
    model.fit(X, targets, 1, 5, 0, [counter, callbacks.TerminateOnNaN()], shuffle=False)

    assert seen == [0]
    assert "inf" in capsys.readouterr().out


def test_a_bar_of_ones_own(capsys: pytest.CaptureFixture[str]) -> None:
    """It counts steps or samples, and is silent where training is."""
    model = Saving()

    model.fit(X, Y, 1, verbose=2, callbacks=[callbacks.ProgbarLogger("steps")])
    steps = capsys.readouterr().out
    model.fit(np.ones((4, 1)), np.ones((4, 1)), 2, verbose=2, callbacks=[callbacks.ProgbarLogger()])
    samples = capsys.readouterr().out
    model.fit(X, Y, 1, verbose=0, callbacks=[callbacks.ProgbarLogger()])

    assert "2/2 [====" in steps
    assert "4/4 [====" in samples
    assert not capsys.readouterr().out


def test_the_older_spelling_of_min_delta_is_taken() -> None:
    """With a warning."""
    with pytest.warns(UserWarning, match="`epsilon` argument is deprecated"):
        callback = callbacks.ReduceLROnPlateau(epsilon=0.25)

    assert callback.min_delta == 0.25
