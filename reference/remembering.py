"""The steps of an `LSTM` as one differentiable operation.

As many operations of few elements each, most of their time would go into what surrounds them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitspec.reference import _array
from fitspec.reference.autodiff import Tensor, computed, gradients

if TYPE_CHECKING:
    from collections.abc import Callable

    from fitspec.reference._array import Array
    from fitspec.reference.activations import Activation

    Functions = tuple[Activation, Activation]


def memories(  # noqa: PLR0913, PLR0917  what describes the steps
    x: Tensor,
    kernel: Tensor,
    states: list[Tensor],
    counting: Array | None,
    dropped: Array | None,
    functions: Functions,
) -> Tensor:
    """Go through the steps of an `LSTM`.

    Args:
        x: What a step gets from the inputs for i, f, g and o: shape (steps, samples, 4 * units).
        kernel: What it is to be added to is h times this, shape (units, 4 * units).
        states: h and c to begin with.
        counting: Whether a step counts, shape (steps, samples, 1); None if all do.
        dropped: What h is multiplied by where it enters the next step, if it is.
        functions: The activation, and that of the gates.

    Returns:
        h and c after every step, shape (steps, 2, samples, units).

    """
    library = _array.namespace(x.data)
    h, c = (state.data for state in states)
    used = library.empty((len(x), *h.shape), h.dtype)
    result = library.empty((len(x), 2, *h.shape), h.dtype)
    pullbacks = []
    for at in range(len(x)):
        used[at] = h if dropped is None else h * dropped
        total = used[at] @ kernel.data
        total += x.data[at]
        *new, pullback = one_step(total, c, functions)
        for place, (after, before) in enumerate(zip(new, (h, c), strict=True)):
            chosen = after if counting is None else library.where(counting[at], after, before)
            result[at, place] = chosen
        h, c = result[at]
        pullbacks.append(pullback)
    known: list[Array] = []

    def back(gradient: Array) -> list[Array]:
        """Return the gradients with respect to x, kernel, h and c, which one walk finds."""
        if known and known[0] is gradient:
            return known
        of_x = library.empty_like(x.data)
        arriving = library.zeros_like(gradient[0])
        for at in reversed(range(len(x))):
            arriving = arriving + gradient[at]
            stays = None if counting is None else library.where(counting[at], 0, arriving)
            of_x[at], of_c = pullbacks[at](*(arriving if stays is None else arriving - stays))
            of_h = of_x[at] @ kernel.data.T
            arriving[0] = of_h if dropped is None else of_h * dropped
            arriving[1] = of_c
            if stays is not None:
                arriving += stays
        rows = used.reshape(-1, used.shape[-1])
        of_kernel = rows.T @ of_x.reshape(-1, of_x.shape[-1])
        known[:] = gradient, of_x, of_kernel, *arriving
        return known

    def link(tensor: Tensor, place: int) -> tuple[Tensor, Callable[[Array], Array]]:
        return tensor, lambda gradient: back(gradient)[place]

    return computed(result, link(x, 1), link(kernel, 2), link(states[0], 3), link(states[1], 4))


def one_step(
    total: Array, before: Array, functions: Functions
) -> tuple[Array, Array, Callable[[Array, Array], tuple[Array, Array]]]:
    """Return h and c after a step, and what turns gradients into those of total and c before."""
    length = before.shape[1]
    at_i, at_f, at_g, at_o = (slice(n * length, (n + 1) * length) for n in range(4))
    activation, recurrent_activation = functions
    gates, through_gates = apart(recurrent_activation, total)
    g, through_g = apart(activation, total[:, at_g])
    i, f, o = gates[:, at_i], gates[:, at_f], gates[:, at_o]
    c = f * before + i * g
    squashed, through_c = apart(activation, c)

    def pullback(of_h: Array, of_c: Array) -> tuple[Array, Array]:
        of_c = of_c + through_c(of_h * o)
        whole = gates.copy()
        whole[:, at_i] = of_c * g
        whole[:, at_f] = of_c * before
        whole[:, at_o] = of_h * squashed
        whole = through_gates(whole)
        whole[:, at_g] = through_g(of_c * i)
        return whole, of_c * f

    return o * squashed, c, pullback


def apart(function: Activation, array: Array) -> tuple[Array, Callable[[Array], Array]]:
    """Apply a function, and return its values and what takes gradients through it."""
    given = Tensor(array, requires_gradient=True)
    result = function(given)
    if len(result.links) == 1 and result.links[0][0] is given:  # which takes no walk
        return result.data, result.links[0][1]
    return result.data, lambda arriving: gradients(result, [given], arriving)[0]
