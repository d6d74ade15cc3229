"""Functions of one's own as layers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack

from fitspec.reference.config import configuration
from fitspec.reference.network.keras_layers import one_or_list, with_samples
from fitspec.reference.network.layer import Layer
from fitspec.reference.tensor import array_library, autodiff, operations
from fitspec.reference.tensor.autodiff import Tensor

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fitspec.reference.network.constructor import LayerArguments
    from fitspec.reference.tensor.array_library import Shape

__all__ = ["Lambda"]


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
