"""What programs prepare data with, and look at results by."""

import functools

from fitspec.reference.config.configuration import custom_object_scope, get_custom_objects
from fitspec.reference.data.sequence import Sequence
from fitspec.reference.files.hdf5_matrix import HDF5Matrix
from fitspec.reference.standing_in import left_out
from fitspec.reference.utils.arrays import normalize, to_categorical
from fitspec.reference.utils.plotting import plot_history
from fitspec.reference.utils.progbar import Progbar

CustomObjectScope = custom_object_scope

__all__ = [
    "CustomObjectScope",
    "HDF5Matrix",
    "Progbar",
    "Sequence",
    "custom_object_scope",
    "get_custom_objects",
    "normalize",
    "plot_history",
    "to_categorical",
]

__getattr__ = functools.partial(left_out.missing, "utils")
