"""The adapter of Keras 2 by a short name, for the adapters of its forks."""

from fitspec.adapters.keras.keras2 import Keras2 as Keras2  # noqa: PLC0414  exported
