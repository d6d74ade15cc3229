"""Updates worked out by hand, on a weight of 1 with gradient 2."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from fitspec.reference import Sequential, layers, optimizers, set_random_seed
from fitspec.reference.tensor.variable import Variable

if TYPE_CHECKING:
    from collections.abc import Callable


def after(optimizer: optimizers.Optimizer, *gradients: float) -> float:
    """Return where a weight of 1 is after updates with these gradients."""
    weight = Variable(np.array([1.0]), "w")
    for gradient in gradients:
        optimizer.apply([weight], [np.array([gradient])])
    return float(weight.data[0])


def test_sgd_goes_against_the_gradient() -> None:
    """The default rate is 0.01: 1 - 0.01 * 2."""
    assert after(optimizers.resolve("sgd"), 2) == pytest.approx(0.98)


def test_momentum_repeats_part_of_the_last_step() -> None:
    """Steps are -0.2 and 0.9 * -0.2 - 0.2 = -0.38."""
    assert after(optimizers.SGD(0.1, momentum=0.9), 2, 2) == pytest.approx(1 - 0.2 - 0.38)


def test_nesterov_looks_ahead() -> None:
    """The first step is 0.9 * -0.2 - 0.2 = -0.38."""
    optimizer = optimizers.SGD(0.1, momentum=0.9, nesterov=True)

    assert after(optimizer, 2) == pytest.approx(0.62)


def test_rmsprop_divides_by_the_root_mean_square() -> None:
    """The mean square is 0.1 * 4 = 0.4, so the step is 0.001 * 2 / sqrt(0.4)."""
    assert after(optimizers.resolve("RMSprop"), 2) == pytest.approx(1 - 0.002 / 0.4**0.5)


def test_adam_starts_with_steps_of_the_rate() -> None:
    """After the corrections mean and root mean square are equal: each step is 0.001."""
    assert after(optimizers.resolve("adam"), 2, 2) == pytest.approx(0.998, abs=1e-6)


def test_older_spelling_of_the_rate() -> None:
    """`lr` is the learning rate, as argument and as attribute."""
    optimizer = optimizers.SGD(lr=0.5)

    optimizer.lr = 0.25

    assert optimizer.learning_rate == 0.25


def test_iterations_count_updates() -> None:
    """However many weights there are, one update counts once."""
    optimizer = optimizers.SGD()
    weights = [Variable(np.array([1.0]), "v"), Variable(np.array([1.0]), "w")]

    optimizer.apply(weights, [np.array([0.0]), np.array([0.0])])

    assert optimizer.iterations == 1


def test_weights_keep_their_type() -> None:
    """A rate in double precision leaves weights in single precision."""
    weight = Variable(np.ones(1, "float32"), "w")

    optimizers.SGD(np.float64(0.5)).apply([weight], [np.ones(1, "float32")])

    assert weight.data.dtype == np.float32


@pytest.mark.parametrize("identifier", ["nope", 3, None, optimizers.SGD])
def test_unknown_optimizers_are_refused(identifier: object) -> None:
    """What is neither name nor instance is a ValueError."""
    with pytest.raises(ValueError, match="optimizer must be"):
        optimizers.resolve(identifier)


# The expected numbers of the following are worked out for a first gradient of 2, and a second of 4
# where it is named; epsilon is too small to be seen.
@pytest.mark.parametrize(
    ("optimizer", "gradients", "moved"),
    [
        # the sums of squares are 4 and 20
        (optimizers.Adagrad(0.1), [2, 4], -0.1 * (2 / 4**0.5 + 4 / 20**0.5)),
        # mean square 0.05 * 4 = 0.2, so the step is 2 * sqrt(0.01 / 0.21); epsilon is 0.01
        (optimizers.Adadelta(epsilon=0.01), [2], -2 * (0.01 / 0.21) ** 0.5),
        # means 0.2 and 0.58 are divided by 1 - 0.9 and 1 - 0.81; the largest are 2 and 4
        (optimizers.Adamax(0.1), [2, 4], -0.1 * (0.2 / 0.1 / 2 + 0.58 / 0.19 / 4)),
        # the second gradient is smaller, but the mean square must not be: 0.004 once more
        (
            optimizers.Adam(0.1, amsgrad=True),
            [2, 0],
            -0.1 - 0.1 * (0.001999**0.5 / 0.19) * 0.18 / 0.004**0.5,
        ),
        # momentum is 0.45 throughout without a schedule: the first step is that of
        # 0.55 * 2 / (1 - 0.45) + 0.45 * 0.2 / (1 - 0.45 ** 2), over a root mean square of 2
        (
            optimizers.Nadam(0.1, schedule_decay=0.0),
            [2],
            -0.1 * (0.55 * 2 / 0.55 + 0.45 * 0.2 / (1 - 0.45**2)) / 2,
        ),
        # rates 0.1 and 0.1 / (1 + 0.5)
        (optimizers.SGD(0.1, decay=0.5), [2, 2], -0.2 - 0.2 / 1.5),
        (optimizers.SGD(0.1, clipvalue=0.5), [2, -2, 0.25], -0.1 * 0.25),
    ],
)
def test_steps(optimizer: optimizers.Optimizer, gradients: list[float], moved: float) -> None:
    """Every optimizer moves the weight of 1 as its definition says."""
    assert after(optimizer, *gradients) == pytest.approx(1 + moved, rel=1e-6)


def test_the_decay_is_written_down() -> None:
    """Also where there is none, as Keras's optimizers do; its Nadam takes none."""
    assert optimizers.SGD(0.1).get_config()["decay"] == 0
    assert optimizers.Adam(decay=0.5).get_config()["decay"] == 0.5
    assert "decay" not in optimizers.Nadam().get_config()
    assert optimizers.Nadam.from_config(optimizers.Nadam(decay=0.5).get_config()).decay == 0.5


def test_the_norm_of_all_gradients_together_is_clipped() -> None:
    """Gradients 3 and 4 have the norm 5, and are scaled to 1; 0.3 and 0.4 stay as they are."""
    optimizer = optimizers.SGD(1.0, clipnorm=1.0)
    weights = [Variable(np.zeros(1), "v"), Variable(np.zeros(1), "w")]

    optimizer.apply(weights, [np.array([3.0]), np.array([4.0])])
    optimizer.apply(weights, [np.array([0.3]), np.array([0.4])])

    assert [float(one.data[0]) for one in weights] == pytest.approx([-0.9, -1.2])


ALL: dict[str, dict[str, Any]] = {
    "sgd": {"momentum": 0.9, "clipnorm": 0.5},
    "rmsprop": {"clipvalue": 0.1},
    "adagrad": {"decay": 0.1},
    "adadelta": {"clipnorm": 0.5, "clipvalue": 0.3},
    "adam": {"amsgrad": True},
    "adamax": {"lr": 0.1},
    "nadam": {"clipvalue": 0.3},
}


def model_with(optimizer: optimizers.Optimizer) -> Sequential:
    """Return a small model whose weights are always the same."""
    set_random_seed(1)
    model = Sequential([layers.Dense(3, "tanh", input_shape=(2,)), layers.Dense(1)])
    model.compile(optimizer, "mse")
    return model


X, Y = np.array([[1.0, 2.0], [3.0, -1.0]]), np.array([[1.0], [-3.0]])


@pytest.mark.parametrize("name", ALL)
def test_recorded_steps_give_the_same_bits(name: str, never_recorded: Callable[[], None]) -> None:
    """What is done again is what the definition says, with clipping and decay."""

    def trained() -> list[Any]:
        model = model_with(optimizers.NAMES[name](**ALL[name]))
        for _ in range(5):
            model.train_on_batch(X, Y)
        return model.get_weights()

    recorded = trained()
    never_recorded()

    assert all(map(np.array_equal, recorded, trained()))


@pytest.mark.parametrize("name", ALL)
def test_training_goes_on_from_a_state(name: str) -> None:
    """Weights and state after 3 updates, put into another model, lead to the same 5th."""
    model = model_with(optimizers.NAMES[name](**ALL[name]))
    for _ in range(3):
        model.train_on_batch(X, Y)
    other = model_with(optimizers.NAMES[name](**ALL[name]))
    other.set_weights(model.get_weights())
    for weight in other.trainable_variables:
        other.optimizer.memory_of(weight)
    other.optimizer.set_weights(model.optimizer.get_weights())

    for each in (model, other):
        each.train_on_batch(X, Y)
        each.train_on_batch(X, Y)

    assert other.optimizer.iterations == 5
    assert all(map(np.array_equal, model.get_weights(), other.get_weights()))


def test_a_state_that_does_not_fit_is_refused() -> None:
    """It must come from the same class and weights of the same shapes."""
    optimizer = optimizers.Adam()
    optimizer.memory_of(Variable(np.zeros(2), "w"))

    with pytest.raises(ValueError, match="weights"):
        optimizer.set_weights([np.array(1), np.zeros(2), np.zeros(1)])
    with pytest.raises(ValueError, match="weights"):
        optimizer.set_weights([np.array(1), np.zeros(2), np.zeros(3), np.zeros(1)])


def test_saved_optimizers_are_found() -> None:
    """A class's name and the arguments to make it with stand for an optimizer."""
    found = optimizers.resolve({"class_name": "Adam", "config": {"beta_1": 0.5}})

    assert isinstance(found, optimizers.Adam)
    assert found.beta_1 == 0.5


def test_a_state_that_is_refused_changes_nothing() -> None:
    """A number of the state, and arrays of it, before the one that does not fit."""
    model = Sequential([layers.Dense(3, input_shape=(2,))])
    model.compile("adam", "mse")
    model.train_on_batch(np.ones((2, 2)), np.ones((2, 3)))
    before = model.optimizer.get_weights()
    first, second, *rest = before

    with pytest.raises(ValueError, match="real numbers were expected"):
        model.optimizer.set_weights(
            [first + 5, second + 7, *(np.full(array.shape, "x") for array in rest)]
        )

    np.testing.assert_equal(model.optimizer.get_weights(), before)
