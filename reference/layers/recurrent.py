"""Layers that go through time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Unpack

from fitspec.reference.api.arguments import whole_number
from fitspec.reference.network import constructor
from fitspec.reference.network.constructor import LayerArguments
from fitspec.reference.network.layer import Layer
from fitspec.reference.tensor import array_library, operations, random
from fitspec.reference.tensor.autodiff import Tensor

if TYPE_CHECKING:
    from collections.abc import Callable

    from fitspec.reference.activations import Activation
    from fitspec.reference.tensor.array_library import Array, Shape

__all__ = ["SimpleRNN"]


class RecurrentArguments(LayerArguments, total=False):
    """The keyword arguments that every recurrent layer passes on to `Recurrent`."""

    implementation: int
    unroll: bool


class Recurrent(Layer):
    """Base of layers that go through the steps of a sequence, keeping one or several states.

    A subclass says in `step` how the states follow from those before. The first state is the output
    of a step. At steps that a mask does not count the states stay.

    Args:
        implementation: Ignored, as it changes no number.
        unroll: Ignored likewise.
        **arguments: As `Layer`.

    """

    gates: ClassVar[int] = 1
    """How many parts of length `units` a step computes from the inputs."""

    kept: ClassVar[int] = 1
    """How many states there are."""

    supports_masking = True
    units: int
    activation: Activation
    use_bias: bool
    dropout: float
    recurrent_dropout: float
    return_sequences: bool
    return_state: bool
    go_backwards: bool

    def __init__(
        self,
        *,
        implementation: int = 2,  # noqa: ARG002 - see above
        unroll: bool = False,  # noqa: ARG002 - see above
        **arguments: Unpack[LayerArguments],
    ) -> None:
        super().__init__(**arguments)

    def settle(self) -> None:
        """Check what the constructor kept."""
        self.units = whole_number(self.units, "units", 1)
        random.check_rate("dropout", self.dropout)
        random.check_rate("recurrent_dropout", self.recurrent_dropout)
        self._states: list[Array] | None = None

    def build(self, shapes: list[Shape]) -> None:
        """Make the kernels, and the bias if there is one."""
        if len(shapes[0]) != 2 or shapes[0][-1] is None:
            raise ValueError(
                f"layer {self.name!r} needs samples of shape (steps, inputs), got {shapes[0]}"
            )
        length = self.gates * self.units
        self.kernel = constructor.weight(self, "kernel", (shapes[0][-1], length))
        self.recurrent_kernel = constructor.weight(
            self, "recurrent_kernel", (self.units, length), arguments="recurrent"
        )
        if self.use_bias:
            self.bias = self.make_bias(length)

    def make_bias(self, length: int) -> Tensor:
        """Make the bias of all gates."""
        return constructor.weight(self, "bias", (length,))

    def __call__(
        self, inputs: Any, initial_state: Any = (), *, training: bool | None = None
    ) -> Any:
        """Join the layer to the graph that ends in `inputs`.

        Args:
            inputs: The symbol of a batch of sequences; those of initial states may follow.
            initial_state: The symbols of states to begin with, in place of zeros.
            training: As for any layer.

        Returns:
            The symbol of the output; with `return_state` a list of it and the last states.

        """
        several = inputs if isinstance(inputs, (list, tuple)) else [inputs]
        states = initial_state if isinstance(initial_state, (list, tuple)) else [initial_state]
        if len(several) + len(states) not in (1, 1 + self.kept):
            raise ValueError(f"initial_state: layer {self.name!r} has {self.kept} states")
        outputs = self.connect([*several, *states], training)
        return list(outputs) if self.return_state else outputs[0]

    def run(self, inputs: list[Tensor], *, training: bool) -> list[Tensor]:
        """Go through the steps; a stateful layer keeps the last states.

        Raises:
            ValueError: There are no steps.

        """
        x, *given = inputs
        if not x.shape[1]:
            raise ValueError(f"layer {self.name!r} needs a step, got samples of {x.shape[1:]}")
        mask = x.mask
        if self.dropout and training:
            x = x * random.dropout(x.data[:, :1], self.dropout)
        steps = operations.transpose(x, (1, 0, 2))
        counting = None if mask is None else mask.T[..., None]
        if self.go_backwards:
            steps = steps[::-1]
            counting = None if counting is None else counting[::-1]
        before = given or self._starting_states(inputs[0])
        dropped: Array | None = None
        if self.recurrent_dropout and training:
            dropped = random.dropout(before[0].data, self.recurrent_dropout)
        sequence, states = self.go_through(steps, before, counting, dropped)
        if self.stateful:  # predict.stateful.state-persists
            self._states = [state.data.copy() for state in states]  # which cannot be recorded
        output = operations.transpose(sequence(), (1, 0, 2)) if self.return_sequences else states[0]
        if self.return_sequences:
            output.mask = mask
        return [output, *states] if self.return_state else [output]

    def go_through(
        self, x: Tensor, states: list[Tensor], counting: Array | None, dropped: Array | None
    ) -> tuple[Callable[[], Tensor], list[Tensor]]:
        """Go through the steps.

        Args:
            x: The inputs, shape (steps, samples, inputs).
            states: The states to begin with.
            counting: Whether a step counts, shape (steps, samples, 1); None if all do.
            dropped: What the first state is multiplied by where it enters the next step, if it is.

        Returns:
            What gives the first state after every step, shape (steps, samples, units), and the last
            states.

        """
        sequence = []
        for at, step in enumerate(operations.pieces(self.projected(x), range(len(x)))):
            used = states[0] if dropped is None else states[0] * dropped
            new = self.step(step, states, used)
            if counting is not None:
                pairs = zip(new, states, strict=True)
                new = [operations.choose(counting[at], one, other) for one, other in pairs]
            states = new
            sequence.append(states[0])
        return lambda: operations.stack(sequence), states

    def projected(self, x: Tensor) -> Tensor:
        """Compute for all steps at once what does not depend on states."""
        product = x @ self.kernel
        return product + self.bias if self.use_bias else product

    def step(self, x: Tensor, states: list[Tensor], used: Tensor) -> list[Tensor]:
        """Return the states after a step.

        Args:
            x: What `projected` gave for the step, shape (samples, gates * units).
            states: The states before it.
            used: The first of them, a part of it dropped out while training.

        """
        raise NotImplementedError

    def shapes_of_outputs(self, shapes: list[Shape]) -> list[Shape]:
        """Return (steps, units), or (units,) without sequences, and the shapes of the states."""
        states: list[Shape] = [(self.units,)] * self.kept if self.return_state else []
        return [self.shape_of_output(shapes), *states]

    def shape_of_output(self, shapes: list[Shape]) -> Shape:
        """Return (steps, units), or (units,) without sequences."""
        return (shapes[0][0], self.units) if self.return_sequences else (self.units,)

    def reset_states(self) -> None:
        """Start the next batch from zeros."""
        self._states = None

    def _starting_states(self, x: Tensor) -> list[Tensor]:
        if self._states is None:
            shape = len(x), self.units
            # An operation, so that what is dropped from them is drawn anew by a record.
            zeros = array_library.made(
                "zeros", lambda into, _: into.fill(0), shape, self.kernel.data
            )
            return [Tensor(zeros)] * self.kept
        if len(self._states[0]) != len(x):
            raise ValueError(
                f"the stateful layer {self.name!r} keeps the state of {len(self._states[0])} "
                f"samples, but the batch has {len(x)}; call reset_states first"
            )
        return [Tensor(state) for state in self._states]


class SimpleRNN(Recurrent):
    """Computes `h = activation(x @ kernel + h @ recurrent_kernel + bias)` step by step.

    Args:
        units: Length of the state h.
        activation: Name, function or None.
        use_bias: Whether to add a bias.
        kernel_initializer: Starting values of the kernel, shape (inputs, units).
        recurrent_initializer: Starting values of the recurrent kernel, shape (units, units).
        bias_initializer: Starting values of the bias, shape (units,).
        kernel_regularizer: Penalty on the kernel.
        recurrent_regularizer: Penalty on the recurrent kernel.
        bias_regularizer: Penalty on the bias.
        activity_regularizer: Penalty on the output.
        dropout: Part of the inputs' features that is dropped, for all steps of a sample alike.
        recurrent_dropout: Part of the state that is dropped where it enters the next step.
        return_sequences: Whether the output is the state after every step, or after the last.
        return_state: Whether the last state is returned beside the output.
        go_backwards: Whether to begin with the last step.
        stateful: Whether sample i of a batch goes on from the state that sample i of the batch
            before left, until `reset_states`; otherwise every batch starts from zeros.
        **arguments: As `Recurrent`.

    """

    def __init__(  # noqa: PLR0913, PLR0917  the documented signature
        self,
        units: int,
        activation: object = "tanh",
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
        **arguments: Unpack[RecurrentArguments],
    ) -> None:
        super().__init__(**arguments)
        constructor.keep(self, locals())

    def step(self, x: Tensor, states: list[Tensor], used: Tensor) -> list[Tensor]:  # noqa: ARG002
        """Return the state after a step."""
        return [self.activation(x + used @ self.recurrent_kernel)]
