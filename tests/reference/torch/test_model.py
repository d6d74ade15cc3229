"""A module of PyTorch behind the documented API."""

from __future__ import annotations

from threading import Thread
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from torch import nn

from fitspec import reference
from fitspec.reference import callbacks, optimizers
from fitspec.reference.initializers import Constant
from fitspec.reference.torch import Model

if TYPE_CHECKING:
    from .conftest import Build

X = np.linspace(-1, 1, 10, dtype=np.float32)[:, None]
Y = 3 * X + 1


class Pair(nn.Module):
    """Two inputs and two outputs: `first` times the one, `second` times the other."""

    def __init__(self, *, named: bool = False) -> None:
        super().__init__()
        self.first = nn.Linear(1, 1, bias=False)
        self.second = nn.Linear(1, 1, bias=False)
        self.named = named
        nn.init.constant_(self.first.weight, 2)
        nn.init.constant_(self.second.weight, 3)

    def forward(self, one: torch.Tensor, other: torch.Tensor) -> Any:
        """Return both outputs."""
        a, b = self.first(one), self.second(other)
        return {"b": b, "a": a} if self.named else (a, b)


class Doubling(nn.Module):
    """Doubles its input in place, which is bad manners."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Double."""
        return x.mul_(2)


class Part(nn.Module):
    """Returns only the first sample of a batch."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Cut."""
        return x[:1]


def own_results(**arguments: Any) -> tuple[dict[str, Any], list[float]]:
    """Train a line with the wrapper; return the History and what evaluate says."""
    module = nn.Linear(1, 1)
    nn.init.zeros_(module.weight)
    nn.init.zeros_(module.bias)
    model = Model(module, inputs={"x": (1,)})
    model.compile(
        torch.optim.SGD(module.parameters(), lr=0.25, momentum=0.5),
        "mse",
        metrics=["mae"],
        weighted_metrics=["mae"],
    )
    history = model.fit(X, Y, verbose=0, **arguments)
    return history.history, model.evaluate(X, Y, verbose=0)  # type: ignore[return-value]  # several


def reference_results(**arguments: Any) -> tuple[dict[str, Any], list[float]]:
    """Train the same line with the reference."""
    start = reference.Input((1,))
    line = reference.layers.Dense(1, kernel_initializer=Constant(0.0))
    model = reference.Model(start, line(start))
    model.compile(
        optimizers.SGD(0.25, momentum=0.5), "mse", metrics=["mae"], weighted_metrics=["mae"]
    )
    history = model.fit(X, Y, verbose=0, **arguments)
    return history.history, model.evaluate(X, Y, verbose=0)  # type: ignore[return-value]  # several


@pytest.mark.parametrize(
    "arguments",
    [
        {"batch_size": 4, "epochs": 3},
        {"batch_size": 3, "epochs": 5, "initial_epoch": 2, "shuffle": "batch"},
        {"batch_size": 4, "validation_split": 0.3, "epochs": 4, "validation_freq": 2},
        {"steps_per_epoch": 3, "epochs": 2},
        {"batch_size": 4, "sample_weight": np.arange(10.0), "epochs": 2},
    ],
)
def test_training_is_that_of_the_reference(arguments: dict[str, Any]) -> None:
    """The same data, order and settings give the same History and the same weights."""
    expected = reference_results(**arguments)
    reference.set_random_seed(7)  # as before the reference shuffled

    history, tested = own_results(**arguments)

    assert history.keys() == expected[0].keys()
    for name, values in expected[0].items():
        assert history[name] == pytest.approx(values, rel=1e-4)
    assert tested == pytest.approx(expected[1], rel=1e-4)


def test_an_update_is_that_of_a_loop_written_by_hand() -> None:
    """`train_on_batch` does what PyTorch's own idiom does."""
    module, twin = nn.Linear(2, 1), nn.Linear(2, 1)
    twin.load_state_dict(module.state_dict())
    x, y = torch.randn(8, 2), torch.randn(8, 1)
    model = Model(module)
    model.compile(torch.optim.Adam(module.parameters(), lr=0.1), nn.HuberLoss())
    optimizer = torch.optim.Adam(twin.parameters(), lr=0.1)

    for _ in range(3):
        model.train_on_batch(x, y)
        optimizer.zero_grad()
        torch.autograd.backward(nn.HuberLoss()(twin(x), y))
        optimizer.step()

    assert torch.equal(module.weight, twin.weight)
    assert torch.equal(module.bias, twin.bias)
    assert model.updates == 3


def test_inputs_are_named_as_the_arguments_of_forward(numbers: Build) -> None:
    """Data in a dict find the argument of their name."""
    model = Model(Pair(), outputs=["a", "b"])

    assert model.input_names == ["one", "other"]
    a, b = model.predict({"other": numbers(10), "one": numbers(1)})
    assert (a.item(), b.item()) == (2, 30)


def test_outputs_that_a_module_names_are_found_by_name(numbers: Build) -> None:
    """The order in which a module puts its outputs into a dict is of no importance."""
    model = Model(Pair(named=True), outputs=["a", "b"])

    a, b = model.predict([numbers(1), numbers(10)])

    assert (a.item(), b.item()) == (2, 30)


def test_outputs_have_losses_and_metrics_of_their_own(numbers: Build) -> None:
    """What compile says by output name holds for that output."""
    model = Model(Pair(), outputs=["a", "b"])
    model.compile(
        "sgd", {"a": "mse", "b": nn.L1Loss()}, metrics={"b": ["mse"]}, loss_weights={"b": 10}
    )

    results = model.test_on_batch([numbers(1), numbers(1)], {"b": numbers(0), "a": numbers(0)})

    # Losses 2² = 4 and |3| = 3, total 4 + 10·3; metric 3².
    assert model.metrics_names == ["loss", "a_loss", "b_loss", "b_mse"]
    assert results == [34, 4, 3, 9]


@pytest.mark.parametrize(
    ("module", "outputs", "complaint"),
    [
        (Pair(), ["a"], r"a tensor for each of \['a'\], not \['Tensor', 'Tensor'\]"),
        (Pair(named=True), ["a", "c"], "no output 'c'"),
        (Part(), ["y"], r"shape \(1, 1\) for 2 samples"),
    ],
)
def test_what_a_module_returns_must_be_what_was_declared(
    numbers: Build, module: nn.Module, outputs: list[str], complaint: str
) -> None:
    """Other outputs than those that are named are refused, with what came."""
    model = Model(module, outputs=outputs)
    x = [numbers(1, 2)] * len(model.input_names)

    with pytest.raises(ValueError, match=complaint):
        model.predict(x)


def test_declared_shapes_are_checked(linear: Build) -> None:
    """Inputs of another shape than the declared one are refused before the module sees them."""
    with pytest.raises(ValueError, match=r"'x' must have shape \(1,\), got \(2,\)"):
        linear().predict(np.zeros((3, 2)))

    assert linear(2.0).predict(np.array([1, 2])).tolist() == [[2], [4]]


@pytest.mark.parametrize("loss", ["mse", nn.MSELoss(), nn.BCEWithLogitsLoss()])
def test_targets_are_never_broadcast(linear: Build, numbers: Build, loss: Any) -> None:
    """Targets that do not have the output's shape are refused, and the weights stay."""
    model = linear(1.0)
    model.compile("sgd", loss)

    with pytest.raises(ValueError, match=r"'y' must have shape \(1,\), got \(3,\)"):
        model.train_on_batch(numbers(1, 2, 3), np.zeros((3, 3)))

    assert model.get_weights()[0].item() == 1


def test_flat_targets_are_one_feature_per_sample(linear: Build, numbers: Build) -> None:
    """Targets of shape (n,) belong to an output of shape (n, 1), element by element."""
    model = linear(1.0)
    model.compile("sgd", nn.MSELoss())

    assert model.test_on_batch(numbers(1, 2), np.array([1, 4])) == 2  # (0² + 2²) / 2


def test_class_indices_stay_whole_numbers() -> None:
    """Indices go into an embedding and into the cross entropy as PyTorch wants them."""
    module = nn.Sequential(nn.Embedding(4, 3), nn.Flatten(), nn.Linear(6, 3))
    model: Any = Model(module)
    model.compile(
        torch.optim.Adam(module.parameters(), lr=0.1), nn.CrossEntropyLoss(), ["accuracy"]
    )
    x = np.random.default_rng(7).integers(0, 4, (32, 2))

    history = model.fit(x, x[:, 0] % 3, epochs=20, verbose=0)

    assert history.history["loss"][-1] < 0.1
    assert history.history["accuracy"][-1] == 1
    assert model.predict(x).shape == (32, 3)


def test_arrays_of_a_user_are_never_changed(numbers: Build) -> None:
    """A module that changes its input in place changes a copy."""
    x = numbers(1, 2)

    model: Any = Model(Doubling())
    doubled = model.predict_on_batch(x)

    assert doubled.tolist() == [[2], [4]]
    assert x.tolist() == [[1], [2]]


def test_layers_know_when_they_are_trained() -> None:
    """Dropout drops in training alone."""
    module = nn.Sequential(nn.Dropout(1.0), nn.Flatten())
    model: Any = Model(module)
    model.compile("sgd", "mse")

    trained = model.train_on_batch(np.ones((2, 1)), np.zeros((2, 1)))
    tested = model.test_on_batch(np.ones((2, 1)), np.zeros((2, 1)))

    assert (trained, tested) == (0, 1)
    assert model.predict(np.ones((2, 1))).tolist() == [[1], [1]]


def test_frozen_weights_stay(linear: Build, numbers: Build) -> None:
    """A model all of whose weights are frozen can be fitted, and does not change."""
    model = linear(1.0)
    model.layers[0].trainable = False
    model.compile("sgd", "mse")

    model.fit(numbers(1), numbers(5), epochs=2, verbose=0)

    assert model.get_weights()[0].item() == 1
    assert not model.layers[0].trainable


class Predicting(nn.Module):
    """Has another thread predict with itself while it trains, and notes in which mode it ends."""

    def __init__(self) -> None:
        super().__init__()
        self.inner = nn.Linear(1, 1)
        self.model = [Model(self, inputs={"x": (1,)})]
        self.ended: list[bool] = []

    def forward(self, x: torch.Tensor) -> Any:
        """Compute."""
        if self.training:
            thread = Thread(target=self.model[0].predict_on_batch, args=(X[:2],), daemon=True)
            thread.start()
            thread.join(0.05)
            self.ended.append(self.training)
        return self.inner(x)


def test_a_module_predicts_in_one_thread_after_it_has_trained_in_another() -> None:
    """Whether it trains is a state of all of it, which must not change in the middle."""
    module = Predicting()
    model = module.model[0]
    model.compile("sgd", "mse")

    model.train_on_batch(X, Y)

    assert module.ended == [True]


def test_a_tensor_may_be_an_input_of_the_model_itself(weighted_sum: Build) -> None:
    """A model whose input and target are tensors is fitted without data."""
    model = Model(weighted_sum(2.0), inputs={"x": torch.ones(2, 1)})
    model.compile("sgd", "mse", target_tensors=torch.zeros(2, 1))

    history = model.fit(epochs=1, steps_per_epoch=1, verbose=0)

    assert history.history["loss"] == [4]


@pytest.mark.parametrize(
    ("dtype", "returned"), [(torch.float64, "float64"), (torch.bfloat16, "float32")]
)
def test_data_come_in_the_type_of_the_weights(dtype: torch.dtype, returned: str) -> None:
    """Modules of other precisions take the same arrays; NumPy has no bfloat16."""
    model: Any = Model(nn.Linear(2, 1).to(dtype), inputs={"x": (2,)})
    model.compile("sgd", "mse", metrics=["mae"])

    model.fit(np.ones((4, 2), int), np.ones(4), sample_weight=np.ones(4), verbose=0)

    assert model.predict(np.ones((4, 2))).dtype == returned


def test_a_compiled_module_is_a_module() -> None:
    """What `torch.compile` returns is trained, and shows the layers of the module inside."""
    module = nn.Sequential(nn.Linear(1, 4), nn.Tanh(), nn.Linear(4, 1))
    compiled: Any = torch.compile(module, backend="eager")
    model = Model(compiled)
    model.compile(torch.optim.Adam(module.parameters(), lr=0.1), "mse")

    losses = model.fit(X, Y, epochs=20, verbose=0).history["loss"]

    assert losses[-1] < losses[0]
    assert [layer.name for layer in model.layers] == ["0", "1", "2"]
    assert model.get_layer(index=2).module is module[2]


def test_callbacks_reach_the_model_and_its_optimizer(linear: Build) -> None:
    """A callback steers a scheduler of PyTorch, and stops training."""
    model = linear(0.0)
    optimizer = torch.optim.SGD(model.module.parameters(), lr=1.0)
    model.compile(optimizer, "mse")
    schedule = torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.5)
    rates: list[float] = []

    def step(epoch: int, logs: Any) -> None:  # noqa: ARG001 - the arguments of a hook
        schedule.step()
        rates.append(optimizer.param_groups[0]["lr"])
        model.stop_training = epoch == 1

    history = model.fit(
        X, Y, epochs=5, callbacks=[callbacks.LambdaCallback(on_epoch_end=step)], verbose=0
    )

    assert rates == [0.5, 0.25]
    assert history.epoch == [0, 1]


def test_a_device_is_where_the_module_goes() -> None:
    """The module is moved when the model is made."""
    model = Model(nn.Linear(1, 1), device="meta")

    assert model.module.weight.device.type == "meta"
    assert model.engine.place.device.type == "meta"


def test_what_is_no_module_is_refused() -> None:
    """A function is no module; the message says what came."""
    function: Any = torch.relu

    with pytest.raises(TypeError, match=r"module must be a torch\.nn\.Module, not <built-in"):
        Model(function)
    with pytest.raises(ValueError, match="distinct names"):
        Model(nn.Identity(), outputs=["a", "a"])
    with pytest.raises(ValueError, match="at least one output"):
        Model(nn.Identity(), outputs=[])
