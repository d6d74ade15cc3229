"""Callbacks: objects that are told what happens, and may stop it.

`base` says what each of them is, `dispatch` tells several of them the same; `provided` has those
that people name, `progress` the ones that print. It stands on `data`, for results that a device
may still be computing, and knows of models what `base.Model` says.
"""

from fitspec.reference.callbacks.base import Callback, History, Logs
from fitspec.reference.callbacks.dispatch import CallbackList, listed
from fitspec.reference.callbacks.progress import ProgbarLogger
from fitspec.reference.callbacks.provided import (
    BaseLogger,
    CSVLogger,
    EarlyStopping,
    LambdaCallback,
    LearningRateScheduler,
    ModelCheckpoint,
    ReduceLROnPlateau,
    TerminateOnNaN,
)

__all__ = [
    "BaseLogger",
    "CSVLogger",
    "Callback",
    "CallbackList",
    "EarlyStopping",
    "History",
    "LambdaCallback",
    "LearningRateScheduler",
    "Logs",
    "ModelCheckpoint",
    "ProgbarLogger",
    "ReduceLROnPlateau",
    "TerminateOnNaN",
    "listed",
]
