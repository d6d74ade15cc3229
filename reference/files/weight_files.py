"""Weights in files: HDF5 as Keras lays it out, or safetensors."""

from __future__ import annotations

import contextlib
import io
import itertools
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from fitspec.reference.config.atomic_file import replaced
from fitspec.reference.config.formats import SAFETENSORS, expected, required

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fitspec.reference.config.formats import Place
    from fitspec.reference.tensor.array_library import Array

Stored: TypeAlias = "list[tuple[str, list[tuple[str, Array]]]]"
"""Of every layer its name, and the names and values of its weights."""

KERAS_VERSION = "2.3.1"
"""Whose layout this is; Keras converts the weights of files that do not say so."""

LONGEST_ATTRIBUTE = 60_000
"""In bytes; HDF5 has no room for more than 64 kB. Longer lists of names go into several."""

UNDOUBTED, COMPRESSED = 2**20, 1100
"""In bytes what any data set may have, and how often what it holds: compression can do no more."""


def write(path: Any, layers: Stored, *, overwrite: bool = True) -> None:
    """Write weights: to safetensors if the path ends so, to HDF5 otherwise.

    Raises:
        FileExistsError: There is a file already, and `overwrite` is False.
        ImportError: A package that writes such files is not installed.

    """
    if is_of_safetensors(path):
        library = required("safetensors.numpy")
        arrays = {
            f"{layer}/{name}": np.asarray(array, order="C")
            for layer, weights in layers
            for name, array in weights
        }
        order = json.dumps([(layer, [name for name, _ in weights]) for layer, weights in layers])
        with replaced(path, overwrite=overwrite) as draft:
            library.save_file(arrays, draft, metadata={"layers": order})
        return
    with created(path, overwrite=overwrite) as file:
        write_group(file, layers)


def read(path: Place) -> Stored:
    """Read weights.

    Raises:
        FileNotFoundError: There is no such file.
        ValueError: It is damaged, or something else.
        ImportError: A package that reads such files is not installed.

    """
    if not is_of_safetensors(path):
        with opened(path) as file:
            return read_group(file.get("model_weights", file))
    library = required("safetensors")
    with expected(path, "safetensors with weights"), library.safe_open(path, "numpy") as file:
        order = json.loads((file.metadata() or {})["layers"])
        return [
            (layer, [(name, file.get_tensor(f"{layer}/{name}")) for name in names])
            for layer, names in order
        ]


def is_of_safetensors(place: Any) -> bool:
    """Whether a place is a path that ends as such files do."""
    return isinstance(place, (str, os.PathLike)) and Path(place).suffix == SAFETENSORS


@contextlib.contextmanager
def created(path: Place, *, overwrite: bool) -> Iterator[Any]:
    """Open a new HDF5 file, which takes its place at the end of the block.

    Args:
        path: Of the file; or a file that is open for writing, or an empty group of an HDF5 file.
        overwrite: Whether there may be a file already.

    Raises:
        FileExistsError: There is a file already, and `overwrite` is False.
        ValueError: The group has something in it.

    """
    h5py = required("h5py")
    if isinstance(path, h5py.Group):
        if len(path) or len(path.attrs):
            raise ValueError(f"filepath: {path} has {sorted([*path, *path.attrs])} in it already")
        yield path
    elif isinstance(path, (str, os.PathLike)):
        with replaced(path, overwrite=overwrite) as draft, h5py.File(draft, "w") as file:
            yield file
    elif hasattr(path, "write"):
        content = io.BytesIO()
        with h5py.File(content, "w") as file:
            yield file
        path.write(content.getvalue())
    else:
        raise TypeError(f"filepath must be a path, a file or an HDF5 group, not {path!r}")


@contextlib.contextmanager
def opened(path: Place) -> Iterator[Any]:
    """Open an HDF5 file to read.

    Args:
        path: Of the file; or a file that is open for reading, or a group of an HDF5 file.

    Raises:
        FileNotFoundError: There is no such file.
        ValueError: It is damaged, something else, or has some of its content in other files.

    """
    h5py = required("h5py")
    with contextlib.ExitStack() as stack:
        stack.enter_context(expected(path, "HDF5 with weights or a model"))
        group = path if isinstance(path, h5py.Group) else stack.enter_context(h5py.File(path, "r"))
        refuse_what_is_not_there(group, path)
        yield group


def refuse_what_is_not_there(file: Any, path: Place) -> None:
    """See that all of an HDF5 file is in it, before any of it is read.

    So none brings in a file of whoever opens it, or takes all memory for numbers that it has not.

    Raises:
        ValueError: A link leads to another file, a data set is kept in one, or has far more numbers
            by its shape than can be in the file.

    """
    h5py = required("h5py")

    def fault(name: str, link: object) -> str | None:
        elsewhere = isinstance(link, h5py.ExternalLink)
        if isinstance(link, h5py.HardLink) and isinstance(file[name], h5py.Dataset):
            data = file[name]
            elsewhere = bool(data.external) or data.is_virtual
            held = data.id.get_storage_size()
            if not elsewhere and data.nbytes > UNDOUBTED + COMPRESSED * held:
                return f"{name!r} has {data.nbytes} bytes by its shape, but {held} in the file"
        return f"{name!r} is kept in another file, which is not followed" if elsewhere else None

    found = file.visititems_links(fault)
    if found is not None:
        raise ValueError(f"{path}: {found}")


def write_group(group: Any, layers: Stored) -> None:
    """Write weights into a group of an HDF5 file."""
    write_names(group, "layer_names", [layer for layer, _ in layers])
    group.attrs["backend"] = b"tensorflow"
    group.attrs["keras_version"] = KERAS_VERSION.encode()
    for layer, weights in layers:
        write_arrays(group.create_group(layer), weights)


def read_group(group: Any) -> Stored:
    """Read weights from a group of an HDF5 file."""
    return [(layer, read_arrays(group[layer])) for layer in read_names(group, "layer_names")]


def write_arrays(group: Any, arrays: Sequence[tuple[str, Array]]) -> None:
    """Write arrays, and the order that they have."""
    # Keras ends the names of weights by the number of an output of an operation.
    write_names(group, "weight_names", [f"{name}:0" for name, _ in arrays])
    for name, array in arrays:
        group.create_dataset(f"{name}:0", data=array)


def read_arrays(group: Any) -> list[tuple[str, Array]]:
    """Read arrays in their order."""
    names = read_names(group, "weight_names")
    return [(name.removesuffix(":0"), np.asarray(group[name][()])) for name in names]


def write_names(group: Any, attribute: str, names: Sequence[str]) -> None:
    """Write a list of names, if it is long then in several attributes that are numbered."""
    longest = max((len(name.encode()) for name in names), default=1)
    size = max(LONGEST_ATTRIBUTE // longest, 1)
    parts = [names[start : start + size] for start in range(0, len(names), size)]
    for number, part in enumerate(parts):
        name = attribute if len(parts) == 1 else f"{attribute}{number}"
        group.attrs[name] = np.array([each.encode() for each in part])
    if not parts:
        group.attrs[attribute] = np.empty(0, "S1")


def read_names(group: Any, attribute: str) -> list[str]:
    """Read a list of names."""
    if attribute in group.attrs:
        values = list(group.attrs[attribute])
    else:
        values = list(group.attrs[f"{attribute}0"])
        for number in itertools.takewhile(
            lambda number: f"{attribute}{number}" in group.attrs, itertools.count(1)
        ):
            values += list(group.attrs[f"{attribute}{number}"])
    return [value if isinstance(value, str) else value.decode() for value in values]


def write_text(group: Any, name: str, text: str) -> None:
    """Write a text, as an attribute if it is short enough."""
    content = np.bytes_(text.encode())
    if len(content) <= LONGEST_ATTRIBUTE:
        group.attrs[name] = content
    else:
        group[name] = content


def read_text(group: Any, name: str) -> str | None:
    """Read a text, None if there is none."""
    if name not in group.attrs and name not in group:
        return None
    content = group.attrs[name] if name in group.attrs else group[name][()]
    return content if isinstance(content, str) else bytes(content).decode()
