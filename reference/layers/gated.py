"""Recurrent layers with gates, which learn what to remember."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from fitspec.reference import activations
from fitspec.reference.layers.recurrent import Recurrent, RecurrentArguments
from fitspec.reference.layers.remembering import memories
from fitspec.reference.network import constructor
from fitspec.reference.tensor import more_operations

if TYPE_CHECKING:
    from collections.abc import Callable

    from fitspec.reference.tensor.array_library import Array
    from fitspec.reference.tensor.autodiff import Tensor

__all__ = ["GRU", "LSTM"]


class LSTM(Recurrent, repeats=True):
    """Long short-term memory: a state h and a memory c, which gates let in, forget and let out.

    With i, f, o = recurrent_activation(x @ kernel + h @ recurrent_kernel + bias), each by its part
    of the weights, and g = activation of the same by a part of its own, `c = f * c + i * g` and
    `h = o * activation(c)`. The parts are in the order i, f, g, o.

    Args:
        units: Length of the states.
        activation: Name, function or None.
        recurrent_activation: That of the gates.
        use_bias: Whether to add a bias.
        kernel_initializer: Starting values of the kernel, shape (inputs, 4 * units).
        recurrent_initializer: Starting values of the recurrent kernel, shape (units, 4 * units).
        bias_initializer: Starting values of the bias, shape (4 * units,).
        unit_forget_bias: Whether the bias of f starts at 1.
        kernel_regularizer: Penalty on the kernel.
        recurrent_regularizer: Penalty on the recurrent kernel.
        bias_regularizer: Penalty on the bias.
        activity_regularizer: Penalty on the output.
        dropout: As `SimpleRNN`.
        recurrent_dropout: As `SimpleRNN`.
        return_sequences: As `SimpleRNN`.
        return_state: Whether the last h and c are returned beside the output.
        go_backwards: As `SimpleRNN`.
        stateful: As `SimpleRNN`.
        **arguments: As `Recurrent`.

    """

    gates = 4
    kept = 2
    recurrent_activation: activations.Activation
    unit_forget_bias: bool

    def __init__(  # noqa: PLR0913, PLR0917  the documented signature
        self,
        units: int,
        activation: object = "tanh",
        recurrent_activation: object = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: object = "glorot_uniform",
        recurrent_initializer: object = "orthogonal",
        bias_initializer: object = "zeros",
        unit_forget_bias: bool = True,
        kernel_regularizer: object = None,
        recurrent_regularizer: object = None,
        bias_regularizer: object = None,
        activity_regularizer: object = None,
        *,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        **arguments: Unpack[RecurrentArguments],
    ) -> None:
        super().__init__(**arguments)
        constructor.keep(self, locals())

    def make_bias(self, length: int) -> Tensor:
        """Make the bias of all gates."""
        bias = super().make_bias(length)
        if self.unit_forget_bias:
            bias.data[self.units : 2 * self.units] = 1
        return bias

    def go_through(
        self, x: Tensor, states: list[Tensor], counting: Array | None, dropped: Array | None
    ) -> tuple[Callable[[], Tensor], list[Tensor]]:
        """Go through the steps; for the usual functions, as one operation."""
        gates = activations.sigmoid, activations.hard_sigmoid
        if self.activation is not activations.tanh or self.recurrent_activation not in gates:
            return super().go_through(x, states, counting, dropped)
        hard = self.recurrent_activation is gates[1]
        weights = [self.kernel, self.recurrent_kernel, *([self.bias] if self.use_bias else [])]
        both = memories(x, weights, states, counting, dropped, hard=hard)
        return lambda: both[:, 0], [both[-1, 0], both[-1, 1]]

    def step(self, x: Tensor, states: list[Tensor], used: Tensor) -> list[Tensor]:
        """Return h and c after a step."""
        i, f, g, o = more_operations.parts(x + used @ self.recurrent_kernel, 4)
        i, f, o = map(self.recurrent_activation, (i, f, o))
        c = f * states[1] + i * self.activation(g)
        return [o * self.activation(c), c]


class GRU(Recurrent):
    """Gated recurrent unit: a state h, of which gates decide how much is new.

    With z, r = recurrent_activation(x @ kernel + h @ recurrent_kernel + bias), each by its part of
    the weights, and n = activation(x @ kernel + (r * h) @ recurrent_kernel + bias) by a third,
    `h = z * h + (1 - z) * n`. The parts are in the order z, r, n.

    Args:
        units: Length of the state.
        activation: Name, function or None.
        recurrent_activation: That of the gates.
        use_bias: Whether to add a bias.
        kernel_initializer: Starting values of the kernel, shape (inputs, 3 * units).
        recurrent_initializer: Starting values of the recurrent kernel, shape (units, 3 * units).
        bias_initializer: Starting values of the bias, shape (3 * units,), or (2, 3 * units) with
            `reset_after`: for the inputs and for the state.
        kernel_regularizer: Penalty on the kernel.
        recurrent_regularizer: Penalty on the recurrent kernel.
        bias_regularizer: Penalty on the bias.
        activity_regularizer: Penalty on the output.
        dropout: As `SimpleRNN`.
        recurrent_dropout: As `SimpleRNN`.
        return_sequences: As `SimpleRNN`.
        return_state: As `SimpleRNN`.
        go_backwards: As `SimpleRNN`.
        stateful: As `SimpleRNN`.
        reset_after: Whether r multiplies `h @ recurrent_kernel` in place of h.
        **arguments: As `Recurrent`.

    """

    gates = 3
    recurrent_activation: activations.Activation
    reset_after: bool

    def __init__(  # noqa: PLR0913, PLR0917  the documented signature
        self,
        units: int,
        activation: object = "tanh",
        recurrent_activation: object = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: object = "glorot_uniform",
        recurrent_initializer: object = "orthogonal",
        bias_initializer: object = "zeros",
        kernel_regularizer: object = None,
        recurrent_regularizer: object = None,
        bias_regularizer: object = None,
        activity_regularizer: object = None,
        *,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        reset_after: bool = False,
        **arguments: Unpack[RecurrentArguments],
    ) -> None:
        super().__init__(**arguments)
        constructor.keep(self, locals())

    def make_bias(self, length: int) -> Tensor:
        """Make the bias of all gates, and another of the state's part if it is reset after."""
        return constructor.weight(self, "bias", (2, length) if self.reset_after else (length,))

    def projected(self, x: Tensor) -> Tensor:
        """Compute for all steps at once what does not depend on the state."""
        if self.use_bias and self.reset_after:
            return x @ self.kernel + self.bias[0]
        return super().projected(x)

    def step(self, x: Tensor, states: list[Tensor], used: Tensor) -> list[Tensor]:
        """Return the state after a step."""
        (h,) = states
        x_z, x_r, x_n = more_operations.parts(x, 3)
        if self.reset_after:
            inner = used @ self.recurrent_kernel
            inner = inner + self.bias[1] if self.use_bias else inner
            h_z, h_r, h_n = more_operations.parts(inner, 3)
            z = self.recurrent_activation(x_z + h_z)
            n = self.activation(x_n + self.recurrent_activation(x_r + h_r) * h_n)
        else:
            split = 2 * self.units
            gates = used @ self.recurrent_kernel[:, :split]
            h_z, h_r = more_operations.parts(gates, 2)
            z = self.recurrent_activation(x_z + h_z)
            r = self.recurrent_activation(x_r + h_r)
            n = self.activation(x_n + (r * used) @ self.recurrent_kernel[:, split:])
        return [z * h + (1 - z) * n]
