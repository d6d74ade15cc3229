"""The vocabulary of the checks in Keras's own Python: models, optimizers, callbacks, sources."""

from __future__ import annotations

import keyword
import re
import textwrap
from typing import TYPE_CHECKING, Any

from fitspec.adapters import keras_style
from fitspec.conformance.repro import keras_probes
from fitspec.conformance.repro.python_source import Node, lay_out, named, source
from fitspec.conformance.vocabulary import probes

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from fitspec.conformance.repro.keras_dialects import Dialect
    from fitspec.conformance.vocabulary.layers import Layer
    from fitspec.conformance.vocabulary.probes import ModelOf, Probe
    from fitspec.conformance.worker.remote import Events


class NotSpelled(ValueError):  # noqa: N818  a fact about a check, not an error
    """Something that a check sent has no form in plain Keras here."""


class KerasSource:
    """Writes values of a check as Keras's own code, and remembers what that needs.

    Args:
        dialect: of the implementation.
        hooks: documented hook -> the method of a callback that is called for it, where that is
            not ``on_`` with the hook's name.
        noted: keys of the probes whose events are of interest; the others watch nothing.
        events: all that were seen in the run.
    """

    def __init__(
        self, dialect: Dialect, hooks: Mapping[str, str], noted: Collection[str], events: Events
    ) -> None:
        self.dialect, self._hooks, self._noted, self._events = dialect, hooks, noted, events
        #: Whether nothing comes so far that a callback or a source does anything.
        self.idle = False
        #: Name -> the code that defines it, in the order in which it is needed.
        self.definitions: dict[str, str] = {}
        #: Modules that the code needs.
        self.modules: set[str] = set()
        #: Key of a probe -> the variable that holds it.
        self.names: dict[str, str] = {}
        self._labels: dict[str, str] = {}

    def code(self, value: Any) -> Node | str:
        """Return the code of a value that a check sent.

        Raises:
            NotSpelled: it has none.
        """
        try:
            return source(value, self.special)
        except TypeError as error:
            raise NotSpelled(str(error)) from error

    def define(self, name: str, text: str) -> None:
        """Keep a definition, once."""
        self.definitions.setdefault(name, text)

    def use(self, name: str) -> None:
        """Keep the definition of something that stands in scripts under one name always."""
        self.define(name, keras_probes.text(name))

    def label(self, probe: Probe) -> str:
        """Return what a probe is called in what is noted."""
        if probe.key not in self._labels:
            number = 1 + sum(item.startswith(probe.kind) for item in self._labels.values())
            self._labels[probe.key] = probe.kind if number == 1 else f"{probe.kind} {number}"
        return self._labels[probe.key]

    def special(self, value: Any) -> Node | str | None:
        """Return the code of a probe; None for any other value.

        Raises:
            NotSpelled: it has none.
        """
        if not isinstance(value, probes.Probe):
            return None
        if value.key in self.names:
            return self.names[value.key]
        write = getattr(self, f"_{value.kind}", None)
        if write is None:
            raise NotSpelled(f"a {value.kind.replace('_', ' ')} is not written in plain Keras here")
        found: Node | str = write(value)
        return found

    # -- objects --

    def _sgd(self, probe: probes.SGD) -> Node | str:
        items: list[Node | str] = [f"{self.dialect.rate}={source(probe.rate)}"]
        if probe.momentum:
            items.append(f"momentum={source(probe.momentum)}")
        return Node("keras.optimizers.SGD(", items, ")")

    def _limited_sgd(self, probe: probes.LimitedSGD) -> Node | str:
        items = [f"{self.dialect.rate}={source(probe.rate)}", f"{probe.limit}={source(probe.most)}"]
        return Node("keras.optimizers.SGD(", items, ")")

    def _loss(self, probe: probes.LossObject, given: str = "") -> str:
        return f"keras.losses.{keras_style.LOSSES[probe.name]}({given})"

    def _summed_loss(self, probe: probes.SummedLoss) -> str:
        return self._loss(probe, 'reduction="sum"')

    def _unreduced_loss(self, probe: probes.UnreducedLoss) -> str:
        return self._loss(probe, 'reduction="none"')

    def _metric(self, probe: probes.MetricObject) -> str:
        return f"keras.metrics.{keras_style.METRICS[probe.name]}()"

    def _function(self, probe: probes.UserFunction) -> str:
        self.use(probe.form)
        return probe.form

    def _tensor(self, probe: probes.NativeTensor) -> Node | str:
        opening, _, closing = self.dialect.tensor.partition("{}")
        return Node(opening, [self.code(probe.values)], closing)

    def _array(self, probe: probes.HeldArray) -> Node | str:
        return self.code(probe.values)

    def _foreign_tensor(self, probe: probes.ForeignTensor) -> Node | str:
        self.use("ForeignTensor")
        name = "ForeignTensor"
        if probe.attached:
            name = "AttachedTensor"
            self.use(name)
        return Node(f"{name}(", [self.code(probe.values)], ")")

    def _hdf5(self, probe: probes.HDF5) -> Node | str:
        self.modules |= {"h5py", "os", "tempfile"}
        self.use("hdf5")
        return Node("hdf5(", [self.code(probe.values)], ")")

    # -- what watches --

    def _recorder(self, probe: probes.Recorder) -> Node | str:
        if self.idle:
            return "keras.callbacks.Callback()"
        if probe.waits:
            raise NotSpelled("a callback that waits for another probe is not written here")
        noted = probe.key in self._noted
        conduct = {"stops_at": probe.stops_at, "raises_at": probe.raises_at, "adds": probe.adds}
        given = {name: item for name, item in conduct.items() if item}
        if not noted and not given:
            return "keras.callbacks.Callback()"
        needed = {item.kind for item in self._events.by(probe)}
        needed |= {place[0] for place in (probe.stops_at, probe.raises_at) if place is not None}
        needed |= {"epoch_end"} if probe.adds else set()
        called = [
            (hook, self._hooks.get(hook, f"on_{hook}"), index)
            for hook, index in keras_probes.HOOKS.items()
            if hook in needed
        ]
        if probe.weights and noted:
            self.use("weights_of")
        text = keras_probes.RECORDER.render(probe=probe, noted=noted, given=given, called=called)
        items = [named(key, self.code(item)) for key, item in given.items()]
        return self._watching("Recorder", text, probe, items)

    def _watching(self, stem: str, text: str, probe: Probe, items: list[Node | str]) -> Node:
        """Return what makes a probe of a class or function that notes or does something."""
        who = [source(self.label(probe))] if probe.key in self._noted else []
        return Node(f"{self._define_variant(stem, text.rstrip())}(", [*who, *items], ")")

    def _generator(self, probe: probes.Generator) -> Node | str:
        self._check_conduct(probe)
        text = keras_probes.GENERATOR.render(
            probe=probe, noted=probe.key in self._noted, message=repr(probe.message)
        )
        items = [self.code(probe.items), *([] if probe.repeats else ["repeats=False"])]
        return self._watching("generator", text, probe, items)

    def _locked_iterator(self, probe: probes.LockedIterator) -> Node | str:
        self.modules.add("threading")
        self.use("Locked")
        return Node("Locked(", [self._generator(probe)], ")")

    def _sequence(self, probe: probes.SequenceOf) -> Node | str:
        self._check_conduct(probe)
        text = keras_probes.SEQUENCE.render(
            probe=probe,
            noted=probe.key in self._noted,
            message=repr(probe.message),
            base=self.dialect.sequence,
        )
        items = [self.code(probe.items)]
        if probe.lengths:
            items.append(named("lengths", self.code(list(probe.lengths))))
        return self._watching("Batches", text, probe, items)

    def _iterable(self, probe: probes.IterableOf) -> Node | str:
        if probe.key in self._noted:
            raise NotSpelled("what an iterable is asked is not noted here")
        self.use("Reiterable")
        if probe.sized:
            self.use("SizedReiterable")
        name = "SizedReiterable" if probe.sized else "Reiterable"
        return Node(f"{name}(", [self.code(probe.items)], ")")

    def _file_reader(self, probe: probes.FileReader) -> Node | str:
        if probe.key in self._noted:
            raise NotSpelled("what a reader of files does is not noted here")
        self.modules |= {"os", "tempfile"}
        self.use("read_lines")
        return Node("read_lines(", [self.code(list(probe.lines))], ")")

    def _check_conduct(self, probe: probes.Source) -> None:
        if not self.idle and (probe.waits or probe.kills_at is not None):
            raise NotSpelled("a source that waits for another probe, or dies, is not written here")

    def _define_variant(self, stem: str, text: str) -> str:
        """Define a class or function under the first free name, or find it under its own."""
        number = 1
        while True:
            name = stem if number == 1 else f"{stem}{number}"
            ours = re.sub(rf"\b{stem}\b", name, text)
            if self.definitions.get(name, ours) == ours:
                self.define(name, ours)
                return name
            number += 1

    # -- models --

    def model(self, description: ModelOf) -> str:
        """Define a function that builds a model and return its call.

        Raises:
            NotSpelled: a layer has no form here.
        """
        stem = "network" if description.recipe is None else description.recipe.name
        lines = _Sequential(self) if description.style == "sequential" else _Functional(self)
        body = textwrap.indent("\n".join(lines.of(description)), "    ")
        return f"{self._define_variant(stem, f'def {stem}():{chr(10)}{body}')}()"

    def layer(self, layer: Layer, **more: Any) -> Node | str:
        """Return the constructor of a layer."""
        items = [named(key, self.code(item)) for key, item in {**layer.settings, **more}.items()]
        items.append(f"name={source(layer.name)}")
        if layer.kind == "times_first":
            self.use("rows_times_first")
            return Node("keras.layers.Lambda(", ["rows_times_first", *items], ")")
        if layer.kind not in keras_style.LAYERS:
            raise NotSpelled(f"a layer {layer.kind} is not written in plain Keras here")
        return Node(f"keras.layers.{keras_style.LAYERS[layer.kind]}(", items, ")")

    def weights(self, variable: str, layer: Layer) -> list[str]:
        """Return the line that sets the weights of a layer, if they are given."""
        if layer.weights is None:
            return []
        given = [self.code(list(layer.weights))]
        return [lay_out("", Node(f"{variable}.set_weights(", given, ")"))]


class _Functional:
    """Lines that build a model of tensors."""

    def __init__(self, writer: KerasSource) -> None:
        self._writer = writer
        self._tensors: dict[str, str] = {}

    def of(self, description: ModelOf) -> list[str]:
        """Return them; the last one returns the model."""
        again = {str(item.settings["layer"]) for item in description.layers if item.kind == "again"}
        lines = []
        for layer in description.layers:
            variable = _identifier(layer.name)
            if layer.kind == "input":
                lines.append(lay_out(f"{variable} = ", self._input(layer)))
            elif layer.kind == "again":
                called = _identifier(str(layer.settings["layer"]))
                lines.append(f"{variable} = {called}_layer({self._feeds(layer)})")
            elif layer.weights is None and layer.name not in again:
                call = self._writer.layer(layer)
                lines.append(lay_out(f"{variable} = ", call, f"({self._feeds(layer)})"))
            else:
                lines.append(lay_out(f"{variable}_layer = ", self._writer.layer(layer)))
                lines.append(f"{variable} = {variable}_layer({self._feeds(layer)})")
            self._tensors[layer.name] = variable
        inputs = [self._tensors[item.name] for item in description.layers if item.kind == "input"]
        ends = [self._tensors[name] for name in description.outputs]
        lines.append(f"model = keras.Model({_bare(inputs)}, {_bare(ends)})")
        for layer in description.layers:
            lines += self._writer.weights(f"{_identifier(layer.name)}_layer", layer)
        return [*lines, "return model"]

    def _input(self, layer: Layer) -> Node | str:
        name = f"name={source(layer.name)}"
        if "tensor" in layer.settings:
            tensor = named("tensor", self._writer.code(layer.settings["tensor"]))
            return Node("keras.layers.Input(", [tensor, name], ")")
        if "batch_size" in layer.settings:
            shape = (layer.settings["batch_size"], *layer.shape)
            return Node("keras.layers.Input(", [f"batch_shape={shape}", name], ")")
        return Node("keras.layers.Input(", [f"{tuple(layer.shape)}", name], ")")

    def _feeds(self, layer: Layer) -> str:
        return _bare([self._tensors[name] for name in layer.inputs])


class _Sequential:
    """Lines that build a model of layers on top of each other."""

    def __init__(self, writer: KerasSource) -> None:
        self._writer = writer

    def of(self, description: ModelOf) -> list[str]:
        """Return them; the last one returns the model."""
        first, *rest = description.layers
        more: dict[str, Any] = {}
        if first.kind == "input":
            # The one spelling of a Sequential's input that every version knows.
            more = {"input_shape": tuple(first.shape)}
            first, *rest = rest
        lines = ["model = keras.Sequential()"]
        for layer in (first, *rest):
            call = Node("model.add(", [self._writer.layer(layer, **more)], ")")
            lines.append(lay_out("", call))
            more = {}
        for place, layer in enumerate((first, *rest)):
            lines += self._writer.weights(f"model.layers[{place}]", layer)
        return [*lines, "return model"]


def _bare(names: list[str]) -> str:
    """Return one name bare, several as a list: a list of one means a list to some versions."""
    return names[0] if len(names) == 1 else f"[{', '.join(names)}]"


def _identifier(name: str) -> str:
    found = re.sub(r"\W", "_", name)
    taken = keyword.iskeyword(found) or found in ("keras", "np", "model")
    return f"_{found}" if taken or not found.isidentifier() else found
