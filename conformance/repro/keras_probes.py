"""Classes and functions of a plain script that watch, or feed, an implementation.

They do what `fitspec.adapters.probes`, `streams` and `data_objects` have a worker build. Where that
would tell a reader more than one check needs, the code is written out here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.adapters.data_objects import AttachedTensor, ForeignTensor
from fitspec.adapters.keras_style import FUNCTIONS, rows_times_first
from fitspec.adapters.probes import HOOKS
from fitspec.adapters.streams import Locked
from fitspec.conformance.repro.batch_readers import are_chunks, are_sorted, in_order
from fitspec.conformance.repro.plain_code import code_of
from fitspec.conformance.worker.answers import led, members

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from fitspec.conformance.vocabulary.probes import SequenceOf

__all__ = ["HOOKS", "generator", "recorder", "sequence", "text"]

#: What stands in a script as it stands here, and is checked here.
_TAKEN: Mapping[str, Callable[..., Any]] = {
    **FUNCTIONS,
    "rows_times_first": rows_times_first,
    "ForeignTensor": ForeignTensor,
    "AttachedTensor": AttachedTensor,
    "Locked": Locked,
    "members": members,
    "led": led,
    "in_order": in_order,
    "are_chunks": are_chunks,
    "are_sorted": are_sorted,
}

#: What does less in a script than in a worker, which has more to tell, or works on what is noted.
_WRITTEN = {
    "hdf5": '''\
def hdf5(values):
    """Return `values` as a data set in a file on disk."""
    path = os.path.join(tempfile.mkdtemp(), "data.h5")
    return h5py.File(path, "w").create_dataset("values", data=values)''',
    "Reiterable": '''\
class Reiterable:
    """Gives the same items each time it is iterated, as the loaders of data libraries do."""

    def __init__(self, items):
        self.items = items

    def __iter__(self):
        return iter(self.items)''',
    "SizedReiterable": """\
class SizedReiterable(Reiterable):
    def __len__(self):
        return len(self.items)""",
    "read_lines": '''\
def read_lines(lines):
    """Yield the lines of a text file as batches of one sample, from the first after the last."""
    path = os.path.join(tempfile.mkdtemp(), "data.txt")
    with open(path, "w") as file:
        file.writelines(line + "\\n" for line in lines)
    while True:
        with open(path) as file:
            for line in file:
                x1, x2, y = (np.array([[float(word)]], np.float32) for word in line.split())
                yield {"input_1": x1, "input_2": x2}, {"output": y}''',
    # Where what was noted goes, and how it is noted: by which thread as well.
    "seen": '''\
seen = []


def note(who, what, **details):
    """Keep what one of the objects below is told or asked."""
    details["main_thread"] = threading.current_thread() is threading.main_thread()
    seen.append((who, what, details))''',
    "weights_of": '''\
def weights_of(model):
    """Return the weights of a model by layer."""
    found = {layer.name: layer.get_weights() for layer in model.layers}
    return {name: weights for name, weights in found.items() if weights}''',
    # How the batches of a tally are told from weights, as in `answers`.
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
    "led_batches": '''\
def led_batches(who):
    """Return the samples of each batch, the first first: all fall by its number/(batch size)."""
    return [[led(fall) for fall in epoch] for epoch in falls(who)]''',
}
#: What reads batches off weights -> all that it needs.
READERS = {
    "trained_batches": ("falls", "members", "trained_batches"),
    "led_batches": ("falls", "led", "led_batches"),
}


def text(name: str) -> str:
    """Return the code that defines a name in a script."""
    return _WRITTEN[name] if name in _WRITTEN else code_of(_TAKEN[name])


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
