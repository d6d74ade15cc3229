"""What a loss comes to: as it is reported, and in the weights after an update by it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.conformance.vocabulary.models import linear, three_in_three_out, two_in_two_out
from fitspec.conformance.vocabulary.probes import SGD
from fitspec.conformance.vocabulary.samples import column, constant

if TYPE_CHECKING:
    from fitspec.conformance.arrangements.compiled import Build

#: What makes of slopes what is rounded nowhere.
RATE = 1 / 16
ONE, ZERO = column(1), column(0)


def losses_learnt(build: Build, loss: Any, epochs: int = 1) -> dict[str, Any]:
    """Return the loss of x/4 for x = 12, and the weight after epochs of one update on x = 1/8.

    0 is right. What is trained on is five times the same, so that a library that keeps some of it
    for validation shows no other update. Gradients stay below the length of 1, even five of them
    added up: some libraries cut longer ones if nothing is said.
    """
    model = build(linear(0.25))
    model.compile(SGD(1.0), loss)
    evaluated = model.evaluate(column(12), ZERO).value
    model.fit(constant(5, 1 / 8), constant(5, 0), batch_size=5, epochs=epochs)
    return {"loss": np.ravel(evaluated)[0], "weight": model.weight("y")}


#: The error is 3, and its square 9; on x = 1/8 the slope is 2·1/32·1/8 = 1/128.
BY_SQUARES = {"loss": 9.0, "weight": 1 / 4 - 1 / 128}
#: The absolute value is 3; on x = 1/8 the slope is 1/8.
BY_SIZES = {"loss": 3.0, "weight": 1 / 4 - 1 / 8}
#: After two updates, of which the second by squares takes a 32nd of the weight, as the first does.
TWICE = {
    "mse": {"loss": 9.0, "weight": (31 / 32) ** 2 / 4},
    "mae": {"loss": 3.0, "weight": 1 / 4 - 2 / 8},
}


def of_two(build: Build, loss: Any) -> dict[str, Any]:
    """Return the total loss for z = 2 and a = 3 where 0 is right, and the weights after an update.

    z is the first output. By squares the losses are 4 and 9, with slopes of 4 and 6; by absolute
    values 2 and 3, with slopes of 1.
    """
    model = build(two_in_two_out(2.0, 3.0, outputs=("z", "a")))
    model.compile(SGD(RATE), loss)
    data = [ONE, ONE], [ZERO, ZERO]
    (total,) = model.fit(*data, epochs=1).history.history["loss"]
    return {"total": total, **{name: model.weight(name) for name in ("z", "a")}}


#: The first output by squares, the second by absolute values: 4 + 3, 2 - 4/16 and 3 - 1/16.
IN_ORDER = {"total": 7.0, "z": 1.75, "a": 2.9375}
#: The other way round: 2 + 9, 2 - 1/16 and 3 - 6/16.
EXCHANGED = {"total": 11.0, "z": 1.9375, "a": 2.625}


def of_three(build: Build, loss: Any) -> dict[str, Any]:
    """Return the total loss for b = 2, c = 3 and a = 5, where 0 is right, and then the weights.

    The outputs are in this order, which is neither that of the alphabet nor its reverse.
    """
    model = build(three_in_three_out(2.0, 3.0, 5.0))
    model.compile(SGD(RATE), loss)
    data = [ONE] * 3, [ZERO] * 3
    (total,) = model.fit(*data, epochs=1).history.history["loss"]
    return {"total": total, **{name: model.weight(name) for name in ("b", "c", "a")}}


#: Of three, the second by absolute values, the others by squares: 4 + 3 + 25, and a sixteenth of
#: the slopes 4, 1 and 10.
THREE_IN_ORDER = {"total": 32.0, "b": 1.75, "c": 2.9375, "a": 4.375}
