"""Saboteurs of `compile`: target tensors, in the place of target data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference.api import compiling
from fitspec.reference.data import feeding
from fitspec.reference.models.model import Model
from fitspec.reference.network.compiled_network import ArrayVocabulary
from fitspec.reference.tensor.autodiff import Tensor
from fitspec.reference.training import engine as training_engine

from ..compile_arguments import change_argument, without_unknown_names_unless_more
from ..planting import saboteur

if TYPE_CHECKING:
    from ..planting import Plant


@saboteur("compile.target_tensors.single-list-dict")
def takes_a_dict_of_target_tensors_for_none(plant: Plant) -> None:
    """Waits for target data where target tensors came in a dict of known names."""
    original = compiling.target_tensors_per_output

    def target_tensors_per_output(argument: Any, names: list[str]) -> Any:
        found = original(argument, names)
        return [None] * len(names) if isinstance(argument, Mapping) else found

    plant(compiling, "target_tensors_per_output", target_tensors_per_output)


@saboteur("compile.target_tensors.no-external-y")
def ignores_targets_that_it_has_no_place_for(plant: Plant) -> None:
    """Takes target data and ignores them, where all targets are tensors."""
    original = feeding.samples_of

    def samples_of(feed: Any, x: object, y: object, sample_weight: object = None) -> Any:
        return original(feed, x, y if any(feed.targets) else None, sample_weight)

    plant(feeding, "samples_of", samples_of)


@saboteur("compile.target_tensors.invalid")
def ignores_target_tensors_of_unknown_outputs(plant: Plant) -> None:
    """Ignores the names in a dict of target tensors that no output has."""
    original = compiling.target_tensors_per_output

    def target_tensors_per_output(argument: Any, names: list[str]) -> Any:
        if isinstance(argument, Mapping):
            argument = {name: item for name, item in argument.items() if name in names}
        return original(argument, names)

    plant(compiling, "target_tensors_per_output", target_tensors_per_output)


@saboteur("compile.target_tensors.array")
def makes_target_tensors_of_arrays(plant: Plant) -> None:
    """Makes a tensor of an array of NumPy."""
    original = ArrayVocabulary.tensor

    def tensor(self: ArrayVocabulary, value: object) -> Tensor:
        return original(self, Tensor(value) if isinstance(value, np.ndarray) else value)

    plant(ArrayVocabulary, "tensor", tensor)


@saboteur("compile.target_tensors.other-number-of-samples")
def repeats_a_single_target(plant: Plant) -> None:
    """Compares all samples with the target of a tensor that has only one."""
    original = training_engine.own_target

    def own_target(plan: Any, size: int) -> Any:
        single = plan.target is not None and len(plan.target) == 1
        return original(plan, 1 if single else size)

    plant(training_engine, "own_target", own_target)


@saboteur("compile.target_tensors.invalid")
def passes_over_a_tensor_in_the_place_of_another(plant: Plant) -> None:
    """Ignores unknown names in a dict of target tensors that has no more than there are outputs."""
    change_argument(plant, "target_tensors_per_output", without_unknown_names_unless_more)


def _without_targets(plant: Plant, method: str) -> None:
    """Have a method take no notice of targets where all outputs have tensors of their own."""
    original = getattr(Model, method)

    def changed(self: Model, x: Any = None, y: Any = None, *args: Any, **named: Any) -> Any:
        own = self.is_compiled and all(output.target is not None for output in self.plan.outputs)
        return original(self, x, None if own else y, *args, **named)

    plant(Model, method, changed)


@saboteur("compile.target_tensors.no-external-y")
def trains_on_a_batch_beside_its_targets(plant: Plant) -> None:
    """Passes over the targets that `train_on_batch` gets beside target tensors."""
    _without_targets(plant, "train_on_batch")


@saboteur("compile.target_tensors.no-external-y")
def evaluates_beside_targets(plant: Plant) -> None:
    """Passes over the targets that `evaluate` gets beside target tensors."""
    _without_targets(plant, "evaluate")


@saboteur("compile.target_tensors.single-list-dict")
def forgets_loss_weights_beside_target_tensors(plant: Plant) -> None:
    """Weights no loss where the targets are tensors."""
    original = compiling.resolve

    def resolve(names: Any, vocabulary: Any, given: Any) -> Any:
        beside = given.target_tensors is not None
        return original(names, vocabulary, given.but(loss_weights=None) if beside else given)

    plant(compiling, "resolve", resolve)


@saboteur("compile.target_tensors.no-external-y")
def keeps_target_tensors_when_compiled_again(plant: Plant) -> None:
    """Goes on with target tensors where a model is compiled again without any."""
    original = Model.compile

    def compile_again(self: Model, *args: Any, **named: Any) -> None:
        before = vars(self).get("targets_before")
        given = named.get("target_tensors", before)
        vars(self)["targets_before"] = given
        original(self, *args, **{**named, "target_tensors": given})

    plant(Model, "compile", compile_again)
