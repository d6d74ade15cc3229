"""Saboteurs of `predict`: what is returned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference.api import calls
from fitspec.reference.data import sources
from fitspec.reference.training import loop

from ..changed_requests import change_request, read_bytes_with_a_sign
from ..changed_steps import after
from ..on_batch_calls import change_result
from ..planting import saboteur
from ..three_outputs import last_two_of_three_exchanged

if TYPE_CHECKING:
    from fitspec.reference.models.model import Model

    from ..planting import Plant


@saboteur("predict.returns.numpy-single", also=["predict_generator.returns"])
def predicts_nested_lists(plant: Plant) -> None:
    """Returns the predictions of one output as lists of numbers."""
    original = calls.predict

    def predict(model: Model, request: Any) -> Any:
        value = original(model, request)
        return value.tolist() if isinstance(value, np.ndarray) else value

    plant(calls, "predict", predict)


@saboteur("predict.returns.numpy-list", also=["predict_generator.returns"])
def stacks_the_predictions_of_several_outputs(plant: Plant) -> None:
    """Returns the predictions of several outputs as one array."""
    original = loop.single_or_list

    def single_or_list(outputs: Any) -> Any:
        one = len(outputs) == 1 or not predicting
        return original(outputs) if one else np.stack(outputs)

    predicting = plant.during(calls, "predict")
    plant(loop, "single_or_list", single_or_list)


@saboteur("predict.returns.dtype")
def predicts_in_64_bit(plant: Plant) -> None:
    """Returns predictions as 64 bit floats."""

    def converted(_: Any, value: Any) -> Any:
        if isinstance(value, list):
            return [one.astype("float64") for one in value]
        return value.astype("float64")

    after(plant, "predict", converted)


@saboteur("predict.returns.numpy-single")
def drops_the_rows_that_fill_no_batch(plant: Plant) -> None:
    """Returns no predictions for samples that do not fill the last batch."""

    def cut(model: Model, request: Any) -> dict[str, Any]:
        several = isinstance(request.x, (list, dict))
        if request.batch_size is None or model.is_stateful or several:
            return {}
        whole = len(request.x) // request.batch_size * request.batch_size
        return {"x": request.x[: whole or None]}

    change_request(plant, "predict", cut)


@saboteur(
    "predict.returns.numpy-list",
    also=["predict.x.list-and-dict", "predict.x.generator-or-sequence"],
)
def predicts_outputs_by_the_alphabet(plant: Plant) -> None:
    """Returns the outputs in the alphabetical order of their names."""

    def in_order(model: Model, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        places = sorted(range(len(value)), key=model.output_names.__getitem__)
        return [value[place] for place in places]

    after(plant, "predict", in_order)


@saboteur("predict.returns.numpy-list")
def stacks_what_it_predicts_of_a_sequence(plant: Plant) -> None:
    """Returns the outputs for a Sequence as columns of one array."""
    original = calls.predict

    def predict(model: Model, request: Any) -> Any:
        value = original(model, request)
        stacked = sources.is_sequence(request.x) and isinstance(value, list) and len(value) == 3
        return np.concatenate(value, axis=1) if stacked else value

    plant(calls, "predict", predict)


@saboteur(
    "predict.returns.numpy-list",
    also=["predict.x.generator-or-sequence", "predict.x.list-and-dict"],
)
def exchanges_two_of_three_predictions(plant: Plant) -> None:
    """Returns the predictions of the last of three outputs before those of the second."""
    change_result(plant, "predict", lambda _model, value: last_two_of_three_exchanged(value))


@saboteur("predict.returns.numpy-list")
def loses_an_incomplete_last_batch_of_the_second_output(plant: Plant) -> None:
    """Leaves out what the second output predicts for a last batch with fewer samples."""
    original = loop.predict

    def predict(model: Model, source: Any, callbacks: Any) -> list[Any]:
        outputs: list[Any] = original(model, source, callbacks)
        size = getattr(source, "batch_size", None)
        if size is not None and len(outputs) > 1:
            outputs[1] = outputs[1][: max(size, len(outputs[1]) // size * size)]
        return outputs

    plant(loop, "predict", predict)


@saboteur("predict.returns.numpy-single")
def predicts_what_it_predicted_of_such_arrays(plant: Plant) -> None:
    """Returns for an array what it returned for one of the same shape, until weights change."""
    original = calls.predict

    def predict(model: Model, request: Any) -> Any:
        found = original(model, request)
        if not isinstance(request.x, np.ndarray) or model.is_stateful:
            return found
        weights = b"".join(weight.tobytes() for weight in model.get_weights())
        known = vars(model).setdefault("predicted_before", {})
        return known.setdefault((request.x.shape, request.batch_size, weights), found)

    plant(calls, "predict", predict)


@saboteur("predict.returns.numpy-single")
def predicts_bytes_with_a_sign(plant: Plant) -> None:
    """Takes bytes above 127 for numbers below 0."""
    read_bytes_with_a_sign(plant, "predict")
