"""Any module of PyTorch behind the documented API."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NoReturn

import torch
from torch.utils.data import DataLoader, Dataset, IterableDataset

from fitspec.reference.api import arguments
from fitspec.reference.api.compiled import feed_of
from fitspec.reference.api.get_layer import Layered
from fitspec.reference.api.methods import Trainable
from fitspec.reference.config import naming
from fitspec.reference.data.batches import Port
from fitspec.reference.torch import saving
from fitspec.reference.torch.engine import TorchEngine
from fitspec.reference.torch.layers import Layer
from fitspec.reference.torch.rates import Rates
from fitspec.reference.torch.summary import count, summarize
from fitspec.reference.torch.vocabulary import TorchVocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fitspec.reference.api.arguments import Request
    from fitspec.reference.config.formats import Path_
    from fitspec.reference.data.feeding import Feed
    from fitspec.reference.tensor.array_library import Array


class Model(Layered[Layer], Trainable):
    """A module that can be trained, tested and used in all documented ways.

    Args:
        module: Takes the inputs in order, and returns a tensor; several in a tuple or list; or
            several by name.
        inputs: Names of the inputs, those of the arguments of `forward` when left out; or a mapping
            of names to what is known: the shape of one sample, with None for lengths that vary, to
            have data checked and turned into the floating-point type of the weights; None to leave
            them as they come, such as indices; or a tensor, which makes the input need no data.
        outputs: Names of the outputs, one named "output" when left out.
        name: Made up when left out.
        device: Where the module is moved to; left where it is when left out.

    Attributes:
        rates: The learning rates of the optimizer in use, as one number `lr`; there after compile.

    Example:
        >>> model = Model(torch.nn.Linear(2, 1), inputs={"x": (2,)})
        >>> model.compile(torch.optim.Adam(model.module.parameters()), loss="mse")

    """

    rates: Rates

    def __init__(
        self,
        module: torch.nn.Module,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
        outputs: str | Sequence[str] = "output",
        *,
        name: str | None = None,
        device: torch.device | str | None = None,
    ) -> None:
        if not isinstance(module, torch.nn.Module):
            raise TypeError(f"module must be a torch.nn.Module, not {module!r}")
        self.module = module if device is None else module.to(device)
        # What torch.compile returns stands in front of the module that was written.
        self._written: Any = getattr(module, "_orig_mod", module)
        self.name = name or naming.fresh(naming.snake_case(type(self._written).__name__))
        known = _mapping(parameters_of(self._written) if inputs is None else inputs)
        self._own = [one if isinstance(one, torch.Tensor) else None for one in known.values()]
        self._inputs = [_port(key, value) for key, value in known.items()]
        self._output_names = list(_mapping(outputs))
        if not self._output_names:
            raise ValueError("outputs must name at least one output")
        self._layers: list[Layer] = []
        self._vocabulary = TorchVocabulary(self.module)
        self._engine = TorchEngine(self.module, self._own, self._output_names)

    @property
    def input_names(self) -> list[str]:
        """The names by which data in a dict is found."""
        return [port.name for port in self._inputs]

    @property
    def output_names(self) -> list[str]:
        """The names by which targets in a dict are found."""
        return list(self._output_names)

    @property
    def vocabulary(self) -> TorchVocabulary:
        """Which optimizers, losses, metrics and tensors `compile` takes."""
        return self._vocabulary

    @property
    def engine(self) -> TorchEngine:
        """What computes."""
        return self._engine

    def was_compiled(self, given: Request) -> None:  # noqa: ARG002 - as Compiled
        """Have callbacks find the rates of the optimizer."""
        self.rates = Rates(self.optimizer)

    @property
    def updates(self) -> int:
        """How many updates the optimizer in use has made; RuntimeError before compile."""
        return self._engine.updates(self.optimizer)

    @property
    def layers(self) -> list[Layer]:
        """The modules directly inside of the module, in order; the module itself if it has none."""
        children = dict(self._written.named_children())
        found = children or {naming.snake_case(type(self._written).__name__): self._written}
        # The same object for the same layer, whenever it is asked for.
        known = {(layer.name, layer.module): layer for layer in self._layers}
        self._layers = [known.get(item, Layer(*item)) for item in found.items()]
        return list(self._layers)

    def get_weights(self) -> list[Array]:
        """Return a copy of all that the module's `state_dict` holds, as NumPy arrays."""
        return Layer(self.name, self._written).get_weights()

    def set_weights(self, weights: Sequence[Array]) -> None:
        """Replace all that the module's `state_dict` holds; ValueError if it does not fit."""
        Layer(self.name, self._written).set_weights(weights)

    def save_weights(self, filepath: Path_, overwrite: bool = True) -> None:
        """Write the module's `state_dict` to a file.

        Args:
            filepath: The file: safetensors if it ends so, otherwise what `torch.save` writes.
            overwrite: Whether there may be one already.

        Raises:
            FileExistsError: There is a file already, and `overwrite` is False.
            ValueError: It ends as files of another format do, such as `.h5`.

        """
        saving.write_weights(filepath, self._written, overwrite=overwrite)

    def load_weights(self, filepath: Path_, by_name: bool = False) -> None:
        """Replace the weights by those in a file of `save_weights`, `save` or `torch.save`.

        Args:
            filepath: The file; of one of `torch.save` only tensors and plain values are read.
            by_name: Whether weights that only the file or only the module has are left alone.

        Raises:
            FileNotFoundError: There is no such file.
            ValueError: It is damaged, or does not fit; no weight is changed then.

        """
        given = saving.weights_of(saving.read(filepath))
        fitting = saving.fitting(self._written, given, filepath, by_name=by_name)
        self._written.load_state_dict(fitting, strict=False)

    def save(self, filepath: Path_, overwrite: bool = True, include_optimizer: bool = True) -> None:
        """Write weights, and the state of training, to a file that `load` goes on from.

        What the module computes is a program, and is not in the file: make the module, and compile
        the model, as before; then `load` it.

        Args:
            filepath: The file, which `torch.save` writes.
            overwrite: Whether there may be one already.
            include_optimizer: Whether the state of the optimizer is written, if there is one.

        Raises:
            FileExistsError: There is a file already, and `overwrite` is False.
            ValueError: It ends as files of another format do, such as `.h5` or `.safetensors`.

        """
        training: dict[str, Any] = {"module": self._written.state_dict()}
        if include_optimizer and self.is_compiled:
            training["optimizer"] = saving.written(self.optimizer, self.updates)
        saving.write_training(filepath, training, overwrite=overwrite)

    def load(self, filepath: Path_) -> None:
        """Go on from what `save` wrote: take over its weights, and the state of its optimizer.

        Raises:
            FileNotFoundError: There is no such file.
            RuntimeError: It has the state of an optimizer, and this model was never compiled.
            ValueError: It is damaged, or does not fit; nothing is changed then.

        """
        content = saving.read(filepath)
        given = saving.weights_of(content)
        weights = saving.fitting(self._written, given, filepath, by_name=False)
        state = saving.optimizer_of(content)
        if state is not None:
            updates = saving.restore(self.optimizer, state, filepath)
            self._engine.count_updates(self.optimizer, updates)
        self._written.load_state_dict(weights, strict=False)

    def get_config(self) -> NoReturn:
        """Say that a module is no data: a ValueError, as wherever something cannot be saved."""
        raise ValueError(
            f"model {self.name!r} cannot be written down, as what its module computes is a "
            "program: save and save_weights keep what it has learned, for the same program"
        )

    def to_json(self, **_: Any) -> NoReturn:
        """Say what `get_config` does."""
        self.get_config()

    def count_params(self) -> int:
        """Return how many numbers the weights are that can be trained, or could if not frozen."""
        return count(self.module.parameters())

    def summary(
        self,
        line_length: int | None = None,
        positions: Sequence[float] | None = None,
        print_fn: Callable[[str], object] | None = None,
    ) -> None:
        """Print the parts of the module and their weights; see `torch.summary.summarize`."""
        summarize(self.name, self._written, line_length, positions, print_fn)

    def feed(self, x: object) -> Feed:  # noqa: ARG002 - for models that take their shape from data
        """Return what data must look like.

        What a module returns is known only when it does: the engine checks targets then.
        """
        dtype = self._engine.place.array_dtype
        inputs = [replace(port, dtype=dtype) if port.checked else port for port in self._inputs]
        outputs = [_port(name, None) for name in self._output_names]
        return feed_of(inputs, self._own, outputs, self._plan)

    def accepted(self, request: Any) -> Any:
        """Return a request in which a DataLoader reads every Dataset of PyTorch."""
        size = arguments.batch_size_of(request.batch_size)
        shuffle = False
        if hasattr(request, "validation_data"):
            loaded = _loaded(request.validation_data, size, shuffle=False)
            request = request.but(validation_data=loaded)
            shuffle = bool(arguments.shuffling(request.shuffle))
        if not isinstance(request.x, Dataset):
            return request
        return request.but(x=_loaded(request.x, size, shuffle=shuffle), batch_size=None)


def parameters_of(module: torch.nn.Module) -> list[str]:
    """Return the names of the arguments that `forward` has to be given."""
    parameters = inspect.signature(module.forward).parameters.values()
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    names = [one.name for one in parameters if one.kind in positional and one.default is one.empty]
    return names or ["input"]


def _mapping(given: str | Sequence[str] | Mapping[str, Any]) -> dict[str, Any]:
    """Return names as a mapping to what is known of each: nothing, unless it is one already.

    Raises:
        ValueError: A name occurs twice.

    """
    if isinstance(given, Mapping):
        return dict(given)
    names = [given] if isinstance(given, str) else list(given)
    if len(set(names)) != len(names):
        raise ValueError(f"inputs and outputs must have distinct names, got {names}")
    return dict.fromkeys(names)


def _port(name: str, known: Any) -> Port:
    if known is None:
        return Port(name, (), checked=False, dtype=None)
    shape = known.shape[1:] if isinstance(known, torch.Tensor) else known
    return Port(name, tuple(shape), dtype=None)


def _loaded(value: Any, batch_size: int, *, shuffle: bool) -> Any:
    """Return a DataLoader of a Dataset, and anything else as it is."""
    if not isinstance(value, Dataset):
        return value
    if isinstance(value, IterableDataset):
        return DataLoader(value, batch_size=batch_size)
    return DataLoader(value, batch_size=batch_size, shuffle=shuffle)
