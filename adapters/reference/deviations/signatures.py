"""What arguments are called, what they are where they are not given, and which are refused."""

from __future__ import annotations

import inspect
import warnings
from typing import TYPE_CHECKING, Any

from fitspec.adapters.reference.deviations.planting import deviation, instead_of
from fitspec.reference.api import arguments, calls, compiled, methods
from fitspec.reference.layers import recurrent
from fitspec.reference.optimizers import Nadam
from fitspec.reference.tensor.autodiff import Tensor
from fitspec.reference.training import loop

if TYPE_CHECKING:
    from collections.abc import Callable


def with_defaults(method: Any, **defaults: Any) -> inspect.Signature:
    """Return the signature of a method in which some arguments have other defaults."""
    found = inspect.signature(method)
    each = [
        one.replace(default=defaults[one.name]) if one.name in defaults else one
        for one in found.parameters.values()
    ]
    return found.replace(parameters=each)


@deviation("verbose-is-auto")
def verbose_is_auto() -> None:
    """Have verbose be "auto" where it is not given, which is 1, in prediction too."""
    for name in ("fit", "evaluate", "predict"):

        @instead_of(methods.Trainable, name)
        def method(original: Callable[..., Any], self: Any, *args: Any, **kwargs: Any) -> Any:
            given = inspect.signature(original).bind(self, *args, **kwargs).arguments
            if given.get("verbose", "auto") == "auto":
                kwargs["verbose"] = 1
            return original(self, *args, **kwargs)

        planted: Any = getattr(methods.Trainable, name)
        planted.__signature__ = with_defaults(planted, verbose="auto")


@deviation("targets-of-a-batch-have-a-default")
def targets_of_a_batch_have_a_default() -> None:
    """Have targets of a single batch be None where they are not given."""
    for name in ("train_on_batch", "test_on_batch"):

        @instead_of(methods.Trainable, name)
        def method(original: Callable[..., Any], self: Any, x: Any, *args: Any, **how: Any) -> Any:
            return original(self, x, *args, **(how if args else {"y": None, **how}))

        planted: Any = getattr(methods.Trainable, name)
        planted.__signature__ = with_defaults(
            planted, y=None, sample_weight=None, class_weight=None, reset_metrics=True
        )


@deviation("compile-names-no-modes-and-tensors")
def compile_names_no_modes_and_tensors() -> None:
    """Take modes and target tensors among keywords, refuse others, and have an optimizer."""

    @instead_of(compiled.Compiled, "compile")
    def compile_(
        original: Callable[..., Any], self: Any, optimizer: Any = "rmsprop", *args: Any, **how: Any
    ) -> None:
        known = inspect.signature(original).parameters
        for name in how:
            if name not in known:
                raise TypeError("compile() got an invalid keyword argument: %s" % name)
        original(self, optimizer, *args, **how)

    planted: Any = compiled.Compiled.compile
    found = with_defaults(planted, optimizer="rmsprop")
    unnamed = ("sample_weight_mode", "target_tensors")
    each = [one for one in found.parameters.values() if one.name not in unnamed]
    planted.__signature__ = found.replace(parameters=each)


@deviation("no-data-to-predict-are-a-key-error")
def no_data_to_predict_are_a_key_error() -> None:
    """Refuse to predict from nothing by another error."""

    @instead_of(calls, "predict")
    def predict(original: Callable[..., Any], model: Any, request: Any) -> Any:
        if request.x is None:
            raise KeyError("pop from an empty set")
        return original(model, request)


@deviation("generator-methods-warn")
def generator_methods_warn() -> None:
    """Warn where a method of generators of its own is called."""
    for name in ("fit_generator", "evaluate_generator", "predict_generator"):

        @instead_of(methods.Trainable, name)
        def method(
            original: Callable[..., Any], self: Any, *args: Any, _of: str = name, **kwargs: Any
        ) -> Any:
            warnings.warn("`Model.%s` is deprecated" % _of, UserWarning, stacklevel=2)
            return original(self, *args, **kwargs)


@deviation("stateful-models-take-any-number-of-samples")
def stateful_models_take_any_number_of_samples() -> None:
    """Take an incomplete last batch for stateful models."""

    @instead_of(calls, "require_whole_batches")
    def require(original: Callable[..., Any], *args: Any) -> None:
        del original, args

    @instead_of(recurrent.Recurrent, "_starting_states")
    def states(original: Callable[..., Any], self: Any, x: Any) -> Any:
        if self._states is not None and len(x) == 1:
            return [Tensor(state) for state in self._states]  # repeated by what they are added to
        return original(self, x)


@deviation("infinite-steps-overflow")
def infinite_steps_overflow() -> None:
    """Refuse infinitely many steps by another error."""

    @instead_of(arguments, "steps_of")
    def steps(original: Callable[..., Any], value: Any, what: str) -> Any:
        if value == float("inf"):
            raise OverflowError("cannot convert float infinity to integer")
        return original(value, what)


@deviation("an-optimizer-is-of-one-model")
def an_optimizer_is_of_one_model() -> None:
    """Refuse to train a second model with an optimizer."""

    @instead_of(loop, "train_step")
    def step(original: Callable[..., Any], model: Any, batch: Any) -> Any:
        known = vars(model.optimizer).setdefault("known", list(model.variables))
        unknown = [each for each in model.settled[0] if not any(each is one for one in known)]
        if unknown:
            raise KeyError("the optimizer cannot recognize variable %s" % unknown[0].name)
        return original(model, batch)


@deviation("the-first-step-of-nadam-divides-by-zero")
def the_first_step_of_nadam_divides_by_zero() -> None:
    """Take the product of momenta for known in the first update, where it is 1."""

    @instead_of(Nadam, "next_factor")
    def factor(original: Callable[..., Any], self: Any) -> Any:
        found = original(self)
        return (float("-inf"), *found[1:]) if self.iterations == 1 else found
