"""The layers: import this module and write `layers.Dense(1)`."""

# ruff: noqa: F403 - all that a module has in `__all__`
from fitspec.reference.layers.advanced_activations import *
from fitspec.reference.layers.combining import *
from fitspec.reference.layers.convolutional import *
from fitspec.reference.layers.core import *
from fitspec.reference.layers.embedding import *
from fitspec.reference.layers.function import *
from fitspec.reference.layers.gated import *
from fitspec.reference.layers.merging import *
from fitspec.reference.layers.noise import *
from fitspec.reference.layers.normalization import *
from fitspec.reference.layers.pooling import *
from fitspec.reference.layers.recurrent import *
from fitspec.reference.layers.reshaping import *
from fitspec.reference.layers.resizing import *
from fitspec.reference.layers.transposed import *
from fitspec.reference.layers.wrappers import *
from fitspec.reference.network.input_layer import Input as Input
from fitspec.reference.network.input_layer import InputLayer as InputLayer
from fitspec.reference.network.layer import Layer as Layer
