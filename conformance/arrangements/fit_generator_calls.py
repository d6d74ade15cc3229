"""Calls of `fit_generator` that several checks make alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.conformance.arrangements.compiled import small_model
from fitspec.conformance.arrangements.numbered_batches import IDLE, batches_of_epochs, validating
from fitspec.conformance.arrangements.two_errors import model_of_3
from fitspec.conformance.claims.expect import answer
from fitspec.conformance.vocabulary.models import linear
from fitspec.conformance.vocabulary.probes import SGD, Generator, Recorder, SequenceOf
from fitspec.conformance.vocabulary.samples import ascending, constant

if TYPE_CHECKING:
    from fitspec.conformance.arrangements.compiled import Build
    from fitspec.conformance.worker.remote import Result


def trained_on_two_samples(build: Build, **arguments: object) -> Result:
    """Train on items of two samples each, whose errors are 1 and 2."""
    model = build(linear(1.0))
    model.compile(SGD(0.0), "mse", metrics=["mae"])
    return model.fit_generator(Generator([(ascending(2), constant(2, 0))]), **arguments)


def loss_of_item(build: Build, item: object, **arguments: object) -> float:
    """Return the loss of training on one item."""
    result = model_of_3(build).fit_generator(Generator([item]), steps_per_epoch=1, **arguments)
    (loss,) = result.history.history["loss"]
    return float(loss)


def counted_batches(build: Build, source: Generator | SequenceOf, **arguments: object) -> Any:
    """Return how many batches each epoch trains on, or how the call was refused."""
    model, recorder = small_model(build), Recorder()
    result = answer(model.fit_generator, source, callbacks=[recorder], **arguments)
    return result if isinstance(result, str) else batches_of_epochs(result.events.by(recorder))


def validated_on(build: Build, data: object, **arguments: Any) -> Result:
    """Train one step an epoch on a model that does not learn, and validate."""
    return validating(build).fit_generator(
        Generator([IDLE]), steps_per_epoch=1, validation_data=data, **arguments
    )
