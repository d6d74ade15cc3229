"""What callbacks, and people who watch, are told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.adapters.reference.deviations.planting import deviation, instead_of
from fitspec.reference.callbacks import dispatch, progress
from fitspec.reference.data import sources
from fitspec.reference.standing_in import validation_data
from fitspec.reference.training import loop

if TYPE_CHECKING:
    from collections.abc import Callable


@deviation("callbacks-are-found-out-by-their-methods")
def callbacks_are_found_out_by_their_methods() -> None:
    """Refuse what is no callback as an object that lacks a method."""

    @instead_of(dispatch, "listed")
    def listed(original: Callable[..., Any], callbacks: Any) -> Any:
        try:
            return original(callbacks)
        except TypeError as error:
            raise AttributeError(*error.args) from error


@deviation("callbacks-have-no-validation-data")
def callbacks_have_no_validation_data() -> None:
    """Leave the attribute `validation_data` of callbacks empty."""

    @instead_of(validation_data, "arrays_in")
    def arrays(original: Callable[..., Any], validation: Any) -> None:
        del original, validation


@deviation("params-are-of-epochs-and-steps")
def params_are_of_epochs_and_steps() -> None:
    """Tell callbacks nothing of samples and metrics."""

    @instead_of(dispatch.CallbackList, "prepare")
    def prepare(
        original: Callable[..., Any], self: Any, model: Any, params: Any, *args: Any
    ) -> None:
        told = {name: params[name] for name in ("verbose", "epochs", "steps") if name in params}
        original(self, model, told, *args)


@deviation("bars-count-batches")
def bars_count_batches() -> None:
    """Have every bar count batches, of samples too."""

    @instead_of(progress, "unit_of")
    def unit(original: Callable[..., Any], params: Any) -> Any:
        del original  # it asks for samples first
        return params.get("steps"), False


@deviation("logs-of-batches-are-results-alone")
def logs_of_batches_are_results_alone() -> None:
    """Leave index and size of a batch out of its logs."""

    @instead_of(dispatch.CallbackList, "begin_batch")
    def begin(original: Callable[..., Any], self: Any, stage: str, index: int, size: int) -> None:
        del original, size
        self.notify(f"on_{stage}_batch_begin", index, {})

    @instead_of(dispatch.CallbackList, "end_batch")
    def end(
        original: Callable[..., Any], self: Any, stage: str, index: int, size: int, *results: Any
    ) -> None:
        del original, size
        logs = dict(zip(*results, strict=True))
        self.notify(f"on_{stage}_batch_end", index, logs)

    @instead_of(progress, "so_far")
    def averages(original: Callable[..., Any], before: Any, logs: Any, *args: Any) -> Any:
        del original, before, args  # they are of the epoch so far
        return logs

    @instead_of(progress.TrainingBar, "on_train_batch_end")
    def advance(original: Callable[..., Any], self: Any, batch: int, logs: Any) -> None:
        original(self, batch, {"size": 1, **logs})


@deviation("losses-are-of-the-epoch-so-far")
def losses_are_of_the_epoch_so_far() -> None:
    """Report after a batch the mean of a loss over all samples since the last reset."""

    @instead_of(loop, "batch_results")
    def results_so_far(original: Callable[..., Any], plan: Any, outcome: Any) -> list[Any]:
        results: list[Any] = original(plan, outcome)
        losses = loop.losses_in(plan, results)
        given = [one for one in outcome.targets if one is not None]
        size = len((given or outcome.predictions)[0])
        count, sums = vars(plan).get("losses_so_far", (0, [0.0] * len(losses)))
        count, sums = count + size, [total + one * size for total, one in zip(sums, losses)]
        vars(plan)["losses_so_far"] = count, sums
        return [*(total / count for total in sums), *results[len(losses) :]]

    @instead_of(loop, "reset_metrics")
    def reset(original: Callable[..., Any], plan: Any) -> None:
        original(plan)
        vars(plan).pop("losses_so_far", None)

    @instead_of(loop, "means")
    def last(original: Callable[..., Any], losses: list[list[Any]], sizes: list[int]) -> list[Any]:
        return losses[-1] if losses else original(losses, sizes)


@deviation("a-sequence-is-told-before-a-test-too")
def a_sequence_is_told_before_a_test_too() -> None:
    """Tell a Sequence of the end of an epoch before it is tested on, and not only after."""

    @instead_of(loop, "test")
    def test(original: Callable[..., Any], model: Any, source: Any, *args: Any) -> Any:
        if isinstance(source, sources.SequenceBatches):
            source.end_epoch()
        return original(model, source, *args)
