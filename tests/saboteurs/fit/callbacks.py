"""Saboteurs of `fit`: callbacks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.reference.api import calls
from fitspec.reference.callbacks import Callback, CallbackList, History, dispatch
from fitspec.reference.data import sources
from fitspec.reference.standing_in import validation_data
from fitspec.reference.training import loop

from ..changed_requests import change_request
from ..later_calls import ignore_in_later_calls
from ..listeners import model_of
from ..planting import saboteur
from ..third_epochs import ThirdEpoch

if TYPE_CHECKING:
    from ..planting import Plant


def put_stops_off(plant: Plant, step: str, owner: Any) -> None:
    """Hide a stop that is asked for in one step of an epoch until the epoch ends."""
    original, end_epoch = getattr(owner, step), CallbackList.end_epoch

    def hiding(*args: Any) -> Any:
        listeners = args[0] if owner is CallbackList else args[2]
        result = original(*args)
        listeners.hidden_stop = model_of(listeners).stop_training
        model_of(listeners).stop_training = False
        return result

    def showing(self: Any, epoch: int, logs: Any) -> None:
        end_epoch(self, epoch, logs)
        model_of(self).stop_training |= self.hidden_stop

    plant(owner, step, hiding)
    plant(CallbackList, "end_epoch", showing)


@saboteur(
    "fit.callbacks.called-in-training",
    also=[
        "fit.callbacks.added-logs",
        "fit_generator.callbacks",
        "evaluate_generator.callbacks",
    ],
)
def calls_the_first_callback_only(plant: Plant) -> None:
    """Calls only the first callback of a list."""
    original = dispatch.listed
    plant(dispatch, "listed", lambda given: original(given)[:1])


@saboteur("fit.callbacks.called-in-validation")
def tells_the_first_callback_of_validation(plant: Plant) -> None:
    """Calls the hooks of validation of the first callback in the list alone."""
    original = loop.validate

    def validate(model: Any, validation: Any, epoch: int, listeners: Any) -> Any:
        # Before it comes what prints.
        return original(model, validation, epoch, CallbackList(listeners.callbacks[:2]))

    plant(loop, "validate", validate)


@saboteur("fit.callbacks.called-in-validation")
def validates_without_callbacks(plant: Plant) -> None:
    """Calls no hook while `fit` validates."""
    original = loop.test

    def test(model: Any, source: Any, listeners: Any) -> Any:
        return original(model, source, CallbackList([]) if fitted else listeners)

    fitted = plant.during(calls, "fit")
    plant(loop, "test", test)


@saboteur("fit.callbacks.hook-order")
def tells_of_validation_after_the_end_of_the_epoch(plant: Plant) -> None:
    """Calls the hooks of validation, in their order, once the hook of the epoch's end was."""
    original = CallbackList.notify

    def notify(self: Any, hook: str, *args: Any) -> None:
        waiting = self.__dict__.setdefault("waiting", [])
        if hook.startswith("on_test") and fitted:
            waiting.append((hook, *args))
            return
        original(self, hook, *args)
        if hook == "on_epoch_end":
            for late in waiting:
                original(self, *late)
            waiting.clear()

    fitted = plant.during(calls, "fit")
    plant(CallbackList, "notify", notify)


@saboteur("fit.callbacks.none-or-empty", also=["fit.again.after-stop"])
def keeps_the_callbacks_of_the_call_before(plant: Plant) -> None:
    """Calls the callbacks of an earlier `fit` of the model when none are given."""

    def keep(model: Any, request: Any) -> dict[str, Any]:
        model.kept_callbacks = request.callbacks or vars(model).get("kept_callbacks")
        return {"callbacks": model.kept_callbacks}

    change_request(plant, "fit", keep)


@saboteur("fit.callbacks.single")
def takes_callbacks_in_a_list_only(plant: Plant) -> None:
    """Refuses callbacks that are not in a list."""
    original = dispatch.listed

    def listed(given: Any) -> Any:
        if given is not None and not isinstance(given, list):
            raise TypeError("callbacks must be a list")
        return original(given)

    plant(dispatch, "listed", listed)


@saboteur("fit.callbacks.no-callback")
def passes_over_what_is_no_callback(plant: Plant) -> None:
    """Takes no notice of what in the list is no callback."""
    original = dispatch.listed

    def listed(given: Any) -> Any:
        whole = isinstance(given, list)
        return original([one for one in given if isinstance(one, Callback)] if whole else given)

    plant(dispatch, "listed", listed)


@saboteur("fit.callbacks.stop-in-batch", also=["fit.callbacks.stop-in-last-batch"])
def validates_although_it_is_to_stop(plant: Plant) -> None:
    """Validates after an epoch that was cut short."""
    put_stops_off(plant, "train_epoch", loop)


@saboteur("fit.callbacks.stop-in-last-batch", also=["fit.callbacks.stop-in-batch"])
def forgets_a_stop_when_all_batches_are_trained(plant: Plant) -> None:
    """Goes on with the next epoch when told to stop after a batch, once its epoch has ended."""
    original = loop.train_epoch

    def train_epoch(model: Any, *args: Any) -> Any:
        begun = model.stop_training
        logs = original(model, *args)
        model.stop_training = begun
        return logs

    plant(loop, "train_epoch", train_epoch)


@saboteur("fit.callbacks.stop-in-epoch")
def trains_the_epoch_that_a_stop_began(plant: Plant) -> None:
    """Trains the whole epoch at whose beginning a stop was asked for."""
    put_stops_off(plant, "begin_epoch", CallbackList)


@saboteur("fit.callbacks.exception")
def tells_of_the_end_when_a_callback_raises(plant: Plant) -> None:
    """Tells callbacks of the end of training when one of them raises."""
    original = loop.train

    def train(*args: Any) -> None:
        try:
            original(*args)
        except ArithmeticError:
            args[-1].end("train")
            raise

    plant(loop, "train", train)


@saboteur(
    "fit.callbacks.interrupt",
    also=[
        "fit_generator.callbacks.interrupt",
    ],
)
def ends_in_order_when_interrupted(plant: Plant) -> None:
    """Takes an interrupt for a wish to end training."""
    original = loop.train

    def train(*args: Any) -> None:
        try:
            original(*args)
        except KeyboardInterrupt:
            args[-1].end("train")

    plant(loop, "train", train)


@saboteur("fit.callbacks.added-logs")
def keeps_the_logs_of_history_apart(plant: Plant) -> None:
    """Gives History logs of its own, to which callbacks add nothing."""
    original = CallbackList.end_epoch

    def end_epoch(self: Any, epoch: int, logs: Any) -> None:
        self.logs_apart = dict(logs)
        original(self, epoch, logs)

    def on_epoch_end(self: History, epoch: int, logs: Any) -> None:
        del logs
        record(self, epoch, epochs.calls[-1][0][0].logs_apart)

    record = History.on_epoch_end
    plant(CallbackList, "end_epoch", end_epoch)
    epochs = plant.during(CallbackList, "end_epoch")
    plant(History, "on_epoch_end", on_epoch_end)


@saboteur("fit.callbacks.history-order")
def records_an_epoch_before_it_tells(plant: Plant) -> None:
    """Has History record an epoch first, and add what callbacks add afterwards."""
    original = CallbackList.notify

    def notify(self: Any, hook: str, *args: Any) -> None:
        if hook != "on_epoch_end":
            return original(self, hook, *args)
        epoch, logs = args
        histories = [item for item in self.callbacks if isinstance(item, History)]
        for one in histories:
            one.epoch.append(epoch)
        others = [item for item in self.callbacks if item not in histories]
        original(CallbackList(others), hook, *args)
        for one in histories:
            one.epoch.pop()
            one.on_epoch_end(epoch, logs)
        return None

    plant(CallbackList, "notify", notify)


@saboteur("fit.callbacks.validation_data")
def keeps_the_validation_data_from_callbacks(plant: Plant) -> None:
    """Leaves the attribute of callbacks for what is validated on empty."""
    plant(validation_data, "arrays_in", lambda _: None)


@saboteur("fit.callbacks.called-in-validation", also=["evaluate_generator.callbacks"])
def validates_on_a_sequence_without_callbacks(plant: Plant) -> None:
    """Calls no hook while `fit` validates on a Sequence."""
    original = loop.test

    def test(model: Any, source: Any, callbacks: Any) -> Any:
        tells = not isinstance(source, sources.SequenceBatches) or not callbacks
        return original(model, source, callbacks if tells else CallbackList([]))

    plant(loop, "test", test)


@saboteur("fit.callbacks.called-in-validation")
def validates_on_a_split_without_callbacks(plant: Plant) -> None:
    """Calls no hook while `fit` validates on samples that it has set apart."""
    original, fitting = loop.test, plant.during(calls, "fit")

    def test(model: Any, source: Any, callbacks: Any) -> Any:
        split = fitting and fitting.calls[-1][0][1].validation_split
        return original(model, source, CallbackList([]) if split else callbacks)

    plant(loop, "test", test)


@saboteur("fit.callbacks.called-in-validation")
def validates_on_a_generator_without_callbacks(plant: Plant) -> None:
    """Calls no hook while `fit` validates on a generator."""
    original, fitting = loop.test, plant.during(calls, "fit")

    def test(model: Any, source: Any, callbacks: Any) -> Any:
        silent = fitting and isinstance(source, sources.IteratorBatches)
        return original(model, source, CallbackList([]) if silent else callbacks)

    plant(loop, "test", test)


@saboteur("fit.callbacks.none-or-empty", also=["fit.again.after-stop"])
def calls_earlier_callbacks_on_a_sequence(plant: Plant) -> None:
    """Calls the callbacks of an earlier `fit` where a Sequence comes without any."""
    original = calls.fit

    def fit(model: Any, request: Any) -> Any:
        if sources.is_sequence(request.x) and request.callbacks is None:
            request = request.but(callbacks=vars(model).get("earlier"))
        vars(model)["earlier"] = request.callbacks
        return original(model, request)

    plant(calls, "fit", fit)


@saboteur("fit.callbacks.called-in-training")
def tells_no_beginning_of_a_third_epoch(plant: Plant) -> None:
    """Calls no callback as the third epoch, or a later one, begins."""
    original, third = CallbackList.begin_epoch, ThirdEpoch(plant)

    def begin_epoch(self: CallbackList, epoch: int) -> None:
        if third.epochs < 2:
            original(self, epoch)

    plant(CallbackList, "begin_epoch", begin_epoch)


@saboteur("fit.callbacks.called-in-training")
def calls_no_callback_after_batches_of_a_third_epoch(plant: Plant) -> None:
    """Calls no callback after a batch of the third epoch, or of a later one."""
    original, third = CallbackList.end_batch, ThirdEpoch(plant)

    def end_batch(self: CallbackList, stage: str, *args: Any) -> None:
        if stage != "train" or not third:
            original(self, stage, *args)

    plant(CallbackList, "end_batch", end_batch)


@saboteur("fit.callbacks.called-in-training", also=["fit.callbacks.none-or-empty"])
def calls_callbacks_in_the_first_fit_alone(plant: Plant) -> None:
    """Calls no callback in a `fit` after the first one of a model."""
    ignore_in_later_calls(plant, "fit", "callbacks")


@saboteur("fit.callbacks.called-in-validation")
def calls_no_callback_in_a_third_validation(plant: Plant) -> None:
    """Calls no callback in the validation of the third epoch, or of a later one."""
    original, third = CallbackList.notify, ThirdEpoch(plant)

    def notify(self: CallbackList, hook: str, *args: Any) -> None:
        if not (third and hook.startswith("on_test")):
            original(self, hook, *args)

    plant(CallbackList, "notify", notify)


@saboteur("fit.callbacks.called-in-validation")
def tells_of_no_validation_that_is_not_of_every_epoch(plant: Plant) -> None:
    """Calls no callback in validations that do not follow every epoch."""
    original = loop.validate

    def validate(model: Any, validation: Any, epoch: int, listeners: Any) -> dict[str, float]:
        told = listeners if validation.frequency == 1 else CallbackList([])
        return original(model, validation, epoch, told)

    plant(loop, "validate", validate)


@saboteur("fit.callbacks.hook-order")
def tells_of_a_part_set_apart_after_its_epoch(plant: Plant) -> None:
    """Calls the hooks of testing a part set apart when those of the epoch have been called."""
    notify, end, held = CallbackList.notify, CallbackList.end_epoch, list[tuple[Any, ...]]()
    fits = plant.during(calls, "fit")
    validates = plant.during(loop, "validate")

    def later(self: CallbackList, *told: Any) -> None:
        if validates and fits.calls[-1][0][1].validation_split:
            held.append(told)
        else:
            notify(self, *told)

    def end_epoch(self: CallbackList, *told: Any) -> None:
        end(self, *told)
        while held:
            notify(self, *held.pop(0))

    plant(CallbackList, "notify", later)
    plant(CallbackList, "end_epoch", end_epoch)
