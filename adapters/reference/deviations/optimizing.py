"""How far optimizers move weights, and what they remember of which."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.adapters.reference.deviations.planting import deviation, instead_of
from fitspec.reference.optimizers import (
    Adadelta,
    Adagrad,
    Adamax,
    Nadam,
    Optimizer,
    RMSprop,
)
from fitspec.reference.training import loop

if TYPE_CHECKING:
    from collections.abc import Callable


@deviation("every-optimizer-begins-by-a-thousandth")
def every_optimizer_begins_by_a_thousandth() -> None:
    """Take a learning rate of 0.001 where none is given, and squares of 0.1 first for Adagrad."""
    for kind in (Adadelta, Adagrad, Adamax, Nadam):

        @instead_of(kind, "__init__")
        def init(original: Callable[..., Any], self: Any, *args: Any, **kwargs: Any) -> None:
            original(self, *args, **({} if args else {"learning_rate": 0.001}), **kwargs)

    @instead_of(Adagrad, "memory_of")
    def memory(original: Callable[..., Any], self: Any, variable: Any) -> Any:
        is_known = variable in self._memory
        found = original(self, variable)
        if not is_known:
            found[0][...] = 0.1
        return found


@deviation("epsilon-is-below-the-root")
def epsilon_is_below_the_root() -> None:
    """Add epsilon to a mean or sum of squares, and not to its root."""
    for kind in (RMSprop, Adagrad):

        @instead_of(kind, "step")
        def step(original: Callable[..., Any], self: Any, gradient: Any, memory: list[Any]) -> Any:
            original(self, gradient, memory)
            return self.factor * gradient / (memory[0] + self.epsilon) ** 0.5


@deviation("an-optimizer-knows-weights-by-their-places")
def an_optimizer_knows_weights_by_their_places() -> None:
    """Take the weights of another model for those that an optimizer was first used for."""

    @instead_of(loop, "train_step")
    def step(original: Callable[..., Any], model: Any, batch: Any) -> Any:
        weights, optimizer = list(model.settled[0]), vars(model.optimizer)
        known = optimizer.setdefault("known", weights)
        if [one.shape for one in known] != [one.shape for one in weights]:
            raise ValueError("the optimizer knows weights of other shapes")
        optimizer["stand_in"] = dict(zip(weights, known, strict=True))
        return original(model, batch)

    @instead_of(Optimizer, "memory_of")
    def memory(original: Callable[..., Any], self: Any, variable: Any) -> Any:
        return original(self, vars(self).get("stand_in", {}).get(variable, variable))
