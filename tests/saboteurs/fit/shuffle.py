"""Saboteurs of `fit`: shuffling."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference.api import arguments, calls
from fitspec.reference.data import batch_order, batches, random_source, sources
from fitspec.reference.data.batches import Samples
from fitspec.reference.data.sources import ArrayBatches, WholeArrays
from fitspec.reference.models.model import Model
from fitspec.reference.training import loop

from ..beside_arguments import is_beside, shuffle_otherwise
from ..fit_on_streams import change_in_fit
from ..later_calls import keep_of_the_first_call
from ..on_batch_calls import change_default
from ..on_sequences import OnSequence
from ..planting import saboteur

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..planting import Plant


@saboteur(
    "fit.shuffle.default-true",
    also=[
        "fit.shuffle.sequence",
    ],
)
def shuffles_only_when_asked(plant: Plant) -> None:
    """Keeps the order of the samples unless `shuffle` is given."""
    original = Model.fit

    def fit(self: Model, *args: Any, **kwargs: Any) -> Any:
        return original(self, *args, **{"shuffle": False, **kwargs})

    plant(Model, "fit", fit)


@saboteur(
    "fit.shuffle.true-permutes-samples",
    also=["fit.shuffle.default-true", "fit.shuffle.hdf5"],
)
def shuffles_whole_batches(plant: Plant) -> None:
    """Changes the order of the batches and leaves the samples in them together."""
    original = batch_order.rows_of_batches

    def rows_of_batches(count: int, batch_size: int, shuffle: Any) -> Any:
        return original(count, batch_size, "batch" if shuffle else False)

    plant(batch_order, "rows_of_batches", rows_of_batches)


@saboteur("fit.shuffle.true-permutes-samples")
def shuffles_in_a_window(plant: Plant) -> None:
    """Shuffles the first half of the samples and the second half each by itself."""
    original = batch_order.order_of_samples

    def order_of_samples(count: int) -> Any:
        half = count // 2
        return np.concatenate([original(half), half + original(count - half)])

    plant(batch_order, "order_of_samples", order_of_samples)


@saboteur("fit.shuffle.true-permutes-samples")
def begins_somewhere_else(plant: Plant) -> None:
    """Goes through the samples in order, and begins with another one in every epoch."""

    def order_of_samples(count: int) -> Any:
        # Never a whole number of batches, which would be another defect.
        return np.roll(np.arange(count), 1 + 2 * random_source.generator().integers(0, count // 2))

    plant(batch_order, "order_of_samples", order_of_samples)


@saboteur(
    "fit.shuffle.each-epoch",
    also=[
        "fit.shuffle.random-source",
    ],
)
def shuffles_every_epoch_alike(plant: Plant) -> None:
    """Uses one shuffled order for all epochs."""
    plant(
        batch_order, "order_of_samples", lambda count: np.random.default_rng(1).permutation(count)
    )


@saboteur("fit.shuffle.false-keeps-order")
def goes_to_and_fro_without_shuffling(plant: Plant) -> None:
    """Takes the whole batches in reverse in every second epoch without shuffling."""

    def epoch(self: ArrayBatches) -> Iterator[batches.Batch]:
        rows = batch_order.rows_of_batches(self.arrays.count, self.batch_size, self.shuffle)
        self.__dict__["turn"] = not self.__dict__.get("turn", True)
        if not self.shuffle and self.__dict__["turn"]:
            whole = self.arrays.count // self.batch_size
            rows[:whole] = rows[:whole][::-1]
        return (self.arrays.batch(each) for each in rows)

    plant(ArrayBatches, "epoch", epoch)


@saboteur("fit.shuffle.keeps-x-y-weights-aligned")
def reads_the_targets_of_a_batch_in_ascending_order(plant: Plant) -> None:
    """Sorts the rows of a shuffled batch before reading its targets, and not for its inputs."""
    original = Samples.batch

    def batch(self: Samples, rows: Any) -> batches.Batch:
        made = original(self, rows)
        # All samples in one batch are left alone: other clauses look at such batches.
        if isinstance(rows, slice) or len(rows) == self.count:
            return made
        return replace(made, targets=original(self, np.sort(rows)).targets)

    plant(Samples, "batch", batch)


@saboteur("fit.shuffle.no-effect-with-steps")
def shuffles_the_samples_of_a_step(plant: Plant) -> None:
    """Shuffles the data in training although a number of steps is given."""
    original = WholeArrays.epoch
    in_training = plant.during(loop, "train_epoch")

    def epoch(self: WholeArrays) -> Iterator[batches.Batch]:
        if not in_training or not self.arrays.inputs:
            return original(self)
        count = self.arrays.count
        return (self.arrays.batch(batch_order.order_of_samples(count)) for _ in range(self.steps))

    plant(WholeArrays, "epoch", epoch)


@saboteur("fit.shuffle.sequence")
def keeps_the_order_of_a_sequence(plant: Plant) -> None:
    """Shuffles no Sequence given to `fit`."""
    change_in_fit(plant, "training_source", lambda _: {"shuffle": False})


@saboteur("fit.shuffle.other-values")
def takes_any_word_for_shuffle(plant: Plant) -> None:
    """Takes a misspelt `shuffle` for true."""

    def shuffling(value: Any) -> bool | str:
        return "batch" if value == "batch" else bool(value)

    plant(arguments, "shuffling", shuffling)


@saboteur("fit.shuffle.random-source")
def shuffles_by_a_source_of_its_own(plant: Plant) -> None:
    """Draws from a generator that NumPy's seed does not reach."""
    own = np.random.default_rng(1)
    plant(random_source, "generator", lambda: own)


@saboteur("fit.shuffle.keeps-x-y-weights-aligned")
def shuffles_the_first_input_alone(plant: Plant) -> None:
    """Gives all inputs but the first another order when samples are shuffled."""
    original = batches.Samples.batch

    def batch(self: batches.Samples, rows: Any) -> batches.Batch:
        made = original(self, rows)
        if isinstance(rows, slice) or len(made.inputs) < 2:
            return made
        others = original(self, (rows + 1) % self.count)
        return replace(made, inputs=[made.inputs[0], *others.inputs[1:]])

    plant(batches.Samples, "batch", batch)


@saboteur("fit.shuffle.true-permutes-samples")
def shuffles_full_batches_alone(plant: Plant) -> None:
    """Leaves the samples of an incomplete last batch where they are."""
    original = batch_order.rows_of_batches

    def rows_of_batches(count: int, batch_size: int, shuffle: Any) -> Any:
        full = count - count % batch_size
        if shuffle is not True or not full:
            return original(count, batch_size, shuffle)
        rest = [np.arange(full, count)] if full < count else []
        return [*original(full, batch_size, shuffle), *rest]

    plant(batch_order, "rows_of_batches", rows_of_batches)


@saboteur("fit.shuffle.default-true")
def moves_whole_batches_unless_told_otherwise(plant: Plant) -> None:
    """Acts as with "batch" where `shuffle` is not given."""
    change_default(plant, "fit", shuffle="batch")


@saboteur("fit.shuffle.no-effect-with-steps")
def shuffles_where_an_epoch_has_several_steps(plant: Plant) -> None:
    """Shuffles the samples of every step if there are two steps or more."""
    original = WholeArrays.epoch

    def epoch(self: WholeArrays) -> Iterator[batches.Batch]:
        for batch in original(self):
            shuffled = self.arrays.batch(batch_order.order_of_samples(self.arrays.count))
            yield shuffled if self.steps > 1 and training else batch

    training = plant.during(loop, "train_epoch")
    plant(WholeArrays, "epoch", epoch)


@saboteur("fit.shuffle.keeps-x-y-weights-aligned")
def leaves_the_weights_of_a_second_output_in_place(plant: Plant) -> None:
    """Shuffles the weights of the first output alone, where there are many samples."""
    original = Samples.batch

    def batch(self: Samples, rows: Any) -> batches.Batch:
        found = original(self, rows)
        # Two samples would be in order by accident.
        if not isinstance(rows, slice) and len(found.weights) > 1 and self.count > 8:
            found.weights[1:] = original(self, np.sort(rows)).weights[1:]
        return found

    plant(Samples, "batch", batch)


@saboteur("fit.shuffle.no-effect-with-steps")
def shuffles_a_sequence_that_fit_has_steps_for(plant: Plant) -> None:
    """Shuffles a Sequence given to `fit`, although a number of steps is given."""
    original, now = sources.continued_indices, OnSequence(plant, "fit")

    def continued_indices(position: int, steps: int, length: int) -> list[int]:
        indices = original(position, steps, length)
        if now and now.request.shuffle and training:
            order = sources.order_of_batches(length, shuffle=True)
            return [order[index] for index in indices]
        return indices

    training = plant.during(loop, "train_epoch")
    plant(sources, "continued_indices", continued_indices)


@saboteur("fit.shuffle.each-epoch")
def keeps_the_order_of_batches_of_four(plant: Plant) -> None:
    """Uses one shuffled order for all epochs in batches of four."""
    original = ArrayBatches.epoch

    def epoch(self: ArrayBatches) -> Iterator[batches.Batch]:
        if self.shuffle is not True or (self.arrays.count, self.batch_size) != (16, 4):
            return original(self)
        kept = vars(self).setdefault("kept", random_source.generator().permutation(16))
        return (self.arrays.batch(kept[start : start + 4]) for start in range(0, 16, 4))

    plant(ArrayBatches, "epoch", epoch)


@saboteur("fit.shuffle.false-keeps-order")
def reverses_weighted_batches(plant: Plant) -> None:
    """Takes whole batches with sample weights in reverse without shuffling."""
    original, training = ArrayBatches.epoch, plant.during(loop, "train_epoch")

    def epoch(self: ArrayBatches) -> Iterator[batches.Batch]:
        found = [*original(self)]
        weighted = training and any(weights is not None for weights in self.arrays.weights)
        whole = self.arrays.count % self.batch_size == 0
        turned = weighted and whole and self.shuffle is False
        return (each for each in (found[::-1] if turned else found))

    plant(ArrayBatches, "epoch", epoch)


@saboteur("fit.shuffle.each-epoch")
def uses_one_order_beside_samples_set_apart(plant: Plant) -> None:
    """Uses one shuffled order for all epochs where samples are set apart."""
    original, fits = batch_order.order_of_samples, plant.during(calls, "fit")
    kept: dict[int, Any] = {}

    def order_of_samples(count: int) -> Any:
        split = fits and fits.calls[-1][0][1].validation_split
        return kept.setdefault(count, original(count)) if split else original(count)

    plant(batch_order, "order_of_samples", order_of_samples)


@saboteur("fit.shuffle.default-true")
def does_not_shuffle_more_than_32_samples(plant: Plant) -> None:
    """Keeps the order of more samples than a batch has by default."""

    def many(request: Any) -> bool:
        told = request.shuffle != "batch" and not request.validation_split
        return told and isinstance(request.x, np.ndarray) and len(request.x) > 32

    shuffle_otherwise(plant, False, many)


@saboteur("fit.shuffle.true-permutes-samples")
def does_not_shuffle_beside_validation_data(plant: Plant) -> None:
    """Keeps the order of samples where there are others to validate on."""
    shuffle_otherwise(plant, False, is_beside("validation_data"))


@saboteur("fit.shuffle.true-permutes-samples")
def does_not_shuffle_weighted_samples(plant: Plant) -> None:
    """Keeps the order of samples that have weights."""
    shuffle_otherwise(plant, False, is_beside("sample_weight"))


@saboteur("fit.shuffle.true-permutes-samples")
def does_not_shuffle_weighted_classes(plant: Plant) -> None:
    """Keeps the order of samples whose classes have weights."""
    shuffle_otherwise(plant, False, is_beside("class_weight"))


@saboteur("fit.shuffle.true-permutes-samples")
def does_not_shuffle_lists(plant: Plant) -> None:
    """Keeps the order of samples in lists of arrays."""
    shuffle_otherwise(plant, False, lambda request: isinstance(request.x, list))


@saboteur("fit.shuffle.true-permutes-samples")
def does_not_shuffle_when_it_resumes(plant: Plant) -> None:
    """Keeps the order of samples in a training that is resumed."""
    shuffle_otherwise(plant, False, is_beside("initial_epoch"))


@saboteur("fit.shuffle.false-keeps-order")
def goes_on_shuffling_as_in_the_first_call(plant: Plant) -> None:
    """Shuffles as the model's first call was told to."""
    keep_of_the_first_call(plant, "fit", "shuffle")


@saboteur(
    "fit.shuffle.false-keeps-order", also=["fit.shuffle.batch-chunks", "fit.validation_split.hdf5"]
)
def shuffles_beside_samples_set_apart(plant: Plant) -> None:
    """Shuffles what is trained on, whatever it is told, where samples are set apart."""
    shuffle_otherwise(plant, True, is_beside("validation_split"))
