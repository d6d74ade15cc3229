"""Layers around another layer."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, Unpack

from fitspec.reference import regularizers
from fitspec.reference.layers.combining import Add, Average, Multiply
from fitspec.reference.layers.merging import Concatenate
from fitspec.reference.network.layer import Layer

if TYPE_CHECKING:
    from fitspec.reference.layers.recurrent import Recurrent
    from fitspec.reference.network.constructor import LayerArguments
    from fitspec.reference.tensor.array_library import Shape
    from fitspec.reference.tensor.autodiff import Tensor
    from fitspec.reference.tensor.variable import Variable

__all__ = ["Bidirectional", "TimeDistributed"]


class Wrapper(Layer):
    """Base of layers whose weights are those of other layers."""

    supports_masking = True

    @property
    def wrapped(self) -> list[Layer]:
        """The layers inside."""
        raise NotImplementedError

    @property
    def variables(self) -> list[Variable]:
        """Every weight of the layers inside."""
        return [weight for layer in self.wrapped for weight in layer.variables]

    @property
    def weights(self) -> list[Variable]:
        """Every weight, in the order of files: of a model inside, what it trains comes first."""
        return [weight for layer in self.wrapped for weight in layer.weights]

    @property
    def trainable_variables(self) -> list[Variable]:
        """Those that training changes."""
        if not self.trainable:
            return []
        return [weight for layer in self.wrapped for weight in layer.trainable_variables]

    @property
    def frozen_layers(self) -> list[Layer]:
        """What is frozen here: the whole, if it or what it is around is, or parts of that."""
        if not all(layer.trainable for layer in (self, *self.wrapped)):
            return [self]
        return [frozen for layer in self.wrapped for frozen in layer.frozen_layers]

    def forget_shape(self) -> None:
        """Drop the weights."""
        super().forget_shape()
        for layer in self.wrapped:
            layer.forget_shape()

    def reset_states(self) -> None:
        """Let the layers inside start anew."""
        for layer in self.wrapped:
            layer.reset_states()


class TimeDistributed(Wrapper):
    """Applies a layer to every step of a sequence alike.

    Args:
        layer: That layer.
        **arguments: As `Layer`.

    """

    def __init__(self, layer: Layer, **arguments: Unpack[LayerArguments]) -> None:
        super().__init__(**arguments)
        self.layer = layer

    @property
    def wrapped(self) -> list[Layer]:
        """The layer inside."""
        return [self.layer]

    def build(self, shapes: list[Shape]) -> None:
        """Make the weights of the layer inside."""
        if not shapes[0]:
            raise ValueError(f"layer {self.name!r} needs samples that are sequences")
        self.layer.build_once([shapes[0][1:]])

    def run(self, inputs: list[Tensor], *, training: bool) -> list[Tensor]:
        """Apply the layer to all steps of all samples as one batch."""
        (x,) = inputs
        samples, steps, *rest = x.shape
        flat = x.reshape(samples * steps, *rest)
        if x.mask is not None and x.mask.ndim > 2:
            flat.mask = x.mask.reshape(samples * steps, *x.mask.shape[2:])
        (found,) = self.layer.run([flat], training=training)
        regularizers.penalize(self.layer.activity_regularizer, found)
        output = found.reshape(samples, steps, *found.shape[1:])
        if found.mask is not None:
            output.mask = found.mask.reshape(samples, steps, *found.mask.shape[1:])
        elif x.mask is not None:
            output.mask = x.mask.reshape(samples, steps, -1).max(axis=-1)
        return [output]

    def shape_of_output(self, shapes: list[Shape]) -> Shape:
        """Return the steps, and the shape that the layer inside makes of one."""
        return (shapes[0][0], *self.layer.shapes_of_outputs([shapes[0][1:]])[0])


_MERGES = {"sum": Add, "mul": Multiply, "ave": Average, "concat": Concatenate}


class Bidirectional(Wrapper):
    """Has a recurrent layer, and a copy of it that begins with the last step.

    Args:
        layer: The recurrent layer; what is used are two copies of it.
        merge_mode: What is done with the two outputs: "sum", "mul", "ave" or "concat"; None for a
            list of both.
        **arguments: As `Layer`.

    """

    def __init__(
        self,
        layer: Recurrent,
        merge_mode: str | None = "concat",
        **arguments: Unpack[LayerArguments],
    ) -> None:
        if merge_mode is not None and merge_mode not in _MERGES:
            raise ValueError(f"merge_mode must be None or one of {[*_MERGES]}, not {merge_mode!r}")
        arguments.setdefault("input_shape", layer.given_shape)
        super().__init__(**arguments)
        self.layer = layer
        self.merge_mode = merge_mode
        self._merging = _MERGES[merge_mode or "concat"](name="merged")
        self.forward_layer = self._copied("forward", backwards=layer.go_backwards)
        self.backward_layer = self._copied("backward", backwards=not layer.go_backwards)
        self.stateful = layer.stateful

    def _copied(self, prefix: str, *, backwards: bool) -> Recurrent:
        made = copy.copy(self.layer)
        made.name = f"{prefix}_{self.layer.name}"
        made.go_backwards = backwards
        made.forget_shape()
        return made

    @property
    def wrapped(self) -> list[Layer]:
        """The layers inside."""
        return [self.forward_layer, self.backward_layer]

    def build(self, shapes: list[Shape]) -> None:
        """Make the weights of both layers."""
        for layer in self.wrapped:
            layer.build_once(shapes[:1])

    def __call__(
        self, inputs: Any, initial_state: Any = (), *, training: bool | None = None
    ) -> Any:
        """Join the layer to the graph that ends in `inputs`, as a recurrent layer is.

        Raises:
            ValueError: The states are not as many for one direction as for the other.

        """
        several = inputs if isinstance(inputs, (list, tuple)) else [inputs]
        states = initial_state if isinstance(initial_state, (list, tuple)) else [initial_state]
        given = len(several) - 1 + len(states)
        if given % 2:
            raise ValueError(
                f"initial_state: layer {self.name!r} needs states for both directions, got {given}"
            )
        outputs = self.connect([*several, *states], training)
        return list(outputs) if len(outputs) > 1 else outputs[0]

    def run(self, inputs: list[Tensor], *, training: bool) -> list[Tensor]:
        """Go through the steps in both directions, and merge what comes out."""
        x, *states = inputs
        half = len(states) // 2
        given = (states[:half], states[half:])
        found = [
            layer.run([x, *own], training=training)
            for layer, own in zip(self.wrapped, given, strict=True)
        ]
        (forward, *forward_states), (backward, *backward_states) = found
        if self.layer.return_sequences:
            backward, mask = backward[:, ::-1], backward.mask
            backward.mask = mask
        for output in (forward, backward):
            regularizers.penalize(self.layer.activity_regularizer, output)
        outputs = [forward, backward]
        if self.merge_mode is not None:
            merged = self._merging.call(outputs, training=training)
            merged.mask = forward.mask
            outputs = [merged]
        return [*outputs, *forward_states, *backward_states]

    def shapes_of_outputs(self, shapes: list[Shape]) -> list[Shape]:
        """Return the shapes of the output, or of both, and of the states if they are returned."""
        own, *states = self.layer.shapes_of_outputs(shapes[:1])
        if self.merge_mode is None:
            return [own, own, *states, *states]
        last = own[-1]
        if self.merge_mode == "concat" and last is not None:
            own = (*own[:-1], 2 * last)
        return [own, *states, *states]
