"""Layers that go through time."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Unpack

from fitspec.reference import _array, activations, autodiff, initializers
from fitspec.reference.autodiff import Tensor
from fitspec.reference.layer import Layer

if TYPE_CHECKING:
    from fitspec.reference._array import Array, Shape
    from fitspec.reference.core_layers import LayerArguments


class SimpleRNN(Layer):
    """Computes `h = activation(x @ kernel + h @ recurrent_kernel + bias)` step by step.

    Args:
        units: Length of the state h.
        activation: Name, function or None.
        use_bias: Whether to add a bias.
        kernel_initializer: Starting values of the kernel, shape (inputs, units).
        recurrent_initializer: Starting values of the recurrent kernel, shape (units, units).
        bias_initializer: Starting values of the bias, shape (units,).
        return_sequences: Whether the output is the state after every step, or after the last.
        stateful: Whether sample i of a batch goes on from the state that sample i of the batch
            before left, until `reset_states`; otherwise every batch starts from zeros.
        **arguments: As `Layer`.

    """

    def __init__(  # noqa: PLR0913 - the usual arguments of this layer
        self,
        units: int,
        activation: object = "tanh",
        use_bias: bool = True,
        *,
        kernel_initializer: object = "glorot_uniform",
        recurrent_initializer: object = "glorot_uniform",
        bias_initializer: object = "zeros",
        return_sequences: bool = False,
        stateful: bool = False,
        **arguments: Unpack[LayerArguments],
    ) -> None:
        super().__init__(**arguments)
        self.units = operator.index(units)
        self.activation = activations.resolve(activation)
        self.use_bias = use_bias
        self.kernel_initializer = initializers.resolve(kernel_initializer)
        self.recurrent_initializer = initializers.resolve(recurrent_initializer)
        self.bias_initializer = initializers.resolve(bias_initializer)
        self.return_sequences = return_sequences
        self.stateful = stateful
        self._state: Array | None = None

    def build(self, shapes: list[Shape]) -> None:
        """Make the kernels, and the bias if there is one."""
        if len(shapes[0]) != 2 or shapes[0][-1] is None:
            raise ValueError(
                f"layer {self.name!r} needs samples of shape (steps, inputs), got {shapes[0]}"
            )
        self.kernel = self.add_weight(
            "kernel", (shapes[0][-1], self.units), self.kernel_initializer
        )
        self.recurrent_kernel = self.add_weight(
            "recurrent_kernel", (self.units, self.units), self.recurrent_initializer
        )
        if self.use_bias:
            self.bias = self.add_weight("bias", (self.units,), self.bias_initializer)

    def call(self, inputs: list[Tensor], *, training: bool) -> Tensor:  # noqa: ARG002 - as Layer
        """Go through the steps; a stateful layer keeps the last state."""
        (x,) = inputs
        state = self._starting_state(x)
        states = []
        for step in range(x.shape[1]):
            total = x[:, step] @ self.kernel + state @ self.recurrent_kernel
            state = self.activation(total + self.bias if self.use_bias else total)
            states.append(state)
        if self.stateful:  # predict.stateful.state-persists
            self._state = state.data
        if not self.return_sequences:
            return state
        rows, units = state.shape
        return autodiff.concatenate([one.reshape(rows, 1, units) for one in states], axis=1)

    def output_shape(self, shapes: list[Shape]) -> Shape:
        """Return (steps, units), or (units,) without sequences."""
        return (shapes[0][0], self.units) if self.return_sequences else (self.units,)

    def reset_states(self) -> None:
        """Start the next batch from zeros."""
        self._state = None

    def _starting_state(self, x: Tensor) -> Tensor:
        if self._state is None:
            return Tensor(_array.namespace(x.data).zeros((len(x), self.units), x.data.dtype))
        if len(self._state) != len(x):
            raise ValueError(
                f"the stateful layer {self.name!r} keeps the state of {len(self._state)} samples, "
                f"but the batch has {len(x)}; call reset_states first"
            )
        return Tensor(self._state)
