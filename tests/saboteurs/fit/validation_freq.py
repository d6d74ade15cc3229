"""Saboteurs of `fit`: the epochs that it validates after."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from fitspec.reference.api import arguments, calls
from fitspec.reference.callbacks import History
from fitspec.reference.data.sources import IteratorBatches, SequenceBatches
from fitspec.reference.training import loop

from ..later_calls import keep_of_the_first_call
from ..planting import saboteur

if TYPE_CHECKING:
    from fitspec.reference.models.model import Model

    from ..planting import Plant


@saboteur(
    "fit.validation_freq.int",
    also=[
        "fit_generator.validation_freq",
    ],
)
def validates_after_multiples_of_the_index(plant: Plant) -> None:
    """Takes the index of an epoch for its number, when `validation_freq` is an integer."""
    original = loop.is_validation_due

    def is_validation_due(epoch: int, frequency: Any) -> bool:
        return original(epoch - isinstance(frequency, int), frequency)

    plant(loop, "is_validation_due", is_validation_due)


@saboteur(
    "fit.validation_freq.list",
    also=[
        "fit_generator.validation_freq",
    ],
)
def looks_for_the_index_in_a_list(plant: Plant) -> None:
    """Takes the index of an epoch for its number, when `validation_freq` is a list."""
    original = loop.is_validation_due

    def is_validation_due(epoch: int, frequency: Any) -> bool:
        return original(epoch - isinstance(frequency, list), frequency)

    plant(loop, "is_validation_due", is_validation_due)


@saboteur(
    "fit.validation_freq.tuple-set",
    also=[
        "fit_generator.validation_freq",
    ],
)
def takes_lists_of_epochs_only(plant: Plant) -> None:
    """Refuses a `validation_freq` that is neither an integer nor a list."""
    original = arguments.frequency

    def frequency(value: Any) -> Any:
        if not isinstance(value, (int, list)):
            raise ValueError(f"validation_freq must be an integer or a list, not {value!r}")  # noqa: TRY004  as the reference raises for others
        return original(value)

    plant(arguments, "frequency", frequency)


@saboteur("fit.validation_freq.absolute-epochs")
def counts_the_epochs_to_validate_after_from_the_first_trained(plant: Plant) -> None:
    """Counts the epochs to validate after from the first that this `fit` trains."""
    original = loop.is_validation_due
    training_now = plant.during(loop, "train")

    def is_validation_due(epoch: int, frequency: Any) -> bool:
        _, _, _, epochs, _ = training_now.calls[-1][0]
        return original(epoch - epochs.start, frequency)

    plant(loop, "is_validation_due", is_validation_due)


@saboteur("fit.validation_freq.irrelevant-without-validation")
def looks_at_the_frequency_of_no_validation(plant: Plant) -> None:
    """Refuses an odd `validation_freq` even if nothing is validated on."""
    original = calls.validation_of

    def validation_of(model: Model, request: Any, tail: Any) -> Any:
        arguments.frequency(request.validation_freq)
        return original(model, request, tail)

    plant(calls, "validation_of", validation_of)


@saboteur("fit.validation_freq.invalid")
def never_validates_by_a_senseless_frequency(plant: Plant) -> None:
    """Takes a `validation_freq` that makes no sense for no epoch at all."""
    original = arguments.frequency

    def frequency(value: object) -> Any:
        try:
            return original(value)
        except ValueError:
            return ()

    plant(arguments, "frequency", frequency)


@saboteur("fit.validation_freq.history-has-only-run-epochs")
def repeats_validation_values_beside_generators(plant: Plant) -> None:
    """Goes on telling the last validation values in epochs without validation, on generators."""
    original = loop.validate
    trainings = plant.during(loop, "train")

    def validate(model: Model, validation: Any, epoch: int, listeners: Any) -> dict[str, float]:
        results = original(model, validation, epoch, listeners)
        _, source, *_ = trainings.calls[-1][0]
        if not isinstance(source, IteratorBatches):
            return results
        vars(listeners)["latest"] = results or vars(listeners).get("latest", {})
        return dict(vars(listeners)["latest"])

    plant(loop, "validate", validate)


@saboteur("fit.validation_freq.history-has-only-run-epochs")
def repeats_validation_values_in_the_history(plant: Plant) -> None:
    """Writes the last validation values again for an epoch without validation."""
    original = History.on_epoch_end

    def on_epoch_end(self: History, epoch: int, logs: Any) -> None:
        known = {name: values[-1] for name, values in self.history.items()}
        original(self, epoch, {**known, **logs})

    plant(History, "on_epoch_end", on_epoch_end)


@saboteur("fit.validation_freq.list")
def goes_through_the_list_in_order(plant: Plant) -> None:
    """Misses the epochs in a list that come after a later one."""
    original = loop.is_validation_due

    def is_validation_due(epoch: int, frequency: Any) -> bool:
        if isinstance(frequency, list):
            highest = itertools.accumulate(frequency, max)
            frequency = [
                one for one, so_far in zip(frequency, highest, strict=True) if one == so_far
            ]
        return original(epoch, frequency)

    plant(loop, "is_validation_due", is_validation_due)


def _after_every_epoch(plant: Plant, applies: Any) -> None:
    """Have validation run after every epoch where `applies` to it and to the split-off samples."""
    original = calls.validation_of

    def validation_of(model: Any, request: Any, tail: Any) -> Any:
        found = original(model, request, tail)
        return replace(found, frequency=1) if found and applies(found, tail) else found

    plant(calls, "validation_of", validation_of)


@saboteur(
    "fit.validation_freq.int", also=["fit.validation_freq.list", "fit_generator.validation_freq"]
)
def validates_on_a_sequence_after_every_epoch(plant: Plant) -> None:
    """Takes no notice of `validation_freq` where it validates on a Sequence."""
    _after_every_epoch(plant, lambda found, _tail: isinstance(found.source, SequenceBatches))


@saboteur("fit.validation_freq.int", also=["fit.validation_freq.list"])
def validates_on_a_split_after_every_epoch(plant: Plant) -> None:
    """Takes no notice of `validation_freq` where it has set samples apart."""
    _after_every_epoch(plant, lambda _found, tail: tail is not None)


@saboteur("fit.validation_freq.absolute-epochs")
def counts_the_epochs_of_a_tuple_anew(plant: Plant) -> None:
    """Counts epochs that a tuple or a set names from the first one that is trained."""
    original = loop.train

    def train(model: Any, source: Any, validation: Any, epochs: range, callbacks: Any) -> None:
        if validation is not None and isinstance(validation.frequency, (tuple, set)):
            numbers = {number + epochs.start for number in validation.frequency}
            validation = replace(validation, frequency=numbers)
        original(model, source, validation, epochs, callbacks)

    plant(loop, "train", train)


@saboteur("fit.validation_freq.irrelevant-without-validation")
def refuses_a_list_without_validation(plant: Plant) -> None:
    """Raises where a list names epochs and there is nothing to validate on."""
    original = calls.validation_of

    def validation_of(model: Any, request: Any, tail: Any) -> Any:
        found = original(model, request, tail)
        if found is None and isinstance(request.validation_freq, list):
            raise ValueError("validation_freq needs validation data")
        return found

    plant(calls, "validation_of", validation_of)


@saboteur("fit.validation_freq.list")
def reads_two_names_of_a_list(plant: Plant) -> None:
    """Validates after the epochs that the first two entries of a list name."""
    original = arguments.frequency
    plant(
        arguments,
        "frequency",
        lambda value: original(value[:2] if isinstance(value, list) else value),
    )


@saboteur("fit.validation_freq.tuple-set")
def reads_the_ends_of_a_tuple_or_set(plant: Plant) -> None:
    """Validates after the first and the last of the epochs that a tuple or a set names."""
    original = arguments.frequency

    def frequency(value: Any) -> Any:
        named = isinstance(value, (tuple, set)) and value
        return original({min(value), max(value)} if named else value)

    plant(arguments, "frequency", frequency)


@saboteur("fit.validation_freq.int")
def validates_as_often_as_in_the_first_call(plant: Plant) -> None:
    """Validates as often as the model's first call was told to."""
    keep_of_the_first_call(plant, "fit", "validation_freq")


@saboteur("fit.validation_freq.absolute-epochs")
def counts_epochs_of_other_data_from_the_initial_one(plant: Plant) -> None:
    """Counts listed epochs from `initial_epoch` where no tuple of arrays is validated on."""
    original, fits = loop.validate, plant.during(calls, "fit")

    def validate(model: Any, validation: Any, epoch: int, listeners: Any) -> dict[str, float]:
        request = fits.calls[-1][0][1]
        listed = not isinstance(validation.frequency, int)
        if listed and not isinstance(request.validation_data, tuple):
            epoch -= request.initial_epoch
        return original(model, validation, epoch, listeners)

    plant(loop, "validate", validate)


@saboteur("fit.validation_freq.list")
def takes_a_list_of_one_for_its_number(plant: Plant) -> None:
    """Validates after every k-th epoch where the list names the k-th alone."""
    original = arguments.frequency

    def frequency(value: Any) -> Any:
        return original(value[0] if isinstance(value, list) and len(value) == 1 else value)

    plant(arguments, "frequency", frequency)
