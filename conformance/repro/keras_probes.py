"""Classes and functions of a plain script that watch, or feed, an implementation.

They do what `fitspec.adapters.probes`, `streams` and `data_objects` have a worker build, written
out for a reader: only as much of it as one check needs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitspec.adapters.probes import HOOKS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from fitspec.conformance.vocabulary.probes import SequenceOf

__all__ = ["HOOKS", "generator", "recorder", "sequence"]

FUNCTIONS = {
    "absolute_error": """\
def absolute_error(targets, predictions):
    return abs(predictions - targets)[:, 0]""",
    "prediction_less_twice_target": """\
def prediction_less_twice_target(targets, predictions):
    return (predictions - 2 * targets)[:, 0]""",
    "prediction_times_first_target": """\
def prediction_times_first_target(targets, predictions):
    return predictions[:, 0] * targets[0, 0]""",
}

TIMES_FIRST = """\
def rows_times_first(rows):
    return rows * rows[0]"""

HDF5 = '''\
def hdf5(values):
    """Return `values` as a data set in a file on disk."""
    path = os.path.join(tempfile.mkdtemp(), "data.h5")
    return h5py.File(path, "w").create_dataset("values", data=values)'''

FOREIGN_TENSOR = '''\
class ForeignTensor:
    """An array of another library, which gives NumPy's on demand."""

    def __init__(self, values):
        self._values = values
        self.shape, self.ndim, self.dtype = values.shape, values.ndim, values.dtype

    def numpy(self):
        return self._values

    def __array__(self, dtype=None, **copy):
        return self.numpy().astype(dtype or self.dtype)

    def __len__(self):
        return len(self._values)

    def __getitem__(self, rows):
        return type(self)(self._values[rows])'''

ATTACHED_TENSOR = '''\
class AttachedTensor(ForeignTensor):
    """One that gives them only once it is detached from gradients and on the CPU."""

    def detach(self):
        free = AttachedTensor(self._values)
        free.numpy = lambda: self._values
        return free

    def cpu(self):
        return self

    def numpy(self):
        raise RuntimeError("detach it first")'''

REITERABLE = '''\
class Reiterable:
    """Gives the same items each time it is iterated, as the loaders of data libraries do."""

    def __init__(self, items):
        self.items = items

    def __iter__(self):
        return iter(self.items)'''

SIZED_REITERABLE = """\
class SizedReiterable(Reiterable):
    def __len__(self):
        return len(self.items)"""

LOCKED = '''\
class Locked:
    """An iterator that several threads may draw from: one after the other."""

    def __init__(self, iterator):
        self.iterator, self.lock = iterator, threading.Lock()

    def __iter__(self):
        return self

    def __next__(self):
        with self.lock:
            return next(self.iterator)'''

FILE_READER = '''\
def read_lines(lines):
    """Yield the lines of a text file as batches of one sample, from the first after the last."""
    path = os.path.join(tempfile.mkdtemp(), "data.txt")
    with open(path, "w") as file:
        file.writelines(line + "\\n" for line in lines)
    while True:
        with open(path) as file:
            for line in file:
                x1, x2, y = (np.array([[float(word)]], np.float32) for word in line.split())
                yield {"input_1": x1, "input_2": x2}, {"output": y}'''

#: Where what was noted goes, and how it is noted: by which thread as well.
SEEN = '''\
seen = []


def note(who, what, **details):
    """Keep what one of the objects below is told or asked."""
    details["main_thread"] = threading.current_thread() is threading.main_thread()
    seen.append((who, what, details))'''

WEIGHTS = '''\
def weights_of(model):
    """Return the weights of a model by layer."""
    found = {layer.name: layer.get_weights() for layer in model.layers}
    return {name: weights for name, weights in found.items() if weights}'''


#: How the batches of a tally are told from weights, as in `worker.answers`: name -> code.
READING = {
    "falls": '''\
def falls(who):
    """Yield for each epoch how the weights fell with each batch: each sample has one of its own."""
    epochs, before = [], None
    for by, what, details in seen:
        if by == who and what in ("train_begin", "epoch_begin", "train_batch_end"):
            weights = np.ravel(details["weights"]["y"][0]).astype(np.float64)
            if what == "epoch_begin":
                epochs.append([])
            elif what == "train_batch_end":
                epochs[-1].append(before - weights)
            before = weights
    return epochs''',
    "trained_batches": '''\
def trained_batches(who):
    """Return the samples of each batch: the weight of each fell by (rate 1/1024)/(batch size)."""
    return [[members(fall * 1024) for fall in epoch] for epoch in falls(who)]''',
    "members": '''\
def members(shares):
    """Return the samples of a batch, given the share of the batch that each makes up."""
    for size in range(1, 4 * len(shares)):
        counts = np.rint(shares * size)
        if counts.sum() == size and np.all(np.abs(shares * size - counts) < 1e-3 * size):
            return [sample for sample, count in enumerate(counts) for _ in range(int(count))]
    raise ValueError("no batch moves the weights so")''',
    "led_batches": '''\
def led_batches(who):
    """Return the samples of each batch, the first first: all fall by its number/(batch size)."""
    return [[led(fall) for fall in epoch] for epoch in falls(who)]''',
    "led": '''\
def led(fall):
    """Return the samples whose weights fell, and first the one whose number tells by how much."""
    found = np.flatnonzero(fall).tolist()
    first = int(round(float(max(fall * len(found), default=0.0)))) - 1
    return [first] + [sample for sample in found if sample != first]''',
    "in_order": '''\
def in_order(epochs):
    """Whether the samples of each epoch are used in the order given."""
    flat = [[sample for batch in epoch for sample in batch] for epoch in epochs]
    return all(samples == list(range(len(samples))) for samples in flat)''',
    "are_chunks": '''\
def are_chunks(epochs):
    """Whether each batch is a run of samples that follow each other, in whatever order."""
    batches = [sorted(batch) for epoch in epochs for batch in epoch if batch]
    return all(batch == list(range(batch[0], batch[0] + len(batch))) for batch in batches)''',
    "are_sorted": '''\
def are_sorted(epochs):
    """Whether the samples inside each batch are in the order given."""
    return all(batch == sorted(batch) for epoch in epochs for batch in epoch)''',
}
READERS = {
    "trained_batches": ("falls", "members", "trained_batches"),
    "led_batches": ("falls", "led", "led_batches"),
}


def recorder(
    called: Collection[str],
    features: Collection[str],
    hooks: Mapping[str, str],
    error: str,
    *,
    noted: bool,
) -> str:
    """Return a class of callbacks.

    Args:
        called: hooks that it has.
        features: what else it does: of ``weights``, ``stops_at``, ``raises_at``, ``adds`` and
            ``history``.
        hooks: hook -> the method that is called for it, where that is not ``on_`` and its name.
        error: the built-in exception that it raises.
        noted: whether it notes what it is told.
    """
    given = [name for name in ("stops_at", "raises_at", "adds") if name in features]
    parameters = [*(["who"] if noted else []), *(f"{name}=None" for name in given)]
    lines = [
        "class Recorder(keras.callbacks.Callback):",
        f"    def __init__(self, {', '.join(parameters)}):",
        "        super().__init__()",
        *(["        self.who = who"] if noted else []),
        *(f"        self.{name} = {name}" for name in given),
        "",
        "    def on(self, hook, index, logs):",
    ]
    if noted:
        more = ", weights=weights_of(self.model)" if "weights" in features else ""
        lines.append(f"        note(self.who, hook, index=index, logs=dict(logs or {{}}){more})")
    if "adds" in features:
        lines += ['        if hook == "epoch_end":', "            logs.update(self.adds or {})"]
    if "stops_at" in features:
        lines += ["        if self.stops_at == (hook, index):"]
        lines += ["            self.model.stop_training = True"]
    if "raises_at" in features:
        lines += ["        if self.raises_at == (hook, index):"]
        lines += [f'            raise {error}("raised by a callback at %s %s" % (hook, index))']
    for hook, index in HOOKS.items():
        if hook not in called:
            continue
        method = hooks.get(hook, f"on_{hook}")
        parameter, argument = ("", "None") if index is None else (f", {index}", index)
        lines += ["", f"    def {method}(self{parameter}, logs=None):"]
        lines += [f'        self.on("{hook}", {argument}, logs)']
    return "\n".join(lines)


def generator(raises_at: int | None, error: str, message: str, *, noted: bool) -> str:
    """Return a function of a generator.

    Args:
        raises_at: index of the item in whose place it raises.
        error: the built-in exception that it raises.
        message: text of that exception.
        noted: whether it notes what is asked of it.
    """
    who = "who, " if noted else ""
    lines = [
        f"def generator({who}items, repeats=True):",
        "    index = 0",
        "    while repeats or index < len(items):",
    ]
    if noted:
        lines.append('        note(who, "pull", index=index)')
    if raises_at is not None:
        lines += [f"        if index == {raises_at}:", f"            raise {error}({message!r})"]
    if noted:
        lines.append('        note(who, "give", index=index)')
    lines += ["        yield items[index % len(items)]", "        index += 1"]
    if noted:
        lines.append('    note(who, "end")')
    return "\n".join(lines)


def sequence(probe: SequenceOf, base: str, *, noted: bool) -> str:
    """Return a class of Sequences.

    Args:
        probe: what it is to do.
        base: the class that it derives from.
        noted: whether it notes what is asked of it.
    """
    lengths = bool(probe.lengths)
    who = "who, " if noted else ""
    lines = [
        f"class Batches({base}):",
        f"    def __init__(self, {who}items{', lengths=()' if lengths else ''}):",
        "        super().__init__()",
        *(["        self.who = who"] if noted else []),
        "        self.items = items",
        *(["        self.lengths, self.epochs = lengths, 0"] if lengths else []),
        "",
        "    def __len__(self):",
        "        return self.lengths[min(self.epochs, len(self.lengths) - 1)]"
        if lengths
        else "        return len(self.items)",
        "",
        "    def __getitem__(self, index):",
    ]
    if noted:
        lines.append('        note(self.who, "get_item", index=index)')
    if probe.raises_at is not None:
        lines += [f"        if index == {probe.raises_at}:"]
        lines += [f"            raise {probe.error}({probe.message!r})"]
    if not probe.endless:
        lines += ["        if index >= len(self):", "            raise IndexError(index)"]
    if noted:
        lines.append('        note(self.who, "give", index=index)')
    lines.append("        return self.items[index % len(self.items)]")
    if noted or lengths:
        lines += ["", "    def on_epoch_end(self):"]
        lines += ['        note(self.who, "sequence_epoch_end")'] if noted else []
        lines += ["        self.epochs += 1"] if lengths else []
    if not probe.picklable:
        lines += ["", "    def __reduce__(self):"]
        lines += ['        raise TypeError("this Sequence cannot be pickled")']
    return "\n".join(lines)
