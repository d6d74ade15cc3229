"""`evaluate`: what is printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.conformance.arrangements.compiled import small_model
from fitspec.conformance.arrangements.printed import progress
from fitspec.conformance.arrangements.taken import taken, takes_sequences
from fitspec.conformance.checks import SGD, Build, Generator, Recorder, clause, expect
from fitspec.conformance.vocabulary.models import linear
from fitspec.conformance.vocabulary.probes import SequenceOf
from fitspec.conformance.vocabulary.samples import ascending, constant

if TYPE_CHECKING:
    from fitspec.conformance.worker.remote import Model

DATA = ascending(4), constant(4, 0)
HALF = ascending(2), constant(2, 0)


def _given(build: Build, model: Model) -> dict[str, tuple[tuple[Any, ...], dict[str, Any]]]:
    """Return two batches of two samples as arrays and, where that is taken, otherwise as well.

    With callbacks, as a Sequence, and as a generator: whether these are taken is another clause. It
    is the model itself that is asked for callbacks, as TensorFlow warns of many models.
    """
    given: dict[str, tuple[tuple[Any, ...], dict[str, Any]]] = {
        "arrays": (DATA, {"batch_size": 2}),
    }
    beside = {"batch_size": 2, "callbacks": [Recorder()]}
    if taken(model.evaluate, *DATA, **beside):
        given["arrays, beside a callback"] = (DATA, beside)
    if takes_sequences(build, "evaluate"):
        given["Sequence"] = (SequenceOf([HALF] * 2),), {}
    if taken(small_model(build).evaluate, Generator([HALF]), steps=2):
        given["generator"] = (Generator([HALF]),), {"steps": 2}
    return given


@clause("evaluate.verbose.levels")
def test_verbose_chooses_silence_or_a_bar(build: Build) -> None:
    """Level 0 prints nothing, level 1 a progress bar."""
    model = build(linear())
    model.compile(SGD(0.0), "mse")

    seen = {}
    for name, (data, arguments) in _given(build, model).items():
        silent = model.evaluate(*data, **arguments, verbose=0)
        shown = model.evaluate(*data, **arguments, verbose=1)
        seen[name] = {
            "0": silent.stdout + silent.stderr,
            "1": progress(shown.stdout + shown.stderr, steps=2, samples=4),
        }

    right = {"0": "", "1": {"a bar": True, "a count that reaches the end": True}}
    expect(seen, equals=dict.fromkeys(seen, right))


@clause("evaluate.verbose.default-1")
def test_a_bar_is_drawn_in_evaluation_by_default(build: Build) -> None:
    """Without `verbose` a progress bar is drawn."""
    model = build(linear())
    model.compile(SGD(0.0), "mse")

    seen = {}
    for name, (data, arguments) in _given(build, model).items():
        printed = model.evaluate(*data, **arguments)
        seen[name] = progress(printed.stdout + printed.stderr, steps=2, samples=4)

    drawn = {"a bar": True, "a count that reaches the end": True}
    expect(seen, equals=dict.fromkeys(seen, drawn))
