"""`fit_generator`: shuffling."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from fitspec.conformance.arrangements.numbered_batches import numbered, trained_on
from fitspec.conformance.arrangements.streaming import PROCESSES, on_each_thread
from fitspec.conformance.arrangements.taken import tried
from fitspec.conformance.checks import SGD, Build, Generator, Recorder, clause, expect
from fitspec.conformance.vocabulary.models import tally
from fitspec.conformance.vocabulary.probes import SequenceOf, UserFunction
from fitspec.conformance.vocabulary.samples import ascending, identity
from fitspec.conformance.worker.answers import led_batches

#: Batches of a Sequence. Twelve shuffled ones are in a given order by accident once in 12! times.
BATCHES = 12
IN_ORDER = [*range(BATCHES)]
#: What `_order` says of two epochs.
SHUFFLED, UNTOUCHED = ["shuffled"] * 2, ["in order"] * 2


def _order(
    build: Build, source: Generator | SequenceOf, *, epochs: int = 2, **arguments: object
) -> list[str]:
    """Say of each epoch in what order the batches are trained on."""
    orders = trained_on(build, "fit_generator", source, epochs=epochs, **arguments)
    return [
        "in order"
        if order == IN_ORDER
        else "not each batch once"
        if sorted(order) != IN_ORDER
        else "shuffled"
        if before != order
        else "as in the epoch before"
        for before, order in zip([[], *orders], orders, strict=False)
    ]


@clause("fit_generator.shuffle.batch-order")
def test_the_batches_of_a_sequence_are_shuffled_anew_in_each_epoch(build: Build) -> None:
    """Each epoch trains on every batch once, in an order of its own, and leaves batches whole."""
    model, recorder = build(tally(2 * BATCHES)), Recorder(weights=True)
    model.compile(SGD(1.0), UserFunction("prediction_times_first_target"))
    x, y = identity(2 * BATCHES), ascending(2 * BATCHES)
    pairs = [[2 * batch, 2 * batch + 1] for batch in range(BATCHES)]
    source = SequenceOf([(x[rows], y[rows]) for rows in pairs])

    result = model.fit_generator(source, epochs=8, shuffle=True, callbacks=[recorder])

    # Whether several may read a Sequence, or training begin later, is another clause.
    by_several: dict[str, Any] = {}
    ways: dict[str, dict[str, Any]] = {
        "two threads": {"workers": 2},
        "processes": PROCESSES,
        "from a later epoch on": {"initial_epoch": 2, "epochs": 3},
    }
    for name, arguments in ways.items():
        items = SequenceOf(numbered(BATCHES))
        if order := tried(_order, build, items, shuffle=True, **{"epochs": 1, **arguments}):
            by_several[name] = order[:1]

    # A batch is in one place in all of eight epochs by accident once in 12^8/12² = 3 million times,
    # and two of eight orders are the same once in 12!/28 = 17 million times.
    epochs = led_batches(result, recorder)
    seen = {
        "every batch once, with its rows in order": all(sorted(epoch) == pairs for epoch in epochs),
        "epochs in the order of the Sequence": sum(epoch == pairs for epoch in epochs),
        "orders": len({f"{epoch}" for epoch in epochs}),
        "batches stay in their places": any(
            all(batch == place[0] for batch in place) for place in zip(*epochs, strict=False)
        ),
    }

    def found(whole: bool, in_order: int, orders: int, stay: bool, read: str = "shuffled") -> Any:
        each = dict(zip(seen, (whole, in_order, orders, stay), strict=True))
        return each | dict.fromkeys(by_several, [read])

    expect(
        seen | by_several,
        equals=found(True, 0, 8, False),
        otherwise={
            "nothing is shuffled": found(True, 8, 1, True, "in order"),
            "what several read is not shuffled": found(True, 0, 8, False, "in order"),
            "one order serves all epochs": found(True, 0, 1, True),
            "the first epoch is not shuffled": found(True, 1, 8, False, "in order"),
            "rows are shuffled inside batches as well": found(False, 0, 8, False),
            "some batches stay in their places": found(True, 0, 8, True),
        },
    )


@clause("fit_generator.shuffle.default-true")
def test_a_sequence_is_shuffled_by_default(build: Build) -> None:
    """Without `shuffle` the batches of a Sequence are not used in their order."""
    expect(
        _order(build, SequenceOf(numbered(BATCHES))),
        equals=SHUFFLED,
        otherwise={"nothing is shuffled": UNTOUCHED},
    )


@clause("fit_generator.shuffle.ignored-for-generators")
def test_a_generator_is_never_shuffled(build: Build) -> None:
    """The items of a generator are used in the order they come, whatever `shuffle` says."""
    cases = {"by default": {}, "True": {"shuffle": True}, "False": {"shuffle": False}}
    cases |= {
        f"True, {where}": {"shuffle": True, **arguments}
        for where, arguments in on_each_thread(build).items()
    }

    seen = {
        name: _order(build, Generator(numbered(BATCHES)), steps_per_epoch=BATCHES, **arguments)
        for name, arguments in cases.items()
    }

    expect(seen, equals=dict.fromkeys(cases, UNTOUCHED))


@clause("fit_generator.shuffle.no-effect-with-steps")
def test_a_sequence_with_a_number_of_steps_is_not_shuffled(build: Build) -> None:
    """With `steps_per_epoch` the batches of a Sequence are used in their order."""
    orders = {}
    for steps in (BATCHES, 5):
        epochs = trained_on(
            *(build, "fit_generator", SequenceOf(numbered(BATCHES))),
            epochs=2,
            steps_per_epoch=steps,
            shuffle=True,
        )
        # Where a later epoch starts is another clause. Five are in order once in 7920 times.
        in_order = [
            all((index + 1) % BATCHES == following for index, following in pairwise(order))
            for order in epochs
        ]
        orders[f"{steps} steps"] = UNTOUCHED if all(in_order) else SHUFFLED

    expect(
        orders,
        equals=dict.fromkeys(orders, UNTOUCHED),
        otherwise={"the batches are shuffled all the same": dict.fromkeys(orders, SHUFFLED)},
    )


@clause("fit_generator.shuffle.with-workers-zero")
def test_a_sequence_is_shuffled_without_workers_too(build: Build) -> None:
    """With `workers=0` the batches of a Sequence are shuffled as with any other number."""
    source = SequenceOf(numbered(BATCHES))

    order = _order(build, source, workers=0, shuffle=True)

    expect(
        order,
        equals=SHUFFLED,
        otherwise={"nothing is shuffled on the main thread": UNTOUCHED},
    )
