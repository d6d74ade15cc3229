"""Laws of the documents: two programs that have to come to the same, on any one implementation.

Each changes the first call of a program that it is about. What it says follows from clauses.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from fitspec.conformance.explore.comparing import UNSAID
from fitspec.conformance.explore.materials import WEIGHTS_OF_CLASSES
from fitspec.conformance.explore.performing import RETURNED, Outcome, Step
from fitspec.conformance.explore.program import Call, Data, Program

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Read = Callable[[Outcome], Outcome]


@dataclass(frozen=True)
class Variation:
    """Two programs that have to come to the same.

    Args:
        program: the one.
        other: the other one.
        read: what came of the other one -> what then has to come of the one.
    """

    program: Program
    other: Program
    read: Read = lambda outcome: outcome


@dataclass(frozen=True)
class Law:
    """A law.

    Args:
        id: its permanent name.
        sentence: what it says.
        clauses: the ones that it follows from.
        vary: returns what to perform; None if a program has no call that the law is about.
    """

    id: str
    sentence: str
    clauses: Sequence[str]
    vary: Callable[[Program], Variation | None]


def _first(program: Program, is_meant: Callable[[Call, Data], bool]) -> tuple[int, Call, Data]:
    """Return the first call that is meant, with its place.

    Raises:
        LookupError: there is none.
    """
    for place, call in enumerate(program.calls):
        if call.data is not None and is_meant(call, call.data):
            return place, call, call.data
    raise LookupError


def _varied(
    is_meant: Callable[[Call, Data], bool], change: Callable[[Program, int, Call, Data], Variation]
) -> Callable[[Program], Variation | None]:
    def vary(program: Program) -> Variation | None:
        try:
            return change(program, *_first(program, is_meant))
        except LookupError:
            return None

    return vary


def _other_call(change: Callable[[Call, Data], Call]) -> Callable[..., Variation]:
    """Return a change of nothing but the call."""

    def other(program: Program, place: int, call: Call, data: Data) -> Variation:
        return Variation(program, program.with_call(place, change(call, data)))

    return other


def _whole(data: Data) -> bool:
    return data.form == "arrays"


def _is_plain(program: Program, place: int) -> bool:
    """Return whether samples have one weight each, by the last `compile` before `place`."""
    compiled = [call for call in program.calls[:place] if call.method == "compile"]
    return bool(compiled) and "sample_weight_mode" not in compiled[-1].arguments


# -- the form of data --


def _in_other_group(call: Call, data: Data) -> Call:
    return replace(call, data=replace(data, by="list" if data.by == "dict" else "dict"))


def _as_arrays(call: Call, data: Data) -> Call:
    bare = call.without("steps").without("steps_per_epoch")
    sized = {**bare.arguments, "batch_size": data.batch}
    return replace(bare, arguments=sized, data=replace(data, form="arrays", batch=1))


def _gives_all(call: Call, data: Data) -> bool:
    """Return whether a source gives whole batches, each once an epoch."""
    steps = call.arguments.get("steps", call.arguments.get("steps_per_epoch"))
    items = data.samples // data.batch
    return (
        data.form in ("generator", "sequence")
        and not data.samples % data.batch
        and steps in (None, items)
    )


# -- weights --


def _with_ones(program: Program, place: int, call: Call, data: Data) -> Variation:
    if not _is_plain(program, place):
        raise LookupError
    weighted = replace(call, data=replace(data, weights="ones"))
    return Variation(program, program.with_call(place, weighted))


def _factors() -> dict[str, float]:
    """Return as class weights what sample weights by ``classes`` are."""
    return {str(label): weight for label, weight in enumerate(WEIGHTS_OF_CLASSES)}


def _by_class(program: Program, place: int, call: Call, data: Data) -> Variation:
    weighted = replace(call, arguments={**call.arguments, "class_weight": _factors()})
    by_sample = replace(call.without("class_weight"), data=replace(data, weights="classes"))
    return Variation(program.with_call(place, weighted), program.with_call(place, by_sample))


# -- validation --


def _splits_evenly(call: Call, data: Data) -> bool:
    kept = data.samples * (1 - call.arguments.get("validation_split", 0))
    return "validation_split" in call.arguments and _whole(data) and kept in range(1, data.samples)


def _tail_apart(call: Call, data: Data) -> Call:
    kept = int(data.samples * (1 - call.arguments["validation_split"]))
    tail = replace(data, samples=data.samples - kept, start=data.start + kept)
    bare = call.without("validation_split")
    return replace(bare, data=replace(data, samples=kept), validation=tail)


# -- calls in other pieces --


def _in_two_halves(program: Program, place: int, call: Call, data: Data) -> Variation:
    del data
    first = replace(call, arguments={**call.arguments, "epochs": 1})
    second = replace(call, arguments={**call.arguments, "initial_epoch": 1})
    calls = (*program.calls[:place], first, second, *program.calls[place + 1 :])

    def read(outcome: Outcome) -> Outcome:
        steps = outcome.steps[place : place + 2]
        return _joined(outcome, place, 2, _both(steps))

    return Variation(program, replace(program, calls=calls), read)


def _both(steps: Sequence[Step]) -> Any:
    if len(steps) < 2 or not all(isinstance(step.value, dict) for step in steps):
        return UNSAID
    first, second = (step.value for step in steps)
    names = [*first, *(name for name in second if name not in first)]
    return {name: [*first.get(name, ()), *second.get(name, ())] for name in names}


def _batch_by_batch(program: Program, place: int, call: Call, data: Data) -> Variation:
    size = call.arguments.get("batch_size", 32)
    batches = [
        Call(
            "train_on_batch",
            {name: value for name, value in call.arguments.items() if name == "class_weight"},
            replace(data, samples=min(size, data.samples - begin), start=data.start + begin),
        )
        for begin in range(0, data.samples, size)
    ]
    calls = (*program.calls[:place], *batches, *program.calls[place + 1 :])

    def read(outcome: Outcome) -> Outcome:
        return _joined(outcome, place, len(batches), UNSAID)

    return Variation(program, replace(program, calls=calls), read)


def _joined(outcome: Outcome, place: int, number: int, value: Any) -> Outcome:
    """Return an outcome in which several steps are one, which ends as the last of them."""
    pieces = outcome.steps[place : place + number]
    if not pieces:
        return outcome
    one = replace(pieces[-1], hooks=None)
    if one.ended == RETURNED:
        one = replace(one, value=value)
    return Outcome([*outcome.steps[:place], one, *outcome.steps[place + number :]])


# -- what changes nothing --


def _with_step(outcome: Outcome, place: int, change: Callable[[Step], Step]) -> Outcome:
    """Return an outcome with another step at a place, if it came so far."""
    steps = enumerate(outcome.steps)
    return Outcome([change(step) if at == place else step for at, step in steps])


def _listened_to(program: Program, place: int, call: Call, data: Data) -> Variation:
    del data
    listening = {**call.arguments, "callbacks": [{}], "verbose": 1}

    def read(outcome: Outcome) -> Outcome:
        return _with_step(outcome, place, lambda step: replace(step, hooks=None))

    other = program.with_call(place, replace(call, arguments=listening))
    return Variation(program, other, read)


def _recompiled(program: Program, place: int, call: Call, data: Data) -> Variation:
    del call, data
    before = [each for each in program.calls[:place] if each.method == "compile"]
    # What is frozen takes effect by it, and what an optimizer remembers is gone.
    if (
        place < 2
        or not before
        or "momentum" in before[-1].arguments["optimizer"]
        or any(each.method == "trainable" for each in program.calls)
    ):
        raise LookupError
    calls = (*program.calls[:place], before[-1], *program.calls[place:])

    def read(outcome: Outcome) -> Outcome:
        return Outcome([*outcome.steps[:place], *outcome.steps[place + 1 :]])

    return Variation(program, replace(program, calls=calls), read)


def _permuted(program: Program, place: int, call: Call, data: Data) -> Variation:
    other = program.with_call(place, replace(call, data=replace(data, backwards=True)))

    def read(outcome: Outcome) -> Outcome:
        outputs = len(program.subject.outputs)
        return _with_step(
            outcome, place, lambda step: replace(step, value=_turned(step.value, outputs))
        )

    return Variation(program, other, read)


def _turned(value: Any, outputs: int) -> Any:
    if not isinstance(value, list):
        return value
    return value[::-1] if outputs == 1 else [_turned(each, 1) for each in value]


def _trains_plainly(call: Call, data: Data) -> bool:
    """Return whether a call only trains on arrays in one epoch, all of them, in order."""
    wanted = {"verbose", "shuffle", "epochs", "batch_size", "class_weight"}
    return (
        call.method == "fit"
        and _whole(data)
        and call.validation is None
        and call.arguments.keys() <= wanted
        and call.arguments.get("epochs", 1) == 1
    )


def _can_resume(call: Call, data: Data) -> bool:
    arguments = call.arguments
    return (
        call.method == "fit"
        and data.form in ("arrays", "hdf5")
        and (call.validation is None or call.validation.form in ("arrays", "hdf5"))
        and arguments.get("epochs", 1) > 1
        and not {"initial_epoch", "callbacks", "validation_freq"} & arguments.keys()
    )


def _recompiled_before_last(program: Program) -> Variation | None:
    """Vary the last call, which has the most before it."""
    place = len(program.calls) - 1
    call = program.calls[place] if place > 0 else None
    if call is None or call.data is None:
        return None
    try:
        return _recompiled(program, place, call, call.data)
    except LookupError:
        return None


#: The methods that take arrays in a group.
_OF_ARRAYS: Final = ("fit", "evaluate", "predict", "train_on_batch", "test_on_batch")

#: The laws, by id.
LAWS: Final = {
    law.id: law
    for law in (
        Law(
            "law.resumed-fit",
            "Two halves of a fit that is resumed are the whole.",
            ("fit.initial_epoch.resume-equivalence",),
            _varied(_can_resume, _in_two_halves),
        ),
        Law(
            "law.one-form",
            "Arrays mean the same in a dict as in a list or alone.",
            ("fit.x.list-multi-input", "fit.x.dict-by-name", "fit.y.dict-by-output-name"),
            _varied(
                lambda call, data: _whole(data) and call.method in _OF_ARRAYS,
                _other_call(_in_other_group),
            ),
        ),
        Law(
            "law.weights-of-one",
            "Sample weights of one are none.",
            ("fit.sample_weight.flat", "fit.sample_weight.gradient", "evaluate.sample_weight.flat"),
            _varied(
                lambda call, data: (
                    _whole(data)
                    and not data.weights
                    and call.method.startswith(("fit", "evaluate", "train", "test"))
                ),
                _with_ones,
            ),
        ),
        Law(
            "law.split-is-tail",
            "A split is validation data, of the tail.",
            ("fit.validation_split.tail", "fit.validation_split.not-trained"),
            _varied(_splits_evenly, _other_call(_tail_apart)),
        ),
        Law(
            "law.class-weights",
            "Class weights are sample weights.",
            ("fit.class_weight.weights-loss", "fit.class_weight.weights-gradient"),
            _varied(
                lambda call, data: (
                    "class_weight" in call.arguments
                    and not data.weights
                    and "validation_split" not in call.arguments
                ),
                _by_class,
            ),
        ),
        Law(
            "law.evaluate-batches",
            "What evaluate returns does not depend on the batch size.",
            ("evaluate.batch_size.invariance",),
            _varied(
                lambda call, data: call.method == "evaluate" and _whole(data) and not data.weights,
                _other_call(
                    lambda call, _: replace(
                        call,
                        arguments={
                            **call.arguments,
                            "batch_size": 1 if call.arguments.get("batch_size") != 1 else 2,
                        },
                    )
                ),
            ),
        ),
        Law(
            "law.batch-by-batch",
            "A loop of train_on_batch is fit without shuffling.",
            ("train_on_batch.equals-fit-step", "fit.shuffle.false-keeps-order"),
            _varied(_trains_plainly, _batch_by_batch),
        ),
        Law(
            "law.one-source",
            "A generator and a Sequence are arrays in the same batches.",
            ("fit.x.generator", "fit.x.sequence", "evaluate.x.generator-or-sequence"),
            _varied(
                lambda call, data: (
                    call.method in ("fit", "evaluate", "predict") and _gives_all(call, data)
                ),
                _other_call(_as_arrays),
            ),
        ),
        Law(
            "law.listening",
            "Callbacks that only listen, and what is printed, change nothing.",
            ("fit.callbacks.hook-order", "fit.verbose.1-progress-bar"),
            _varied(
                lambda call, _: call.method == "fit" and "callbacks" not in call.arguments,
                _listened_to,
            ),
        ),
        Law(
            "law.recompiled",
            "Compiling again keeps the weights.",
            ("compile.recompile.keeps-weights",),
            _recompiled_before_last,
        ),
        Law(
            "law.permuted",
            "Predictions come in the order of the samples.",
            ("predict.order",),
            _varied(
                lambda call, data: call.method in ("predict", "predict_on_batch") and _whole(data),
                _permuted,
            ),
        ),
    )
}
