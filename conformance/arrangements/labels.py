"""What `metrics_names` says of the values that a method returns, whatever it calls them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.conformance.arrangements.taken import taken, tried
from fitspec.conformance.claims.expect import expect
from fitspec.conformance.vocabulary.models import linear, two_in_two_out
from fitspec.conformance.vocabulary.probes import SGD
from fitspec.conformance.vocabulary.samples import column
from fitspec.conformance.worker.remote import class_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from fitspec.conformance.arrangements.compiled import Build
    from fitspec.conformance.worker.remote import Model, Result

#: No other word has these in it. They are not in the order of the alphabet.
_OUTPUTS = ("south", "north")

#: What `labelled` finds where each label stands beside its value. The outputs are 2 and 3 for 0:
#: absolute errors 2 and 3, their sum, and the squared error 9 of ``north``.
EACH_ITS_OWN = {
    "labelled": {"loss": 5.0, "loss of south": 2.0, "loss of north": 3.0, "metric of north": 9.0},
    "labels": 4,
    "values": 4,
}


def labelled(
    build: Build, method: Callable[[Model], Callable[..., Result]]
) -> tuple[Any, dict[str, Any]]:
    """Return what a method returns for two outputs and a metric on one, and its labels.

    No document spells the labels. All that is read off one is which output it names, and whether
    it was there before there was a metric. They are read after the call that they label.

    Args:
        build: builds a model.
        method: gives the method of a model, such as `evaluate`.
    """
    model, data = build(two_in_two_out(2.0, 3.0, _OUTPUTS)), ([column(1)] * 2, [column(0)] * 2)
    model.compile(SGD(0.0), "mae")
    # Whether there is such a thing; what it holds before a call is another clause.
    model.attribute("metrics_names")
    # As many labels as later, and another one among them.
    model.compile(SGD(0.0), "mae", metrics={"south": "mse"})
    method(model)(*data)
    model.attribute("metrics_names")
    model.compile(SGD(0.0), "mae", metrics={"north": "mse"})
    values = method(model)(*data).value
    names = model.attribute("metrics_names")
    model.compile(SGD(0.0), "mae")
    method(model)(*data)
    of_losses = model.attribute("metrics_names")

    meanings = [_meaning(name, "loss" if name in of_losses else "metric") for name in names]
    return values, {
        "labelled": dict(zip(meanings, np.ravel(values), strict=False)),
        "labels": len(names),
        "values": np.size(values),
    }


def by_output(
    build: Build, method: Callable[[Model], Callable[..., Result]]
) -> dict[str, list[float]]:
    """Return, ascending, the values whose labels name an output, of two with metrics of each kind.

    Nothing where there are no weighted metrics for each output, which is another clause.
    """
    model = build(two_in_two_out(2.0, 3.0, _OUTPUTS))
    kinds = {"metrics": "mse", "weighted_metrics": "mae"}
    each = {kind: dict.fromkeys(_OUTPUTS, metric) for kind, metric in kinds.items()}
    if not taken(model.compile, SGD(0.0), "mae", **each):
        return {}
    values = np.ravel(method(model)([column(1)] * 2, [column(0)] * 2).value).tolist()
    pairs = [*zip(model.attribute("metrics_names"), values, strict=False)]
    return {one: sorted(value for name, value in pairs if one in name) for one in _OUTPUTS}


def expect_bare_or_labelled(build: Build, method: Callable[[Model], Callable[..., Result]]) -> None:
    """Claim that a loss alone is returned bare, and several values as a list that is labelled.

    Args:
        build: builds a model.
        method: gives the method of a model, such as `test_on_batch`.

    Raises:
        ExpectationFell: they are not.
    """
    one = build(linear(2.0))
    # What it was compiled with before is over. Whether metrics may be weighted is another clause.
    tried(one.compile, SGD(0.0), "mse", metrics=["mae"], weighted_metrics=["mae"])
    one.compile(SGD(0.0), "mse")

    # Whatever came of the first call, the second gives the same.
    bare, again = (method(one)(column(1), column(0)).value for _ in range(2))
    several, labels = labelled(build, method)
    two = build(two_in_two_out(2.0, 3.0, _OUTPUTS))
    two.compile(SGD(0.0), "mae")
    losses, more = (method(two)([column(1)] * 2, [column(0)] * 2).value for _ in range(2))

    of_outputs = by_output(build, method)

    # (2·1)². The outputs 2 and 3 for 0 have their losses, squares, and weighted metrics.
    right_of_outputs = {"south": [2.0, 2.0, 4.0], "north": [3.0, 3.0, 9.0]} if of_outputs else {}
    expect(
        {
            "one value": {"bare": np.ndim(bare) == 0, "loss": np.ravel(bare)},
            "again": [np.ndim(again) == 0, class_of(more)],
            "several": class_of(several),
            **labels,
            "losses alone": {"is": class_of(losses), "values": np.size(losses)},
            "with metrics of both kinds": of_outputs,
        },
        equals={
            "one value": {"bare": True, "loss": [4.0]},
            "again": [True, "list"],
            "several": "list",
            **EACH_ITS_OWN,
            "losses alone": {"is": "list", "values": 3},
            "with metrics of both kinds": right_of_outputs,
        },
    )


def _meaning(label: str, kind: str) -> str:
    outputs = [output for output in _OUTPUTS if output in label]
    return f"{kind} of {' and '.join(outputs)}" if outputs else kind
