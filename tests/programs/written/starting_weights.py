"""Gives a model the same starting weights in every library.

A library draws its starting weights from a stream of its own, so that no two of them start alike.
What has two axes or more is drawn here instead, in the order of `get_weights`; vectors (biases,
scales, moving averages) start as the library starts them, which is documented to the number.
"""

import numpy as np

#: The shapes of the weights of each model that was given some, in their order.
given = []


def start(model, seed=0):
    """Give a model its starting weights."""
    draw = np.random.RandomState(seed)
    weights = [np.asarray(weight) for weight in model.get_weights()]
    given.append([list(weight.shape) for weight in weights])
    model.set_weights(
        [
            weight
            if weight.ndim < 2
            else draw.normal(0, np.prod(weight.shape[:-1]) ** -0.5, weight.shape)
            for weight in weights
        ]
    )
