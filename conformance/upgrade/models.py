"""What in a program is a model, or can be one."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fitspec.conformance.upgrade.names import arguments_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fitspec.conformance.upgrade.names import Names, Scope

_CLASSES: Final = frozenset({"Model", "Sequential", "Functional"})
_MAKERS: Final = frozenset(
    {"load_model", "model_from_json", "model_from_yaml", "model_from_config", "clone_model"}
    | {"multi_gpu_model"}
)
#: A method of these names is Keras's, whatever it is called of.
_TELLING_METHODS: Final = frozenset(
    {"fit_generator", "evaluate_generator", "predict_generator"}
    | {"train_on_batch", "test_on_batch", "predict_on_batch"}
)
#: And so is one with an argument of these names.
_TELLING_ARGUMENTS: Final = frozenset(
    {"epochs", "nb_epoch", "validation_data", "validation_split", "steps_per_epoch"}
    | {"validation_steps", "initial_epoch", "loss", "loss_weights", "callbacks"}
)


@dataclass(frozen=True)
class Seen:
    """A model, as far as a program shows it.

    Args:
        sure: whether it is one; else it may be something else with such methods.
        several_outputs: whether it has more than one output; None if that cannot be seen.
    """

    sure: bool = True
    several_outputs: bool | None = None


class Models:
    """The models of one program.

    Args:
        names: what its names mean.
    """

    def __init__(self, names: Names) -> None:
        self._names = names
        self._passed = _passed_arguments(names)
        self._compiled = {
            (ast.dump(call.func.value), scope)
            for call, scope in names.calls
            if isinstance(call.func, ast.Attribute) and _compiles(call)
        }
        self._known: dict[tuple[ast.expr | str, Scope], Seen | None] = {}
        self._open: dict[tuple[ast.expr, Scope], bool] = {}

    def of_call(self, call: ast.Call, scope: Scope) -> Seen | None:
        """Return the model of which a method is called; None if it is none."""
        assert isinstance(call.func, ast.Attribute)  # noqa: S101  a method
        found = self.at(call.func.value, scope)
        if found is not None:
            return found
        given = {item.arg for item in call.keywords}
        telling = call.func.attr in _TELLING_METHODS or given & _TELLING_ARGUMENTS
        if telling and self._names.has_keras and self._may_be(call.func.value, scope):
            return Seen(sure=(ast.dump(call.func.value), scope) in self._compiled)
        return None

    def at(self, node: ast.expr, scope: Scope) -> Seen | None:
        """Return the model that an expression is; None if it is none, or cannot be seen to be."""
        key: tuple[ast.expr | str, Scope] = node, scope
        if isinstance(node, ast.Name):
            key = node.id, scope.binding(node.id) or scope
            if node.id == "self":
                key = node.id, scope
        if key not in self._known:
            # What leads to itself is nothing by that way.
            self._known[key] = None
            self._known[key] = self._at(node, scope)
        return self._known[key]

    def _at(self, node: ast.expr, scope: Scope) -> Seen | None:
        if isinstance(node, ast.Call):
            return self._called(node, scope)
        if isinstance(node, ast.Name):
            return self._named(node.id, scope)
        if isinstance(node, ast.Attribute):
            return self._attribute(node, scope)
        if isinstance(node, ast.Subscript):
            return self._item(node, scope)
        if isinstance(node, ast.IfExp):
            return self._any([node.body, node.orelse], scope)
        return None

    def _any(self, nodes: list[ast.expr], scope: Scope) -> Seen | None:
        # What is None until a model is made says nothing of what it is then.
        nodes = [node for node in nodes if not _is_none(node)]
        found = [self.at(node, scope) for node in nodes]
        models = [item for item in found if item is not None]
        if not models:
            return None
        outputs = {item.several_outputs for item in models}
        sure = len(models) == len(nodes) and all(item.sure for item in models)
        return Seen(sure, outputs.pop() if len(outputs) == 1 else None)

    def _called(self, node: ast.Call, scope: Scope) -> Seen | None:
        path = self._names.keras(node.func, scope)
        if path is not None:
            name = path.rpartition(".")[2]
            if name == "Sequential":
                return Seen(several_outputs=False)
            if name in _CLASSES:
                return Seen(several_outputs=self._several(node, scope))
            of_applications = path.startswith("applications.") and name[:1].isupper()
            return Seen() if name in _MAKERS or of_applications else None
        class_ = self._names.class_(node.func, scope)
        if class_ is not None:
            return Seen() if self._names.derives(class_, _CLASSES) else None
        function = self._names.function(node.func, scope)
        if function is None or function in self._names.generators:
            return None
        inner = self._names.scopes[function]
        return self._any(self._names.returns.get(function, []), inner)

    def _several(self, node: ast.Call, scope: Scope) -> bool | None:
        by_name = {item.arg: item.value for item in node.keywords}
        given = by_name.get("outputs", by_name.get("output"))
        if given is None and len(node.args) > 1:
            given = node.args[1]
        value = None if given is None else self._names.value_of(given, scope)
        if isinstance(value, ast.List | ast.Tuple):
            return len(value.elts) > 1
        return False if isinstance(value, ast.Call) else None

    def _named(self, name: str, scope: Scope) -> Seen | None:
        if name == "self":
            owner = scope.owner
            is_model = owner is not None and self._names.derives(owner, _CLASSES)
            return Seen() if is_model else None
        bound = scope.binding(name)
        if bound is None or name not in bound.values:
            return None
        values = bound.values[name]
        # What a model is applied to is no model, and often has its name.
        seen = self._any([item for item in values if item is not None], bound)
        if None not in values:
            return seen
        passed = self._passed.get((bound.node, name), [])
        models = [self.at(item, where) for item, where in passed]
        if models and all(item is not None for item in models):
            return models[0]
        return None if seen is None else Seen(sure=False)

    def _attribute(self, node: ast.Attribute, scope: Scope) -> Seen | None:
        if not (isinstance(node.value, ast.Name) and node.value.id == "self"):
            return None
        owner = scope.owner
        if owner is None:
            return None
        if node.attr == "model" and self._names.derives(owner, frozenset({"Callback"})):
            return Seen()
        values = self._names.own.get((owner, node.attr), [])
        for method in self._names.scopes[owner].functions.values():
            found = self._any(values, self._names.scopes[method]) if values else None
            if found is not None:
                return found
        return None

    def _item(self, node: ast.Subscript, scope: Scope) -> Seen | None:
        """Return the model that is one of several: of a list, or that a function returns."""
        listed = self._names.value_of(node.value, scope)
        if isinstance(node.value, ast.Name) and isinstance(listed, ast.List | ast.ListComp):
            items = listed.elts if isinstance(listed, ast.List) else [listed.elt]
            return self._any(items, scope.binding(node.value.id) or scope) if items else None
        if not (isinstance(node.slice, ast.Constant) and isinstance(node.value, ast.Call)):
            return None
        function, position = self._names.function(node.value.func, scope), node.slice.value
        if function is None or not isinstance(position, int):
            return None
        returned = self._names.returns.get(function, [])
        items = [
            item.elts[position]
            for item in returned
            if isinstance(item, ast.Tuple) and position < len(item.elts)
        ]
        return self._any(items, self._names.scopes[function]) if items else None

    def _may_be(self, node: ast.expr, scope: Scope) -> bool:
        """Return whether an expression can be a model: nothing says what else it is."""
        if isinstance(node, ast.Attribute):
            return self._names.dotted(node, scope) is None and self._own_is_open(node, scope)
        if not isinstance(node, ast.Name) or node.id == "self":
            return False
        bound = scope.binding(node.id)
        if bound is None:
            return False
        return (
            all(item is None or self._is_open(item, bound) for item in bound.values[node.id])
            if (node.id in bound.values)
            else False
        )

    def _own_is_open(self, node: ast.Attribute, scope: Scope) -> bool:
        if not (isinstance(node.value, ast.Name) and node.value.id == "self"):
            return True
        values = self._names.own.get((scope.owner, node.attr), []) if scope.owner else []
        return all(self._is_open(item, scope) for item in values)

    def _is_open(self, value: ast.expr, scope: Scope) -> bool:
        """Return whether a value comes from elsewhere in the user's own code."""
        key = value, scope
        if key not in self._open:
            self._open[key] = False
            self._open[key] = self._comes_from_elsewhere(value, scope)
        return self._open[key]

    def _comes_from_elsewhere(self, value: ast.expr, scope: Scope) -> bool:
        if isinstance(value, ast.Name):
            return self._may_be(value, scope)
        if isinstance(value, ast.Subscript):
            return self._is_open(value.value, scope)
        if not isinstance(value, ast.Call):
            return isinstance(value, ast.Attribute)
        if self._names.class_(value.func, scope) is not None:
            return False
        function = self._names.function(value.func, scope)
        # Of a function of the file that returns no model it is known that it does not.
        returned = self._names.returns.get(function, []) if function is not None else []
        if function is not None and not returned:
            return False
        path = self._names.dotted(value.func, scope)
        return path is None or path.partition(".")[0] not in _OTHERS


#: Whose objects have methods of such names as well, and are no models of Keras.
_OTHERS: Final = frozenset(
    {"sklearn", "numpy", "torch", "xgboost", "lightgbm", "pandas", "keras", "tensorflow", "skorch"}
    | {"tf_keras", "catboost", "statsmodels", "scipy", "fastai", "poutyne", "prophet", "imblearn"}
)


def _compiles(call: ast.Call) -> bool:
    """Return whether a call can be that of Keras's `compile` alone."""
    assert isinstance(call.func, ast.Attribute)  # noqa: S101  a method
    by_name = {item.arg for item in call.keywords}
    given = len(call.args) > 1 or {"optimizer", "loss"} <= by_name
    return call.func.attr == "compile" and (given or (bool(call.args) and "loss" in by_name))


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _passed_arguments(names: Names) -> dict[tuple[ast.AST, str], list[tuple[ast.expr, Scope]]]:
    """Return what the program passes to each argument of its own functions."""
    found: dict[tuple[ast.AST, str], list[tuple[ast.expr, Scope]]] = {}
    for call, scope in names.calls:
        function = names.function(call.func, scope)
        class_ = names.class_(call.func, scope)
        if function is None and class_ is not None:
            function = names.scopes[class_].functions.get("__init__")
        if function is None:
            continue
        for name, value in _matched(call, arguments_of(function.args)):
            found.setdefault((function, name), []).append((value, scope))
    return found


def _matched(call: ast.Call, arguments: list[str]) -> Iterator[tuple[str, ast.expr]]:
    first = 1 if arguments[:1] in (["self"], ["cls"]) else 0
    for name, value in zip(arguments[first:], call.args, strict=False):
        if isinstance(value, ast.Starred):
            break
        yield name, value
    for item in call.keywords:
        if item.arg is not None:
            yield item.arg, item.value
