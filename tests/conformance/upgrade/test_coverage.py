"""Every clause that a document settles, and on which implementations differ, can be met."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING

from fitspec import spec
from fitspec.conformance.report.verdicts import Verdict
from fitspec.conformance.upgrade.sides import comparison

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fitspec.conformance.changes.compare import Change

#: What no call of a program shows, or what is no call, and why.
NOT_SEEN = {
    "it is about calls that raise, which no program keeps": (
        "compile.optimizer.unknown-ValueError",
        "compile.loss.unknown-ValueError",
        "compile.loss.list-length-ValueError",
        "compile.loss.dict-unknown-name-ValueError",
        "compile.metrics.invalid-ValueError",
        "compile.loss_weights.invalid-ValueError",
        "fit.x.none-without-steps-ValueError",
        "fit.validation_data.dataset-or-iterator",
        "fit.raises.not-compiled-RuntimeError",
        "fit.raises.number-of-inputs",
        "fit.raises.number-of-targets",
        "fit.raises.input-shape",
        "fit.raises.target-shape",
        "fit.raises.dict-names",
        "evaluate.raises.not-compiled",
        "evaluate.raises.invalid-arguments-ValueError",
        "predict.raises.mismatch-ValueError",
        "predict.raises.stateful-not-multiple",
        "train_on_batch.raises",
        "predict_on_batch.inputs",
    ),
    "the arguments that are gone are found by their names": (
        "fit.signature.defaults",
        "evaluate.signature.defaults",
        "predict.signature.defaults",
        "train_on_batch.signature",
        "test_on_batch.signature",
    ),
    "`metrics_names`, which it looks at, is found by the clause of `evaluate`": (
        "train_on_batch.returns",
        "test_on_batch.returns",
    ),
    "nothing in a call tells it from one for which nothing changes": (
        "fit.workers.default-1-background",
        "fit.kwargs.backwards-compatible",
        "evaluate.x.generator-or-sequence",
        "predict.verbose.levels",
        "predict.x.generator-or-sequence",
    ),
}


#: Between which people move.
MOVED_BETWEEN = (
    *("keras-2.3", "keras-2.3-theano"),
    *("keras-3-jax", "keras-3-torch", "keras-3-tensorflow"),
)


def differing() -> Iterator[Change]:
    """Yield what differs between any two of the implementations that people move between."""
    for before, after in permutations(MOVED_BETWEEN, 2):
        yield from comparison(before, after).changes


def test_what_differs_says_what_touches_it() -> None:
    """Or it is gone, hangs on what is gone, or stands above, with the reason."""
    untold = {Verdict.ABSENT, Verdict.BLOCKED, Verdict.TIMEOUT, Verdict.CRASH}
    met = {
        change.clause
        for change in differing()
        if spec.contract().clauses[change.clause].level is not spec.Level.OBSERVED
        and not {change.before.verdict, change.after.verdict} & untold
    }
    listed = [clause for clauses in NOT_SEEN.values() for clause in clauses]

    touched = {clause for clause in met if spec.contract().clauses[clause].touched_by}
    assert sorted(met - touched - set(listed)) == []
    assert sorted(set(listed) - met) == []
    assert not touched & set(listed)
