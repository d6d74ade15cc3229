"""Classes and functions of a plain script that watch, or feed, an implementation.

They do what `fitspec.adapters.probes`, `streams` and `data_objects` have a worker build. Where that
would tell a reader more than one check needs, the code is written out here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinja2 import Environment, StrictUndefined

from fitspec.adapters.data_objects import AttachedTensor, ForeignTensor
from fitspec.adapters.keras_style import FUNCTIONS, rows_times_first
from fitspec.adapters.probes import HOOKS
from fitspec.adapters.streams import Locked
from fitspec.conformance.repro.batch_readers import all_alike, are_chunks, are_sorted, in_order
from fitspec.conformance.repro.plain_code import code_of
from fitspec.conformance.worker.answers import led, members

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["GENERATOR", "HOOKS", "READERS", "RECORDER", "SEQUENCE", "text"]

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
    "all_alike": all_alike,
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


_TEMPLATES = Environment(
    autoescape=False,  # noqa: S701  Python, no HTML
    trim_blocks=True,
    undefined=StrictUndefined,
)

#: A class of callbacks: with the hooks `called` (hook, method and index), which do what is `given`
#: of a recorder's ``stops_at``, ``raises_at`` and ``adds``, and note what they are told.
RECORDER = _TEMPLATES.from_string("""\
class Recorder(keras.callbacks.Callback):
    def __init__(self{{ ", who" if noted }}{% for name in given %}, {{ name }}=None{% endfor %}):
        super().__init__()
{% if noted %}
        self.who = who
{% endif %}
{% for name in given %}
        self.{{ name }} = {{ name }}
{% endfor %}

    def on(self, hook, index, logs):
{% if noted %}
        note(self.who, hook, index=index, logs=dict(logs or {})
             {{- ", weights=weights_of(self.model)" if probe.weights }})
{% endif %}
{% if "adds" in given %}
        if hook == "epoch_end":
            logs.update(self.adds or {})
{% endif %}
{% if "stops_at" in given %}
        if self.stops_at == (hook, index):
            self.model.stop_training = True
{% endif %}
{% if "raises_at" in given %}
        if self.raises_at == (hook, index):
            raise {{ probe.error }}("raised by a callback at %s %s" % (hook, index))
{% endif %}
{% for hook, method, index in called %}

    def {{ method }}(self{{ ", " + index if index }}, logs=None):
        self.on("{{ hook }}", {{ index or "None" }}, logs)
{% endfor %}""")

#: A generator function that notes what is asked of it.
GENERATOR = _TEMPLATES.from_string("""\
def generator({{ "who, " if noted }}items, repeats=True):
    index = 0
    while repeats or index < len(items):
{% if noted %}
        note(who, "pull", index=index)
{% endif %}
{% if probe.raises_at is not none %}
        if index == {{ probe.raises_at }}:
            raise {{ probe.error }}({{ message }})
{% endif %}
{% if noted %}
        note(who, "give", index=index)
{% endif %}
        yield items[index % len(items)]
        index += 1
{% if noted %}
    note(who, "end")
{% endif %}""")

#: A class of Sequences that derives from `base` and notes what is asked of it.
SEQUENCE = _TEMPLATES.from_string("""\
class Batches({{ base }}):
    def __init__(self, {{ "who, " if noted }}items{{ ", lengths=()" if probe.lengths }}):
        super().__init__()
{% if noted %}
        self.who = who
{% endif %}
        self.items = items
{% if probe.lengths %}
        self.lengths, self.epochs = lengths, 0
{% endif %}

    def __len__(self):
{% if probe.lengths %}
        return self.lengths[min(self.epochs, len(self.lengths) - 1)]
{% else %}
        return len(self.items)
{% endif %}

    def __getitem__(self, index):
{% if noted %}
        note(self.who, "get_item", index=index)
{% endif %}
{% if probe.raises_at is not none %}
        if index == {{ probe.raises_at }}:
            raise {{ probe.error }}({{ message }})
{% endif %}
        if index >= len(self){{ " + 100" if probe.endless else "" }}:
            raise IndexError(index)
{% if noted %}
        note(self.who, "give", index=index)
{% endif %}
        return self.items[index % len(self.items)]
{% if noted or probe.lengths %}

    def on_epoch_end(self):
{% if noted %}
        note(self.who, "sequence_epoch_end")
{% endif %}
{% if probe.lengths %}
        self.epochs += 1
{% endif %}
{% endif %}
{% if not probe.picklable %}

    def __reduce__(self):
        raise TypeError("this Sequence cannot be pickled")
{% endif %}""")
