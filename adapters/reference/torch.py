"""The adapter of fitspec's own wrapper of PyTorch: `torch.nn` layers, the documented methods."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from fitspec import reference
from fitspec.adapters.adapter import NotOffered
from fitspec.adapters.keras_style import KerasStyle
from fitspec.adapters.torch_style import TorchStyle, part, weights_of
from fitspec.reference.torch import Model

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Graph(torch.nn.Module):
    """Modules, directly inside of this one, that take what inputs and others of them give.

    Args:
        inputs: names of the inputs, in order.
        calls: what is computed -> the module that is called for it, and what that takes.
        outputs: names of what is returned.
        modules: by name.
    """

    def __init__(
        self,
        inputs: Sequence[str],
        calls: Mapping[str, tuple[str, Sequence[str]]],
        outputs: Sequence[str],
        modules: Mapping[str, torch.nn.Module],
    ) -> None:
        super().__init__()
        self.inputs = inputs
        self.calls = calls
        self.outputs = outputs
        for name, module in modules.items():
            self.add_module(name, module)

    def forward(self, *tensors: Any) -> Any:
        """Return the outputs."""
        known = dict(zip(self.inputs, tensors))
        for result, (name, sources) in self.calls.items():
            known[result] = self.get_submodule(name)(*[known[source] for source in sources])
        return tuple(known[name] for name in self.outputs)


class TorchKeras(KerasStyle):
    """`fitspec.reference.torch`, which has the documented methods and PyTorch's layers."""

    library = reference
    callback_class = reference.callbacks.Callback
    sequence_class = reference.Sequence
    # Made once compile knows the weights to move.
    build_sgd = TorchStyle.build_sgd
    build_tensor = TorchStyle.build_tensor
    build_loss = TorchStyle.build_loss
    build_summed_loss = TorchStyle.build_summed_loss
    build_unreduced_loss = TorchStyle.build_unreduced_loss

    def versions(self) -> dict[str, str]:
        """Return the versions of PyTorch and NumPy."""
        return {"torch": torch.__version__, "numpy": np.__version__}

    def build_limited_sgd(self, rate: float, limit: str, most: float) -> Any:  # noqa: ARG002  to refuse it
        """Refuse: optimizers are PyTorch's."""
        raise NotOffered("probe", "limited_sgd", "PyTorch's optimizers limit no gradients")

    def build_model(
        self,
        style: str,
        layers: Sequence[Mapping[str, Any]],
        outputs: Sequence[str],
    ) -> Any:
        """Build a module of modules, and put the documented API around it."""
        inputs = {item["name"]: _input(item) for item in layers if item["kind"] == "input"}
        inside = [item for item in layers if item["kind"] != "input"]
        modules = OrderedDict(
            (item["name"], part(item)) for item in inside if item["kind"] != "again"
        )
        if style == "sequential":
            known = inputs or dict.fromkeys(["input"])
            return Model(torch.nn.Sequential(modules), known, inside[-1]["name"])
        calls = OrderedDict(
            (item["name"], (item.get("settings", {}).get("layer", item["name"]), item["inputs"]))
            for item in inside
        )
        return Model(Graph(list(inputs), calls, outputs, modules), inputs, outputs)

    def set_trainable(self, model: Any, layer: str, value: bool) -> None:
        """Freeze or release the weights of a module inside of the model."""
        dict(model.module.named_children())[layer].requires_grad_(value)

    def weights(self, model: Any) -> dict[str, list[Any]]:
        """Return the weights by layer."""
        return weights_of(dict(model.module.named_children()))

    def iterations(self, model: Any) -> int:
        """Return how many updates have been made; optimizers of PyTorch do not count them."""
        return int(model.updates)


def _input(description: Mapping[str, Any]) -> Any:
    """Return what the model shall know of an input: the shape of a sample, or its own tensor."""
    settings = description.get("settings", {})
    if "batch_size" in settings:
        raise NotOffered("argument", "Input(batch_shape)", "a module takes batches of any size")
    return settings.get("tensor", tuple(description["shape"]))
