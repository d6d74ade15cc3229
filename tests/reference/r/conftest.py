"""What tests of the R functions share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fitspec.reference import Sequential, layers
from fitspec.reference.r import options

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fitspec.reference.models.model import Model


@pytest.fixture(autouse=True)
def _plain_session(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A session without options, outside RStudio, a server, a notebook or a screen."""
    for name in ("RSTUDIO", "TF_CONFIG", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    before = options()
    yield
    options(dict.fromkeys(options()))
    options(before)


@pytest.fixture
def compiled() -> Callable[..., Model]:
    """Return a function that makes a compiled model of one weight, 1, which stays."""

    def make(*metrics: str, loss: str = "mse") -> Model:
        layer = layers.Dense(1, use_bias=False, kernel_initializer="ones", input_shape=(1,))
        model = Sequential([layer])
        model.compile("sgd", loss=loss, metrics=list(metrics))
        model.optimizer.learning_rate = 0.0
        return model

    return make
