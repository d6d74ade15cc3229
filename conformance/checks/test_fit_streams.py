"""`fit` on generators and Sequences: what is trained on, and what is refused beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.conformance.arrangements.numbered_batches import (
    IDLE,
    batches_of_epochs,
    numbered,
    of_rows,
    read,
    to_validate,
    trained_on,
    trained_until_the_end,
    validated,
    validating,
)
from fitspec.conformance.checks import (
    SGD,
    Build,
    Generator,
    Recorder,
    answer,
    clause,
    expect,
    outcome,
    recognise,
    refusal,
)
from fitspec.conformance.vocabulary.models import linear
from fitspec.conformance.vocabulary.probes import SequenceOf
from fitspec.conformance.vocabulary.samples import column, constant

if TYPE_CHECKING:
    from collections.abc import Callable

    from fitspec.conformance.vocabulary.probes import Source

#: Two samples with x = 1. The weight 3 errs by 3 on the first and by 2 on the second.
X, Y = constant(2, 1), column(0, 1)
WEIGHTS = np.asarray([1, 3], np.float32)
#: Both kinds of sources, and the arguments that each needs beside it.
KINDS: dict[str, tuple[type[Generator | SequenceOf], dict[str, int]]] = {
    "generator": (Generator, {"steps_per_epoch": 1}),
    "Sequence": (SequenceOf, {}),
}


def _with_each(build: Build, ended: Callable[..., str], **arguments: Any) -> dict[str, str]:
    """Return how `fit` ends with each kind of source when it is given `arguments` too."""
    outcomes = {}
    for name, (kind, needed) in KINDS.items():
        model = build(linear(3.0))
        model.compile(SGD(0.0), "mse")
        outcomes[name] = ended(model.fit, kind([(X, Y)]), epochs=1, **needed, **arguments)
    return outcomes


@clause("fit.x.generator")
def test_x_may_be_a_generator(build: Build) -> None:
    """`fit` trains on the items of a generator, each a batch, in the order they come."""
    batches = [[0, 1], [2], [3, 4, 5]]

    seen = read(build, "fit", Generator(of_rows(batches)), steps_per_epoch=3, epochs=1)

    expect(
        seen,
        equals=[batches],
        otherwise={"the first item was lost": [[*batches[1:], batches[0]]]},
    )


@clause("fit.x.sequence")
def test_x_may_be_a_sequence(build: Build) -> None:
    """`fit` trains on every batch of a Sequence once an epoch."""
    batches = [[0, 1], [2], [3, 4, 5]]

    epochs = read(build, "fit", SequenceOf(of_rows(batches)), epochs=2)

    # In which order is a clause of its own.
    expect([sorted(epoch) for epoch in epochs], equals=[batches] * 2)


@clause("fit.x.triple-with-weights")
def test_weights_in_the_items_weight_the_loss(build: Build) -> None:
    """A third element of the items of a generator or Sequence holds the weights of its samples."""
    losses = {}
    for name, (kind, needed) in KINDS.items():
        model = build(linear(3.0))
        model.compile(SGD(0.0), "mse")
        result = model.fit(kind([(X, Y, WEIGHTS)]), epochs=1, **needed)
        losses[name] = result.history.history["loss"]

    # (1·9 + 3·4)/2; unweighted (9 + 4)/2; divided by 1 + 3.
    expect(
        losses,
        equals=dict.fromkeys(KINDS, [10.5]),
        otherwise={
            "the weights had no effect": dict.fromkeys(KINDS, [6.5]),
            "the weighted loss is divided by the sum of the weights": dict.fromkeys(
                KINDS, [21 / 4]
            ),
        },
    )


@clause("fit.y.forbidden-with-generator")
def test_targets_beside_a_generator_are_refused(build: Build) -> None:
    """`y` with a generator or Sequence is a ValueError."""
    outcomes = _with_each(build, outcome, y=Y)

    expect(
        outcomes,
        equals=dict.fromkeys(KINDS, "ValueError"),
        otherwise={"they are ignored": dict.fromkeys(KINDS, "returned")},
    )


@clause("fit.batch_size.not-with-generator")
def test_a_batch_size_beside_a_generator_is_refused(build: Build) -> None:
    """`batch_size` with a generator or Sequence is refused."""
    outcomes = _with_each(build, refusal, batch_size=2)

    expect(
        outcomes,
        equals=dict.fromkeys(KINDS, "refused"),
        otherwise={"it is ignored": dict.fromkeys(KINDS, "returned")},
    )


@clause("fit.validation_split.not-with-generator")
def test_a_split_beside_a_generator_is_refused(build: Build) -> None:
    """`validation_split` with a generator or Sequence is a ValueError."""
    outcomes = _with_each(build, outcome, validation_split=0.5)

    expect(
        outcomes,
        equals=dict.fromkeys(KINDS, "ValueError"),
        otherwise={"it is ignored": dict.fromkeys(KINDS, "returned")},
    )


@clause("fit.sample_weight.not-with-generator")
def test_sample_weights_beside_a_generator_are_refused(build: Build) -> None:
    """`sample_weight` with a generator or Sequence is a ValueError."""
    outcomes = _with_each(build, outcome, sample_weight=WEIGHTS)

    expect(
        outcomes,
        equals=dict.fromkeys(KINDS, "ValueError"),
        otherwise={"they are ignored": dict.fromkeys(KINDS, "returned")},
    )


@clause("fit.validation_data.dataset-or-iterator")
def test_arrays_may_be_validated_on_a_source_of_batches(build: Build) -> None:
    """Beside arrays, a generator or Sequence may hold the validation data."""
    sources: dict[str, Source] = {
        "generator": Generator(to_validate(2)),
        "Sequence": SequenceOf(to_validate(2)),
    }

    seen: dict[str, Any] = {}
    for name, source in sources.items():
        model = validating(build)
        result = answer(model.fit, *IDLE, validation_data=source, validation_steps=2, epochs=1)
        seen[name] = result if isinstance(result, str) else validated(result.history.history)

    expect(seen, equals=dict.fromkeys(sources, [[0, 1]]))


@clause("fit.steps_per_epoch.ends-epoch")
def test_an_epoch_ends_after_its_steps(build: Build) -> None:
    """The model sees `steps_per_epoch` batches in each epoch."""
    # What a step of arrays is is open: these are enough for six batches of 32, too.
    arrays = constant(200, 0), constant(200, 0)

    seen = {}
    for name, data in (("arrays", arrays), ("generator", (Generator([IDLE]),))):
        model, recorder = build(linear()), Recorder()
        model.compile(SGD(0.0), "mse")
        arguments = {"steps_per_epoch": 2, "epochs": 3, "callbacks": [recorder]}
        result = answer(model.fit, *data, **arguments)
        # Whether `fit` takes generators at all is a clause of its own.
        if not isinstance(result, str):
            seen[name] = batches_of_epochs(result.events.by(recorder))

    expect(seen, equals=dict.fromkeys(["arrays", *seen], [2, 2, 2]))


@clause("fit.validation_steps.number-of-batches")
def test_each_validation_draws_its_steps_from_a_generator(build: Build) -> None:
    """A validation generator gives `validation_steps` batches after each epoch."""
    result = validating(build).fit(
        Generator([IDLE]),
        steps_per_epoch=1,
        epochs=3,
        validation_data=Generator(to_validate(12)),
        validation_steps=2,
    )

    # Which items a later validation sees is open for `fit`.
    expect([len(batches) for batches in validated(result.history.history)], equals=[2, 2, 2])


@clause("fit.shuffle.sequence")
def test_in_what_order_a_sequence_is_read(build: Build) -> None:
    """Whether `fit` shuffles the batches of a Sequence, by default and when told to or not to."""
    seen = {}
    for name, arguments in (
        ("default", {}),
        ("on", {"shuffle": True}),
        ("off", {"shuffle": False}),
    ):
        orders = trained_on(build, "fit", SequenceOf(numbered(12)), epochs=2, **arguments)
        in_order = [order == [*range(12)] for order in orders]
        seen[name] = "in order" if all(in_order) else "shuffled" if not any(in_order) else "mixed"

    # Twelve shuffled batches are in order by accident once in 12! times.
    recognise(
        seen,
        {
            "shuffled, unless told not to": {
                "default": "shuffled",
                "on": "shuffled",
                "off": "in order",
            },
            "never shuffled": dict.fromkeys(seen, "in order"),
            "shuffled only when told to": {
                "default": "in order",
                "on": "shuffled",
                "off": "in order",
            },
        },
    )


# --- generators that end ------------------------------------------------------------------------


@clause("fit.x.generator-ends-early")
def test_what_becomes_of_training_when_a_generator_ends_early(build: Build) -> None:
    """How `fit` ends when the generator ends in the middle of the second of three epochs."""
    source = Generator(numbered(4), repeats=False)

    seen = trained_until_the_end(build, "fit", source, steps_per_epoch=3, epochs=3)

    trained_on = {"trained": [[0, 1, 2], [3]]}
    cut = {"ended": "returned", **trained_on}
    recognise(
        seen,
        {
            "training breaks off with StopIteration": {"ended": "StopIteration", **trained_on},
            "training breaks off with a ValueError": {"ended": "ValueError", **trained_on},
            "a warning is given, the epoch counts as it is, and training is over": {
                **cut,
                "warned": True,
                "epochs in History": 2,
            },
            "training is over without a word": {**cut, "warned": False, "epochs in History": 2},
            "the first item is lost, a warning is given, and the later epochs are empty": {
                "ended": "returned",
                "trained": [[1, 2, 3], [], []],
                "warned": True,
                "epochs in History": 3,
            },
            "a warning is given, the epoch counts as it is, and the next one trains on the first "
            "two items again": {
                **cut,
                "trained": [[0, 1, 2], [3], [0, 1]],
                "warned": True,
                "epochs in History": 3,
            },
        },
    )


@clause("fit.x.generator-ends-on-time")
def test_what_becomes_of_training_when_a_generator_ends_on_time(build: Build) -> None:
    """How `fit` ends when the generator gives as many items as there are steps, and no more."""
    source = Generator(numbered(6), repeats=False)

    seen = trained_until_the_end(build, "fit", source, steps_per_epoch=3, epochs=2)

    trained_on = {"trained": [[0, 1, 2], [3, 4, 5]]}
    recognise(
        seen,
        {
            "all is trained on, and nothing is said": {
                "ended": "returned",
                **trained_on,
                "warned": False,
                "epochs in History": 2,
            },
            "all is trained on, and a warning is given": {
                "ended": "returned",
                **trained_on,
                "warned": True,
                "epochs in History": 2,
            },
            "the first item is lost, and a warning is given that one is missing": {
                "ended": "returned",
                "trained": [[1, 2, 3], [4, 5]],
                "warned": True,
                "epochs in History": 2,
            },
            "training breaks off with StopIteration": {"ended": "StopIteration", **trained_on},
        },
    )


@clause("fit.x.generator-ends-at-once")
def test_what_becomes_of_training_on_an_empty_generator(build: Build) -> None:
    """How `fit` ends when the generator gives nothing at all."""
    source = Generator([], repeats=False)

    seen = trained_until_the_end(build, "fit", source, steps_per_epoch=2, epochs=1)

    recognise(
        seen,
        {
            "a ValueError before training begins": {"ended": "ValueError", "trained": []},
            "a ValueError in the first epoch": {"ended": "ValueError", "trained": [[]]},
            "a StopIteration before training begins": {"ended": "StopIteration", "trained": []},
            "a StopIteration in the first epoch": {"ended": "StopIteration", "trained": [[]]},
            "it returns an epoch of no batches, with a warning": {
                "ended": "returned",
                "trained": [[]],
                "warned": True,
                "epochs in History": 1,
            },
            "it returns as if it had trained": {
                "ended": "returned",
                "trained": [[]],
                "warned": False,
                "epochs in History": 1,
            },
        },
    )


@clause("fit.x.generator-without-steps")
def test_what_an_epoch_is_on_a_finite_generator_without_steps(build: Build) -> None:
    """What `fit` does for two epochs on a generator of three items without a number of steps."""
    source = Generator(numbered(3), repeats=False)

    seen = trained_until_the_end(build, "fit", source, epochs=2)

    recognise(
        seen,
        {
            "it is refused with a ValueError": {"ended": "ValueError", "trained": []},
            "the first epoch takes all items, and training is over, with a warning": {
                "ended": "returned",
                "trained": [[0, 1, 2]],
                "warned": True,
                "epochs in History": 1,
            },
            "the first epoch takes all items, and the second none, without a word": {
                "ended": "returned",
                "trained": [[0, 1, 2], []],
                "warned": False,
                "epochs in History": 2,
            },
            "the first two items are lost, the first epoch takes the rest, and the second none": {
                "ended": "returned",
                "trained": [[2], []],
                "warned": False,
                "epochs in History": 2,
            },
            "the first epoch takes all items, and the second breaks off": {
                "ended": "ValueError",
                "trained": [[0, 1, 2], []],
            },
            "the first epoch takes all items, and the second the first two again, with a warning": {
                "ended": "returned",
                "trained": [[0, 1, 2], [0, 1]],
                "warned": True,
                "epochs in History": 2,
            },
        },
    )
