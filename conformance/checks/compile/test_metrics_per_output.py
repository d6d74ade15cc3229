"""`compile`: metrics given output by output."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from fitspec.conformance.arrangements.taken import tried
from fitspec.conformance.arrangements.ways_of_ending import compiled_and_trained, refused
from fitspec.conformance.checks import SGD, Build, answer, clause, expect, recognise
from fitspec.conformance.vocabulary.models import (
    linear,
    shared_weight,
    three_in_three_out,
    two_in_two_out,
)
from fitspec.conformance.vocabulary.samples import column, constant

ONE, ZERO = column(1), column(0)


def _added(build: Build, metrics: Any) -> Any:
    """Return, ascending, what `metrics` add to what `evaluate` returns, or what it raises.

    If they add something else to the results of `fit`, or of its validation, return each.
    Output ``z``, the first, errs by 2 and 6: absolute errors average 4, squares 20. Output ``a``
    errs by 3 and 9: 6 and 45. So a value tells its metric and its output, whatever its label, and
    no other target errs as much: that of ``a`` is 30.
    """
    x, y = column(1, 3), constant(2, 0)
    found, trained, validated = (list[Counter[float]]() for _ in range(3))
    for given in (None, metrics):
        model = build(two_in_two_out(2.0, 3.0, outputs=("z", "a")))
        model.compile(SGD(0.0), "mae", metrics=given)
        result = answer(model.evaluate, [x, x + 10], [y, y + 30])
        if isinstance(result, str):
            return result
        found.append(Counter(np.ravel(result.value).tolist()))
        data = [x, x + 10], [y, y + 30]
        history = tried(model.fit, *data, epochs=1, validation_data=data)
        history = history or tried(model.fit, *data, epochs=1)
        results = {} if history is None else history.history.history
        for place, values in ((trained, False), (validated, True)):
            of_place = [each for key, each in results.items() if key.startswith("val_") is values]
            place.append(Counter(np.ravel(of_place).tolist()))
    each = {"evaluate": found, "fit": trained}
    # Whether losses are those of validation, without metrics, is another clause.
    each |= {"validation": validated} if validated[0] == trained[0] else {}
    added = {place: sorted((after - bare).elements()) for place, (bare, after) in each.items()}
    tested = added["evaluate"]
    # Whether `fit` reports metrics is another clause.
    alike = not added["fit"] or all(more == tested for more in added.values())
    return tested if alike else added


def _added_to_three(build: Build, metrics: Any) -> list[float] | str:
    """Return, ascending, what `metrics` add to what `evaluate` returns for three outputs.

    If it raises, return what.

    Output ``b``, the first, errs by 2 and 6: absolute errors average 4, squares 20. ``c`` errs by 3
    and 9, 6 and 45, and ``a`` by 5 and 15, 10 and 125.
    """
    x, y, found = column(1, 3), constant(2, 0), []
    for given in (None, metrics):
        model = build(three_in_three_out(2.0, 3.0, 5.0))
        model.compile(SGD(0.0), "mae", metrics=given)
        result = answer(model.evaluate, [x] * 3, [y] * 3)
        if isinstance(result, str):
            return result
        found.append(Counter(np.ravel(result.value).tolist()))
    return sorted((found[1] - found[0]).elements())


@clause("compile.metrics.dict-per-output")
def test_a_dict_of_metrics_goes_by_output_name(build: Build) -> None:
    """A dict gives metrics to the outputs that it names, and none to the others."""
    one, both = {"a": "mse"}, {"a": "mse", "z": "mae"}
    three = {"c": "mse", "a": "mae", "b": "mse"}
    added = {
        "one": _added(build, one),
        "both": _added(build, both),
        "three": _added_to_three(build, three),
    }

    # a_mse; z_mae and a_mse; b_mse, c_mse and a_mae.
    right = {"one": [45.0], "both": [4.0, 45.0], "three": [10.0, 20.0, 45.0]}
    expect(
        added,
        equals=right,
        otherwise={
            "the order of the names, in the dict or the alphabet, decided": {
                **right,
                "both": [6.0, 20.0],
                "three": [6.0, 20.0, 125.0],
            },
            "the first output got the only one": {**right, "one": [20.0]},
            "all outputs got the only one": {**right, "one": [20.0, 45.0]},
        },
    )


@clause("compile.metrics.output-without-loss")
def test_metrics_for_an_output_without_a_loss(build: Build) -> None:
    """What becomes of metrics in a dict for an output that the dict of losses leaves out."""
    # One weight makes both outputs: none is without a gradient, which is a matter of its own.
    ended = compiled_and_trained(
        build(shared_weight(3.0)), ONE, {"a": ZERO}, loss={"a": "mse"}, metrics={"b": ["mae"]}
    )

    recognise(
        ended,
        {
            **refused("ValueError", where="compile"),
            "they are passed over": [9.0],
            **refused("ValueError", "KeyError", where="fit"),
        },
    )


@clause("compile.metrics.none-in-dict")
def test_no_metric_for_an_output_in_a_dict(build: Build) -> None:
    """What `None` is taken for as the metrics of an output."""
    recognise(
        compiled_and_trained(build(linear(3.0)), ONE, ZERO, metrics={"y": None}),
        {
            "the output has no metrics": [9.0],
            **refused("ValueError", "TypeError", where="compile"),
            **refused("ValueError", "TypeError", where="fit"),
        },
    )


@clause("compile.metrics.dict-of-lists")
def test_the_metrics_in_a_dict_may_be_lists(build: Build) -> None:
    """For each output a dict holds one metric, or a list of metrics."""
    added = {
        "two": _added(build, {"a": ["mae", "mse"], "z": "mse"}),
        "three": _added_to_three(build, {"a": ["mae", "mse"], "b": "mse"}),
    }

    # a_mae, z_mse and a_mse; of three a_mae, b_mse and a_mse.
    expect(
        added,
        equals={"two": [6.0, 20.0, 45.0], "three": [10.0, 20.0, 125.0]},
        otherwise={"only the first of a list is used": {"two": [6.0, 20.0], "three": [10.0, 20.0]}},
    )


@clause("compile.metrics.nested-list")
def test_a_list_of_lists_of_metrics_goes_by_position(build: Build) -> None:
    """A list of one list for each output gives the metrics to the outputs in their order."""
    added = {
        "two": _added(build, [["mse"], ["mae", "mse"]]),
        "three": _added_to_three(build, [["mse"], ["mse"], ["mae"]]),
    }

    # a_mae, z_mse and a_mse; b_mse, c_mse and a_mae.
    right = {"two": [6.0, 20.0, 45.0], "three": [10.0, 20.0, 45.0]}
    expect(
        added,
        equals=right,
        otherwise={
            "all outputs got all": {**right, "two": [4.0, 6.0, 20.0, 20.0, 45.0, 45.0]},
        },
    )


@clause("compile.metrics.mixed-list")
def test_a_list_by_output_may_hold_bare_metrics(build: Build) -> None:
    """Beside lists of metrics, a bare metric stands for a list of it."""
    added = {
        "two": _added(build, ["mse", ["mae", "mse"]]),
        "three": _added_to_three(build, ["mse", ["mse"], "mae"]),
    }

    # a_mae, z_mse and a_mse; b_mse, c_mse and a_mae.
    expect(added, equals={"two": [6.0, 20.0, 45.0], "three": [10.0, 20.0, 45.0]})


@clause("compile.metrics.flat-list-on-multi-output")
def test_a_flat_list_of_metrics_is_for_all_outputs(build: Build) -> None:
    """Every metric of a flat list is computed for every output, also when there are as many."""
    added = {str(metrics): _added(build, metrics) for metrics in (["mse", "mae"], ["mse"])}

    # z_mae, a_mae, z_mse and a_mse; z_mse and a_mse.
    expect(
        added,
        equals={"['mse', 'mae']": [4.0, 6.0, 20.0, 45.0], "['mse']": [20.0, 45.0]},
        otherwise={
            "a list as long as the outputs is one for each": {
                "['mse', 'mae']": [6.0, 20.0],
                "['mse']": [20.0, 45.0],
            },
            "a list as long as the outputs is one for each, and a shorter one is refused": {
                "['mse', 'mae']": [6.0, 20.0],
                "['mse']": "ValueError",
            },
        },
    )
