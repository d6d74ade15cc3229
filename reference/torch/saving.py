"""Weights in files, as PyTorch keeps them: by name, and read without running anything."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from fitspec.reference.config import formats
from fitspec.reference.config.atomic_file import replaced

if TYPE_CHECKING:
    from fitspec.reference.config.formats import Path_

MARK = "fitspec.reference.torch"
"""Under it files of `save` have the version of their layout."""

VERSION = 1
FOREIGN = (".h5", ".hdf5", ".keras")
"""How files end that people, and other programs, take for another format."""


def write_weights(path: Path_, module: torch.nn.Module, *, overwrite: bool = True) -> None:
    """Write a `state_dict`: as safetensors if the path ends so, otherwise as `torch.save` does.

    Raises:
        FileExistsError: There is a file already, and `overwrite` is False.
        ImportError: It shall be safetensors, which is not installed.
        ValueError: The path ends as files of another format do, or safetensors cannot hold
            something.

    """
    state = module.state_dict()
    if not _is_safetensors(path):
        write(path, state, overwrite=overwrite)
        return
    library = formats.required("safetensors.torch")
    for name, value in state.items():
        if not isinstance(value, torch.Tensor):
            raise ValueError(  # noqa: TRY004 - it is the format that does not fit
                f"filepath: {name!r} is a {type(value).__name__}, and safetensors hold tensors "
                "alone: let the name of the file end in .pt"
            )
    # Copies, as the format has no weights that share memory.
    copies = {name: value.detach().cpu().contiguous().clone() for name, value in state.items()}
    with replaced(path, overwrite=overwrite) as draft:
        library.save_file(copies, draft)


def write_training(path: Path_, training: Mapping[str, Any], *, overwrite: bool = True) -> None:
    """Write weights with what belongs to training them.

    Args:
        path: The file.
        training: `module`, a `state_dict`, and whatever else is made of plain values and tensors.
        overwrite: Whether there may be a file already.

    Raises:
        FileExistsError: There is a file already, and `overwrite` is False.
        ValueError: The path ends as files of another format do.

    """
    if _is_safetensors(path):
        raise ValueError(
            f"filepath: {path} would be safetensors, which hold weights alone: use save_weights, "
            "or let the name end in .pt"
        )
    write(path, {MARK: VERSION, **training}, overwrite=overwrite)


def write(path: Path_, content: object, *, overwrite: bool) -> None:
    """Write what `torch.save` can, whole or not at all; ValueError for another format's ending."""
    if Path(path).suffix in FOREIGN:
        raise ValueError(
            f"filepath: {path} would be taken for another format than that of PyTorch: let the "
            "name end in .pt, or for weights alone in .safetensors"
        )
    with replaced(path, overwrite=overwrite) as draft:
        torch.save(content, draft)


def read(path: Path_) -> dict[str, Any]:
    """Return what is in a file, on the CPU.

    Raises:
        FileNotFoundError: There is no such file.
        ImportError: It is of safetensors, which are not installed.
        ValueError: It is damaged, something else, or has more than tensors and plain values.

    """
    with formats.expected(path, "weights of PyTorch"):
        if _is_safetensors(path):
            found: Any = formats.required("safetensors.torch").load_file(path)
            return dict(found)
        try:
            found = torch.load(path, map_location="cpu", weights_only=True)
        except pickle.UnpicklingError as error:
            raise ValueError(
                f"{path} is damaged, or has more than tensors and plain values, of which none is "
                "read, as it might run a program"
            ) from error
        if not isinstance(found, Mapping):
            raise ValueError(  # noqa: TRY004 - it is the content of a file
                f"{path} has a {type(found).__name__}; weights by name were expected"
            )
        return dict(found)


def weights_of(content: dict[str, Any]) -> Mapping[str, Any]:
    """Return the weights of a file, whether it has them alone or with more."""
    found = content.get("module", {}) if MARK in content else content
    return found if isinstance(found, Mapping) else {}


def optimizer_of(content: dict[str, Any]) -> Any:
    """Return what a file has of an optimizer, None if nothing."""
    return content.get("optimizer") if MARK in content else None


def written(optimizer: torch.optim.Optimizer, updates: int) -> dict[str, Any]:
    """Return what a file has of an optimizer that made some updates."""
    name = type(optimizer).__name__
    return {"class": name, "state": optimizer.state_dict(), "updates": updates}


def restore(optimizer: torch.optim.Optimizer, given: Any, path: Path_) -> int:
    """Give an optimizer the state in a file; return how many updates were made with it.

    Raises:
        ValueError: It is of another class or other weights, or damaged; nothing is changed then.

    """
    with formats.expected(path, "an optimizer of PyTorch"):
        name, updates = type(optimizer).__name__, int(given["updates"])
        if given["class"] != name:
            raise ValueError(
                f"{path} has the state of {given['class']}, but the model was compiled with "
                f"{name}: load_weights takes the weights alone"
            )
        optimizer.load_state_dict(given["state"])  # which raises before it changes anything
    return updates


def fitting(
    module: torch.nn.Module, given: Mapping[str, Any], path: Path_, *, by_name: bool
) -> dict[str, Any]:
    """Return those of the weights that a module has, once it is seen that they fit.

    Args:
        module: Whose weights they are to become.
        given: The weights by name.
        path: The file, for messages.
        by_name: Whether weights that only one of the two has are left alone.

    Raises:
        ValueError: They do not fit.

    """
    own = module.state_dict()
    shared = {name: given[name] for name in own if name in given}
    if not by_name and (len(shared) < len(own) or len(shared) < len(given)):
        missing, unknown = sorted(own.keys() - shared), sorted(given.keys() - shared)
        raise ValueError(f"{path} is of another module: it lacks {missing}, and has {unknown}")
    if own and not shared:
        raise ValueError(f"{path} has no weight of this module: it has {sorted(given)}")
    for name, new in shared.items():
        before, after = (getattr(each, "shape", None) for each in (own[name], new))
        if before != after:
            raise ValueError(
                f"{path}: {name!r} must have shape {_told(before)}, not {_told(after)}"
            )
    return shared


def _told(shape: Any) -> str:
    return "of no tensor" if shape is None else str(tuple(shape))


def _is_safetensors(path: Path_) -> bool:
    return Path(path).suffix == formats.SAFETENSORS
