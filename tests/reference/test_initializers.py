"""Starting values of weights."""

import numpy as np
import pytest

from fitspec.reference import initializers
from fitspec.reference.network.layer import Layer


@pytest.mark.parametrize("name", initializers.NAMES)
def test_shape_and_type(name: str) -> None:
    """Every named initializer fills the shape in single precision."""
    values = initializers.resolve(name)((3, 4))

    assert values.shape == (3, 4)
    assert values.dtype == np.float32


def test_glorot_keeps_its_limits() -> None:
    """For 2 inputs and 4 outputs they are +-sqrt(6 / 6)."""
    values = initializers.glorot_uniform()((2, 4))

    assert -1 <= values.min() < values.max() <= 1


def test_constants_may_be_arrays() -> None:
    """A vector fills every row; the caller's array is not shared."""
    given = np.array([1.0, 2.0])

    values = initializers.Constant(given)((2, 2))
    values[:] = 0

    assert given.tolist() == [1, 2]


def test_unknown_and_misfitting_initializers_are_refused() -> None:
    """A misspelt name, and an array of another shape than the weight's, are ValueErrors."""
    with pytest.raises(ValueError, match="initializer"):
        initializers.resolve("zeroes")
    with pytest.raises(ValueError, match="shape"):
        Layer().add_weight("w", (2, 2), lambda _: np.zeros(3))


@pytest.mark.parametrize(
    ("initializer", "shape", "limit"),
    [
        (initializers.he_uniform(), (6, 50), 1.0),
        # a kernel of 3 x 2 places: 6 * 5 inputs and 6 * 20 outputs
        (initializers.lecun_uniform(), (3, 2, 5, 20), (3 / 30) ** 0.5),
        (initializers.glorot_uniform(), (3, 2, 5, 20), (6 / 150) ** 0.5),
        (initializers.VarianceScaling(mode="fan_out", distribution="uniform"), (9, 3), 1.0),
        (initializers.RandomUniform(-0.5, 0.5), (9, 9), 0.5),
        (initializers.TruncatedNormal(stddev=0.1), (40, 40), 0.2),
    ],
)
def test_limits(initializer: initializers.Random, shape: tuple[int, ...], limit: float) -> None:
    """Draws come near to their limits, and do not pass them."""
    values = np.abs(initializer(shape))

    assert limit * 0.7 < values.max() <= limit + 1e-6


@pytest.mark.parametrize(
    ("name", "variance"),
    [("he_normal", 2 / 100), ("lecun_normal", 1 / 100), ("glorot_normal", 2 / 300)],
)
def test_variances(name: str, variance: float) -> None:
    """They belong to 100 inputs and 200 outputs, although what is far away is drawn again."""
    values = initializers.resolve({"class_name": name, "config": {"seed": 1}})((100, 200))

    assert values.var() == pytest.approx(variance, rel=0.05)


def test_a_seed_repeats_the_draws_but_not_the_values() -> None:
    """Two initializers with the same seed agree; one called twice gives other values."""
    one, two = (initializers.RandomNormal(seed=5) for _ in range(2))

    first, second = one((3,)), one((3,))

    assert first.tolist() == two((3,)).tolist()
    assert second.tolist() == two((3,)).tolist() != first.tolist()


@pytest.mark.parametrize("shape", [(3, 5), (5, 3), (2, 2, 3)])
def test_orthogonal_rows_or_columns(shape: tuple[int, ...]) -> None:
    """The shorter side of the matrix, with leading axes taken together, is orthonormal."""
    matrix = initializers.Orthogonal(2.0)(shape).reshape(-1, shape[-1])
    short = matrix if matrix.shape[0] < matrix.shape[1] else matrix.T

    assert short @ short.T == pytest.approx(4 * np.eye(len(short)), abs=1e-5)


def test_identity_is_a_matrix() -> None:
    """It may be longer than wide, and is nothing but a matrix."""
    assert initializers.identity(2.0)((2, 3)).tolist() == [[2, 0, 0], [0, 2, 0]]
    with pytest.raises(ValueError, match="matrix"):
        initializers.Identity()((2,))


def test_what_makes_initializers_stands_for_one() -> None:
    """A weight may be given the name, the class or the function of an initializer."""
    layer = Layer()
    weights = [
        layer.add_weight("w", (2,), given)
        for given in ("one", initializers.ones, initializers.Ones())
    ]

    assert [weight.numpy().tolist() for weight in weights] == [[1, 1]] * 3
