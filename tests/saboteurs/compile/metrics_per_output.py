"""Saboteurs of `compile`: metrics given output by output."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from fitspec.reference.api import compiling
from fitspec.reference.training import loop

from ..compile_arguments import by_order_of_the_dict, change_argument
from ..planting import saboteur
from ..three_outputs import last_two_of_three_exchanged

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..planting import Plant


@saboteur("compile.metrics.dict-per-output")
def gives_the_first_output_the_metrics_of_others(plant: Plant) -> None:
    """Gives the first output, where a dict leaves it out, the metrics of the next."""

    def spread(argument: Any, names: list[str]) -> Any:
        if isinstance(argument, Mapping) and names[0] not in argument:
            return {names[0]: next(iter(argument.values())), **argument}
        return argument

    change_argument(plant, "metrics_per_output", spread)


@saboteur("compile.metrics.output-without-loss")
def refuses_metrics_without_targets(plant: Plant) -> None:
    """Refuses the metrics of outputs that have no loss."""
    original = compiling.resolve_metrics

    def resolve_metrics(identifiers: list[object], loss: Any, *others: Any) -> Any:
        if identifiers and loss is None:
            raise ValueError("metrics are given for an output that has no loss")
        return original(identifiers, loss, *others)

    plant(compiling, "resolve_metrics", resolve_metrics)


@saboteur("compile.metrics.none-in-dict")
def knows_no_metric_called_none(plant: Plant) -> None:
    """Takes `None` in a dict for a metric that it does not know."""

    def refuse(argument: Any, _names: list[str]) -> Any:
        if isinstance(argument, Mapping) and None in argument.values():
            raise ValueError("metrics must be functions or names, not None")
        return argument

    change_argument(plant, "metrics_per_output", refuse)


@saboteur("compile.metrics.dict-per-output")
def matches_a_dict_of_metrics_by_its_order(plant: Plant) -> None:
    """Gives the metrics of a dict to the outputs in the order of the dict."""
    change_argument(plant, "metrics_per_output", by_order_of_the_dict)


@saboteur("compile.metrics.dict-of-lists")
def takes_the_first_metric_of_each_list_in_a_dict(plant: Plant) -> None:
    """Takes only the first of the metrics that a dict lists for an output."""

    def cut(argument: Any, _names: list[str]) -> Any:
        if not isinstance(argument, Mapping):
            return argument
        return {key: item[:1] if isinstance(item, list) else item for key, item in argument.items()}

    change_argument(plant, "metrics_per_output", cut)


@saboteur("compile.metrics.nested-list", also=["compile.metrics.one-object"])
def gives_all_outputs_the_metrics_of_all_lists(plant: Plant) -> None:
    """Gives every output all the metrics, if they come in one list for each."""

    def flatten(argument: Any, names: list[str]) -> Any:
        nested = isinstance(argument, list) and all(isinstance(item, list) for item in argument)
        if not nested or len(argument) != len(names):
            return argument
        return [metric for item in argument for metric in item]

    change_argument(plant, "metrics_per_output", flatten)


@saboteur("compile.metrics.mixed-list")
def overlooks_bare_metrics_beside_lists(plant: Plant) -> None:
    """Gives no metric to an output whose metric stands bare beside lists of them."""

    def drop(argument: Any, _names: list[str]) -> Any:
        if isinstance(argument, list) and any(isinstance(item, list) for item in argument):
            return [item if isinstance(item, list) else [] for item in argument]
        return argument

    change_argument(plant, "metrics_per_output", drop)


@saboteur("compile.metrics.flat-list-on-multi-output")
def takes_a_list_as_long_as_the_outputs_for_one_each(plant: Plant) -> None:
    """Takes a flat list of as many metrics as there are outputs for one metric for each."""

    def nest(argument: Any, names: list[str]) -> Any:
        flat = isinstance(argument, list) and not any(isinstance(item, list) for item in argument)
        if flat and len(argument) == len(names):
            return [[item] for item in argument]
        return argument

    change_argument(plant, "metrics_per_output", nest)


@saboteur(
    "compile.metrics.dict-per-output",
    also=[
        "compile.metrics.flat-list-on-multi-output",
        "compile.metrics.mixed-list",
        "compile.metrics.nested-list",
    ],
)
def measures_targets_in_the_order_of_names(plant: Plant) -> None:
    """Gives the metrics of the outputs the targets in the order of the outputs' names."""
    original = loop.batch_results

    def batch_results(plan: Any, outcome: Any) -> Any:
        names = [output.name for output in plan.outputs]
        targets = [outcome.targets[sorted(names).index(name)] for name in names]
        return original(plan, replace(outcome, targets=targets))

    plant(loop, "batch_results", batch_results)


def _exchange_two_of_three(plant: Plant, applies: Callable[[Any], bool]) -> None:
    """Have the last two of three outputs get the metrics of each other.

    Args:
        plant: plants what finds the metrics of each output.
        applies: whether it happens to an argument `metrics`.
    """
    original = compiling.metrics_per_output

    def metrics_per_output(argument: Any, names: list[str], what: str) -> Any:
        found = original(argument, names, what)
        return last_two_of_three_exchanged(found) if applies(argument) else found

    plant(compiling, "metrics_per_output", metrics_per_output)


@saboteur("compile.metrics.dict-per-output")
def exchanges_the_metrics_of_two_of_three_names(plant: Plant) -> None:
    """Exchanges the metrics of the last two outputs in a dict for three."""
    _exchange_two_of_three(plant, lambda argument: isinstance(argument, Mapping))


@saboteur("compile.metrics.nested-list")
def exchanges_the_metrics_of_two_of_three_lists(plant: Plant) -> None:
    """Exchanges the metrics of the last two outputs in a list of three lists."""
    _exchange_two_of_three(
        plant, lambda argument: all(isinstance(one, list) for one in argument or [None])
    )


@saboteur("compile.metrics.mixed-list")
def exchanges_the_metrics_of_two_of_three_entries(plant: Plant) -> None:
    """Exchanges the metrics of the last two outputs in a list of three with bare ones."""
    _exchange_two_of_three(
        plant,
        lambda argument: isinstance(argument, list) and any(isinstance(m, str) for m in argument),
    )


@saboteur("compile.metrics.dict-of-lists")
def knows_one_metric_of_a_third_output(plant: Plant) -> None:
    """Uses of a list in a dict of metrics the first alone, from the third output on."""
    original = compiling.metrics_per_output

    def metrics_per_output(argument: Any, *args: Any) -> list[list[object]]:
        each = original(argument, *args)
        by_name = isinstance(argument, dict)
        return [given[:1] if by_name and place > 1 else given for place, given in enumerate(each)]

    plant(compiling, "metrics_per_output", metrics_per_output)


@saboteur("compile.metrics.dict-per-output")
def validates_without_metrics_by_name(plant: Plant) -> None:
    """Leaves metrics that were given in a dict out of the results of validation."""
    original = loop.validate

    def validate(model: Any, *args: Any) -> dict[str, float]:
        results = original(model, *args)
        by_name = isinstance(model.compiled_with["metrics"], Mapping)
        return {
            name: value for name, value in results.items() if not by_name or name.endswith("loss")
        }

    plant(loop, "validate", validate)
