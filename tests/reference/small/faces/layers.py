"""The layers that the contract's probes are made of."""

# ruff: noqa: F403 - all that a module has in `__all__`
from fitspec.reference.layers.core import *
from fitspec.reference.layers.function import *
from fitspec.reference.layers.merging import *
from fitspec.reference.layers.normalization import *
from fitspec.reference.layers.recurrent import *
from fitspec.reference.network.input_layer import Input as Input  # noqa: PLC0414 - public here
