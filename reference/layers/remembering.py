"""The steps of an `LSTM` as one differentiable operation.

As many operations of few elements each, most of their time would go into what surrounds them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.reference.tensor import array_library, more_operations
from fitspec.reference.tensor.autodiff import computed

if TYPE_CHECKING:
    from fitspec.reference.tensor.array_library import Array
    from fitspec.reference.tensor.autodiff import Tensor


def memories(
    x: Tensor, weights: list[Tensor], states: list[Tensor], *changes: Array | None, hard: bool
) -> Tensor:
    """Go through the steps of an `LSTM` with tanh as its activation.

    Args:
        x: The inputs, shape (steps, samples, inputs).
        weights: The kernel, the recurrent kernel and perhaps the bias.
        states: h and c to begin with.
        *changes: Whether a step counts, shape (steps, samples, 1), or None if all do; what h is
            multiplied by where it enters the next step, if it is.
        hard: Whether the activation of the gates is `hard_sigmoid` in place of `sigmoid`.

    Returns:
        h and c after every step, shape (steps, 2, samples, units).

    """
    walk = Walk(hard=hard)
    h, c = (state.data for state in states)
    more = (*changes, c)
    arrays = (x.data, *more, h, *(each.data for each in weights))
    result = array_library.made("lstm", walk.forward, (len(x), 2, *h.shape), *arrays)
    tensors = [*weights, *states, *([x] if x.requires_gradient else [])]
    links = more_operations.jointly("lstm_gradient", walk.back, tensors, result, *more)
    return computed(result, *links)


class Walk:
    """The steps of one batch, and what of them is needed on the way back.

    The parts of a step are in the order o, i, f, g: the gates first, and o apart from what changes
    c. As `sigmoid(x) = (1 + tanh(x / 2)) / 2`, all four are one tanh.

    Args:
        hard: Whether the activation of the gates is `hard_sigmoid`.

    Attributes:
        fed: Inputs, h and a 1 for the bias of every step, (steps, samples, inputs + units + 1).
        matrix: What they are multiplied by for each part, (4, inputs + units + 1, units).
        parts: o, i, f and g of every step, (steps, 4, samples, units).
        squashed: The tanh of c after every step, (steps, samples, units).
        recurrent: Where h is among what is fed.

    """

    ORDER = (3, 0, 1, 2)
    """Where weights have what comes first, and so on."""

    def __init__(self, *, hard: bool) -> None:
        self.hard = hard

    def forward(self, into: Array, x: Array, *more: Any) -> None:
        """Compute h and c after every step."""
        library = array_library.namespace(into)
        counting, dropped, c, h, *weights = more
        steps, samples, inputs = x.shape
        units = h.shape[-1]
        rows = library.concatenate([each.reshape(-1, 4, units) for each in weights])
        self.matrix = library.stack([rows[:, at] for at in self.ORDER])
        scaled = self.matrix.copy()
        scaled[:3] *= 0.2 if self.hard else 0.5
        self.fed = library.empty((steps, samples, len(rows)), x.dtype)
        self.recurrent = slice(inputs, inputs + units)
        self.fed[..., :inputs] = x
        self.fed[..., inputs + units :] = 1
        self.parts = library.empty((steps, 4, samples, units), x.dtype)
        self.squashed = library.empty((steps, samples, units), x.dtype)
        let_in = library.empty_like(c)
        before = library.stack([h, c])
        for at in range(steps):
            fed, parts, squashed, after = self.fed[at], self.parts[at], self.squashed[at], into[at]
            fed[:, self.recurrent] = before[0] if dropped is None else before[0] * dropped
            library.matmul(fed, scaled, out=parts)
            gates, memory = parts[:3], after[1]
            if self.hard:
                gates += 0.5
                library.clip(gates, 0, 1, out=gates)
                parts[3] = library.tanh(parts[3])
            else:
                library.tanh(parts, out=parts)
                gates += 1
                gates *= 0.5
            library.multiply(parts[2], before[1], out=memory)
            library.multiply(parts[1], parts[3], out=let_in)
            memory += let_in
            library.tanh(memory, out=squashed)
            library.multiply(parts[0], squashed, out=after[0])
            if counting is not None:
                after[...] = library.where(counting[at], after, before)
            before = after

    def back(self, into: Array, gradient: Array, result: Array, *more: Any) -> None:
        """Compute the gradients of weights, states and inputs, one after the other."""
        library = array_library.namespace(into)
        counting, dropped, c = more
        steps, samples, units = self.squashed.shape
        inputs, height = self.recurrent.start, self.fed.shape[-1]
        states, rest = 4 * height * units, 4 * height * units + 2 * c.size
        o, i, f, g = (self.parts[:, at] for at in range(4))
        before = library.concatenate([c[None], result[:-1, 1]])
        # What o changes by for h, and i, f, g for c; of all steps at once.
        slopes = self.parts * (1 - self.parts)
        if self.hard:
            slopes[...] = 0.2 * (slopes > 0)
        slopes[:, 3] = 1 - g * g
        for at, other in enumerate((self.squashed, g, before, i)):
            slopes[:, at] *= other
        through = o * (1 - self.squashed * self.squashed)
        totals = library.empty_like(self.parts)
        inward = self.matrix[:, self.recurrent].transpose(0, 2, 1).copy()
        summands = library.empty_like(totals[0])
        arriving = into[states:rest].reshape(2, samples, units)
        arriving[...] = 0
        of_h, of_c = arriving
        for at in reversed(range(steps)):
            arriving += gradient[at]
            if counting is not None:
                stays = library.where(counting[at], 0, arriving)
                arriving -= stays
            of_c += of_h * through[at]
            total, slope = totals[at], slopes[at]
            library.multiply(of_h, slope[0], out=total[0])
            library.multiply(of_c, slope[1:], out=total[1:])
            library.matmul(total, inward, out=summands)
            summands.sum(axis=0, out=of_h)
            if dropped is not None:
                of_h *= dropped
            of_c *= f[at]
            if counting is not None:
                arriving += stays
        rows = totals.transpose(1, 0, 2, 3).reshape(4, -1, units)
        of_parts = self.fed.reshape(-1, height).T @ rows
        of_weights = into[:states].reshape(height, 4, units)
        for at, place in enumerate(self.ORDER):
            of_weights[:, place] = of_parts[at]
        if rest < into.size:
            of_x = rows @ self.matrix[:, :inputs].transpose(0, 2, 1)
            into[rest:] = of_x.sum(axis=0).reshape(-1)
