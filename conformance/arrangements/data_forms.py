"""Data in each documented form, given to a method that returns losses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitspec.conformance.arrangements.returned import loss_in
from fitspec.conformance.claims.expect import expect
from fitspec.conformance.vocabulary.models import linear, two_in_two_out
from fitspec.conformance.vocabulary.probes import SGD
from fitspec.conformance.vocabulary.samples import column

if TYPE_CHECKING:
    from collections.abc import Callable

    from fitspec.conformance.arrangements.compiled import Build
    from fitspec.conformance.worker.remote import Method, Model


def expect_each_form(build: Build, method: Callable[[Model], Method]) -> None:
    """Claim that a method takes an array, lists by position and dicts by name.

    Args:
        build: builds a model.
        method: gives the method of a model, such as `evaluate`.

    Raises:
        ExpectationFell: a form was taken in another way.
    """
    one, two = build(linear(2.0)), build(two_in_two_out(1.0, 2.0))
    one.compile(SGD(0.0), "mse")
    two.compile(SGD(0.0), "mse")
    dicts = {"in2": column(10), "in1": column(1)}, {"b": column(10), "a": column(0)}

    values = {
        "arrays": method(one)(column(1), column(0)).value,
        "lists": method(two)([column(1), column(10)], [column(0), column(10)]).value,
        "dicts": method(two)(*dicts).value,
    }

    # (2·1)². Outputs 1·1 and 2·10 for 0 and 10: 1 + 100. With the inputs exchanged 10 and 2,
    # with the targets exchanged 10 and 0.
    both = {"arrays": 4.0, "lists": 101.0}
    expect(
        {form: loss_in(value) for form, value in values.items()},
        equals={**both, "dicts": 101.0},
        otherwise={
            "the order of both dicts decided": {**both, "dicts": 0.0 + 4.0},
            "the order of the dict of inputs decided": {**both, "dicts": 100.0 + 64.0},
            "the order of the dict of targets decided": {**both, "dicts": 81.0 + 400.0},
        },
    )
