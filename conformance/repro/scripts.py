"""A script for a finding: the calls of the check, plain, for a maintainer to run and to change."""

from __future__ import annotations

import re
import sys
import textwrap
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.conformance.implementations import registry
from fitspec.conformance.report.hostile import visible
from fitspec.conformance.repro.python_source import Node, lay_out, named, source
from fitspec.conformance.vocabulary import models, probes, samples
from fitspec.conformance.vocabulary.probes import ModelOf, Probe
from fitspec.conformance.worker.remote import Model, RemoteObject
from fitspec.conformance.worker.transcript import is_handed_on, probes_in, texts_in, travels_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fitspec.conformance.implementations.implementation import Implementation
    from fitspec.conformance.report.verdicts import Finding
    from fitspec.conformance.vocabulary.probes import MadeBy
    from fitspec.conformance.worker.transcript import Request

#: Operation of the protocol -> the method of a model in a script, where they differ.
_METHODS = {"get": "attribute", "echo": "held", "trainable": "set_trainable"}


class NoScript(Exception):  # noqa: N818  a fact about a check, not an error
    """Something was asked that has no plain call."""


def script(
    requests: Sequence[Request],
    implementation: Implementation,
    python: Path | None,
    heading: str,
    closing: Sequence[str],
) -> str:
    """Return a script that asks an implementation the same again and prints what comes.

    Args:
        requests: of the check, in order.
        implementation: whom they went to.
        python: its interpreter, if a user chose one.
        heading: what it shows.
        closing: its last lines, as `held` or `printed` write them.

    Returns:
        The source, ended by a newline; empty if a request has no plain call.
    """
    try:
        calls = _Calls(requests).lines()
    except (NoScript, TypeError):
        return ""
    body = textwrap.indent("\n".join(calls), "    ")
    lines = [
        docstring(textwrap.wrap(heading, 96)),
        "",
        *(["import numpy as np", ""] if "np." in body else []),
        _import(body),
        "",
        lay_out("with ", _opening(implementation, python), " as talk:"),
        body,
        *closing,
    ]
    return "\n".join([*lines, ""])


def docstring(lines: Sequence[str]) -> str:
    """Return what a script begins with: whatever the lines hold, they stay a text, and visible."""
    text = visible("\n".join(lines)).replace("\\", "\\\\").replace('"""', "'''")
    return f'"""{text}\n"""'


def held(finding: Finding) -> list[str]:
    """Return the end of a script that holds what came against the claim of a check, anew."""
    items: list[Node | str] = [source(finding.clause)]
    if finding.example:
        items.append(named("example", source(finding.example)))
    return [textwrap.indent(lay_out("", Node("talk.tell(", items, ")")), "    ")]


def printed(endings: Mapping[str, str]) -> list[str]:
    """Return the lines that print what a script ends with, by name."""
    width = max(map(len, endings), default=0)
    return [f"print({source(f'{name:<{width}}  {text}')})" for name, text in endings.items()]


def _opening(implementation: Implementation, python: Path | None) -> Node:
    try:
        found = registry.find(implementation.name)
    except ValueError:
        found = None
    address = implementation.name
    if found is None or found.adapter != implementation.adapter:
        # A script may be kept anywhere, and be run from anywhere.
        address = str(implementation.adapter.absolute())
        found = registry.find(address)
    items: list[Node | str] = [source(address)]
    if python is None and found.needs_environment and not implementation.needs_environment:
        # The interpreter at hand was taken in the place of what the adapter asks for.
        python = Path(sys.executable)
    if python is not None:
        items.append(named("python", source(str(python.absolute()))))
    environment = dict(implementation.environment)
    if environment != dict(found.environment):
        items.append(named("environment", source(environment)))
    return Node("converse(", items, ")")


def _import(body: str) -> str:
    """Return what makes the names of a script known that are called in it."""
    called = set(re.findall(r"(?<![.\w])\w+(?=\()", body))
    known = {
        name
        for module in (models, samples, probes)
        for name, item in vars(module).items()
        if getattr(item, "__module__", None) == module.__name__
    }
    names = sorted({"converse", *(called & known)})
    head = "from fitspec.conformance.scripting import "
    laid = lay_out("", Node(f"{head}(", names, ")"))
    return laid if "\n" in laid else head + ", ".join(names)


class _Calls:
    """The requests of a check as lines of Python."""

    def __init__(self, requests: Sequence[Request]) -> None:
        self._requests = requests
        #: Key of a probe -> how often it travels. What travels twice has to be the same object.
        self._travels = travels_of(requests)
        #: Among them are the keys of probes that others name.
        self._texts = {text for request in requests for text in texts_in(request.fields)}
        #: By key of a probe, and by reference of an object of the worker.
        self._names: dict[str, str] = {}
        self._objects: dict[str, str] = {}
        self._taken: Counter[str] = Counter()
        self._lines: list[str] = []

    def lines(self) -> list[str]:
        """Return them.

        Raises:
            NoScript, TypeError: a request has no plain call.
        """
        for place, request in enumerate(self._requests):
            for probe in probes_in(request.fields):
                self._define(probe)
            self._write(place, request)
        return self._lines

    def _name(self, stem: str) -> str:
        self._taken[stem] += 1
        return stem if self._taken[stem] == 1 else f"{stem}_{self._taken[stem]}"

    def _define(self, probe: Probe) -> None:
        is_named = self._travels[probe.key] > 1 or probe.key in self._texts
        if probe.key in self._names or not is_named:
            return
        code = source(probe, self._known)
        stem = "description" if isinstance(probe, ModelOf) else probe.kind
        self._names[probe.key] = self._name(stem)
        self._lines.append(lay_out(f"{self._names[probe.key]} = ", code))

    def _arguments(self, recipe: MadeBy) -> Node:
        items = [source(item, self._known) for item in recipe.args]
        items += [named(name, source(item, self._known)) for name, item in recipe.kwargs.items()]
        return Node(f"{recipe.name}(", items, ")")

    def _known(self, value: Any) -> Node | str | None:
        if isinstance(value, Probe) and value.key in self._names:
            return self._names[value.key]
        if isinstance(value, ModelOf) and value.recipe is not None:
            return self._arguments(value.recipe)
        if isinstance(value, np.ndarray):
            return _sample(value)
        if isinstance(value, RemoteObject):
            if value.reference not in self._objects:
                raise NoScript(value.text)
            return self._objects[value.reference]
        if isinstance(value, str) and value in self._names:
            return f"{self._names[value]}.key"
        return None

    def _write(self, place: int, request: Request) -> None:
        given = dict(request.fields)
        if request.operation == "build" and not request.fell:
            name = self._objects[request.answer.reference] = self._name("model")
            code = source(given["value"], self._known)
            self._lines.append(lay_out(f"{name} = talk.build(", code, ")"))
            return
        call, items = self._call(request.operation, given)
        prefix = "talk.show("
        reference = getattr(request.answer, "reference", None)
        if reference is not None and is_handed_on(reference, self._requests[place + 1 :]):
            name = self._name("answer")
            prefix = f"{name} = talk.show("
            self._objects[reference] = f"{name}.value"
        self._lines.append(lay_out("", Node(prefix, [call, *items], ")")))

    def _call(self, operation: str, given: dict[str, Any]) -> tuple[str, list[Node | str]]:
        if operation == "build":
            return "talk.build", [source(given["value"], self._known)]
        if "target" in given:
            model = self._objects.get(given.pop("target"))
        else:
            model = next(iter(self._objects.values()), None)
        if model is None:
            raise NoScript(operation)
        if operation in ("call", "signature"):
            end = ".parameters" if operation == "signature" else ""
            call = f"{model}.{given['method']}{end}"
            positional, keywords = given.get("args", []), given.get("kwargs", {})
        else:
            method = _METHODS.get(operation, operation)
            if not hasattr(Model, method):
                raise NoScript(operation)
            call, positional, keywords = f"{model}.{method}", list(given.values()), {}
        items = [source(item, self._known) for item in positional]
        items += [named(name, source(item, self._known)) for name, item in keywords.items()]
        return call, items


def _sample(array: Any) -> str | None:
    """Return an array as the checks write it, if it is one of their usual data."""
    if array.dtype != np.float32 or array.ndim != 2 or not np.isfinite(array).all():
        return None
    size = len(array)
    if size > 1 and np.array_equal(array, np.eye(size)):
        return f"identity({size})"
    if array.shape[1] != 1 or not size:
        return None
    if size > 2 and (array == array[0]).all():
        return f"constant({size}, {float(str(array[0, 0])):g})"
    if size > 2 and np.array_equal(array.ravel(), np.arange(1, size + 1)):
        return f"ascending({size})"
    return f"column({', '.join(repr(_short(item)) for item in array.ravel())})"


def _short(number: Any) -> float | int:
    return int(number) if number == int(number) else float(str(number))
