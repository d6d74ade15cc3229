"""The strategies that programs are drawn from: whatever the documents let a person call.

What is left to chance by a document stays out: data are shuffled only where a batch has all of
them, and the one optimizer is that whose formula everybody knows.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, Final

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import HypothesisDeprecationWarning

from fitspec.conformance.explore.program import Call, Data, Program
from fitspec.conformance.explore.subjects import SUBJECTS, Subject, Targets
from fitspec.conformance.system.litter import litter_elsewhere

if TYPE_CHECKING:
    from collections.abc import Iterator

#: How many programs are drawn at a time: the first of them do not depend on how many are wanted.
PIECE: Final = 100
#: How many calls follow on the first `compile`.
MOST_CALLS: Final = 4

#: Fractions of powers of two that leave training stable on the data of `materials`.
_RATES = (0.0625, 0.03125, 0.015625)
_LOSSES = {
    Targets.NUMBERS: ("mse", "mae", {"function": "absolute_error"}),
    Targets.CLASSES: ("categorical_crossentropy", "sparse_categorical_crossentropy", "mse"),
    Targets.CHANCES: ("binary_crossentropy", "mse"),
}
_METRICS = {
    Targets.NUMBERS: ("mae", "mse", {"function": "absolute_error"}),
    Targets.CLASSES: ("accuracy", "mae"),
    Targets.CHANCES: ("accuracy", "mae"),
}
_BATCH_METHODS = {
    "fit": "train_on_batch",
    "evaluate": "test_on_batch",
    "predict": "predict_on_batch",
}


def draw(first_seed: int, programs: int) -> Iterator[Program]:
    """Yield so many programs, no two the same; the same seed gives the same ones.

    Args:
        first_seed: any whole number from 0 on.
        programs: how many.
    """
    known: set[str] = set()
    piece = 0
    while True:
        for program in _piece(first_seed * 2**32 + piece):
            if len(known) == programs:
                return
            if program.text() not in known:
                known.add(program.text())
                yield program
        piece += 1


def _piece(number: int) -> list[Program]:
    drawn: list[Program] = []

    @seed(number)
    @settings(
        max_examples=PIECE,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate,),
        print_blob=False,
        verbosity=Verbosity.quiet,
    )
    @given(programs())
    def keep(program: Program) -> None:
        drawn.append(program)

    with litter_elsewhere(), warnings.catch_warnings():
        # It notices that something draws from the module `random` meanwhile: another thread.
        warnings.simplefilter("ignore", HypothesisDeprecationWarning)
        keep()
    return drawn


@st.composite
def programs(draw: st.DrawFn) -> Program:
    """Draw a program."""
    model = draw(st.sampled_from(tuple(SUBJECTS)))
    subject = SUBJECTS[model]
    calls = [draw(_compiles(subject))]
    for _ in range(draw(st.integers(1, MOST_CALLS))):
        kind = draw(st.sampled_from(_KINDS))
        if kind == "compile":
            calls.append(draw(_compiles(subject)))
        elif kind == "trainable":
            arguments = {
                "layer": draw(st.sampled_from(subject.layers)),
                "trained": draw(st.booleans()),
            }
            calls.append(Call("trainable", arguments))
        else:
            calls.append(draw(_trains_or_tests(kind, subject, _steps_of(calls))))
    return Program(model, tuple(calls))


#: Each as often as it is named.
_KINDS = ("fit",) * 5 + ("evaluate",) * 3 + ("predict",) * 2 + ("compile", "trainable")


def _steps_of(calls: list[Call]) -> bool:
    """Return whether samples have a weight for each step, since the last `compile`."""
    last = [call for call in calls if call.method == "compile"][-1]
    return last.arguments.get("sample_weight_mode") == "temporal"


@st.composite
def _compiles(draw: st.DrawFn, subject: Subject) -> Call:
    sgd: dict[str, Any] = {"sgd": draw(st.sampled_from(_RATES))}
    if draw(_rarely()):
        sgd["momentum"] = 0.5
    losses = st.sampled_from(_LOSSES[subject.targets])
    arguments = {"optimizer": sgd, "loss": draw(_for_outputs(subject, losses))}
    for name in ("metrics", "weighted_metrics"):
        if draw(st.booleans() if name == "metrics" else _rarely()):
            arguments[name] = draw(_metrics(subject))
    if draw(_rarely()):
        weights = st.sampled_from((2.0, 0.5, 0.25))
        names = tuple(subject.outputs)
        listed = st.lists(weights, min_size=len(names), max_size=len(names))
        arguments["loss_weights"] = draw(
            st.one_of(listed, st.fixed_dictionaries(dict.fromkeys(names, weights)))
        )
    temporal = any(len(shape) > 1 for shape in subject.outputs.values())
    if temporal and len(subject.outputs) == 1 and draw(_rarely()):
        arguments["sample_weight_mode"] = "temporal"
    return Call("compile", arguments)


def _rarely() -> st.SearchStrategy[bool]:
    return st.sampled_from((False, False, False, True))


@st.composite
def _for_outputs(draw: st.DrawFn, subject: Subject, one: st.SearchStrategy[Any]) -> Any:
    """Draw one for all outputs, a list, or one for each by name."""
    names = tuple(subject.outputs)
    form = draw(st.sampled_from(("one", "list", "dict") if len(names) > 1 else ("one",)))
    if form == "one":
        return draw(one)
    each = [draw(one) for _ in names]
    return each if form == "list" else dict(zip(names, each, strict=True))


@st.composite
def _metrics(draw: st.DrawFn, subject: Subject) -> Any:
    """Draw a list for all outputs, or a list for some of them by name."""
    several = st.lists(
        st.sampled_from(_METRICS[subject.targets]), min_size=1, max_size=2, unique_by=str
    )
    names = tuple(subject.outputs)
    if len(names) == 1 or draw(st.booleans()):
        return draw(several)
    chosen = draw(st.lists(st.sampled_from(names), min_size=1, unique=True))
    return {name: draw(several) for name in sorted(chosen)}


@st.composite
def _trains_or_tests(draw: st.DrawFn, kind: str, subject: Subject, steps: bool) -> Call:
    how = draw(st.sampled_from(("whole",) * 4 + ("source",) * 2 + ("batch", "generator")))
    form = "arrays"
    if how == "whole" and draw(_rarely()) and kind != "predict":
        form = "hdf5"
    if how in ("source", "generator"):
        form = draw(st.sampled_from(("generator", "sequence")))
    data = draw(_data(subject, form, steps))
    if kind == "predict":
        data = Data(**{**data.plain(), "weights": "", "labels": False})
    if how == "batch":
        return _on_batch(kind, data, draw(_class_weight(subject, data)) if kind == "fit" else None)
    method = f"{kind}_generator" if how == "generator" else kind
    items = -(-data.samples // data.batch)
    arguments: dict[str, Any] = {}
    if how == "whole":
        arguments.update(draw(st.fixed_dictionaries({}, optional={"batch_size": _few(1, 5)})))
    elif form == "generator" or draw(_rarely()):
        name = "steps_per_epoch" if kind == "fit" else "steps"
        arguments[name] = draw(st.integers(1, items))
    if kind == "fit":
        return draw(_fits(Call(method, arguments), data, subject, steps))
    if kind == "evaluate" and draw(_rarely()) and how != "generator":
        arguments["callbacks"] = [{}]
    return Call(method, arguments, data)


def _few(least: int, most: int) -> st.SearchStrategy[int]:
    return st.integers(least, most)


def _on_batch(kind: str, data: Data, class_weight: Any) -> Call:
    arguments = {} if class_weight is None else {"class_weight": class_weight}
    labels = class_weight is not None
    made = Data(**{**data.plain(), "labels": labels})
    return Call(_BATCH_METHODS[kind], arguments, made)


@st.composite
def _data(draw: st.DrawFn, subject: Subject, form: str, steps: bool) -> Data:
    several = len(subject.inputs) > 1 or len(subject.outputs) > 1
    by = draw(st.sampled_from(("single", "single", "list", "dict") if several else ("single",)))
    weights = draw(st.sampled_from(("", "", "rising", "ones")))
    if steps and weights:
        weights = "steps"
    return Data(
        samples=draw(_few(1, 7)),
        form=form,
        by=by,
        weights=weights if form != "hdf5" else "",
        batch=draw(_few(1, 3)) if form in ("generator", "sequence") else 1,
        start=draw(_few(0, 3)),
    )


@st.composite
def _class_weight(draw: st.DrawFn, subject: Subject, data: Data) -> Any:
    """Draw weights of classes, where the documents have them: for a model with one output."""
    flat = len(subject.outputs) == 1 and subject.outputs.keys() <= {"y"}
    temporal = any(len(shape) > 1 for shape in subject.outputs.values())
    if not flat or temporal or data.form == "hdf5" or not draw(_rarely()):
        return None
    weights = st.sampled_from((0.5, 2.0, 1.0, 0.25))
    return {str(label): draw(weights) for label in range(3)}


@st.composite
def _fits(draw: st.DrawFn, begun: Call, data: Data, subject: Subject, steps: bool) -> Call:
    """Draw a call to train, of what is `begun`."""
    arguments: dict[str, Any] = {**begun.arguments, "verbose": 0}
    whole = data.form in ("arrays", "hdf5")
    epochs = draw(_few(1, 4))
    if epochs > 1:
        arguments["epochs"] = epochs
        if draw(_rarely()):
            arguments["initial_epoch"] = draw(_few(1, epochs - 1))
    # What is not shuffled is in an order that a document settles.
    if data.form != "generator":
        arguments["shuffle"] = False
    class_weight = draw(_class_weight(subject, data))
    if class_weight is not None:
        arguments["class_weight"] = class_weight
        data = Data(**{**data.plain(), "labels": True})
    validation = None
    validated = draw(st.sampled_from(("", "", "data", "split")))
    if validated == "split" and whole and data.samples > 2:
        arguments["validation_split"] = draw(st.sampled_from((0.25, 0.5)))
    elif validated == "data":
        form = draw(st.sampled_from(("arrays", "sequence", "generator")))
        validation = draw(_data(subject, form, steps))
        if form == "generator":
            items = -(-validation.samples // validation.batch)
            arguments["validation_steps"] = draw(_few(1, items))
    if (validation is not None or "validation_split" in arguments) and draw(_rarely()):
        often = [1, 2, [1, 2], [2]]
        arguments["validation_freq"] = draw(st.sampled_from(often))
    if draw(_rarely()):
        arguments["callbacks"] = [draw(st.sampled_from(_CALLBACKS))]
    return Call(begun.method, arguments, data, validation)


#: One that only hears, two that stop training, one that adds to the logs, two that raise.
_CALLBACKS: Final[tuple[dict[str, Any], ...]] = (
    {},
    {"stops_at": ["epoch_end", 0]},
    {"stops_at": ["train_batch_end", 0]},
    {"adds": {"added": 1.5}},
    {"raises_at": ["train_batch_end", 1]},
    {"raises_at": ["epoch_end", 0]},
)
