"""What every optimizer is: a step for each weight, made of its gradient and what is remembered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, TypedDict

import numpy as np

from fitspec.reference.config import lookup, settings
from fitspec.reference.config.configuration import Configurable
from fitspec.reference.tensor import array_library

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fitspec.reference.tensor.array_library import Array
    from fitspec.reference.tensor.variable import Variable

NAMES: dict[str, type[Optimizer]] = {}
"""Every name, as the class is called and in lower case, with the class it stands for."""


class OptimizerArguments(TypedDict, total=False):
    """The keyword arguments that every optimizer passes on to `Optimizer`."""

    lr: float | None
    decay: float
    clipnorm: float | None
    clipvalue: float | None


class Optimizer(Configurable):
    """Base of all optimizers; one of one's own overrides `step`.

    Args:
        learning_rate: Factor on every step.
        lr: The older spelling of `learning_rate`.
        decay: Update k, counted from 0, has the rate `learning_rate / (1 + decay * k)`.
        clipnorm: Largest Euclidean norm of all gradients together; larger ones are scaled down.
        clipvalue: Largest absolute value of an element of a gradient; larger ones are cut off.

    """

    def __init_subclass__(cls, *, named: bool = False, **arguments: Any) -> None:
        """Enter a class by its name if it says so; it may be recorded, then."""
        super().__init_subclass__(repeats=named, **arguments)
        if named:
            NAMES.update(dict.fromkeys((cls.__name__, cls.__name__.lower()), cls))

    slots: int = 0
    """How many arrays `step` remembers for every weight."""

    not_saved = frozenset({"lr"})
    learning_rate = settings.Settable()
    lr = settings.Settable("learning_rate")
    """The older spelling of `learning_rate`."""

    numbers: ClassVar[tuple[str, ...]] = ("iterations",)
    """The attributes that change with every update."""

    def __init__(
        self,
        learning_rate: float,
        lr: float | None = None,
        *,
        decay: float = 0.0,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
    ) -> None:
        self.learning_rate = learning_rate if lr is None else lr
        self.decay = decay
        self.clipnorm = clipnorm
        self.clipvalue = clipvalue
        self.iterations = 0
        self.factor: Any = 0.0
        self._memory: dict[Variable, list[Array]] = {}

    @property
    def rate(self) -> float:
        """The learning rate of the update that was begun last, with its decay."""
        # Not by the attribute, which makes a `Setting` of it every time.
        rate: float = vars(self)["learning_rate"]
        return rate / (1 + self.decay * (self.iterations - 1))

    def apply(self, variables: Sequence[Variable], gradients: Sequence[Array]) -> None:
        """Make one update of all `variables`."""
        self.begin_update()
        for variable, gradient in zip(variables, self.clipped(gradients), strict=True):
            self.change(variable, gradient, self.memory_of(variable))

    def begin_update(self) -> None:
        """Count an update, and settle the factors of its steps."""
        self.iterations += 1
        self.factor = self.next_factor()

    def clipped(self, gradients: Sequence[Array]) -> Sequence[Array]:
        """Return gradients within their limits (`compile.optimizer.instance-limits`)."""
        if self.clipnorm and gradients:
            squares: Any = sum((gradient**2).sum() for gradient in gradients)
            library = array_library.namespace(squares)
            # A norm that is small enough gives exactly 1.
            scale = self.clipnorm / library.clip(library.sqrt(squares), self.clipnorm, None)
            gradients = [gradient * scale for gradient in gradients]
        if self.clipvalue:
            low, high = -self.clipvalue, self.clipvalue
            gradients = [array_library.namespace(one).clip(one, low, high) for one in gradients]
        return gradients

    def change(self, variable: Variable, gradient: Array, memory: Sequence[Array]) -> None:
        """Move one weight, and bring the arrays in its memory up to date."""
        remembered = list(memory)
        moved = variable.data + self.step(gradient, remembered)
        variable.assign(moved.astype(variable.data.dtype, copy=False))
        for array, new in zip(memory, remembered, strict=True):
            if new is not array:
                array[...] = new

    def memory_of(self, variable: Variable) -> list[Array]:
        """Return the arrays that are remembered for a weight: zeros at first."""
        if variable not in self._memory:
            zeros = array_library.namespace(variable.data).zeros_like
            self._memory[variable] = [zeros(variable.data) for _ in range(self.slots)]
        return self._memory[variable]

    def next_factor(self) -> Any:
        """Return what the steps of the coming update are multiplied by: a number, or several."""
        return -self.rate

    def step(self, gradient: Array, memory: list[Array]) -> Array:
        """Return what to add to a weight, and bring its `memory` up to date.

        It may use nothing but array operations, constants, and `factor`.
        """
        raise NotImplementedError(f"{type(self).__name__} does not define step")

    def get_config(self) -> dict[str, Any]:
        """Return what to make another optimizer like this with, for JSON."""
        # Keras makes a limit of None.
        optional = ("clipnorm", "clipvalue")
        config = super().get_config()
        return {name: value for name, value in config.items() if value or name not in optional}

    def get_weights(self) -> list[Array]:
        """Return the state: the numbers, then all that is remembered, slot by slot."""
        numbers: list[Array] = [np.asarray(getattr(self, name)) for name in self.numbers]
        return numbers + [array_library.to_host(array) for array in self._arrays()]

    def set_weights(self, weights: Sequence[Array]) -> None:
        """Take over a state.

        Args:
            weights: As `get_weights` of an optimizer of the same class returns them. What this one
                is to remember must be known: by an update, or by `memory_of` for every weight.

        Raises:
            ValueError: Their number or a shape differs, or something is no number; nothing is
                changed then.

        """
        count, arrays = len(self.numbers), self._arrays()
        given = [array_library.numbers(one, "weights") for one in weights]
        if [a.size for a in given[:count]] != [1] * count or [a.shape for a in arrays] != [
            a.shape for a in given[count:]
        ]:
            raise ValueError(
                f"weights: the state of the optimizer has {len(self.numbers)} numbers and arrays "
                f"of shapes {[array.shape for array in arrays]}, got shapes "
                f"{[np.shape(one) for one in weights]}"
            )
        for name, number in zip(self.numbers, weights[:count], strict=True):
            setattr(self, name, np.asarray(number).item())
        for array, new in zip(arrays, given[count:], strict=True):
            array[...] = array_library.namespace(array).asarray(new)

    def _arrays(self) -> list[Array]:
        return [memory[slot] for slot in range(self.slots) for memory in self._memory.values()]


def resolve(identifier: object) -> Optimizer:
    """Find an optimizer.

    Args:
        identifier: A name in any case, what was saved of an optimizer, or an `Optimizer`, which is
            used as it is.

    Raises:
        ValueError: It is none of these (`compile.optimizer.unknown-ValueError`).

    """
    if isinstance(identifier, str):
        identifier = identifier.lower()  # compile.optimizer.string-name
    # compile.optimizer.instance: it is found as it is
    found: Optimizer = lookup.find("optimizer", identifier, NAMES, instance_of=Optimizer)
    return found
