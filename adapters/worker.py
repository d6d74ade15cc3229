"""The process in which an implementation runs: reads requests, drives it, answers.

Run by path, with the interpreter of the implementation::

    python worker.py --adapter ADAPTER.py --requests FD --answers FD --events FILE

Requests and answers are JSON lines over the two file descriptors, so that whatever the
implementation prints is evidence and cannot be mistaken for an answer. `wire` has the values,
`protocol.schema.json` the messages.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import importlib.util
import multiprocessing
import os
import platform
import sys
import threading
import time
import traceback
import types
import warnings
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

#: How often an operation that waits looks again, in s.
_LOOK = 0.01

#: A thread that a library started without Python, which does not hear when it ends.
_FOREIGN_THREAD = threading._DummyThread  # noqa: SLF001  the class has no public name

#: How the names of our modules begin, which have classes for what libraries return.
_OURS = "fitspec.adapters"

HERE = os.path.dirname(os.path.abspath(__file__))


def _module_from(name: str, path: str, package: str | None = None) -> types.ModuleType:
    """Import the file at `path` as `name`; `package` is its folder if it is a package's."""
    locations = None if package is None else [package]
    spec = importlib.util.spec_from_file_location(name, path, submodule_search_locations=locations)
    if spec is None or spec.loader is None:
        raise ImportError("%s is no Python file" % path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _find_own_package() -> None:
    """Make `fitspec.adapters` mean this folder, whether or not fitspec is installed here.

    The folder itself leaves `sys.path`: an adapter may bear the name of the library it drives.
    """
    own = os.path.realpath(HERE)  # as Python resolves it, which puts it there
    sys.path[:] = [entry for entry in sys.path if os.path.realpath(entry or ".") != own]
    try:
        import fitspec  # noqa: PLC0415, F401  only a look whether it is installed
    except ImportError:
        namespace = types.ModuleType("fitspec")
        # Where the reference and the specification lie as well: they are the adapters' neighbours.
        namespace.__path__ = [os.path.dirname(HERE)]
        sys.modules["fitspec"] = namespace
    if "fitspec.adapters" not in sys.modules:
        path = os.path.join(HERE, "__init__.py")
        _module_from("fitspec.adapters", path, package=HERE)


_find_own_package()

from fitspec.adapters import wire  # noqa: E402
from fitspec.adapters.adapter import POSITIONAL, Adapter, NotOffered  # noqa: E402
from fitspec.adapters.events import EventLog, describe  # noqa: E402
from fitspec.adapters.probes import HOOKS  # noqa: E402
from fitspec.adapters.scalars import number  # noqa: E402
from fitspec.adapters.store import Name, Store  # noqa: E402


class Worker:
    """Answers requests about one implementation, one after the other."""

    def __init__(self, adapter: Adapter, log: EventLog) -> None:
        self.adapter = adapter
        self.adapter.log = log
        self.log = log
        self.store = Store()
        self.probes: dict[str, Any] = {}
        self.residents = set(threading.enumerate())
        self.resident_children = set(multiprocessing.active_children())
        # None: nobody chose one.
        self.start_method = multiprocessing.get_start_method(allow_none=True)
        self.settled = False

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """Carry out `request` and return the answer to it; never raises."""
        position = self.log.position()
        answer: dict[str, Any] = {"id": request.get("id")}
        seconds = 0.0
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            started = time.perf_counter()
            try:
                value = self._operation(request)(request)
                seconds = time.perf_counter() - started
                answer.update(outcome="value", value=self.encode(value))
            except BaseException as error:  # noqa: BLE001  SystemExit of an implementation is evidence
                seconds = seconds or time.perf_counter() - started
                answer.update(outcome="error", error=_describe_error(error))
        answer["seconds"] = seconds
        answer["events"] = self.log.since(position)
        answer["warnings"] = [
            {"classes": _class_names(item.category), "message": describe(item.message, str)}
            for item in caught
        ]
        return answer

    def _operation(self, request: dict[str, Any]) -> Any:
        operation = getattr(self, "do_" + str(request.get("op")), None)
        if operation is None:
            raise wire.WireError("there is no operation %r" % (request.get("op"),))
        return operation

    # -- the operations, one method each --

    def do_hello(self, _request: dict[str, Any]) -> Any:
        """Say who is here."""
        adapter = self.adapter
        # Some versions are objects of their own.
        versions = {name: str(version) for name, version in adapter.versions().items()}
        return {
            "adapter": type(adapter).__name__,
            "versions": versions,
            "places": _places(versions),
            "python": platform.python_version(),
            "platform": platform.platform(),
            "dialect": adapter.dialect,
            "imports": adapter.imports,
            "renames": dict(
                adapter.methods,
                **adapter.attributes,
                **adapter.hooks,
                **{"%s(%s)" % key: own for key, own in adapter.arguments.items()},
                **_spelled_by(adapter),
            ),
        }

    def do_members(self, _request: dict[str, Any]) -> Any:
        """Say what a model has: its public names, with the parameters of methods."""
        return {str(name): str(text) for name, text in self.adapter.members().items()}

    def do_echo(self, request: dict[str, Any]) -> Any:
        """Return the value that came: proof that both sides mean the same by it."""
        return self.decode(request["value"])

    def do_build(self, request: dict[str, Any]) -> Any:
        """Build an object of the vocabulary and return a reference to it."""
        return Name(self.store.reference(self.decode(request["value"])))

    def do_call(self, request: dict[str, Any]) -> Any:
        """Call a documented method."""
        target = self.store[request["target"]]
        args = [self.decode(item) for item in request.get("args", [])]
        kwargs = {key: self.decode(item) for key, item in request.get("kwargs", {}).items()}
        return self.adapter.call(target, request["method"], args, kwargs)

    def do_get(self, request: dict[str, Any]) -> Any:
        """Read a documented attribute."""
        try:
            own = self.adapter.attributes.get(request["name"], request["name"])
            return getattr(self.store[request["target"]], own)
        except AttributeError:
            raise NotOffered("attribute", request["name"]) from None

    def do_signature(self, request: dict[str, Any]) -> Any:
        """Return the parameters of a documented method: name, kind and default."""
        name = request["method"]
        signature = self.adapter.signature(self.store[request["target"]], name)
        documented = {
            own: key for (method, key), own in self.adapter.arguments.items() if method == name
        }
        return [
            dict(
                {"name": documented.get(own, own), "kind": parameter.kind.name.lower()},
                **({} if parameter.default is parameter.empty else {"default": parameter.default}),
            )
            for own, parameter in signature.parameters.items()
        ]

    def do_weights(self, request: dict[str, Any]) -> Any:
        """Return the model's weights by layer."""
        return self.adapter.weights(self.store[request["target"]])

    def do_iterations(self, request: dict[str, Any]) -> Any:
        """Return how many updates have been made."""
        return self.adapter.iterations(self.store[request["target"]])

    def do_trainable(self, request: dict[str, Any]) -> None:
        """Set whether a layer is trained."""
        target = self.store[request["target"]]
        self.adapter.set_trainable(target, request["layer"], request["trained"])

    def do_background(self, request: dict[str, Any]) -> Any:
        """Return what still runs of the threads and child processes that came since the reset.

        Those that are about to end are given `within` s for it.
        """
        deadline = time.monotonic() + request["within"]
        while True:
            threads = [
                item.name
                for item in threading.enumerate()
                if item not in self.residents and not isinstance(item, _FOREIGN_THREAD)
            ]
            children = [
                item.name
                for item in multiprocessing.active_children()
                if item not in self.resident_children
            ]
            if not (threads or children) or time.monotonic() > deadline:
                return {"threads": threads, "processes": children}
            time.sleep(_LOOK)

    def do_reset(self, _request: dict[str, Any]) -> Any:
        """Forget everything."""
        multiprocessing.set_start_method(self.start_method, force=True)
        self.residents = set(threading.enumerate())
        self.resident_children = set(multiprocessing.active_children())
        self.store.clear()
        self.probes.clear()
        self.adapter.reset()
        self.log = self.adapter.log = self.log.renewed()
        if not self.settled:
            # What came with the implementation stays: collecting garbage need not look at it again,
            # which takes Keras 3 half a second at every reset.
            gc.collect()
            gc.freeze()
            self.settled = True

    # -- values --

    def encode(self, value: Any) -> Any:
        """Return the JSON form of what an operation returned."""
        return wire.encode(value, self._encode_object)

    def _encode_object(self, value: Any) -> Any:
        if isinstance(value, Name):
            return {"$": "ref", "ref": value.name}
        names = _class_names(type(value))
        shown: dict[str, str] = {}
        for known in reversed(names):
            shown.update(self.adapter.reveals.get(known, {}))
        form = {
            "$": "object",
            "ref": self.store.reference(value),
            "classes": _names_in_library(type(value)),
            "attributes": {
                name: self.encode(getattr(value, own))
                for name, own in shown.items()
                if hasattr(value, own)
            },
            "repr": describe(value)[:500],
        }
        scalar = number(value)
        if scalar is not None:
            form["number"] = wire.encode(scalar)
        elif hasattr(value, "__array__"):
            # A symbolic tensor has the method and refuses.
            with contextlib.suppress(Exception):
                form["array"] = wire.encode(value.__array__())
        return form

    def decode(self, form: Any) -> Any:
        """Return the value that `form` stands for, building probes on first sight."""
        return wire.decode(form, self._resolve)

    def _resolve(self, form: Any) -> Any:
        if form["$"] == "ref":
            return self.store[form["ref"]]
        if form["$"] != "probe":
            raise wire.WireError("a request cannot hold a value of kind %r" % (form["$"],))
        key = form["key"]
        if key not in self.probes:
            build = getattr(self.adapter, "build_" + form["kind"], None)
            if build is None:
                raise NotOffered("probe", form["kind"])
            fields = {name: self.decode(item) for name, item in form["fields"].items()}
            if form.get("watched"):
                fields["key"] = key
            self.probes[key] = build(**fields)
        return self.probes[key]


def _class_names(kind: type) -> list[str]:
    return [item.__name__ for item in kind.__mro__ if item is not object]


def _names_in_library(kind: type) -> list[str]:
    """Return the names of the classes of `kind` that are not ours."""
    return [
        item.__name__
        for item in kind.__mro__
        if item is not object and not item.__module__.startswith(_OURS)
    ]


def _spelled_by(adapter: Adapter) -> dict[str, str]:
    """Return what the methods that an adapter defines in the place of documented ones say they do.

    What a check takes for a model may be a class of the adapter's. Its methods have no name of the
    library's that a table could have; their docstrings say which of its calls they spell.
    """
    found = {}
    for module in dict.fromkeys(base.__module__ for base in type(adapter).__mro__):
        for kind in vars(sys.modules[module]).values():
            if not isinstance(kind, type) or kind.__module__ != module or issubclass(kind, Adapter):
                continue
            for name in POSITIONAL:
                if name in vars(kind):
                    said = (getattr(vars(kind)[name], "__doc__", None) or "").strip()
                    found["%s, in the adapter" % name] = said.split("\n")[0] or kind.__qualname__
    for name, own in adapter.signatures.items():
        found["%s, its signature" % name] = getattr(own, "__qualname__", describe(own))
    return found


def _places(libraries: Iterable[str]) -> dict[str, str]:
    """Return the file or folder that each library was loaded from, of those that have one."""
    found = {}
    for name in libraries:
        file = getattr(sys.modules.get(name.replace("-", "_")), "__file__", None)
        if isinstance(file, str):
            folder, base = os.path.split(os.path.abspath(file))
            found[name] = folder if base.startswith("__init__.") else os.path.join(folder, base)
    return found


def _describe_error(error: BaseException) -> dict[str, Any]:
    description: dict[str, Any] = {
        "classes": _class_names(type(error)),
        "message": describe(error, str)[:4000],
        "traceback": "".join(traceback.format_exception(type(error), error, error.__traceback__))[
            -8000:
        ],
    }
    if isinstance(error, NotOffered):
        description["not_offered"] = {
            "kind": error.kind,
            "name": error.name,
            "reason": error.reason,
        }
    if isinstance(error, wire.WireError):
        # Not the implementation's doing: the harness must not score it.
        description["protocol"] = True
    return description


def load_adapter(path: str) -> Adapter:
    """Import the adapter file at `path` and return an instance of the adapter it defines.

    Raises:
        ImportError: the file defines none, or several.
        ValueError: it has a name for a hook that there is none of.
    """
    folder, own = os.path.dirname(os.path.abspath(path)), os.path.realpath(HERE)
    # Those of this package find each other in it, and bear names of libraries that may be missing.
    if not os.path.join(os.path.realpath(folder), "").startswith(os.path.join(own, "")):
        sys.path.append(folder)  # last, so that nothing beside an adapter hides a library
    module = _module_from("fitspec_adapter", path)
    found = [
        item
        for item in vars(module).values()
        if isinstance(item, type)
        and issubclass(item, Adapter)
        and item.__module__ == module.__name__
    ]
    if len(found) != 1:
        names = ", ".join(item.__name__ for item in found) or "none"
        raise ImportError("%s must define one subclass of Adapter; found: %s" % (path, names))
    unknown = sorted(set(found[0].hooks) - set(HOOKS))
    if unknown:
        raise ValueError(
            "hooks: there is none called %s; there are %s" % (", ".join(unknown), ", ".join(HOOKS))
        )
    return found[0]()


def _end_copies(own: int) -> None:
    """End this process if it is a forked copy of the one `own` that came back from a call."""
    if os.getpid() != own:
        os._exit(0)


def _send(descriptor: int, line: bytes) -> None:
    unsent = memoryview(line)
    while unsent:
        # A signal that the implementation handles can cut a write short.
        unsent = unsent[os.write(descriptor, unsent) :]


def main() -> int:
    """Serve requests until the harness closes its end; return the exit status."""
    parser = argparse.ArgumentParser(description="drive an implementation for fitspec")
    parser.add_argument("--adapter", required=True)
    parser.add_argument("--requests", type=int, required=True)
    parser.add_argument("--answers", type=int, required=True)
    parser.add_argument("--events", required=True)
    arguments = parser.parse_args()
    for descriptor in (arguments.requests, arguments.answers):
        os.set_inheritable(descriptor, False)
    requests = os.fdopen(arguments.requests, "rb")
    own = os.getpid()
    # Import the implementation only now: it can take half a minute, and may print or fail.
    worker = None
    failure = None
    try:
        worker = Worker(load_adapter(arguments.adapter), EventLog(arguments.events))
    except BaseException as error:  # noqa: BLE001  whatever it is, the harness shall hear of it
        failure = _describe_error(error)
    _end_copies(own)
    for line in requests:
        request = wire.load(line)
        if worker is None:
            answer = {"id": request.get("id"), "outcome": "error", "error": failure}
            answer.update(seconds=0.0, events=[], warnings=[])
        else:
            answer = worker.answer(request)
        _end_copies(own)
        for stream in (sys.stdout, sys.stderr):
            # The implementation may have closed or replaced it.
            with contextlib.suppress(Exception):
                stream.flush()
        _send(arguments.answers, wire.dump(answer))
    return 0


if __name__ == "__main__":
    sys.exit(main())
