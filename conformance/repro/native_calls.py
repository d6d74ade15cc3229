"""The requests of a check as calls in Keras's own API."""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from fitspec.conformance.repro.keras_source import KerasSource, NotSpelled
from fitspec.conformance.repro.python_source import Node, lay_out, named, source
from fitspec.conformance.vocabulary.probes import ModelOf, Probe
from fitspec.conformance.worker.remote import RemoteObject
from fitspec.conformance.worker.transcript import is_handed_on, probes_in, travels_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fitspec.conformance.worker.transcript import Request

_ATTEMPT = '''\
def attempt(call, *args, **kwargs):
    """Return what a call returns, and how it ends: "returned", or the class of its exception."""
    try:
        return call(*args, **kwargs), "returned"
    except Exception as error:
        names = [kind.__name__ for kind in type(error).__mro__]
        known = [name for name in names if name in ("ValueError", "RuntimeError")]
        return None, (known or names)[0]'''

#: Method -> what a variable with what it returned is called.
_RESULTS = {
    "fit": "history",
    "fit_generator": "history",
    "predict": "prediction",
    "predict_on_batch": "prediction",
    "predict_generator": "prediction",
    "get_layer": "layer",
}


@dataclass(frozen=True)
class Conclusion:
    """What a script concludes.

    Args:
        until: how many of the requests it makes.
        lines: that print both sides and return whether the deviation shows.
        values, endings: places of the requests whose value, or end, these need.
        noted: keys of the probes whose events they need.
        printed: places of the calls of which they need to know whether these print.
        attempted: the place of the call that is made by `around` instead.
        around: the lines around that call.
    """

    until: int
    lines: Callable[[Calls], list[str]]
    values: frozenset[int] = frozenset()
    endings: frozenset[int] = frozenset()
    noted: frozenset[str] = frozenset()
    printed: frozenset[int] = frozenset()
    attempted: int | None = None
    around: Callable[[Node], list[str]] = field(default=lambda _: [])


class Calls:
    """Writes requests as lines of a script, and knows by which names their answers go.

    Args:
        requests: of a check, in order.
        writer: of their values.
        conclusion: which says which answers are needed.
    """

    def __init__(
        self, requests: Sequence[Request], writer: KerasSource, conclusion: Conclusion
    ) -> None:
        self.requests, self.writer, self._conclusion = requests, writer, conclusion
        #: Place of a request -> the variable with its value, with how it ended, what it printed.
        self.values: dict[int, str] = {}
        self.endings: dict[int, str] = {}
        self.printed: dict[int, str] = {}
        self._objects: dict[str, str] = {}
        self._taken: Counter[str] = Counter()
        self._travels = travels_of(requests)

    def lines(self) -> list[str]:
        """Return the lines that make the calls, up to the last one that is needed.

        Raises:
            NotSpelled: one has no form here.
        """
        lines = []
        if self._conclusion.noted:
            self.writer.modules.add("threading")
            self.writer.use("seen")
        for place, request in enumerate(self.requests[: self._conclusion.until]):
            for probe in probes_in(request.fields):
                lines += self._define(probe)
            lines += self._write(place, request)
        return lines

    def name(self, stem: str) -> str:
        """Return a name that no variable has yet."""
        self._taken[stem] += 1
        return stem if self._taken[stem] == 1 else f"{stem}_{self._taken[stem]}"

    def code(self, value: Any) -> Node | str:
        """Return the code of a value, in which objects go by their names."""
        special = self.writer.special

        def known(item: Any) -> Node | str | None:
            if isinstance(item, RemoteObject):
                return self._object(item.reference)
            return special(item)

        try:
            return source(value, known)
        except TypeError as error:
            raise NotSpelled(str(error)) from error

    def _object(self, reference: str) -> str:
        if reference not in self._objects:
            raise NotSpelled("an object is handed over that no call returned")
        return self._objects[reference]

    def target(self, place: int) -> str:
        """Return the variable of the model that a request went to."""
        return self._object(self.requests[place].fields["target"])

    def _define(self, probe: Probe) -> list[str]:
        """Return the line that gives a name to what travels more than once."""
        if isinstance(probe, ModelOf) or probe.key in self.writer.names:
            return []
        if self._travels[probe.key] < 2 or probe.kind in ("numpy_seed", "start_method"):
            return []
        code = self.code(probe)
        name = self.name(probe.kind)
        self.writer.names[probe.key] = name
        line = lay_out(f"{name} = ", code)
        if probe.kind == "tensor":
            # The function that builds a model on it has to see it.
            self.writer.define(name, line)
            return []
        return [line]

    def _write(self, place: int, request: Request) -> list[str]:
        match request.operation:
            case "build":
                return self._build(place, request)
            case "call" if place in self._conclusion.printed:
                return self._listening(place, request)
            case "call":
                return self._call(place, request)
            case "echo":
                return self._echo(place, request)
            case "trainable":
                return self._set_trainable(place, request)
            case "get" | "weights" | "iterations":
                return self._look(place, request)
            case "signature":
                return []
            case _ if place in self._conclusion.values:
                raise NotSpelled(f"what `{request.operation}` tells has no form here")
            case _:
                return []

    def _build(self, place: int, request: Request) -> list[str]:
        model = self.writer.model(request.fields["value"])
        if place == self._conclusion.attempted:
            return self._conclusion.around(Node(model.removesuffix(")"), [], ")"))
        if request.fell or place in self._conclusion.endings:
            return [self._attempt(place, Node(model.removesuffix("()"), [], ""))]
        name = self._objects[request.answer.reference] = self.name("model")
        return [f"{name} = {model}"]

    def _call(self, place: int, request: Request) -> list[str]:
        method = f"{self.target(place)}.{request.fields['method']}"
        items = [self.code(item) for item in request.fields.get("args", [])]
        kwargs = request.fields.get("kwargs", {})
        items += [named(name, self.code(item)) for name, item in kwargs.items()]
        if place == self._conclusion.attempted:
            return self._conclusion.around(Node(f"{method}(", items, ")"))
        if request.fell or place in self._conclusion.endings:
            return [self._attempt(place, Node(method, items, ""))]
        variable = self._variable(place, request)
        prefix = "" if variable is None else f"{variable} = "
        return [lay_out(prefix, Node(f"{method}(", items, ")"))]

    def _listening(self, place: int, request: Request) -> list[str]:
        """Return a call whose print is kept."""
        self.writer.modules |= {"contextlib", "io"}
        name = self.printed[place] = self.name("printed")
        call = textwrap.indent("\n".join(self._call(place, request)), "    ")
        return [f"{name} = io.StringIO()", f"with contextlib.redirect_stdout({name}):", call]

    def _attempt(self, place: int, call: Node) -> str:
        self.writer.define("attempt", _ATTEMPT)
        ending = self.endings[place] = self.name("ending")
        variable = self._variable(place, self.requests[place]) or "_"
        attempt = Node("attempt(", [call.opening, *call.items], ")")
        return lay_out(f"{variable}, {ending} = ", attempt)

    def _variable(self, place: int, request: Request) -> str | None:
        """Return the name of a variable for what came, if it is needed later."""
        reference = getattr(request.answer, "reference", None)
        later = self.requests[place + 1 :]
        is_needed = reference is not None and is_handed_on(reference, later)
        if place not in self._conclusion.values and not is_needed:
            return None
        method = str(request.fields.get("method", request.operation))
        name = self.values[place] = self.name(_RESULTS.get(method, "result"))
        if reference is not None:
            self._objects[reference] = name
        return name

    def _echo(self, place: int, request: Request) -> list[str]:
        probe = request.fields["value"]
        kind = getattr(probe, "kind", "")
        if kind == "numpy_seed":
            return [f"np.random.seed({probe.number})"]
        if kind == "start_method":
            self.writer.modules.add("multiprocessing")
            return [f"multiprocessing.set_start_method({source(probe.name)}, force=True)"]
        if place not in self._conclusion.values:
            return []
        self.values[place] = str(self.code(probe))
        return []

    def _set_trainable(self, place: int, request: Request) -> list[str]:
        layer, trained = request.fields["layer"], request.fields["trained"]
        layers = f"{self.target(place)}.layers"
        found = f"next(item for item in {layers} if item.name == {source(layer)})"
        return [f"{found}.trainable = {trained}"]

    def _look(self, place: int, request: Request) -> list[str]:
        if place not in self._conclusion.values:
            return []
        target = self.target(place)
        if request.operation == "get":
            attribute = request.fields["name"]
            code = f"{target}.{attribute}"
            name = self.name(re.sub(r"\W", "_", attribute))
        elif request.operation == "weights":
            self.writer.use("weights_of")
            code, name = f"weights_of({target})", self.name("weights")
        else:
            code = self.writer.dialect.iterations.format(target)
            name = self.name("iterations")
        if request.fell or place in self._conclusion.endings:
            raise NotSpelled(f"`{request.operation}` that fails has no form here")
        self.values[place] = name
        return [f"{name} = {code}"]
