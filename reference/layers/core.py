"""Layers with one input."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

import numpy as np

from fitspec.reference import activations
from fitspec.reference.api.whole_numbers import whole_number
from fitspec.reference.config import configuration
from fitspec.reference.network import constructor
from fitspec.reference.network.keras_layers import one_or_list, with_samples
from fitspec.reference.network.layer import Layer
from fitspec.reference.tensor import array_library, autodiff, operations, random
from fitspec.reference.tensor.autodiff import Tensor

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from fitspec.reference.tensor.array_library import Array, Shape


class CommonArguments(TypedDict, total=False):
    """The keyword arguments that every layer passes on to `Layer`."""

    name: str | None
    trainable: bool
    input_shape: Shape | None
    batch_input_shape: Shape | None
    batch_size: int | None
    dtype: object
    weights: Sequence[Array] | None


class LayerArguments(CommonArguments, total=False):
    """Those of layers that have no `input_dim` of their own."""

    input_dim: int | None


class Dense(Layer):
    """Computes `activation(x @ kernel + bias)` on the last axis.

    Args:
        units: Length of the output's last axis.
        activation: Name, function or None.
        use_bias: Whether to add a bias.
        kernel_initializer: Starting values of the kernel, shape (inputs, units).
        bias_initializer: Starting values of the bias, shape (units,).
        kernel_regularizer: Penalty on the kernel.
        bias_regularizer: Penalty on the bias.
        activity_regularizer: Penalty on the output.
        **arguments: As `Layer`.

    """

    supports_masking = True
    activation: activations.Activation
    use_bias: bool

    def __init__(  # noqa: PLR0913, PLR0917 - the documented signature
        self,
        units: int,
        activation: object = None,
        use_bias: bool = True,
        kernel_initializer: object = "glorot_uniform",
        bias_initializer: object = "zeros",
        kernel_regularizer: object = None,
        bias_regularizer: object = None,
        activity_regularizer: object = None,
        **arguments: Unpack[LayerArguments],
    ) -> None:
        super().__init__(**arguments)
        constructor.keep(self, locals())
        self.units = whole_number(units, "units", 1)

    def build(self, shapes: list[Shape]) -> None:
        """Make the kernel, and the bias if there is one."""
        if not shapes[0] or shapes[0][-1] is None:
            raise ValueError(f"layer {self.name!r} needs a last axis of known length: {shapes[0]}")
        self.kernel = constructor.weight(self, "kernel", (shapes[0][-1], self.units))
        if self.use_bias:
            self.bias = constructor.weight(self, "bias", (self.units,))

    def call(self, inputs: list[Tensor], *, training: bool) -> Tensor:  # noqa: ARG002 - as Layer
        """Compute the output."""
        product = inputs[0] @ self.kernel
        return self.activation(product + self.bias if self.use_bias else product)

    def shape_of_output(self, shapes: list[Shape]) -> Shape:
        """Return the input's shape with a last axis of `units`."""
        return (*shapes[0][:-1], self.units)


class Activation(Layer):
    """Applies a function element by element, or softmax."""

    supports_masking = True

    def __init__(self, activation: object, **arguments: Unpack[LayerArguments]) -> None:
        super().__init__(**arguments)
        self.activation = activations.resolve(activation)

    def call(self, inputs: list[Tensor], *, training: bool) -> Tensor:  # noqa: ARG002 - as Layer
        """Compute the output."""
        return self.activation(inputs[0])


class Dropout(Layer):
    """Sets a random part of the elements to 0 while training, and scales up the others.

    Args:
        rate: Probability, in [0, 1), that an element is set to 0.
        **arguments: As `Layer`.

    """

    supports_masking = True

    def __init__(self, rate: float, **arguments: Unpack[LayerArguments]) -> None:
        random.check_rate("rate", rate)
        super().__init__(**arguments)
        self.rate = rate

    def call(self, inputs: list[Tensor], *, training: bool) -> Tensor:
        """Compute the output."""
        (x,) = inputs
        if not training or self.rate == 0:
            return x
        factors: Array = random.dropout(x.data, self.rate)
        return x * factors


class Lambda(Layer):
    """Applies a function of one's own to the whole batch.

    Args:
        function: Takes the batch and returns another, both tensors; of several inputs, a list.
        output_shape: Shape of one sample of the output, or a function that returns the shape of a
            batch of the output, given that of the input. When left out, `function` is tried with
            zeros.
        mask: The output's mask, or a function that returns it, given the input and its mask.
        arguments: Keyword arguments for `function`.
        **layer_arguments: As `Layer`.

    """

    supports_masking = True

    def __init__(
        self,
        function: Callable[..., Tensor],
        output_shape: Shape | Callable[[Any], Any] | None = None,
        mask: Any = None,
        arguments: Mapping[str, Any] | None = None,
        **layer_arguments: Unpack[LayerArguments],
    ) -> None:
        super().__init__(**layer_arguments)
        if not callable(function):
            raise TypeError(
                f"function must be a function, not {function!r}; one that was saved by its name is "
                "given as custom_objects={name: function}"
            )
        self.function = function
        self._output_shape = output_shape
        self.mask = mask
        self.arguments = dict(arguments or {})

    def call(self, inputs: list[Tensor], *, training: bool) -> Tensor:  # noqa: ARG002 - as Layer
        """Compute the output."""
        return self.function(one_or_list(inputs), **self.arguments)

    def get_config(self) -> dict[str, Any]:
        """Return what to make another layer like this with; functions are saved by their names."""
        shape = configuration.encode(self._output_shape)
        return {**super().get_config(), "output_shape": shape}

    def pass_mask(self, inputs: list[Tensor], output: Tensor) -> Tensor:
        """Return the output with the mask that was asked for; without one otherwise."""
        alone = operations.same(output)
        given = one_or_list(inputs), one_or_list([x.mask for x in inputs])
        alone.mask = self.mask(*given) if callable(self.mask) else self.mask
        return alone

    def shape_of_output(self, shapes: list[Shape]) -> Shape:
        """Return the shape of one sample, as it was given or as `function` makes it of zeros."""
        if callable(self._output_shape):
            return tuple(self._output_shape(with_samples(shapes)))[1:]
        if self._output_shape is not None:
            return tuple(self._output_shape)
        # Lengths that follow from unknown ones differ between the two.
        first, second = (self._tried(shapes, unknown) for unknown in (2, 3))
        return tuple(a if a == b else None for a, b in zip(first, second, strict=True))

    def _tried(self, shapes: list[Shape], unknown: int) -> tuple[int, ...]:
        zeros = array_library.library(self.device).zeros
        lengths = [[unknown if n is None else n for n in shape] for shape in shapes]
        with autodiff.paused():
            tried = [Tensor(zeros((2, *each), array_library.FLOAT)) for each in lengths]
            return self.call(tried, training=False).shape[1:]


class Flatten(Layer):
    """Lays every sample out along one axis.

    Args:
        data_format: "channels_last", or "channels_first" to bring samples into the order of
            "channels_last" before.
        **arguments: As `Layer`.

    """

    def __init__(self, data_format: str | None = None, **arguments: Unpack[LayerArguments]) -> None:
        super().__init__(**arguments)
        self.data_format = data_format or "channels_last"

    def call(self, inputs: list[Tensor], *, training: bool) -> Tensor:  # noqa: ARG002 - as Layer
        """Compute the output."""
        (x,) = inputs
        if self.data_format == "channels_first" and x.ndim > 1:
            x = operations.transpose(x, (0, *range(2, x.ndim), 1))
        return x.reshape(len(x), math.prod(x.shape[1:]))

    def shape_of_output(self, shapes: list[Shape]) -> Shape:
        """Return the number of elements of a sample, if it is known."""
        lengths = [length for length in shapes[0] if length is not None]
        return (math.prod(lengths) if len(lengths) == len(shapes[0]) else None,)


class Reshape(Layer):
    """Lays the elements of every sample out in another shape.

    Args:
        target_shape: That shape; -1 for one length that follows from the others.
        **arguments: As `Layer`.

    """

    def __init__(self, target_shape: tuple[int, ...], **arguments: Unpack[LayerArguments]) -> None:
        super().__init__(**arguments)
        self.target_shape = tuple(target_shape)

    def call(self, inputs: list[Tensor], *, training: bool) -> Tensor:  # noqa: ARG002 - as Layer
        """Compute the output."""
        return inputs[0].reshape(len(inputs[0]), *self.target_shape)

    def shape_of_output(self, shapes: list[Shape]) -> Shape:
        """Return the target shape.

        Raises:
            ValueError: A sample has another number of elements.

        """
        lengths = [length for length in shapes[0] if length is not None]
        if len(lengths) < len(shapes[0]):
            return tuple(None if length == -1 else length for length in self.target_shape)
        try:
            return np.broadcast_to(0, lengths).reshape(self.target_shape).shape
        except ValueError as error:
            raise ValueError(
                f"target_shape: {self.target_shape} has not as many elements as {shapes[0]}"
            ) from error


class Permute(Layer):
    """Puts the axes of every sample in another order.

    Args:
        dims: For every axis of the output the number of that of the input, counted from 1.
        **arguments: As `Layer`.

    """

    def __init__(self, dims: tuple[int, ...], **arguments: Unpack[LayerArguments]) -> None:
        super().__init__(**arguments)
        self.dims = tuple(dims)
        if sorted(self.dims) != list(range(1, len(self.dims) + 1)):
            raise ValueError(f"dims must hold each number from 1 to that of the axes: {dims!r}")

    def call(self, inputs: list[Tensor], *, training: bool) -> Tensor:  # noqa: ARG002 - as Layer
        """Compute the output."""
        return operations.transpose(inputs[0], (0, *self.dims))

    def shape_of_output(self, shapes: list[Shape]) -> Shape:
        """Return the lengths in their new order."""
        return tuple(shapes[0][axis - 1] for axis in self.dims)


class RepeatVector(Layer):
    """Makes a sequence of equal steps of every sample.

    Args:
        n: Number of steps.
        **arguments: As `Layer`.

    """

    def __init__(self, n: int, **arguments: Unpack[LayerArguments]) -> None:
        super().__init__(**arguments)
        self.n = whole_number(n, "n", 1)

    def call(self, inputs: list[Tensor], *, training: bool) -> Tensor:  # noqa: ARG002 - as Layer
        """Compute the output."""
        return operations.stack(inputs * self.n, axis=1)

    def shape_of_output(self, shapes: list[Shape]) -> Shape:
        """Return (steps, inputs)."""
        return (self.n, *shapes[0])
