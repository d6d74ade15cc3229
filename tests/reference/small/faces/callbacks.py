"""The callbacks that users derive their own from."""

from fitspec.reference.callbacks.base import Callback, History, Logs
from fitspec.reference.callbacks.dispatch import CallbackList, listed

__all__ = ["Callback", "CallbackList", "History", "Logs", "listed"]
