"""Whole models to and from files, by what was provided for that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.reference.models.model import Model

if TYPE_CHECKING:
    from fitspec.reference.config.configuration import CustomObjects
    from fitspec.reference.network.network import PathLike


def save_model(
    model: Model, filepath: PathLike, overwrite: bool = True, include_optimizer: bool = True
) -> None:
    """Write a model: layers, weights, and, if it is compiled, how it is trained.

    Args:
        model: The model.
        filepath: The file, which will be HDF5.
        overwrite: Whether there may be one already.
        include_optimizer: Whether what `compile` was given, and the optimizer's state, is written.

    Raises:
        FileExistsError: There is a file already, and `overwrite` is False.
        ValueError: A function or object cannot be written down.

    """
    model.save(filepath, overwrite, include_optimizer)


def load_model(
    filepath: PathLike,
    custom_objects: CustomObjects = None,
    compile: bool = True,  # noqa: A002 - the documented name
) -> Any:
    """Make a model of what `save_model`, or Keras, wrote.

    Args:
        filepath: The file.
        custom_objects: Functions and classes of one's own, by name.
        compile: Whether the model is compiled as it was, with the optimizer's state.

    Raises:
        FileNotFoundError: There is no such file.
        ValueError: It is damaged, something else, or something in it is not known.

    """
    return Model.asked_for("load_model")(filepath, custom_objects, compile)
