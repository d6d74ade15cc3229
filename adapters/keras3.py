"""The adapter of Keras 3 by a short name, for the adapters of its forks."""

from fitspec.adapters.keras.keras3 import Keras3 as Keras3  # noqa: PLC0414  exported
