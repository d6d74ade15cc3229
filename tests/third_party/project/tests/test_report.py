"""smallfit against the documented API: one look at the whole report."""

from __future__ import annotations

from fitspec import conformance


def test_what_is_not_offered_is_known() -> None:
    """What falls short is known by its clause and its verdict."""
    report = conformance.run("smallfit", clauses=["evaluate.returns.*", "get_layer.by-*"])

    assert not report.faults
    assert not report.unavailable
    assert {item.clause: str(item.verdict) for item in report.fell_short} == {
        "evaluate.returns.list": "absent",
        "evaluate.returns.metrics_names-labels": "blocked",
        "get_layer.by-index": "absent",
        "get_layer.by-name": "absent",
    }
