"""The adapter of TensorFlow's Keras by a short name, for the adapters of its forks."""

from fitspec.adapters.keras.tf_keras import TFKeras as TFKeras  # noqa: PLC0414  exported
