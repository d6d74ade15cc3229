"""Which of two methods the user called, where the reference has one work through the other."""

from __future__ import annotations

import multiprocessing
import threading
from typing import TYPE_CHECKING, Any

from fitspec.reference import callbacks
from fitspec.reference.api import calls
from fitspec.reference.data import sources
from fitspec.reference.models.model import Model

from .changed_requests import change_request

if TYPE_CHECKING:
    from collections.abc import Callable

    from .planting import Plant

    Condition = Callable[[], bool]


def called(plant: Plant, method: str) -> Condition:
    """Return whether the user's call is of `method`, ``evaluate`` or ``predict_generator`` say."""
    kind = method.removesuffix("_generator")
    direct, through = plant.during(Model, kind), plant.during(Model, f"{kind}_generator")
    if kind == method:
        return lambda: bool(direct) and not through
    return lambda: bool(through)


def change_calls(plant: Plant, method: str, change: Callable[[Any], dict[str, Any]]) -> None:
    """Have `method`, and not the one it works through, see other arguments than the user gave.

    Args:
        plant: plants the step of the reference.
        method: that the user calls.
        change: takes the request and returns the arguments that are to be others.
    """
    applies = called(plant, method)
    kind = method.removesuffix("_generator")
    change_request(plant, kind, lambda _model, request: change(request) if applies() else {})


def change_exception(plant: Plant, method: str) -> None:
    """Have `method` raise what the user's generator raises as an exception of another class."""

    def raised(run: Callable[[], Any], _request: Any) -> Any:
        try:
            return run()
        except ArithmeticError as error:
            raise RuntimeError(str(error)) from error

    _wrap(plant, method, raised)


def leave_thread(plant: Plant, method: str) -> None:
    """Have `method` leave a thread behind that waits for ever."""

    def leave(run: Callable[[], Any], request: Any) -> Any:
        try:
            return run()
        finally:
            if request.workers.count and not request.workers.processes:
                threading.Thread(target=threading.Event().wait, daemon=True).start()

    _wrap(plant, method, leave)


def leave_process(plant: Plant, method: str) -> None:
    """Have `method` leave a process behind that waits for ever, where it uses processes."""

    def leave(run: Callable[[], Any], request: Any) -> Any:
        try:
            return run()
        finally:
            if request.workers.processes:
                context = multiprocessing.get_context("fork")
                context.Process(target=threading.Event().wait, daemon=True).start()

    _wrap(plant, method, leave)


def _wrap(plant: Plant, method: str, wrapper: Callable[[Callable[[], Any], Any], Any]) -> None:
    """Have `wrapper` run the step behind `method`; it gets the step and the request."""
    applies = called(plant, method)
    kind = method.removesuffix("_generator")
    original = getattr(calls, kind)

    def step(model: Model, request: Any) -> Any:
        def run() -> Any:
            return original(model, request)

        return wrapper(run, request) if applies() else run()

    plant(calls, kind, step)


def end_silently(plant: Plant, method: str) -> None:
    """Have `method` use what there is of a generator that ends early."""
    applies = called(plant, method)
    original = sources.IteratorBatches.epoch

    def epoch(self: sources.IteratorBatches) -> Any:
        try:
            yield from original(self)
        except ValueError as error:
            if not (applies() and "ended after" in str(error)):
                raise

    plant(sources.IteratorBatches, "epoch", epoch)


def skip_nothing(plant: Plant, method: str) -> None:
    """Have `method` leave out items that are None."""
    applies = called(plant, method)
    original = sources.drawn

    def drawn(*args: Any) -> Any:
        return (item for item in original(*args) if item is not None or not applies())

    plant(sources, "drawn", drawn)


def drop_last_hook(plant: Plant, method: str) -> None:
    """Have `method` not tell callbacks of its end."""
    applies = called(plant, method)
    original = callbacks.CallbackList.end

    def end(self: callbacks.CallbackList, *args: Any) -> None:
        if not applies():
            original(self, *args)

    plant(callbacks.CallbackList, "end", end)
