"""From when on it counts that a layer is frozen, and for what."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from fitspec.adapters.reference.deviations.planting import deviation, instead_of
from fitspec.reference.api import compiled
from fitspec.reference.layers import normalization
from fitspec.reference.network.compiled_network import CompiledNetwork
from fitspec.reference.training import loop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@deviation("what-is-frozen-is-settled-by-the-first-training")
def what_is_frozen_is_settled_by_the_first_training() -> None:
    """Train what is trainable when training or testing begins; refuse to train anything else."""

    @instead_of(CompiledNetwork, "was_compiled")
    def was_compiled(original: Callable[..., Any], self: Any, given: Any) -> None:
        original(self, given)
        vars(self)["has_begun"] = False

    @instead_of(compiled.Compiled, "in_use")
    def in_use(original: Callable[..., Any], self: Any) -> Any:
        if self.is_compiled and not vars(self)["has_begun"]:
            vars(self)["has_begun"] = True
            self._settled, self._engine = None, None
        return original(self)

    @instead_of(loop, "train_step")
    def step(original: Callable[..., Any], model: Any, batch: Any) -> Any:
        if len(model.trainable_variables) != len(model.settled[0]):
            raise ValueError("the optimizer knows other weights than those that are trainable now")
        return original(model, batch)


@deviation("what-is-frozen-counts-at-once")
def what_is_frozen_counts_at_once() -> None:
    """Train what is trainable in each call, of the weights that an optimizer was first used for."""

    @instead_of(compiled.Compiled, "in_use")
    def in_use(original: Callable[..., Any], self: Any) -> Any:
        if self.is_compiled and self.optimizer is not None:
            now = set(self.trainable_variables)
            vars(self.optimizer).setdefault("known", now)
            if now != set(self.settled[0]):
                self._settled, self._engine = None, None
        return original(self)

    @instead_of(loop, "train_step")
    def step(original: Callable[..., Any], model: Any, batch: Any) -> Any:
        if set(model.settled[0]) - vars(model.optimizer).get("known", set()):
            raise ValueError("the optimizer does not know a weight that is trainable now")
        return original(model, batch)


@deviation("frozen-normalization-is-as-in-a-test")
def frozen_normalization_is_as_in_a_test() -> None:
    """Normalize by moving averages where a BatchNormalization is frozen."""

    @instead_of(normalization.BatchNormalization, "call")
    def call(original: Callable[..., Any], self: Any, inputs: Any, *, training: bool) -> Any:
        return original(self, inputs, training=training and self.trainable)


@deviation("frozen-weights-have-no-penalty")
def frozen_weights_have_no_penalty() -> None:
    """Leave out what regularizers add for weights that are frozen now."""

    @instead_of(compiled.Compiled, "in_use")
    @contextlib.contextmanager
    def in_use(original: Callable[..., Any], self: Any) -> Iterator[None]:
        trained = set(map(id, self.trainable_variables))
        frozen = [each for each in self.variables if id(each) not in trained and each.regularizer]
        if vars(self).setdefault("unpenalized", frozen) != frozen:
            self._engine = None  # what it has recorded has other penalties
        vars(self)["unpenalized"] = frozen
        kept = [each.regularizer for each in frozen]
        try:
            for each in frozen:
                each.regularizer = None
            with original(self):
                yield
        finally:
            for each, regularizer in zip(frozen, kept):
                each.regularizer = regularizer
