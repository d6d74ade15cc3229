"""The Model API as the R package of Keras documents it: `fit` and `fit_generator`.

A model is built and compiled as ever; these two functions train it by the rules of the R texts.

from fitspec.reference import r

history = r.fit(model, x, y, epochs=5)
print(history)
history.plot("metrics.png")

All else that a user needs, such as `compile`, `evaluate` and `predict`, are the model's methods.
"""

from fitspec.reference.r.functions import call_in, fit, fit_generator
from fitspec.reference.r.history import TrainingHistory
from fitspec.reference.r.session import Session, get_option, options

__all__ = [
    "Session",
    "TrainingHistory",
    "call_in",
    "fit",
    "fit_generator",
    "get_option",
    "options",
]
