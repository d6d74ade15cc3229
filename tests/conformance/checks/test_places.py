"""Tests of where checks lie: who knows the id of a clause finds its check by that alone."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from fitspec.conformance import checks
from fitspec.conformance.checks.index import index

FOLDER = Path(checks.__path__[0])
#: What the ids of clauses begin with whose topic has more checks than one module holds -> theirs.
PARTED = {
    "compile.loss.instance-unreduced": "test_unreduced_loss",
    "compile.loss.crossentropies": "test_crossentropies",
    "compile.loss.older-names": "test_older_names",
    "compile.metrics.older-names": "test_older_names",
    "compile.optimizer.first-steps": "test_optimizer_steps",
    "compile.optimizer.small-gradients": "test_optimizer_steps",
    "compile.optimizer.of-two-models": "test_shared_optimizer",
    "compile.metrics.accuracy": "test_accuracy",
    "compile.loss.dict-unknown-name": "test_loss_refused",
    "compile.loss.list-length": "test_loss_refused",
    "compile.loss.unknown": "test_loss_refused",
    "fit.sample_weight.length-mismatch": "test_sample_weight_refused",
    "fit.sample_weight.not-with-generator": "test_sample_weight_refused",
    "fit.sample_weight.temporal-needs-mode": "test_sample_weight_refused",
    "fit.x.generator": "test_x_generator",
    "fit.x.none": "test_x_none",
    "fit.callbacks.params": "test_callbacks_params",
    "fit.callbacks.batch-": "test_callbacks_of_batches",
    "fit.shuffle.batch-": "test_shuffle_chunks",
    "fit.shuffle.hdf5": "test_shuffle_chunks",
    "fit.validation_data.class-weight": "test_validation_data_weights",
    "fit.validation_data.triple-weights": "test_validation_data_weights",
    "fit.validation_split.carries-sample-weights": "test_validation_split_weights",
    "fit.validation_split.class-weight": "test_validation_split_weights",
    **dict.fromkeys(
        (
            "compile.metrics.dict-",
            "compile.metrics.flat-list",
            "compile.metrics.mixed-list",
            "compile.metrics.nested-list",
            "compile.metrics.none-in-dict",
            "compile.metrics.output-without-loss",
        ),
        "test_metrics_per_output",
    ),
    **dict.fromkeys(
        (
            "fit.validation_split.needs-sliceable-x",
            "fit.validation_split.no-training-rows",
            "fit.validation_split.none",
            "fit.validation_split.not-with-generator",
            "fit.validation_split.out-of-range",
        ),
        "test_validation_split_refused",
    ),
}


def place(clause_id: str) -> str:
    """Return where the check of a clause has to be."""
    method, topic, *_ = clause_id.split(".")
    parted = [name for start, name in PARTED.items() if clause_id.startswith(start)]
    for name in (*parted, f"test_{topic.replace('-', '_')}"):
        if (FOLDER / method / f"{name}.py").is_file():
            return f"conformance/checks/{method}/{name}.py"
    return f"conformance/checks/{method}/test_method.py"


@pytest.mark.parametrize("clause_id", index())
def test_a_check_lies_where_the_id_of_its_clause_says(clause_id: str) -> None:
    """The folder has the name of the method, the module that of the argument or topic."""
    assert index()[clause_id].file == place(clause_id)


def test_a_topic_of_several_clauses_has_a_module() -> None:
    """`test_method` holds what is about the method itself, and topics with a single clause."""
    shared = defaultdict(list)
    for clause_id, check in index().items():
        if check.file.endswith("/test_method.py"):
            shared[tuple(clause_id.split(".")[:2])].append(clause_id)

    assert [clauses for clauses in shared.values() if len(clauses) > 1] == []


def test_no_module_of_checks_is_long() -> None:
    """A module is read on a few screens."""
    lengths = {path: len(path.read_text("utf-8").splitlines()) for path in FOLDER.rglob("*.py")}

    assert {path: length for path, length in lengths.items() if length > 400} == {}
