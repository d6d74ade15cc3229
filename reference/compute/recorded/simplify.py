"""A training step as a list of array operations on buffers that are allocated once.

`made_of` takes what an `InstructionRecorder` wrote down, leaves out what nobody needs, and has
weights updated in place; `shared` lets results that are needed at different times share a buffer.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference.tensor import array_library

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fitspec.reference.compute.instruction import Instruction
    from fitspec.reference.tensor.array_library import Array


class Buffers:
    """Which array owns the memory that another one shows."""

    @staticmethod
    def owner(array: Array) -> Array:
        """Return the array whose memory `array` shows."""
        base: Any = array.base
        return array if base is None or not array_library.is_array(base) else Buffers.owner(base)

    @classmethod
    def key(cls, array: Array) -> int:
        """Return what tells owners apart."""
        if not array_library.is_on_device(array):
            return id(cls.owner(array))
        # What is put together from an address, as `moved` does, has no base there.
        memory: Any = array.data
        return int(memory.mem.ptr)

    @staticmethod
    def address(array: Array) -> int:
        """Return where the first element is."""
        if not array_library.is_on_device(array):
            return array.ctypes.data
        memory: Any = array.data
        return int(memory.ptr)


def made_of(
    instructions: Sequence[Instruction], lasting: Iterable[Array], results: Iterable[Array]
) -> list[Instruction]:
    """Return instructions to the same effect, as few as it takes.

    Args:
        instructions: As recorded.
        lasting: Arrays that are there before and after: inputs, weights, what optimizers remember.
        results: What is read afterwards, besides these.

    """
    known = {Buffers.key(array) for array in lasting}
    read_after = {Buffers.key(array) for array in results}
    return updated_in_place(needed(instructions, known, read_after), known, read_after)


def arrays_in(operands: Iterable[Any]) -> list[Array]:
    """Return those that are arrays."""
    return [each for each in operands if array_library.is_array(each)]


def needed(
    instructions: Sequence[Instruction], lasting: set[int], results: set[int]
) -> list[Instruction]:
    """Leave out what has no effect on lasting arrays and results."""
    wanted = lasting | results
    kept: list[Instruction] = []
    for instruction in reversed(instructions):
        if Buffers.key(instruction.result) in wanted:
            kept.append(instruction)
            wanted |= {Buffers.key(array) for array in arrays_in(instruction.operands)}
    return kept[::-1]


def updated_in_place(
    instructions: Sequence[Instruction], lasting: set[int], results: set[int]
) -> list[Instruction]:
    """Have what is computed to be copied into a lasting array computed there at once."""
    found: list[Instruction] = list(instructions)
    for copy in instructions:
        if copy.name != "store" or not array_library.is_array(copy.arguments[1]):
            continue
        target, value = copy.arguments
        at = next(place for place, one in enumerate(found) if one is copy)
        made, key = maker(found, at, value), Buffers.key(value)
        if made is None or key in lasting | results:
            continue
        there = Buffers.key(target)
        is_read_or_changed = any(
            Buffers.key(array) == there
            for one in found[made + 1 : at]
            for array in arrays_in(one.arguments)
        )
        is_changed_later = any(Buffers.key(one.result) == there for one in found[at + 1 :])
        if is_read_or_changed or is_changed_later or not may_write_to(found[made], target):
            continue
        place = {key: target}
        found[made] = with_result(found[made], target)
        found[at : at + 1] = []
        found = [relocated(one, place) for one in found]
    return found


def relocated(instruction: Instruction, place: dict[int, Array]) -> Instruction:
    """Return the instruction with other buffers in place of some owners."""
    arguments = tuple(
        moved(each, place) if array_library.is_array(each) else each
        for each in instruction.arguments
    )
    same = all(new is old for new, old in zip(arguments, instruction.arguments, strict=True))
    return instruction if same else replace(instruction, arguments=arguments)


def maker(instructions: Sequence[Instruction | None], before: int, value: Array) -> int | None:
    """Return where an array was computed as a whole, if by one instruction."""
    key = Buffers.key(value)
    writers = [
        at
        for at, one in enumerate(instructions[:before])
        if one is not None and Buffers.key(one.result) == key
    ]
    if len(writers) != 1:
        return None
    one = instructions[writers[0]]
    return writers[0] if one is not None and shows(one.result, Buffers.owner(value)) else None


def may_write_to(instruction: Instruction, target: Array) -> bool:
    """Whether an instruction may write its result to where some of its operands may be."""
    result = instruction.result
    same = (result.dtype, result.shape, result.strides) == (
        target.dtype,
        target.shape,
        target.strides,
    )
    key = Buffers.key(target)
    inside = [one for one in arrays_in(instruction.operands) if Buffers.key(one) == key]
    return same and (
        not inside or (instruction.elementwise and all(shows(one, target) for one in inside))
    )


def shows(one: Array, other: Array) -> bool:
    """Whether two arrays show the same elements in the same order."""
    return (
        one.shape == other.shape
        and one.strides == other.strides
        and one.dtype == other.dtype
        and Buffers.address(one) == Buffers.address(other)
    )


def with_result(instruction: Instruction, result: Array) -> Instruction:
    """Return the instruction with another place for its result."""
    arguments = list(instruction.arguments)
    arguments[instruction.into] = result
    return replace(instruction, arguments=tuple(arguments))


def shared(
    instructions: Sequence[Instruction], lasting: Iterable[Array], results: Iterable[Array]
) -> list[Instruction]:
    """Let what is needed at different times take turns in a buffer; arguments as `made_of`."""
    last_use: dict[int, int] = {}
    for at, one in enumerate(instructions):
        for array in arrays_in(one.arguments):
            last_use[Buffers.key(array)] = at
    kept = {Buffers.key(array) for array in (*lasting, *results)}
    made = {Buffers.key(one.result) for one in instructions} - kept
    place: dict[int, Array] = {}
    free: dict[int, list[Array]] = defaultdict(list)
    found: list[Instruction] = []
    for at, one in enumerate(instructions):
        key = Buffers.key(one.result)
        ending = {
            Buffers.key(array): array
            for array in arrays_in(one.operands)
            if Buffers.key(array) in made and last_use[Buffers.key(array)] == at
        }
        if key in made and key not in place:
            owner = Buffers.owner(one.result)
            inherited = taken_over(one, ending, place)
            place[key] = claim(free[owner.nbytes], owner) if inherited is None else inherited
        found.append(relocated(one, place))
        if key in made and last_use[key] == at:
            ending[key] = one.result
        in_use = {id(place[each]) for each, last in last_use.items() if each in place and last > at}
        for each in ending:
            if each in place and id(place[each]) not in in_use:
                buffer = place[each]
                if not any(buffer is other for other in free[buffer.nbytes]):
                    free[buffer.nbytes].append(buffer)
    return found


def taken_over(
    instruction: Instruction, ending: dict[int, Array], place: dict[int, Array]
) -> Array | None:
    """Return the buffer of an operand that nobody needs any more, if the result fits there."""
    if not instruction.elementwise:
        return None
    result = instruction.result
    for key, operand in ending.items():
        owner = Buffers.owner(operand)
        whole = owner.nbytes == Buffers.owner(result).nbytes and key in place
        alike = operand.shape == result.shape and operand.strides == result.strides
        others = [
            one
            for one in arrays_in(instruction.operands)
            if Buffers.key(one) == key and not shows(one, operand)
        ]
        if whole and alike and operand.dtype == result.dtype and not others:
            return place[key]
    return None


def claim(free: list[Array], owner: Array) -> Array:
    """Return a buffer as large as an array: a free one, or a new one."""
    return free.pop() if free else array_library.namespace(owner).empty(owner.shape, owner.dtype)


def moved(array: Array, place: dict[int, Array]) -> Array:
    """Return what shows the same part of the buffer that took an owner's place."""
    buffer: Any = place.get(Buffers.key(array))
    if buffer is None:
        return array
    offset = Buffers.address(array) - Buffers.address(Buffers.owner(array)) if array.size else 0
    if not array_library.is_on_device(array):
        return np.ndarray(array.shape, array.dtype, buffer, offset, array.strides)
    library = array_library.namespace(array)
    view: Array = library.ndarray(array.shape, array.dtype, buffer.data + offset, array.strides)
    return view
