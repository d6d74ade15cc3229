"""Records the calls of the Model API that a program makes, and starts them from given weights.

`calls.jsonl` has a line when a call begins and one when it has ended; arrays lie beside it, in
`before-N.npz` and `after-N.npz` for the call N. A call that another one makes is a part of that.
"""

from __future__ import annotations

import contextlib
import functools
import inspect
import json
import os
import sys
import threading
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.adapters.tracing.chance import Orders, drawn_by, raced_by
from fitspec.adapters.tracing.values import described, returned
from fitspec.adapters.tracing.weights import (
    beside_layers,
    build,
    layers_of,
    remembers,
    set_weights,
    weights_of,
)

if TYPE_CHECKING:
    import types
    from collections.abc import Callable, Iterator, Sequence

#: The documented methods.
METHODS = (
    *("compile", "fit", "evaluate", "predict", "train_on_batch", "test_on_batch"),
    *("predict_on_batch", "get_layer", "fit_generator", "evaluate_generator"),
    "predict_generator",
)
#: What a library also calls by itself, as when it reads a model from a file.
OF_LIBRARIES = ("compile", "get_layer")
#: The methods that train.
TRAINING = ("fit", "fit_generator", "train_on_batch")
#: With which status a process ends that cannot write down what is done.
NO_ROOM = 74
#: How many bytes of arrays are kept of a run.
ROOM = 2**30


class Recorder:
    """Stands before the methods of a library, in the process that runs a program.

    Args:
        folder: where the recording goes.
        orders: of samples.
        given: the folder of the recording of the first side, whose weights are taken; none for the
            first side itself.
        each: whether every call starts from these weights, and not the first of a model alone.
        shaken: whether each of these weights is changed by one rounding.
    """

    def __init__(
        self,
        folder: str,
        orders: Orders,
        given: str = "",
        *,
        each: bool = False,
        shaken: bool = False,
    ) -> None:
        self._folder = folder
        self._orders = orders
        self._given = given
        self._each = each
        self._shaken = shaken
        self._process = os.getpid()
        self._lock = threading.RLock()
        self._depth = threading.local()
        self._models: list[Any] = []
        self._done: set[int] = set()
        self._count = 0
        self._room = ROOM
        self._package = ""

    def write(self, line: dict[str, Any]) -> None:
        """Write a line, whole."""
        text = (json.dumps(line) + "\n").encode()
        path = os.path.join(self._folder, "calls.jsonl")
        with _needed(path), open(path, "ab", buffering=0) as file:
            while text:
                text = text[file.write(text) :]

    def attend(self, library: types.ModuleType) -> None:
        """Stand before the methods of all models of a library, from now on."""
        kind: Any = library.Model
        self._package = library.__name__.partition(".")[0]
        for each in _family(kind):
            for method in METHODS:
                if inspect.isfunction(vars(each).get(method)):
                    setattr(each, method, self._recorded(method, vars(each)[method]))

    def _recorded(self, method: str, call: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(call)
        def recorded(model: Any, *args: Any, **kwargs: Any) -> Any:
            if os.getpid() != self._process or getattr(self._depth, "inside", False):
                return call(model, *args, **kwargs)
            caller = sys._getframe(1)  # noqa: SLF001  who calls is what is asked
            module = str(caller.f_globals.get("__name__"))
            if method in OF_LIBRARIES and (module + ".").startswith(self._package + "."):
                return call(model, *args, **kwargs)
            self._depth.inside = True
            try:
                place = [caller.f_code.co_filename, caller.f_lineno]
                return self._call(method, call, place, model, args, kwargs)
            finally:
                self._depth.inside = False

        return recorded

    def _call(  # noqa: PLR0913, PLR0917  all that a call is
        self,
        method: str,
        call: Callable[..., Any],
        place: list[Any],
        model: Any,
        args: Any,
        kwargs: Any,
    ) -> Any:
        arguments = _bound(call, model, args, kwargs)
        with self._lock:
            number, self._count = self._count, self._count + 1
            self._begin(number, method, place, model, arguments)
        first = arguments.get("initial_epoch")
        self._orders.begin(number, first if isinstance(first, int) else 0)
        try:
            value = call(model, *args, **kwargs)
        except BaseException as error:
            self._end(number, model, "raised", [type(error).__name__, str(error)])
            raise
        finally:
            self._orders.end()
        self._end(number, model, "returned", ["", ""], value)
        return value

    def _begin(
        self, number: int, method: str, place: list[Any], model: Any, arguments: dict[str, Any]
    ) -> None:
        known = [at for at, one in enumerate(self._models) if one is model]
        if not known:
            self._models.append(model)
        if method not in OF_LIBRARIES:
            build(model, arguments.get("x"))
        words = self._start_alike(number, method, model)
        weights = weights_of(model)
        line = {
            "call": number,
            "method": method,
            "place": place,
            "model": known[0] if known else len(self._models) - 1,
            "name": str(getattr(model, "name", "")),
            "arguments": {name: described(value) for name, value in arguments.items()},
            "words": words,
            "layers": [name for name, _ in weights],
            "updates": _updates(model),
        }
        if method in TRAINING:
            drawn = [drawn_by(layer) for layer in _all_layers(model)]
            raced = raced_by(getattr(model, "optimizer", None))
            line["chance"] = [words for words in [*drawn, raced] if words]
            line["remembers"] = remembers(getattr(model, "optimizer", None))
        line["kept"] = self._keep("before-%d" % number, _flat(weights))
        self.write(line)

    def _start_alike(self, number: int, method: str, model: Any) -> list[str]:
        """Set the weights that the first side has at this call; return in words what is not set."""
        if not self._given:
            return []
        words = [] if method in OF_LIBRARIES else self._not_set(number, model)
        path = os.path.join(self._given, "before-%d.npz" % number)
        if not os.path.exists(path) or not any(True for _ in layers_of(model)):
            return words
        if not getattr(model, "built", True):
            return words
        by_layer: list[list[Any]] = []
        with np.load(path) as arrays:
            for name in arrays.files:
                layer = int(name.split("/")[0])
                by_layer.extend([] for _ in range(layer + 1 - len(by_layer)))
                by_layer[layer].append(_shaken(arrays[name]) if self._shaken else arrays[name])
        return words + set_weights(model, by_layer, set() if self._each else self._done)

    def _not_set(self, number: int, model: Any) -> list[str]:
        """Return in words which weights are not those of the first side, as this call begins."""
        before, after = (
            os.path.exists(os.path.join(self._given, "%s-%d.npz" % (when, number)))
            for when in ("before", "after")
        )
        name = str(getattr(model, "name", ""))
        if not getattr(model, "built", True):
            return ["model %s: its weights are made in this call: not set" % name]
        if after and not before and weights_of(model):
            return ["model %s: on the first side its weights are made in this call: not set" % name]
        own = beside_layers(model)
        if own:
            return ["model %s: %d weights are of none of its layers: not set" % (name, own)]
        return []

    def _end(
        self, number: int, model: Any, ended: str, said: Sequence[str], value: Any = None
    ) -> None:
        arrays: dict[str, Any] = {}
        line = {"end": number, "ended": ended, "said": list(said)}
        line["value"] = returned(value, arrays)
        line["updates"] = _updates(model)
        weights = weights_of(model)
        line["layers"] = [name for name, _ in weights]
        arrays.update(_flat(weights))
        line["kept"] = self._keep("after-%d" % number, arrays)
        with self._lock:
            self.write(line)

    def _keep(self, name: str, arrays: dict[str, Any]) -> bool:
        """Write arrays, if there still is room; return whether that was done."""
        self._room -= sum(each.nbytes for each in arrays.values())
        if self._room < 0:
            return False
        if arrays:
            path = os.path.join(self._folder, name + ".npz")
            with _needed(path):
                np.savez(path, **arrays)
        return True


@contextlib.contextmanager
def _needed(path: str) -> Iterator[None]:
    """Have the process end where a file cannot be written: the program did nothing wrong."""
    try:
        yield
    except OSError as error:
        # What is said of it may find no room either.
        try:
            os.write(2, ("%s: %s\n" % (path, error.strerror)).encode())
        finally:
            os._exit(NO_ROOM)


def _family(kind: type) -> Iterator[type]:
    """Yield the classes that a model is made of, and those that are derived from them."""
    seen = set()
    waiting = [each for each in kind.__mro__ if each is not object]
    while waiting:
        each = waiting.pop()
        if each not in seen:
            seen.add(each)
            yield each
            if issubclass(each, kind):
                waiting.extend(each.__subclasses__())


def _bound(call: Callable[..., Any], model: Any, args: Any, kwargs: Any) -> dict[str, Any]:
    """Return arguments by their names; of a call that fits no signature, what has a name."""
    try:
        bound = inspect.signature(call).bind(model, *args, **kwargs).arguments
    except TypeError:
        return dict(kwargs)
    _, *rest = bound.items()
    found = dict(rest)
    found.update(found.pop("kwargs", {}))
    return found


def _all_layers(model: Any) -> Iterator[Any]:
    for layer in getattr(model, "layers", ()):
        yield layer
        yield from _all_layers(layer)


def _updates(model: Any) -> int | None:
    """Return how often the optimizer of a model has changed its weights; None if it says not."""
    try:
        counted = getattr(getattr(model, "optimizer", None), "iterations", None)
        if counted is None:
            return None
        value = counted.get_value() if hasattr(counted, "get_value") else counted
        return int(np.asarray(value.numpy() if hasattr(value, "numpy") else value))
    except (TypeError, ValueError, RuntimeError):
        return None


def _shaken(array: Any) -> Any:
    """Return numbers each changed by one rounding, up and down in turn."""
    if array.dtype.kind != "f":
        return array
    towards = np.where(np.arange(array.size).reshape(array.shape) % 2, np.inf, -np.inf)
    return np.nextafter(array, towards.astype(array.dtype))


def _flat(weights: Sequence[tuple[str, Sequence[Any]]]) -> dict[str, Any]:
    return {
        "%d/%d" % (at, place): array
        for at, (_, arrays) in enumerate(weights)
        for place, array in enumerate(arrays)
    }
