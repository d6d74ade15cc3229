"""Whether a call touches a clause: surely, perhaps, or not at all."""

from __future__ import annotations

import ast
import re
from functools import cache
from typing import TYPE_CHECKING, Final

from fitspec.conformance.upgrade.facts import FACTS
from fitspec.conformance.upgrade.forms import forms
from fitspec.conformance.upgrade.unseen import any_of

if TYPE_CHECKING:
    from fitspec.conformance.upgrade.calls import Call
    from fitspec.conformance.upgrade.names import Names
    from fitspec.conformance.upgrade.scopes import Located, Scope
    from fitspec.spec import Touch

_DATA: Final = frozenset({"x", "y"})
#: An argument that is compared with literals.
_COMPARED: Final = re.compile("([a-z_]+)([=>~])(.+)")
#: Forms that have to do with the outputs of the model, in words.
_OF_OUTPUTS: Final = {
    "nested": "given by output",
    "short": "for fewer outputs than the model has",
    "uneven": "a list of another length than the model has outputs",
}
_BEFORE_CAPITAL: Final = re.compile("(?<=[a-z])(?=[A-Z])")


def touches(call: Call, touch: Touch) -> bool | None:
    """Return whether all terms are true of a call; None if that depends on what cannot be seen."""
    answers = [_answer(call, term) for term in touch.terms]
    if False in answers or not _begun(call, touch):
        return False
    return None if None in answers else True


def _begun(call: Call, touch: Touch) -> bool:
    """Return whether some argument of a touch is there, so that not all would be guessed."""
    names = [_argument(term) for term in touch.terms if not term.startswith(("!", "*"))]
    arguments = [name for name in names if name not in FACTS]
    # Data are there in nearly every call, and say nothing of what else is.
    telling = [name for name in arguments if name not in _DATA] or arguments
    return not telling or any(name in call.arguments for name in telling)


def unseen(call: Call, touch: Touch) -> list[str]:
    """Return the terms of which a program does not show whether they are true, in words."""
    return [_in_words(term) for term in touch.terms if _answer(call, term) is None]


def _in_words(term: str) -> str:
    bare = term.removeprefix("!")
    if bare in FACTS:
        return FACTS[bare]
    if (compared := _COMPARED.fullmatch(bare)) is not None:
        name, how, literals = compared.groups()
        verb = {">": "has"}.get(how, "is") if term == bare else {">": "has not"}.get(how, "is not")
        return f"`{name}` {verb} {literals.replace('|', ' or ')}"
    name, colon, form = bare.partition(":")
    verb = "is not" if term != bare else "is"
    if form in _OF_OUTPUTS:
        return f"`{name}` {verb} {_OF_OUTPUTS[form]}"
    if colon:
        return f"`{name}` {verb} of the form {form}"
    return f"`{name}` is given, and not None" if term == bare else f"`{name}` is not given, or None"


def _answer(call: Call, term: str) -> bool | None:
    """Return whether a term is true of a call, in which an argument may be left out."""
    answer = _term(call, term)
    left_out = bool(call.perhaps) and _argument(term) in call.perhaps
    return None if answer is True and left_out else answer


@cache
def _argument(term: str) -> str:
    """Return the argument, or the fact, that a term is about."""
    return re.split("[:=>~]", term)[0]


@cache
def _comparison(term: str) -> tuple[str, str, list[object]] | None:
    """Return the argument of a term that compares it, how, and with what; None of others."""
    if (compared := _COMPARED.fullmatch(term)) is None:
        return None
    name, how, literals = compared.groups()
    return name, how, [ast.literal_eval(literal) for literal in literals.split("|")]


def _term(call: Call, term: str) -> bool | None:
    if term == "*":
        return True
    if term.startswith("!"):
        answer = _term(call, term[1:])
        return None if answer is None else not answer
    if term in call.facts:
        return call.facts[term]
    if (compared := _comparison(term)) is not None:
        name, how, wanted = compared
        if how == "~":
            # What cannot be seen would make a finding of nearly every call.
            return name in call.arguments and _shows(call, name, wanted)
        return (_holds if how == ">" else _equal)(call, name, wanted)
    name, _, form = term.partition(":")
    return _form(call, name, form) if form else _given(call, name)


def _missing(call: Call) -> bool | None:
    """Return the answer about an argument that is not there."""
    return None if call.open else False


def _given(call: Call, name: str) -> bool | None:
    if name not in call.arguments:
        return _missing(call)
    if call.method == "callback":
        return True
    node = call.arguments[name]
    found = forms(node, call.scope, call.names)
    if found is not None:
        return "none" not in found
    # What is computed beside the call, or above, is given; a name of a function's may be None.
    values = call.names.values_of(node, call.scope)
    return True if values is not None and all(_is_there(item, call) for item in values) else None


def _is_there(value: ast.expr, call: Call) -> bool:
    """Return whether a value is surely another one than None."""
    if isinstance(value, ast.BinOp | ast.Subscript):
        return True
    found = forms(value, call.scope, call.names)
    if found is not None:
        return "none" not in found
    # A class, a function, what is made of a class: of Keras, or of the program.
    made = value.func if isinstance(value, ast.Call) else value
    of_keras = call.names.keras(made, call.scope) is not None
    own = call.names.function if made is value else call.names.class_
    return of_keras or own(made, call.scope) is not None


def _form(call: Call, name: str, form: str) -> bool | None:
    if name not in call.arguments:
        return _missing(call)
    if form in {"short", "uneven"}:
        return _counted(call, name, form)
    # A form that cannot be seen would make a finding of nearly every call.
    return form in (forms(call.arguments[name], call.scope, call.names) or ())


def _counted(call: Call, name: str, form: str) -> bool | None:
    """Return whether an argument has too few entries, or another number, for the outputs."""
    value = call.names.value_of(call.arguments[name], call.scope)
    if not isinstance(value, ast.Dict | ast.List) or call.facts.get("several_outputs") is False:
        return False
    if call.model.outputs is None:
        # As many are given as are needed nearly always; one list for all is another thing.
        return None if form == "uneven" else False
    entries = len(value.keys if isinstance(value, ast.Dict) else value.elts)
    return entries < call.model.outputs if form == "short" else entries != call.model.outputs


def _equal(call: Call, name: str, wanted: list[object]) -> bool | None:
    if name not in call.arguments:
        return _missing(call)
    return _is_one_of(call.arguments[name], wanted, call)


def _holds(call: Call, name: str, wanted: list[object]) -> bool | None:
    if name not in call.arguments:
        return _missing(call)
    value = call.names.value_of(call.arguments[name], call.scope)
    if isinstance(value, ast.Dict):
        items = [each for item in value.values for each in _items(item)]
    elif value is None or isinstance(
        value, ast.Call | ast.Attribute | ast.Subscript | ast.ListComp
    ):
        return None
    else:
        items = _items(value)
    return any_of([_is_one_of(item, wanted, call) for item in items])


def _shows(call: Call, name: str, wanted: list[object]) -> bool | None:
    """Return whether something is among what is given; None if it is so in one case of several."""
    cases = _cases(call.arguments[name], call.scope, call.names)
    found = [
        any(
            _is_one_of(each, wanted, call, where) is True
            for item in (value.values if isinstance(value, ast.Dict) else [value])
            for each in _items(item)
        )
        for value, where in cases
    ]
    return any(found) and (None if False in found else True)


def _cases(node: ast.expr, scope: Scope, names: Names) -> list[Located]:
    """Return all that an expression may stand for, of which one is chosen, as in arms of `if`."""
    located = names.located(node, scope)
    if located is None:
        bound = scope.binding(node.id) if isinstance(node, ast.Name) else None
        values = names.values_of(node, scope) if bound is not None else None
        return [(value, bound) for value in values or () if bound is not None]
    value, where = located
    function = names.function(value.func, where) if isinstance(value, ast.Call) else None
    if function is None:
        return [located]
    inner = names.scopes[function]
    returned = names.returns.get(function, [])
    return [case for each in returned for case in _cases(each, inner, names)]


def _items(value: ast.expr) -> list[ast.expr]:
    if isinstance(value, ast.List | ast.Tuple):
        return [each for item in value.elts for each in _items(item)]
    return [value]


def _is_one_of(
    node: ast.expr, wanted: list[object], call: Call, scope: Scope | None = None
) -> bool | None:
    located = call.names.located(node, scope or call.scope)
    if located is None:
        return None
    value, where = located
    if isinstance(value, ast.Constant):
        return value.value in wanted
    of_keras = call.names.keras(value.func if isinstance(value, ast.Call) else value, where)
    if of_keras is not None:
        # A function of Keras is what its name, given as text, stands for; so is a class.
        return _BEFORE_CAPITAL.sub("_", of_keras.rpartition(".")[2]).lower() in wanted
    return None if isinstance(value, ast.Call | ast.Attribute | ast.Subscript) else False
