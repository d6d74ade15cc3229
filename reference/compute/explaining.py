"""A step of training in words: which array operations it is made of, in order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference.api import arguments
from fitspec.reference.compute.engine import RecordedEngine
from fitspec.reference.compute.recorded.allowed import is_replayable
from fitspec.reference.compute.recorded.simplify import Buffers
from fitspec.reference.compute.recorded.step import CHANGE, READ, StepRecording
from fitspec.reference.data.batches import Batch
from fitspec.reference.tensor import array_library, autodiff
from fitspec.reference.tensor.repeatable import is_repeatable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fitspec.reference.compute.instruction import Instruction
    from fitspec.reference.data.batches import Port
    from fitspec.reference.data.feeding import Feed
    from fitspec.reference.network.compiled_network import CompiledNetwork
    from fitspec.reference.tensor.array_library import Array

#: What comes after a mark.
HEADINGS = {READ: "# backward: from the loss to the weights", CHANGE: "# update"}


def explain_step(network: CompiledNetwork, batch_size: int) -> str:
    """Return a line for each array operation of a training step, in three parts.

    The step is taken, on zeros, and taken back: the model, its optimizer and the random source
    are as they were.

    Raises:
        RuntimeError: The model was never compiled; or a function of the user's own, or a layer that
            is not recorded, has to be called anew for every batch.
        ValueError: A length of the data is not known before there are some.

    """
    compiled = network.plan
    feed = network.feed(None)
    engine = RecordedEngine(network)
    optimizer = compiled.optimizer
    if not (is_replayable(network, compiled.outputs) and is_repeatable(type(optimizer))):
        raise RuntimeError(
            "a step of this model cannot be written down: it computes by functions or layers that "
            "have to be called for every batch"
        )
    batch = of_zeros(feed, arguments.batch_size_of(batch_size))
    if network.device != array_library.CPU:
        batch = engine.on_device(batch)
    variables = network.trained_variables
    recording = StepRecording(batch, network.variables)
    try:
        outcome = recording.forward(
            lambda watched: engine.compute(watched, compiled.outputs, training=True)
        )
        gradients = recording.gradients(lambda: autodiff.gradients(outcome.total, variables))
        recording.update(optimizer, variables, gradients)
        steps = recording.instructions([outcome.total.data.value])
    finally:
        recording.undo()
        optimizer.iterations -= 1
    names = {
        **dict(zip(map(Buffers.key, recording.inputs), names_of_data(feed), strict=True)),
        **{Buffers.key(each.data): each.name for each in network.variables},
        **{
            Buffers.key(array): f"memory {number} of {variable.name}"
            for variable in variables
            for number, array in enumerate(optimizer.memory_of(variable), 1)
        },
        **({} if recording.factor is None else {Buffers.key(recording.factor): "-rate"}),
    }
    return told(steps, names)


def of_zeros(feed: Feed, batch_size: int) -> Batch:
    """Return a batch that has the shapes of the data that a model takes.

    Raises:
        ValueError: A length is not known.

    """

    def zeros(port: Port) -> Array:
        if None in port.shape:
            raise ValueError(f"the shape {port.shape} of {port.name!r} is known only with data")
        return np.zeros((batch_size, *(length or 0 for length in port.shape)), port.dtype)

    return Batch(
        [zeros(port) for port in feed.inputs],
        [None if port is None else zeros(port) for port in feed.targets],
        [None for _ in feed.targets],
        batch_size,
    )


def names_of_data(feed: Feed) -> list[str]:
    """Return what the arrays of a batch are called, in the order of `arrays_of`."""
    targets = [port.name for port in feed.targets if port is not None]
    return [*(port.name for port in feed.inputs), *(f"target of {name}" for name in targets)]


def told(instructions: Sequence[Instruction], names: Mapping[int, str]) -> str:
    """Return a line for each instruction: `b1 (32, 16) = matmul(x, dense/kernel)`.

    Args:
        instructions: In order.
        names: Of arrays that are there before, by `Buffers.key`.

    """
    known = dict(names)
    lines = ["# forward"]
    for one in instructions:
        operands = ", ".join(
            shown(each, known)
            for each in one.operands
            if not isinstance(each, (type(None), bool, np.dtype))
        )
        if one.name in HEADINGS:
            lines.append(HEADINGS[one.name])
            continue
        key = Buffers.key(one.result)
        if key not in known:
            known[key] = f"b{len(known) - len(names) + 1}"
        lines.append(f"{known[key]} {one.result.shape} = {one.name}({operands})")
    return "\n".join(lines)


def shown(operand: Any, names: Mapping[int, str]) -> str:
    """Return an operand as a reader knows it: by its name, or as a number."""
    if not array_library.is_array(operand):
        return f"{operand:.9g}" if isinstance(operand, float) else str(operand)
    name = names.get(Buffers.key(operand))
    if name is None:
        return constant(operand)
    owner = Buffers.owner(operand)
    if operand.shape == owner.shape and operand.strides == owner.strides:
        return name
    if operand.shape == owner.shape[::-1] and operand.strides == owner.strides[::-1]:
        return f"{name}.T"
    return f"{name} as {operand.shape}"


def constant(array: Array) -> str:
    """Return a constant: as a number if it is one."""
    array = array_library.off_device(array)
    first = array.flat[0] if array.size else 0
    same = array.size > 0 and bool((array == first).all())
    return str(first) if same else f"constant {array.shape}"
