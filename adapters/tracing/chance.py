"""Makes what is drawn at random the same for all sides, as far as that can be done.

The library draws from sources of its own, so that what a program draws by `np.random` or `random`
does not depend on how often a library does. Orders of samples and of the items of a Sequence are
those of a seed, an epoch and a number: every library that asks for one gets the same.
"""

from __future__ import annotations

import functools
import random
import sys
import threading
import types
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Orders:
    """Orders of samples.

    Args:
        seed: from which they follow.
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._call = -1
        self._thread = 0
        self._epoch = self._passes = 0

    def begin(self, call: int, first_epoch: int) -> None:
        """Begin a call, whose first epoch has that number."""
        self._call, self._thread = call, threading.get_ident()
        self._epoch = self._passes = first_epoch

    def end(self) -> None:
        """End it: what is drawn from now on is no order of a call."""
        self._call = -1

    def epoch_begins(self, epoch: Any) -> None:
        """Go on to an epoch."""
        self._epoch = int(epoch)

    @property
    def asked(self) -> bool:
        """Whether a call is on the way."""
        return self._call >= 0

    def order(self, count: int) -> Any:
        """Return the numbers below `count` in the order of this epoch.

        A thread beside the one that trains is ahead of it: it gets those of one pass after another.
        """
        if threading.get_ident() == self._thread:
            at = self._epoch
        else:
            at, self._passes = self._passes, self._passes + 1
        # The same in all versions of NumPy: it is no more changed.
        return np.random.RandomState([self.seed, self._call, at, count]).permutation(count)

    def reorder(self, values: Any) -> bool:
        """Put numbers into the order of this epoch, in place; return whether they are such.

        An array of two axes is one of batches. What was put into an order before is so anew.
        """
        if isinstance(values, np.ndarray):
            if values.dtype.kind not in "iu" or not values.size:
                return False
            first = values if values.ndim == 1 else values[:, 0]
            values[:] = values[np.argsort(first, kind="stable")][self.order(len(values))]
            return True
        if not all(isinstance(each, int) for each in values):
            return False
        ranked = sorted(values)
        values[:] = [ranked[place] for place in self.order(len(values))]
        return True


class _Drawing(types.ModuleType):
    """In the place of `random` or `np.random`, for a library: with a source of its own."""

    def __init__(self, module: types.ModuleType, own: Any, orders: Orders) -> None:
        super().__init__(module.__name__)
        self._module = module
        self._own = own
        self._orders = orders

    def __getattr__(self, name: str) -> Any:
        if name[:1].islower() and name not in ("seed", "mtrand"):
            found = getattr(self._own, name, None)
            if found is not None:
                return found
        return getattr(self._module, name)

    def seed(self, *args: Any, **kwargs: Any) -> None:
        """Seed what the program draws from, as who calls this wants it."""
        self._module.seed(*args, **kwargs)

    def shuffle(self, values: Any, *rest: Any) -> None:
        """Put values into an order, in place."""
        if not (self._orders.asked and self._orders.reorder(values)):
            self._own.shuffle(values, *rest)

    def permutation(self, values: Any) -> Any:
        """Return numbers in an order."""
        if self._orders.asked and isinstance(values, (int, np.integer)):
            return self._orders.order(int(values))
        return self._own.permutation(values)


class _NumPy(types.ModuleType):
    """In the place of `numpy`, for a library: `random` is another one."""

    def __init__(self, drawing: _Drawing) -> None:
        super().__init__("numpy")
        self.random = drawing

    def __getattr__(self, name: str) -> Any:
        return getattr(np, name)


class _Generator:
    """In the place of a `np.random.Generator`, for the reference."""

    def __init__(self, own: Any, orders: Orders) -> None:
        self._own = own
        self._orders = orders

    def __getattr__(self, name: str) -> Any:
        return getattr(self._own, name)

    def permutation(self, values: Any) -> Any:
        """Return numbers in an order."""
        if self._orders.asked and isinstance(values, (int, np.integer)):
            return self._orders.order(int(values))
        return self._own.permutation(values)


def settle(library: types.ModuleType, orders: Orders) -> None:
    """Give a library sources of its own, and the program those of a seed."""
    numbers = np.random.RandomState(orders.seed)
    drawing = _Drawing(np.random, numbers, orders)
    numpy, own = _NumPy(drawing), _Drawing(random, random.Random(orders.seed), orders)  # noqa: S311  no secret
    package = library.__name__.partition(".")[0]
    if package == "fitspec":
        # It draws nothing from NumPy but what its own source gives; twins do as others by `random`.
        _replace(("fitspec.reference.", "fitspec.adapters.reference."), {random: own})
        _settle_reference(orders)
    else:
        _replace((package + ".",), {np: numpy, np.random: drawing, random: own})
    _settle_torch(orders)
    _settle_tensorflow(orders)
    _follow_epochs(library, orders)
    random.seed(orders.seed)
    np.random.seed(orders.seed)  # noqa: NPY002  what programs draw from


def _replace(packages: tuple[str, ...], others: Mapping[Any, types.ModuleType]) -> None:
    """Let the modules of packages find others in the place of some that they import."""
    for name, module in list(sys.modules.items()):
        if (name + ".").startswith(packages) and module is not None:
            for key, value in list(vars(module).items()):
                if isinstance(value, types.ModuleType) and value in others:
                    setattr(module, key, others[value])


def _settle_reference(orders: Orders) -> None:
    source = sys.modules["fitspec.reference.data.random_source"]
    source.set_random_seed(orders.seed)
    ask: Callable[[], Any] = source.generator
    vars(source)["generator"] = lambda: _Generator(ask(), orders)


def _settle_torch(orders: Orders) -> None:
    """Have samplers of PyTorch, over the range that Keras gives them, ask for an order."""
    data = sys.modules.get("torch.utils.data")
    if data is None:
        return
    kind: Any = data.RandomSampler
    draw = kind.__iter__

    @functools.wraps(draw)
    def ordered(self: Any) -> Any:
        if orders.asked and isinstance(self.data_source, range):
            return iter(orders.order(len(self.data_source)).tolist())
        return draw(self)

    kind.__iter__ = ordered


def _settle_tensorflow(orders: Orders) -> None:
    """Have `tf.random.shuffle` ask for an order, where Keras shuffles indices by it."""
    tensorflow: Any = sys.modules.get("tensorflow")
    if not hasattr(tensorflow, "numpy_function"):
        return
    shuffle = tensorflow.random.shuffle

    def ordered(values: Any, *rest: Any, **named: Any) -> Any:
        if not (orders.asked and values.dtype.is_integer and values.shape.rank == 1):
            return shuffle(values, *rest, **named)

        def order(array: Any) -> Any:
            array = array.copy()
            orders.reorder(array)
            return array

        found = tensorflow.numpy_function(order, [values], values.dtype)
        found.set_shape(values.shape)
        return found

    # By both names that Keras has for it.
    tensorflow.random.shuffle = tensorflow.compat.v2.random.shuffle = ordered


def _follow_epochs(library: types.ModuleType, orders: Orders) -> None:
    """Hear which epoch is on the way, from whoever tells it to callbacks."""
    kind = getattr(library.callbacks, "CallbackList", None)
    hook = "begin_epoch" if hasattr(kind, "begin_epoch") else "on_epoch_begin"
    if kind is None or not hasattr(kind, hook):
        return
    tell = getattr(kind, hook)

    @functools.wraps(tell)
    def heard(self: Any, epoch: Any, *rest: Any, **named: Any) -> Any:
        orders.epoch_begins(epoch)
        return tell(self, epoch, *rest, **named)

    setattr(kind, hook, heard)


def drawn_by(layer: Any) -> str:
    """Return what a layer draws at random in training, in words; empty if it draws nothing."""
    kind = type(layer).__name__
    rates = [getattr(layer, name, 0) for name in ("dropout", "recurrent_dropout")]
    if "Dropout" in kind or "Noise" in kind:
        rates.append(getattr(layer, "rate", getattr(layer, "stddev", 0)))
    found = [rate for rate in rates if isinstance(rate, (int, float)) and rate > 0]
    return "%s %s, %g" % (kind, layer.name, max(found)) if found else ""


#: Optimizers of Keras 2.3 whose steps follow from their count of updates.
_COUNTING = ("Adam", "Adamax", "Nadam")


def raced_by(optimizer: Any) -> str:
    """Return what of an optimizer comes now and then otherwise, in words; empty if nothing does.

    The graphs of TensorFlow 1 say nothing of whether the count of updates is read before or after
    it is raised, so that a step of Keras 2.3 is at times corrected as if it were the next one.
    """
    kind = type(optimizer)
    raced = kind.__module__ == "keras.optimizers" and kind.__name__ in _COUNTING
    return "the steps of %s on TensorFlow 1" % kind.__name__ if raced and _has_graphs() else ""


def _has_graphs() -> bool:
    tensorflow: Any = sys.modules.get("tensorflow")
    return str(getattr(tensorflow, "__version__", "")).startswith("1.")
