"""Updates worked out by hand, on a weight of 1 with gradient 2."""

import numpy as np
import pytest

from fitspec.reference import optimizers
from fitspec.reference.layer import Variable


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
