"""What programs prepare data with, and look at results by."""

from fitspec.reference.arrays import normalize, to_categorical
from fitspec.reference.configuration import custom_object_scope, get_custom_objects
from fitspec.reference.hdf5_matrix import HDF5Matrix
from fitspec.reference.plotting import plot_history
from fitspec.reference.progress import Progbar
from fitspec.reference.sequence import Sequence

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
