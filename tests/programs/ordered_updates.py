"""Takes a race out of Keras 2.3.1 on TensorFlow, which no two of its runs agree about.

Its optimizers count updates with an operation that nothing orders against those that read the
count: the bias corrections of Adam, Adamax and Nadam and the `decay` of all of them. Whichever
TensorFlow runs first decides whether update t counts as t or as t + 1, anew at every update. The
formulas, and the code of Keras as it reads, mean the count before: here counting comes last.
"""

from __future__ import annotations

import functools
from typing import Any

import keras
import tensorflow as tf


def order() -> None:
    """Let every optimizer of Keras count an update when it is made."""
    for kind in keras.optimizers.Optimizer.__subclasses__():
        kind.get_updates = ordered(kind.get_updates)


def ordered(get_updates: Any) -> Any:
    """Return a method `get_updates` whose first operation, which counts, waits for the others."""

    @functools.wraps(get_updates)
    def changed(self: Any, loss: Any, params: Any) -> Any:
        others = get_updates(self, loss, params)[1:]
        # Nadam has a product besides, which it gives as a pair of a variable and its new value.
        pairs = [one for one in others if isinstance(one, tuple)]
        steps = [one for one in others if not isinstance(one, tuple)]
        with tf.control_dependencies(steps + [value for _, value in pairs]):
            kept = [tf.compat.v1.assign(variable, value) for variable, value in pairs]
            counted = tf.compat.v1.assign_add(self.iterations, 1)
        self.updates = [*steps, *kept, counted]
        return self.updates

    return changed
