"""`evaluate`: what is printed."""

from __future__ import annotations

from fitspec.conformance.arrangements.printed import progress
from fitspec.conformance.checks import SGD, Build, clause, expect
from fitspec.conformance.vocabulary.models import linear
from fitspec.conformance.vocabulary.samples import ascending, constant

DATA = ascending(4), constant(4, 0)


@clause("evaluate.verbose.levels")
def test_verbose_chooses_silence_or_a_bar(build: Build) -> None:
    """Level 0 prints nothing, level 1 a progress bar."""
    model = build(linear())
    model.compile(SGD(0.0), "mse")

    silent = model.evaluate(*DATA, batch_size=2, verbose=0)
    shown = model.evaluate(*DATA, batch_size=2, verbose=1)

    expect(
        {
            "0": silent.stdout + silent.stderr,
            "1": progress(shown.stdout + shown.stderr, steps=2, samples=4),
        },
        equals={"0": "", "1": {"a bar": True, "a count that reaches the end": True}},
    )


@clause("evaluate.verbose.default-1")
def test_a_bar_is_drawn_in_evaluation_by_default(build: Build) -> None:
    """Without `verbose` a progress bar is drawn."""
    model = build(linear())
    model.compile(SGD(0.0), "mse")

    printed = model.evaluate(*DATA, batch_size=2)

    expect(
        progress(printed.stdout + printed.stderr, steps=2, samples=4),
        equals={"a bar": True, "a count that reaches the end": True},
    )
