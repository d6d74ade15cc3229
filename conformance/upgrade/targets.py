"""Which targets a program gives to a model."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from fitspec.conformance.upgrade.methods import METHODS

if TYPE_CHECKING:
    from fitspec.conformance.upgrade.names import Names
    from fitspec.conformance.upgrade.scopes import Scope

_WITH_TARGETS: Final = ("fit", "evaluate", "train_on_batch", "test_on_batch")
#: Functions of NumPy, and of Keras, that give nothing but 0 and 1.
_ZEROS_AND_ONES: Final = frozenset(
    {"ones", "zeros", "ones_like", "zeros_like", "eye", "identity", "to_categorical"}
)


def other_than_zeros_and_ones(node: ast.Call, scope: Scope, names: Names) -> bool | None:
    """Return False where all targets of a model are seen to be 0 or 1; else None, not seen.

    Args:
        node: the call of `compile`.
        scope: in which it stands.
        names: of the program.
    """
    assert isinstance(node.func, ast.Attribute)  # noqa: S101  a method
    model = node.func.value
    given = [
        _is_zeros_and_ones(call, method, where, names)
        for method in _WITH_TARGETS
        for call, where in names.calls_of(model, scope, method)
    ]
    by_generator = names.calls_of(model, scope, "fit_generator")
    return False if given and all(given) and not by_generator else None


def _is_zeros_and_ones(call: ast.Call, method: str, scope: Scope, names: Names) -> bool:
    written = dict(zip(METHODS[method], call.args, strict=False))
    written.update({item.arg: item.value for item in call.keywords if item.arg is not None})
    target = written.get("y")
    if target is None:
        return False
    made = names.value_of(names.assigned_above(target, scope, call), scope)
    full = names.dotted(made.func, scope) if isinstance(made, ast.Call) else None
    return full is not None and full.rpartition(".")[2] in _ZEROS_AND_ONES
