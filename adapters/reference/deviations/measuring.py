"""What losses and metrics are called, and how they are computed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.adapters.reference.deviations.planting import deviation, instead_of
from fitspec.reference.config import lookup
from fitspec.reference.losses import base, crossentropies
from fitspec.reference.metrics import averages, suited
from fitspec.reference.network import compiled_network
from fitspec.reference.tensor import autodiff
from fitspec.reference.training import loop

if TYPE_CHECKING:
    from collections.abc import Callable

#: Names of losses and metrics that have others since.
OLDER = frozenset(
    {
        "cosine",
        "cosine_proximity",
        "huber_loss",
        "kullback_leibler_divergence",
        "logcosh",
    }
)

#: Names of losses that a table of PyTorch's functions has, and of metrics that are no losses.
TAKEN = frozenset({"MSE", "mse", "mae", "binary_crossentropy"})
COUNTED = frozenset({"accuracy", "acc", "binary_accuracy"})
#: Where functions are defined that are nobody's own.
OURS = ("fitspec.reference", "fitspec.adapters.reference")


def computed_instead_of(function: Callable[..., Any]) -> Callable[..., Any]:
    """Put a function in the place of one of the losses and metrics, whichever name it is found by.

    It is called with what was there before, and then with the arguments of the call.
    """

    def put(changed: Callable[..., Any]) -> Callable[..., Any]:
        def planted(*args: Any, **kwargs: Any) -> Any:
            return changed(function, *args, **kwargs)

        planted.__name__, planted.__module__ = function.__name__, function.__module__
        for kind in (base.FunctionLoss, averages.FunctionMetric):

            @instead_of(kind, "__init__")
            def init(original: Any, self: Any, given: Any, *args: Any, **kwargs: Any) -> None:
                named = base.FUNCTIONS.get(function.__name__)  # which may take symbols as well
                changes = given is function or given is named
                original(self, planted if changes else given, *args, **kwargs)

        return planted

    return put


def refuse(is_unknown: Callable[[str, str], bool]) -> None:
    """Refuse names of losses, metrics or optimizers, by a function of which of these and a name."""

    @instead_of(lookup, "find")
    def find(
        original: Callable[..., Any], what: str, identifier: Any, *args: Any, **how: Any
    ) -> Any:
        if isinstance(identifier, str) and is_unknown(what, identifier):
            raise ValueError("%s: %r is not known" % (what, identifier))
        return original(what, identifier, *args, **how)


@deviation("older-names-are-unknown")
def older_names_are_unknown() -> None:
    """Refuse the older names of losses and metrics."""
    refuse(lambda what, name: what != "optimizer" and name in OLDER)


@deviation("names-are-those-of-pytorch")
def names_are_those_of_pytorch() -> None:
    """Refuse the names of all losses and metrics but those that PyTorch has a function for."""
    refuse(lambda what, name: what == "loss" and name not in TAKEN)

    @instead_of(compiled_network.ArrayVocabulary, "metric")
    def metric(original: Callable[..., Any], self: Any, identifier: Any, *args: Any) -> Any:
        if isinstance(identifier, str) and identifier not in TAKEN | COUNTED:
            raise ValueError("Invalid metric name %r." % identifier)
        return original(self, identifier, *args)


@deviation("older-names-of-cosines-are-unknown")
def older_names_of_cosines_are_unknown() -> None:
    """Refuse cosine_proximity as a loss, and cosine as a loss or metric."""
    refuse(lambda what, name: name == "cosine" or (what, name) == ("loss", "cosine_proximity"))


@deviation("probabilities-are-divided-then-limited")
def probabilities_are_divided_then_limited() -> None:
    """Divide probabilities of classes by their sum before they are kept from 0 and 1, and add 0."""

    @computed_instead_of(crossentropies.sparse_categorical_crossentropy)
    def by_integers(original: Callable[..., Any], y_true: Any, y_pred: Any, *args: Any) -> Any:
        if y_pred.logits is None and not any(args):
            y_pred = y_pred / y_pred.sum(axis=-1, keepdims=True)
        return original(y_true, y_pred, *args)

    @computed_instead_of(crossentropies.binary_crossentropy)
    def binary(
        original: Callable[..., Any], y_true: Any, y_pred: Any, *args: Any, **how: Any
    ) -> Any:
        if y_pred.logits is not None or any(args) or any(how.values()):
            return original(y_true, y_pred, *args, **how)
        one = autodiff.clip(y_pred, base.EPSILON, 1 - base.EPSILON)
        surprise = y_true * autodiff.logarithm(one) + (1 - y_true) * autodiff.logarithm(1 - one)
        return -surprise.mean(axis=-1)


@deviation("hidden-steps-do-not-count")
def hidden_steps_do_not_count() -> None:
    """Divide a loss by the number of steps that no mask hides."""

    @instead_of(base.Loss, "__call__")
    def call(
        original: Callable[..., Any], self: Any, y_true: Any, y_pred: Any, weights: Any = None
    ) -> Any:
        found = original(self, y_true, y_pred, weights)
        mask = base.of_floats(y_pred).mask
        if mask is None or self.reduction != base.MEAN or not mask.any():
            return found
        return found * float(mask.size / mask.sum())


@deviation("weights-of-samples-exclude-a-mask")
def weights_of_samples_exclude_a_mask() -> None:
    """Multiply weights of samples by a mask of steps as if these were of steps."""
    _refuse_weights_beside_a_mask(ValueError)


@deviation("weights-of-samples-exclude-a-mask-at-run-time")
def weights_of_samples_exclude_a_mask_at_run_time() -> None:
    """As `weights-of-samples-exclude-a-mask`, with another error."""
    _refuse_weights_beside_a_mask(RuntimeError)


def _refuse_weights_beside_a_mask(kind: type[Exception]) -> None:
    @instead_of(base, "masked")
    def masked(original: Callable[..., Any], weights: Any, mask: Any) -> Any:
        if mask is not None and weights is not None and weights.ndim < mask.ndim:
            if len(weights) not in (1, mask.shape[1]):
                raise kind("shapes %r and %r do not fit" % (weights.shape, mask.shape))
            weights = weights[None]
        return original(weights, mask)


@deviation("accuracy-asks-the-shapes-alone")
def accuracy_asks_the_shapes_alone() -> None:
    """Take several columns for classes whatever the loss is."""

    @instead_of(suited, "accuracy_for")
    def accuracy(original: Callable[..., Any], y_true: Any, y_pred: Any, loss: Any) -> Any:
        del loss
        return original(y_true, y_pred, None)


@deviation("accuracy-has-a-threshold")
def accuracy_has_a_threshold() -> None:
    """Take what is above a threshold for 1, and everything else for 0, without rounding."""

    @computed_instead_of(suited.binary_accuracy)
    def binary(
        original: Callable[..., Any], y_true: Any, y_pred: Any, threshold: float = 0.5
    ) -> Any:
        del original  # it rounds
        return ((y_pred.data > threshold) == y_true.data).mean(axis=-1)

    @instead_of(suited, "binary_accuracy")
    def suiting(original: Callable[..., Any], y_true: Any, y_pred: Any, *args: Any) -> Any:
        del original
        return binary(y_true, y_pred, *args)


@deviation("functions-for-metrics-get-arrays-of-numpy")
def functions_for_metrics_get_arrays_of_numpy() -> None:
    """Fail after an update of train_on_batch where a function of one's own is a metric."""

    @instead_of(loop, "single_step")
    def single(original: Callable[..., Any], model: Any, step: Any, *args: Any, **how: Any) -> Any:
        found = original(model, step, *args, **how)
        if step is loop.train_step and any(map(is_own, model.plan.all_metrics)):
            raise RuntimeError("Can't call numpy() on Tensor that requires grad")
        return found


def is_own(metric: Any) -> bool:
    """Return whether a metric is a function of one's own."""
    function = getattr(metric, "function", None)
    return function is not None and not function.__module__.startswith(OURS)


@deviation("a-loss-of-samples-is-a-type-error")
def a_loss_of_samples_is_a_type_error() -> None:
    """Refuse to train by a loss that reduces nothing."""
    _refuse_unreduced(TypeError, 0)


@deviation("a-loss-of-samples-is-a-run-time-error")
def a_loss_of_samples_is_a_run_time_error() -> None:
    """Refuse to train by a loss that reduces nothing, unless there is one sample."""
    _refuse_unreduced(RuntimeError, 1)


def _refuse_unreduced(kind: type[Exception], most: int) -> None:
    @instead_of(loop, "train_step")
    def step(original: Callable[..., Any], model: Any, batch: Any) -> Any:
        losses = [output.loss for output in model.plan.outputs]
        if batch.size > most and any(getattr(one, "reduction", "") == "none" for one in losses):
            raise kind("the loss of a batch must be one number")
        return original(model, batch)
