"""Doing again, as a list of array operations, what the model did with a batch like this one.

The first batch of a kind is computed as the definitions say; the second is recorded while it is;
from the third on the record is gone through. Numbers are the same, to the bit, either way.
"""

from __future__ import annotations

import operator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference.compute.cuda.graphs import Captured
from fitspec.reference.compute.instruction import Instruction
from fitspec.reference.compute.recorded import (
    functions,  # noqa: F401 - what is recorded needs them
    simplify,
)
from fitspec.reference.compute.recorded.recorder import InstructionRecorder
from fitspec.reference.config.configuration import argument_names
from fitspec.reference.data import random_source
from fitspec.reference.tensor import array_library
from fitspec.reference.tensor.array_library import FLOAT
from fitspec.reference.tensor.variable import standing_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from fitspec.reference.compute.cuda.graphs import Call
    from fitspec.reference.data.batches import Batch
    from fitspec.reference.optimizers import Optimizer
    from fitspec.reference.tensor.array_library import Array
    from fitspec.reference.tensor.variable import Variable

_HERE = np.empty(0)
#: Marks in a record: here results are read; from here on the optimizer computes.
READ, CHANGE = "read", "change"
#: Settings of optimizers that go into the factor, which is computed for every update.
_IN_FACTOR = frozenset({"learning_rate", "lr", "decay"})


class StepRecording:
    """A step of a model while it is recorded.

    Args:
        batch: The first that goes through it.
        variables: All weights of the model.

    Attributes:
        inputs: The arrays that batches are put into, in the order of `arrays_of`.
        factor: Takes the optimizer's factor; None before an update.

    """

    def __init__(self, batch: Batch, variables: Sequence[Variable]) -> None:
        self._library = array_library.namespace(batch.inputs[0])
        self._recorder = InstructionRecorder(self._library)
        self._variables = variables
        self._given = batch
        self.inputs = [self._library.array(each) for each in arrays_of(batch)]
        self._lasting = [*self.inputs, *(variable.data for variable in variables), _HERE]
        self.factor: Array | None = None
        self._optimizer: Optimizer | None = None
        self._random = random_source.generator().bit_generator.state

    def forward(self, compute: Callable[[Batch], Any]) -> Any:
        """Compute, with a recorded batch, what is read before anything changes."""
        fed = iter(self.inputs)

        def watched(arrays: Sequence[Array | None]) -> list[Any]:
            return [None if each is None else self._recorder.wrap(next(fed)) for each in arrays]

        batch = replace(
            self._given,
            inputs=watched(self._given.inputs),
            targets=watched(self._given.targets),
            weights=watched(self._given.weights),
        )
        result = self._with_watched_weights(lambda: compute(batch))
        self._mark(READ)
        return result

    def gradients(self, compute: Callable[[], list[Any]]) -> list[Any]:
        """Compute gradients, as recorded arrays."""
        found: list[Any] = self._with_watched_weights(compute)
        return found

    def update(
        self, optimizer: Optimizer, trained: Sequence[Variable], gradients: Sequence[Any]
    ) -> None:
        """Have an optimizer change the weights."""
        self._mark(CHANGE)
        self._optimizer = optimizer
        optimizer.begin_update()
        given = optimizer.factor
        self.factor = self._library.asarray(given, FLOAT)
        self._lasting.append(self.factor)
        optimizer.factor = self._recorder.wrap(self.factor)

        def change() -> None:
            for variable, gradient in zip(trained, optimizer.clipped(gradients), strict=True):
                memory = optimizer.memory_of(variable)
                self._lasting.extend(memory)
                watched: list[Any] = [self._recorder.wrap(one) for one in memory]
                optimizer.change(variable, gradient, watched)

        try:
            self._with_watched_weights(change)
        finally:
            optimizer.factor = given

    def undo(self) -> None:
        """Leave everything as it was before."""
        self._recorder.undo()
        random_source.generator().bit_generator.state = self._random

    def plan(self, results: Sequence[Array]) -> RecordedStep:
        """Return what does the same for other batches of the same shapes.

        Args:
            results: What is read after the forward part.

        """
        instructions = simplify.shared(self.instructions(results), self._lasting, results)
        middle = [one.name for one in instructions].index(READ)
        after = [one for one in instructions[middle + 1 :] if one.name != CHANGE]
        before = self._calls(instructions[:middle])
        return RecordedStep(self.inputs, before, self._calls(after), self.factor, self._optimizer)

    def _calls(self, instructions: list[Instruction]) -> Iterable[Call]:
        if self._library is not np:
            return Captured(instructions, self._library)
        return [(one.function, one.arguments) for one in instructions]

    def instructions(self, results: Sequence[Array]) -> list[Instruction]:
        """Return what a plan does, with an array of its own for every result."""
        return simplify.made_of(self._recorder.instructions, self._lasting, results)

    def _mark(self, name: str) -> None:
        self._recorder.instructions.append(Instruction(name, _nothing, (_HERE,), 0))

    def _with_watched_weights(self, compute: Callable[[], Any]) -> Any:
        watched = {variable: self._recorder.wrap(variable.data) for variable in self._variables}
        with standing_for(watched):
            return compute()


class RecordedStep:
    """A recorded step.

    Args:
        inputs: Arrays that a batch is put into.
        forward: What is called until results are read.
        update: What is called then.
        factor: Takes the optimizer's factor; None if nothing is updated.
        optimizer: Makes the update; its settings are part of the instructions.

    """

    def __init__(
        self,
        inputs: list[Array],
        forward: Iterable[Call],
        update: Iterable[Call],
        factor: Array | None,
        optimizer: Optimizer | None,
    ) -> None:
        self._inputs = inputs
        self._factor = factor
        self._library = np if factor is None else array_library.namespace(factor)
        self._forward = forward
        self._update = update
        self._optimizer = optimizer
        names = argument_names(type(optimizer)) - _IN_FACTOR if optimizer is not None else ()
        self._read = operator.attrgetter(*sorted(names)) if names else None
        self._settings = None if self._read is None else self._read(optimizer)

    def is_current(self) -> bool:
        """Whether the optimizer's settings are still those that the instructions are for."""
        return self._read is None or self._read(self._optimizer) == self._settings

    def forward(self, batch: Batch) -> None:
        """Compute the results for a batch of the same shapes."""
        for buffer, array in zip(self._inputs, arrays_of(batch), strict=True):
            buffer[...] = array
        for function, arguments in self._forward:
            function(*arguments)

    def update(self, optimizer: Optimizer) -> None:
        """Make the update that belongs to the results."""
        optimizer.begin_update()
        if self._factor is not None:
            factor = optimizer.factor
            several = isinstance(factor, tuple)
            self._factor[...] = self._library.asarray(factor) if several else factor
        for function, arguments in self._update:
            function(*arguments)


def arrays_of(batch: Batch) -> list[Array]:
    """Return the arrays of a batch, in an order of their own."""
    every = (*batch.inputs, *batch.targets, *batch.weights)
    return [each for each in every if each is not None]


def kind_of(batch: Batch) -> tuple[Any, ...]:
    """Return what batches have in common that a step can be done again for."""
    return tuple(
        None if each is None else (each.shape, each.dtype.char)
        for arrays in (batch.inputs, batch.targets, batch.weights)
        for each in arrays
    )


def _nothing(_: Array) -> None:
    pass
