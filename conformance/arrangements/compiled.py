"""Models that are compiled alike: to stay as they are, or to learn."""

from __future__ import annotations

from collections.abc import Callable

from fitspec.conformance.arrangements.ways_of_ending import RATE
from fitspec.conformance.vocabulary.models import linear
from fitspec.conformance.vocabulary.probes import SGD, ModelOf
from fitspec.conformance.worker.remote import Model

#: The weight that a `halving_model` begins with: so small that gradients of samples of 1 are
#: shorter than 1, to which some libraries cut longer ones if nothing is said.
START = 0.25

#: What the fixture `build` gives a check.
Build = Callable[[ModelOf], Model]


def small_model(build: Build, weight: float = 1.0) -> Model:
    """Return a compiled model of one input and one output, which does not learn."""
    model = build(linear(weight))
    model.compile(SGD(0.0), "mse")
    return model


def frozen(build: Build, description: ModelOf, mode: str | None = None) -> Model:
    """Return a model that does not learn, compiled with `mode` as `sample_weight_mode` if given."""
    model = build(description)
    arguments = {} if mode is None else {"sample_weight_mode": mode}
    model.compile(SGD(0.0), "mse", **arguments)
    return model


def learning_model(build: Build, rate: float = RATE) -> Model:
    """Return a compiled model of one input and one output, which learns unless the rate is 0."""
    model = build(linear(1.0))
    model.compile(SGD(rate), "mse")
    return model


def halving_model(build: Build) -> Model:
    """Return a compiled model whose weight is `START`; an update on x = 1 and y = 0 halves it."""
    model = build(linear(START))
    model.compile(SGD(RATE), "mse")
    return model


def learning(build: Build, description: ModelOf) -> Model:
    """Return a model that learns at `RATE`."""
    model = build(description)
    model.compile(SGD(RATE), "mse")
    return model
