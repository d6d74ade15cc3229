"""What in a program is a model, or can be one."""

from __future__ import annotations

import ast
import builtins
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fitspec.conformance.upgrade.outputs import outputs_of
from fitspec.conformance.upgrade.passing import passed_for
from fitspec.conformance.upgrade.scopes import Function, is_self, last_name

if TYPE_CHECKING:
    from fitspec.conformance.upgrade.names import Names
    from fitspec.conformance.upgrade.scopes import Located, Scope

_CLASSES: Final = frozenset({"Model", "Sequential", "Functional"})
_MAKERS: Final = frozenset(
    {"load_model", "model_from_json", "model_from_yaml", "model_from_config", "clone_model"}
    | {"multi_gpu_model"}
)
_PROPERTY: Final = frozenset({"property", "cached_property"})
#: How many names are gone through at most.
_DEPTH: Final = 12
_CONTEXT: Final = frozenset({"contextmanager", "asynccontextmanager"})
#: A method of these names is Keras's, whatever it is called of.
_OF_GENERATORS: Final = frozenset({"fit_generator", "evaluate_generator", "predict_generator"})
_TELLING_METHODS: Final = _OF_GENERATORS | (
    {"train_on_batch", "test_on_batch", "predict_on_batch", "predict_classes"}
)
#: And so is one with an argument of these names.
_TELLING_ARGUMENTS: Final = frozenset(
    {"epochs", "nb_epoch", "validation_data", "validation_split", "steps_per_epoch"}
    | {"validation_steps", "validation_freq", "initial_epoch", "batch_size", "shuffle"}
    | {"loss", "loss_weights", "weighted_metrics", "sample_weight_mode", "target_tensors"}
    | {"callbacks", "max_queue_size", "use_multiprocessing", "reset_metrics"}
)


@dataclass(frozen=True)
class Seen:
    """A model, as far as a program shows it.

    Args:
        sure: whether it is one; else it may be something else with such methods.
        outputs: how many it has; None if that cannot be seen.
    """

    sure: bool = True
    outputs: int | None = None


class Models:
    """The models of one program.

    Args:
        names: what its names mean.
    """

    def __init__(self, names: Names) -> None:
        self._names = names
        self._compiled = {
            (ast.dump(call.func.value), scope)
            for call, scope in names.calls
            if isinstance(call.func, ast.Attribute) and _compiles(call)
        }
        self._known: dict[object, Seen | None] = {}
        self._open: dict[tuple[ast.expr, Scope], bool] = {}
        self._of_items: dict[object, bool] = {}

    def of_call(self, call: ast.Call, scope: Scope) -> Seen | None:
        """Return the model of which a method is called; None if it is none."""
        assert isinstance(call.func, ast.Attribute)  # noqa: S101  a method
        found = self.at(call.func.value, scope)
        if found is not None:
            made = self._names.above(call.func.value, scope, call.lineno)
            outputs = None if made is None else outputs_of(*made, self._names)
            return found if outputs is None else Seen(found.sure, outputs)
        given = {item.arg for item in call.keywords}
        named = call.func.attr in _TELLING_METHODS or given & _TELLING_ARGUMENTS
        telling = named or _compiles(call)
        there = self._names.has_keras or (
            call.func.attr in _TELLING_METHODS and self._has_own_files(call.func.attr)
        )
        if telling and there and self._may_be(call.func.value, scope):
            places = [(call.func.value, scope), *passed_for(call.func.value, scope, self._names)]
            sure = any((ast.dump(node), where) in self._compiled for node, where in places)
            return Seen(sure=sure)
        return None

    def _has_own_files(self, method: str) -> bool:
        """Return whether Keras may be imported by other files of the user's.

        All of one may be imported, and Keras by that; methods for generators no other library has.
        """
        names = self._names
        imported = [*names.stars, *(names.imports.values() if method in _OF_GENERATORS else ())]
        first = {each.partition(".")[0] for each in imported}
        return bool(first - _OTHERS - sys.stdlib_module_names)

    def at(self, node: ast.expr, scope: Scope) -> Seen | None:
        """Return the model that an expression is; None if it is none, or cannot be seen to be."""
        key: object = node, scope
        if isinstance(node, ast.Attribute):
            key = self._names.identity(node, scope)
        elif isinstance(node, ast.Name):
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
        if isinstance(node, ast.BoolOp):
            return self._any(node.values, scope)
        if isinstance(node, ast.NamedExpr | ast.Await):
            return self.at(node.value, scope)
        return None

    def _any(self, nodes: list[ast.expr], scope: Scope) -> Seen | None:
        return self._one_of([(node, scope) for node in nodes])

    def _one_of(self, places: list[Located]) -> Seen | None:
        # What is None until a model is made says nothing of what it is then.
        found = [self.at(*place) for place in places if not isinstance(place[0], ast.Constant)]
        models = [item for item in found if item is not None]
        if not models:
            return None
        outputs = {item.outputs for item in models}
        sure = len(models) == len(found) and all(item.sure for item in models)
        return Seen(sure, outputs.pop() if len(outputs) == 1 else None)

    def _called(self, node: ast.Call, scope: Scope) -> Seen | None:
        path = self._names.keras(node.func, scope)
        if path is not None:
            name = path.rpartition(".")[2]
            if name in _CLASSES:
                return Seen(outputs=outputs_of(node, scope, self._names))
            of_applications = path.startswith("applications.") and name[:1].isupper()
            return Seen() if name in _MAKERS or of_applications else None
        class_ = self._names.class_(node.func, scope)
        if class_ is not None:
            return Seen() if self._names.derives(class_, _CLASSES) else None
        function = self._names.function(node.func, scope)
        if function is None:
            return None
        inner = self._names.scopes[function]
        if function in self._names.generators:
            # Of a generator that is entered in a `with`, what it yields.
            return self._any(self._names.generators[function], inner) if _enters(function) else None
        found = self._any(self._names.returns.get(function, []), inner)
        said = None if isinstance(function, ast.Lambda) else function.returns
        return found or (None if said is None else self._said(said, scope))

    def _said(self, annotation: ast.expr, scope: Scope) -> Seen | None:
        """Return the model that an annotation speaks of."""
        if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
            try:
                annotation = ast.parse(annotation.value, mode="eval").body
            except (SyntaxError, ValueError):
                return None
        path = self._names.keras(annotation, scope)
        class_ = self._names.class_(annotation, scope)
        if path is not None and path.rpartition(".")[2] in _CLASSES:
            return Seen()
        if class_ is not None and self._names.derives(class_, _CLASSES):
            return Seen()
        parts: list[ast.expr] = []
        if isinstance(annotation, ast.BinOp):
            parts = [annotation.left, annotation.right]
        elif isinstance(annotation, ast.Subscript) and last_name(annotation.value) == "Optional":
            parts = [annotation.slice]
        return next((found for each in parts if (found := self._said(each, scope))), None)

    def _said_of_items(self, container: ast.expr, scope: Scope) -> Seen | None:
        """Return the models that an annotation says to be in a container: `list[keras.Model]`."""
        if isinstance(container, ast.Call) and isinstance(container.func, ast.Attribute):
            container = container.func.value
        said = self._names.annotation(container, scope)
        if said is None or not isinstance(said[0], ast.Subscript):
            return None
        inner = said[0].slice
        parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
        found = [self._said(each, said[1]) for each in parts]
        return next((each for each in found if each is not None), None)

    def _named(self, name: str, scope: Scope) -> Seen | None:
        if name == "self":
            owner = scope.owner
            is_model = owner is not None and self._names.derives(owner, _CLASSES)
            return Seen() if is_model else None
        bound = scope.binding(name)
        if bound is None or name not in bound.values:
            return None
        if name in bound.annotations and (said := self._said(bound.annotations[name], bound)):
            return said
        values = bound.values[name]
        for container in bound.looped.get(name, []):
            if (items := self._said_of_items(container, bound)) is not None:
                return items
        # What a model is applied to is no model, and often has its name.
        seen = self._any([item for item in values if item is not None], bound)
        if None not in values:
            return seen
        found = self._one_of(self._taken(name, bound))
        if found is not None and found.sure:
            return found
        return None if seen is None and found is None else Seen(sure=False)

    def _taken(self, name: str, bound: Scope) -> list[Located]:
        """Return what a name takes by a call of its function, or in a loop."""
        containers = {
            self._names.identity(each, bound): each for each in bound.looped.get(name, [])
        }
        looped = [self._names.held(each, bound) for each in containers.values()]
        passed = self._names.passed.get((bound.node, name), [])
        return [*passed, *(item for items in looped for item in items)]

    def _attribute(self, node: ast.Attribute, scope: Scope) -> Seen | None:
        owner = scope.owner if is_self(node.value) and node.attr == "model" else None
        if owner is not None and self._names.derives(owner, frozenset({"Callback"})):
            return Seen()
        class_ = self._names.class_of(node.value, scope)
        method = None if class_ is None else self._names.method(class_, node.attr)
        if method is not None and any(
            last_name(each) in _PROPERTY for each in method.decorator_list
        ):
            return self._any(self._names.returns.get(method, []), self._names.scopes[method])
        said = self._names.annotation(node, scope)
        found = None if said is None else self._said(*said)
        return found or self._one_of(self._names.attribute(node, scope))

    def _item(self, node: ast.Subscript, scope: Scope) -> Seen | None:
        """Return the model that is one of several: of a list, or that a function returns."""
        if (item := self._names.item(node, scope)) is not None:
            return self.at(*item)
        if (said := self._said_of_items(node.value, scope)) is not None:
            return said
        if not isinstance(node.value, ast.Call):
            return self._any_item(node.value, scope)
        if not isinstance(node.slice, ast.Constant):
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

    def _any_item(self, container: ast.expr, scope: Scope) -> Seen | None:
        """Return the model that any item of a container is; each container is looked at once."""
        key = "items", self._names.identity(container, scope)
        if key not in self._known:
            self._known[key] = None
            self._known[key] = self._one_of(self._names.held(container, scope))
        return self._known[key]

    def _may_be(self, node: ast.expr, scope: Scope) -> bool:
        """Return whether an expression can be a model: nothing says what else it is."""
        if (path := self._names.dotted(node, scope)) is not None:
            # What another file of the user's has; a module is no model.
            return "." in path and path.partition(".")[0] not in _OTHERS | sys.stdlib_module_names
        if isinstance(node, ast.Attribute):
            return self._own_is_open(node, scope)
        if isinstance(node, ast.Subscript | ast.Call):
            return self._is_open(node, scope)
        if not isinstance(node, ast.Name) or node.id == "self":
            return False
        bound = scope.binding(node.id)
        if bound is None or node.id not in bound.values:
            return False
        values = [(item, bound) for item in bound.values[node.id] if item is not None]
        return all(self._is_open(*place) for place in [*values, *self._taken(node.id, bound)])

    def _own_is_open(self, node: ast.Attribute, scope: Scope) -> bool:
        places = self._names.attribute(node, scope)
        return all(self._is_open(*place) for place in places)

    def _is_open(self, value: ast.expr, scope: Scope) -> bool:
        """Return whether a value comes from elsewhere in the user's own code."""
        key = value, scope
        if key not in self._open:
            self._open[key] = False
            self._open[key] = self._comes_from_elsewhere(value, scope)
        return self._open[key]

    def _items_are_open(self, container: ast.expr, scope: Scope) -> bool:
        """Return whether all items of a container do; each container is looked at once."""
        key = self._names.identity(container, scope)
        if key not in self._of_items:
            self._of_items[key] = False
            items = self._names.held(container, scope) or [(container, scope)]
            self._of_items[key] = all(self._is_open(*each) for each in items)
        return self._of_items[key]

    def _is_built_in(self, node: ast.expr, scope: Scope, depth: int = _DEPTH) -> bool:
        """Return whether a name stands for what Python itself has, such as `list` or `super`."""
        if not isinstance(node, ast.Name) or not depth:
            return False
        bound = scope.binding(node.id)
        if bound is None:
            return node.id not in self._names.imports and hasattr(builtins, node.id)
        values = bound.values.get(node.id, [])
        alone = values[0] if len(values) == 1 else None
        return alone is not None and self._is_built_in(alone, bound, depth - 1)

    def _applies(self, value: ast.Call, scope: Scope) -> bool:
        """Return whether a call applies a layer or a model, which gives tensors."""
        called = self._names.located(value.func, scope)
        return called is not None and (
            self.at(*called) is not None
            or (
                isinstance(called[0], ast.Call)
                and self._names.keras(called[0].func, called[1]) is not None
            )
        )

    def _comes_from_elsewhere(self, value: ast.expr, scope: Scope) -> bool:
        if isinstance(value, ast.Name):
            return self._may_be(value, scope)
        if isinstance(value, ast.Subscript):
            if (item := self._names.item(value, scope)) is not None:
                return self._is_open(*item)
            return self._items_are_open(value.value, scope)
        if not isinstance(value, ast.Call):
            return isinstance(value, ast.Attribute)
        if self._applies(value, scope) or self._is_built_in(value.func, scope):
            return False
        class_ = self._names.class_(value.func, scope)
        if class_ is not None:
            bases = self._names.imported_bases(class_)
            return any(base.partition(".")[0] not in _OTHERS for base in bases)
        function = self._names.function(value.func, scope)
        # Of a function of the file that returns no model it is known that it does not.
        returned = self._names.returns.get(function, []) if function is not None else []
        if function is not None and not returned:
            return False
        path = self._names.dotted(value.func, scope)
        return path is None or path.partition(".")[0] not in _OTHERS


def _enters(function: ast.AST) -> bool:
    """Return whether a generator is made a context by its decorator."""
    return isinstance(function, Function) and any(
        last_name(each) in _CONTEXT for each in function.decorator_list
    )


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
