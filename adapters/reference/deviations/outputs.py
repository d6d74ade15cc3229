"""How what compile is given is shared among outputs, and what their results are called."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from fitspec.adapters.reference.deviations.planting import (
    deviation,
    instead_of,
    property_instead_of,
)
from fitspec.reference.api import calls, compiled, compiling
from fitspec.reference.network import compiled_network
from fitspec.reference.training import loop

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@deviation("arguments-of-compile-are-looked-at-later")
def arguments_of_compile_are_looked_at_later() -> None:
    """Have compile take whatever it is given, and refuse to train what it makes no sense of."""

    @instead_of(compiling, "resolve")
    def resolve(original: Callable[..., Any], names: Any, vocabulary: Any, given: Any) -> Any:
        if given.optimizer is not None:
            given = given.but(optimizer=vocabulary.optimizer(given.optimizer))
        try:
            return original(names, vocabulary, given)
        except (TypeError, ValueError) as error:
            # There is no loss then, so that nothing can be trained.
            nothing = dict.fromkeys(("loss", "loss_weights", "metrics", "weighted_metrics"))
            plan = original(names, vocabulary, given.but(**nothing))
            vars(plan)["refused"] = error
            return plan

    @instead_of(compiled_network.CompiledNetwork, "require_engine")
    def require(original: Callable[..., Any], self: Any) -> None:
        refused = vars(self.plan).get("refused")
        if refused is not None:
            raise type(refused)(*refused.args)
        original(self)

    @instead_of(calls, "arrays_of")
    def arrays(original: Callable[..., Any], model: Any, request: Any) -> Any:
        if "refused" in vars(model.plan):
            model.require_engine()  # before targets are, for which there is no loss
        return original(model, request)


@deviation("no-optimizer-is-taken")
def no_optimizer_is_taken() -> None:
    """Have compile take None for an optimizer, with which no update can be made."""

    @instead_of(compiling, "resolve")
    def resolve(original: Callable[..., Any], names: Any, vocabulary: Any, given: Any) -> Any:
        if given.optimizer is not None:
            return original(names, vocabulary, given)
        plan = original(names, vocabulary, given.but(optimizer="sgd"))
        vars(plan)["optimizer"] = None
        return plan


@deviation("losses-in-a-list-are-not-counted")
def losses_in_a_list_are_not_counted() -> None:
    """Leave out losses beyond the outputs, and outputs beyond the losses."""

    @instead_of(compiling, "losses_per_output")
    def losses(original: Callable[..., Any], argument: Any, names: Any) -> Any:
        if isinstance(argument, (list, tuple)):
            argument = [*argument, *[None] * len(names)][: len(names)]
        return original(argument, names)


@deviation("a-list-of-metrics-has-an-entry-for-each-output")
def a_list_of_metrics_has_an_entry_for_each_output() -> None:
    """Take every list of metrics, for several outputs, for one entry for each."""

    @instead_of(compiling, "metrics_per_output")
    def metrics(original: Callable[..., Any], argument: Any, names: Any, what: str) -> Any:
        if len(names) > 1 and isinstance(argument, (list, tuple)) and argument:
            if len(argument) != len(names):
                raise ValueError("%s: expected an entry for each of %r" % (what, names))
            return [compiling.listed(each) for each in argument]
        return original(argument, names, what)


@deviation("loss-weights-have-the-form-of-the-losses")
def loss_weights_have_the_form_of_the_losses() -> None:
    """Want as many loss weights as losses; put those of a dict to a list of losses by alphabet."""

    @instead_of(compiling, "resolve")
    def resolve(original: Callable[..., Any], names: Any, vocabulary: Any, given: Any) -> Any:
        weights, losses = given.loss_weights, given.loss
        if weights is None:
            return original(names, vocabulary, given)
        by_name = isinstance(losses, Mapping) and isinstance(weights, Mapping)
        if by_name and set(losses) == set(names) <= set(weights):
            weights = {name: weights[name] for name in names}
        else:
            weights = _flat(weights)
            if len(_flat(losses)) != len(weights):
                raise ValueError("loss_weights must match the number of losses")
        return original(names, vocabulary, given.but(loss_weights=weights))


def _flat(value: Any) -> list[Any]:
    if isinstance(value, Mapping):
        return [value[key] for key in sorted(value)]
    return list(value) if isinstance(value, (list, tuple)) else [value]


@deviation("what-compile-is-not-given-stays")
def what_compile_is_not_given_stays() -> None:
    """Keep the losses and metrics of the compile before where a new one is given none."""

    @instead_of(compiled.Compiled, "compile")
    def compile_(original: Callable[..., Any], self: Any, *args: Any, **given: Any) -> None:
        given = {**dict(zip(("optimizer", "loss", "metrics", "loss_weights"), args)), **given}
        kept = vars(self).setdefault("compiled_before", {})
        for deciding, names in (
            (("metrics", "weighted_metrics"), ("metrics", "weighted_metrics")),
            (("loss",), ("loss", "loss_weights")),
        ):
            if any(given.get(name) is not None for name in deciding):
                kept.update({name: given.get(name) for name in names})
        original(self, **{**given, **kept})


@deviation("metrics-that-are-weighted-are-called-so")
def metrics_that_are_weighted_are_called_so() -> None:
    """Put `weighted_` before the name of a weighted metric that another one has."""

    @instead_of(compiling, "resolve")
    def resolve(original: Callable[..., Any], *args: Any) -> Any:
        plan = original(*args)
        names = list(plan.metrics_names)
        at = len(names) - len(plan.all_metrics)
        for output in plan.outputs:
            prefix = f"{output.name}_" if len(plan.outputs) > 1 else ""
            seen = Counter(metric.name for metric in output.metrics)
            at += len(output.metrics)
            for metric in output.weighted_metrics:
                name, others = metric.name, seen[metric.name]
                if others:
                    name = "weighted_" + name
                    others, seen[name] = seen[name], seen[name] + 1
                seen[metric.name] += 1
                names[at] = prefix + name + (f"_{others}" if others else "")
                at += 1
        vars(plan)["metrics_names"] = names
        return plan


@deviation("results-are-listed-by-the-names-of-metrics")
def results_are_listed_by_the_names_of_metrics() -> None:
    """List what is found by the bare name of a metric first, and what is left by alphabet."""

    @instead_of(calls, "evaluate")
    def evaluate(original: Callable[..., Any], model: Any, request: Any) -> Any:
        return _listed(model.plan, original(model, request))

    @instead_of(loop, "single_step")
    def step(original: Callable[..., Any], model: Any, *args: Any, **kwargs: Any) -> Any:
        return _listed(model.plan, original(model, *args, **kwargs))


def _listed(plan: Any, results: Any) -> Any:
    if not isinstance(results, list) or len(results) < 2:
        return results
    values = dict(zip(plan.metrics_names, results, strict=True))
    metrics = [
        metric.name
        for which in ("metrics", "weighted_metrics")
        for output in plan.outputs
        for metric in getattr(output, which)
    ]
    losses = list(values)[1 : len(values) - len(plan.all_metrics)]
    known: Sequence[str] = ["loss", *metrics, *losses]
    rest = sorted(values.keys() - set(known))
    return [values[name] for name in [*filter(values.__contains__, known), *rest]]


@deviation("metrics-names-are-those-of-containers")
def metrics_names_are_those_of_containers() -> None:
    """Have the attribute `metrics_names` list what holds the metrics."""

    @property_instead_of(compiled.Compiled, "metrics_names")
    def names(original: Callable[..., Any], self: Any) -> list[str]:
        given: list[str] = original(self)
        metrics = len(self.plan.all_metrics)
        losses = given[1 : len(given) - metrics]
        return ["loss", *["compile_metrics"] * bool(metrics), *losses]
