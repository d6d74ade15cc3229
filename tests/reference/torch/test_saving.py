"""Weights and training of modules in files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from torch import nn

from fitspec.reference.torch import Model

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

X = np.linspace(-1, 1, 20, dtype=np.float32).reshape(10, 2)
Y = X[:, :1]


class Counting(nn.Linear):
    """Keeps, beside tensors, a number of its own."""

    def get_extra_state(self) -> int:
        """Return it."""
        return 7

    def set_extra_state(self, state: int) -> None:
        """Know it by heart."""


def made(optimizer: Any = "adam", width: int = 2) -> Model:
    """Return a model with new weights, some of them no parameters."""
    module = nn.Sequential(nn.Linear(width, 3), nn.BatchNorm1d(3), nn.Linear(3, 1))
    model = Model(module)
    model.compile(optimizer, "mse")
    return model


def same(one: Model, other: Model) -> bool:
    """Whether two models have the same weights."""
    pairs = zip(one.get_weights(), other.get_weights(), strict=True)
    return all(np.array_equal(mine, its) for mine, its in pairs)


@pytest.mark.parametrize("ending", ["pt", "safetensors", "weights"])
def test_weights_come_back(tmp_path: Path, ending: str) -> None:
    """Statistics that are not trained, too; the optimizer is left alone."""
    model, other = made(), made()
    model.fit(X, Y, verbose=0)

    model.save_weights(tmp_path / f"w.{ending}")
    other.load_weights(tmp_path / f"w.{ending}")

    assert same(model, other)
    assert other.updates == 0


def test_files_are_those_of_pytorch(tmp_path: Path) -> None:
    """A `state_dict` goes in both directions, also one that `torch.compile` stands in front of."""
    model, other = made(), made()
    compiled: Any = torch.compile(other.module, backend="eager")

    model.save_weights(tmp_path / "ours.pt")
    other.module.load_state_dict(torch.load(tmp_path / "ours.pt", weights_only=True))
    assert same(model, other)
    torch.save(made().module.state_dict(), tmp_path / "theirs.pt")
    Model(compiled).load_weights(tmp_path / "theirs.pt")
    model.load_weights(tmp_path / "theirs.pt")
    assert same(model, other)


def test_training_goes_on_as_if_it_had_never_stopped(tmp_path: Path) -> None:
    """The optimizer's memory, its rate and the count of updates are in the file of a model."""
    model, other = made(), made()
    model.fit(X, Y, batch_size=5, epochs=2, verbose=0, shuffle=False)
    model.rates.lr = 0.5

    model.save(tmp_path / "m.pt")
    other.load(tmp_path / "m.pt")

    assert (other.updates, other.rates.lr) == (4, 0.5)
    for each in (model, other):
        each.fit(X, Y, batch_size=5, epochs=2, verbose=0, shuffle=False)
    assert same(model, other)


def test_a_model_may_be_saved_without_its_optimizer(tmp_path: Path) -> None:
    """Then any optimizer goes on; and weights alone are read from the file of a model."""
    model, plain, other = made(), made("sgd"), made("sgd")
    model.fit(X, Y, verbose=0)

    model.save(tmp_path / "m.pt", include_optimizer=False)
    plain.load(tmp_path / "m.pt")
    model.save(tmp_path / "all.pt")
    other.load_weights(tmp_path / "all.pt")

    assert same(plain, model)
    assert same(other, model)
    assert plain.updates == 0


def test_names_that_only_one_has_may_be_left_alone(tmp_path: Path) -> None:
    """As when the last layer is another one."""
    model, other = made(), Model(nn.Sequential(nn.Linear(2, 3), nn.Identity()))
    model.save_weights(tmp_path / "w.pt")

    other.load_weights(tmp_path / "w.pt", by_name=True)

    for mine, its in zip(other.get_weights(), model.get_weights(), strict=False):
        assert np.array_equal(mine, its)


def trained_as(optimizer: Any) -> Callable[[], dict[str, Any]]:
    """Return what makes the content of a file with an optimizer."""
    return lambda: {
        "fitspec.reference.torch": 1,
        "module": made().module.state_dict(),
        "optimizer": optimizer,
    }


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (lambda: made().module, "more than tensors and plain values"),
        (lambda: [1.0], "has a list; weights by name"),
        (lambda: {"0.weight": 1}, r"it lacks \['0\.bias'"),
        (lambda: {**made().module.state_dict(), "more": 1}, r"has \['more'\]"),
        (lambda: {**made().module.state_dict(), "0.bias": 1}, r"'0\.bias' must have shape \(3,\)"),
        (made(width=5).module.state_dict, r"must have shape \(3, 2\), not \(3, 5\)"),
        (lambda: {"fitspec.reference.torch": 1, "module": 3}, "it lacks"),
        (trained_as({}), "no file of an optimizer"),
        (trained_as(3), "no file of an optimizer"),
        (trained_as({"class": "Adam", "state": {}, "updates": 1}), "no file of an optimizer"),
        (trained_as({"class": "Lion", "state": {}, "updates": 1}), "the state of Lion, but"),
    ],
)
def test_what_does_not_fit_is_refused(
    tmp_path: Path, content: Callable[[], Any], complaint: str
) -> None:
    """The message has the file; weights, optimizer and count are as they were."""
    model = made()
    model.fit(X, Y, verbose=0)
    before, rate = model.get_weights(), model.rates.lr
    torch.save(content(), tmp_path / "given.pt")

    with pytest.raises(ValueError, match=rf"given\.pt.*{complaint}"):
        model.load(tmp_path / "given.pt")

    for old, new in zip(before, model.get_weights(), strict=True):
        assert np.array_equal(old, new)
    assert (model.updates, model.rates.lr) == (1, rate)


@pytest.mark.parametrize("name", ["damaged.pt", "damaged.safetensors"])
def test_damaged_files_are_refused(tmp_path: Path, name: str) -> None:
    """Whatever the libraries raise, it is a ValueError; a missing file is told as such."""
    model = made()
    model.save_weights(tmp_path / name)
    whole = (tmp_path / name).read_bytes()

    for cut in (0, 5, len(whole) // 2):
        (tmp_path / name).write_bytes(whole[:cut])
        with pytest.raises(ValueError, match="is damaged"):
            model.load_weights(tmp_path / name)
    with pytest.raises(FileNotFoundError, match=f"missing-{name}"):
        model.load_weights(tmp_path / f"missing-{name}")


def test_paths_that_promise_something_else_are_refused(tmp_path: Path) -> None:
    """Nothing is written then, nor over a file that is to stay."""
    model = made()
    (tmp_path / "old.pt").write_text("old")

    for path in ("w.h5", "w.hdf5", "w.keras"):
        with pytest.raises(ValueError, match=r"filepath: .* another format"):
            model.save_weights(tmp_path / path)
    with pytest.raises(ValueError, match="weights alone: use save_weights"):
        model.save(tmp_path / "m.safetensors")
    for save in (model.save, model.save_weights):
        with pytest.raises(FileExistsError, match="overwrite is False"):
            save(tmp_path / "old.pt", overwrite=False)
    assert [path.read_text() for path in tmp_path.iterdir()] == ["old"]


def test_weights_that_are_one_are_written_as_two(tmp_path: Path) -> None:
    """Safetensors know no weights that share memory; read, they are one again."""
    first, second = nn.Linear(2, 2, bias=False), nn.Linear(2, 2, bias=False)
    second.weight = first.weight
    model = Model(nn.Sequential(first, second))
    before = model.get_weights()

    model.save_weights(tmp_path / "w.safetensors")
    model.set_weights([array + 1 for array in before])
    model.load_weights(tmp_path / "w.safetensors")

    assert np.array_equal(model.get_weights()[0], before[0])
    assert second.weight is first.weight


def test_what_is_no_tensor_needs_a_file_of_pytorch(tmp_path: Path) -> None:
    """State of another kind is kept there, and refused for safetensors."""
    model = Model(Counting(2, 1))

    model.save_weights(tmp_path / "w.pt")
    model.load_weights(tmp_path / "w.pt")

    with pytest.raises(ValueError, match="'_extra_state' is a int, and safetensors"):
        model.save_weights(tmp_path / "w.safetensors")


def test_an_optimizer_needs_a_model_that_has_one(tmp_path: Path) -> None:
    """The file has what a model that was never compiled cannot take over."""
    model = Model(made().module)
    made().save(tmp_path / "m.pt")

    with pytest.raises(RuntimeError, match="must be compiled first"):
        model.load(tmp_path / "m.pt")


def test_a_module_is_no_data() -> None:
    """Saving what it computes is refused, with what there is instead."""
    model = made()

    for write in (model.get_config, model.to_json):
        with pytest.raises(ValueError, match="is a program: save and save_weights keep what"):
            write()
