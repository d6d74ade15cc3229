"""Saboteurs of `compile`: losses that are refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.reference import losses
from fitspec.reference.api import compiling

from ..compile_arguments import (
    change_argument,
    repeated_or_cut,
    without_its_end,
    without_unknown_names,
    without_unknown_names_unless_more,
)
from ..planting import saboteur

if TYPE_CHECKING:
    from fitspec.reference.tensor.autodiff import Tensor

    from ..planting import Plant


@saboteur("compile.loss.unknown-ValueError")
def looks_for_the_loss_when_it_is_needed(plant: Plant) -> None:
    """Refuses an unknown loss when it is first computed, and not in `compile`."""
    original = losses.resolve

    def resolve(identifier: object) -> losses.Loss:
        def at_last(*_: Tensor) -> Tensor:
            raise ValueError(f"there is no loss {identifier!r}")

        try:
            return original(identifier)
        except ValueError:
            return losses.FunctionLoss(at_last)

    plant(losses, "resolve", resolve)


@saboteur("compile.loss.list-length-ValueError")
def repeats_or_cuts_a_list_of_losses(plant: Plant) -> None:
    """Repeats a list of losses that is too short and cuts one that is too long."""
    change_argument(plant, "losses_per_output", repeated_or_cut)


@saboteur("compile.loss.dict-unknown-name-ValueError")
def ignores_losses_of_unknown_outputs(plant: Plant) -> None:
    """Ignores the names in a dict of losses that no output has."""
    change_argument(plant, "losses_per_output", without_unknown_names)


@saboteur("compile.loss.dict-unknown-name-ValueError")
def passes_over_a_loss_in_the_place_of_another(plant: Plant) -> None:
    """Ignores unknown names in a dict of losses that has no more than there are outputs."""
    change_argument(plant, "losses_per_output", without_unknown_names_unless_more)


@saboteur("compile.loss.unknown-ValueError")
def knows_a_loss_by_its_beginning(plant: Plant) -> None:
    """Takes any name that begins with `mse` for it."""
    change_argument(plant, "losses_per_output", lambda given, _: without_its_end(given, "mse"))


@saboteur("compile.loss.unknown-ValueError")
def takes_unknown_losses_of_outputs_for_squares(plant: Plant) -> None:
    """Takes an unknown name in a list or dict of losses for the mean squared error."""
    original = compiling.losses_per_output

    def known(loss: object) -> bool:
        try:
            losses.resolve(loss)
        except ValueError:
            return False
        return True

    def losses_per_output(argument: Any, names: list[str]) -> list[Any]:
        each = original(argument, names)
        named = isinstance(argument, (list, dict))
        return [loss if loss is None or not named or known(loss) else "mse" for loss in each]

    plant(compiling, "losses_per_output", losses_per_output)


@saboteur("compile.loss.dict-unknown-name-ValueError")
def passes_over_losses_beside_that_of_one_output(plant: Plant) -> None:
    """Ignores unknown names in a dict of losses for a model of one output."""

    def change(argument: Any, names: list[str]) -> Any:
        return without_unknown_names(argument, names) if len(names) == 1 else argument

    change_argument(plant, "losses_per_output", change)
