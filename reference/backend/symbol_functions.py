"""What computes symbols of models apart from any model: `function`, and `gradients` for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NoReturn

from fitspec.reference import regularizers
from fitspec.reference.network.graph import Graph
from fitspec.reference.network.layer import Symbol, listed
from fitspec.reference.standing_in import symbolic
from fitspec.reference.tensor import array_library, autodiff
from fitspec.reference.tensor.array_library import FLOAT
from fitspec.reference.tensor.autodiff import Tensor
from fitspec.reference.tensor.variable import Variable, frozen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fitspec.reference.tensor.array_library import Array

__all__ = ["function", "gradients", "learning_phase"]


class LearningPhase:
    """Stands among the inputs of a function for 1, to compute as in training, or 0."""


_PHASE: Final = LearningPhase()


def learning_phase() -> LearningPhase:
    """Return what stands among the inputs of a `function` for whether it is as in training."""
    return _PHASE


class Function:
    """Computes symbols for arrays in the place of other symbols, and changes no weight.

    Args:
        inputs: Symbols, or `learning_phase()`; without that it computes as `predict`.
        outputs: Symbols that depend on nothing else.

    Raises:
        TypeError: These are no lists of such things.
        ValueError: An output depends on an `Input` that is not among `inputs`.

    """

    def __init__(self, inputs: Sequence[Symbol | LearningPhase], outputs: Sequence[Symbol]) -> None:
        for name, given, kinds in (
            ("inputs", inputs, (Symbol, LearningPhase)),
            ("outputs", outputs, Symbol),
        ):
            if not isinstance(given, (list, tuple)):
                raise TypeError(f"{name} must be a list of results of layers, not {given!r}")
            for one in given:
                if not isinstance(one, kinds):
                    raise TypeError(f"{name} must hold results of Input or of layers, not {one!r}")
        self._inputs = tuple(inputs)
        self._graph = Graph([one for one in inputs if isinstance(one, Symbol)], outputs)
        self._library = array_library.library(self._graph.layers[0].device)

    def __call__(self, inputs: Sequence[object]) -> list[Array]:
        """Return the outputs as arrays.

        Args:
            inputs: An array for each symbol, 0 or 1 for the learning phase.

        Raises:
            ValueError: There are more, or fewer.

        """
        if len(inputs) != len(self._inputs):
            raise ValueError(f"inputs: the function takes {len(self._inputs)}, got {len(inputs)}")
        given = dict(zip(self._inputs, inputs, strict=True))
        training = bool(given.pop(_PHASE, False))
        differs = any(map(is_gradient, self._graph.nodes))
        values = [
            Tensor(self._library.asarray(value, dtype=FLOAT), requires_gradient=differs)
            for value in given.values()
        ]
        # No moving average moves, and penalties are no part of what is asked for.
        with autodiff.paused(not differs), frozen(self._graph.layers), regularizers.collected(()):
            return [each.numpy() for each in self._graph.run(values, training=training)]


def function(
    inputs: Sequence[Symbol | LearningPhase], outputs: Sequence[Symbol], updates: object = None
) -> Function:
    """Return what computes symbols of models, such as the output of a layer in the middle.

    Args:
        inputs: Symbols, or `learning_phase()`.
        outputs: Symbols.
        updates: None; what a function of its own changes is left out.

    Raises:
        TypeError: These are no lists of symbols.
        ValueError: There are updates, or an output needs an input that is not listed.

    """
    if updates:
        raise ValueError("updates must be None: a function changes no weight here")
    return Function(inputs, outputs)


def gradients(loss: Symbol, variables: Any) -> list[Any]:
    """Return symbols of the gradients of a sum, for a `function` to compute.

    Args:
        loss: A symbol, the elements of which are added up.
        variables: What to differentiate by: symbols that it was computed from, or weights.

    Raises:
        TypeError: `loss` is no symbol, such as a tensor in a loss function.

    """
    if not isinstance(loss, Symbol):
        raise TypeError(f"loss must be a result of layers, outside of their calls, not {loss!r}")
    each = [variables] if isinstance(variables, Variable) else listed(variables)
    return [symbolic.accepting(_gradient)(loss, one) for one in each]


def _gradient(loss: Tensor, variable: Tensor) -> Tensor:
    (found,) = autodiff.gradients(loss.sum(), [variable])
    return autodiff.computed(found, (loss, _refuse), (variable, _refuse))


def _refuse(_: Array) -> NoReturn:
    raise ValueError("gradients of gradients are left out, in losses that are added as well")


def is_gradient(node: Any) -> bool:
    """Return whether a call computes a gradient."""
    return getattr(node.layer, "function", None) is _gradient
