"""Whether a call touches a clause: surely, perhaps, or not at all."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from fitspec.conformance.upgrade.calls import FACTS
from fitspec.conformance.upgrade.forms import forms

if TYPE_CHECKING:
    from fitspec.conformance.upgrade.calls import Call
    from fitspec.spec import Touch


def touches(call: Call, touch: Touch) -> bool | None:
    """Return whether all terms are true of a call; None if that depends on what cannot be seen."""
    answers = [_term(call, term) for term in touch.terms]
    if False in answers or not _begun(call, touch):
        return False
    return None if None in answers else True


def _begun(call: Call, touch: Touch) -> bool:
    """Return whether some argument of a touch is there, so that not all would be guessed."""
    names = [re.split("[:=]", term)[0] for term in touch.terms if not term.startswith(("!", "*"))]
    arguments = [name for name in names if name not in FACTS]
    return not arguments or any(name in call.arguments for name in arguments)


def unseen(call: Call, touch: Touch) -> list[str]:
    """Return the terms of which a program does not show whether they are true, in words."""
    return [_in_words(term) for term in touch.terms if _term(call, term) is None]


def _in_words(term: str) -> str:
    bare = term.removeprefix("!")
    if bare in FACTS:
        return FACTS[bare]
    name, equals, literal = bare.partition("=")
    name, colon, form = name.partition(":")
    verb = "is not" if term != bare else "is"
    if equals:
        return f"`{name}` {verb} {literal}"
    if form == "nested":
        return f"`{name}` {verb} given by output"
    if colon:
        return f"`{name}` {verb} of the form {form}"
    return f"`{name}` is given, and not None" if term == bare else f"`{name}` is not given, or None"


def _term(call: Call, term: str) -> bool | None:
    if term == "*":
        return True
    if term.startswith("!"):
        answer = _term(call, term[1:])
        return None if answer is None else not answer
    if term in call.facts:
        return call.facts[term]
    name, equals, literal = term.partition("=")
    if equals:
        return _equal(call, name, ast.literal_eval(literal))
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
    return found is not None and "none" not in found


def _form(call: Call, name: str, form: str) -> bool | None:
    if name not in call.arguments:
        return _missing(call)
    # A form that cannot be seen would make a finding of nearly every call.
    return form in (forms(call.arguments[name], call.scope, call.names) or ())


def _equal(call: Call, name: str, literal: object) -> bool | None:
    if name not in call.arguments:
        return _missing(call)
    value = call.names.value_of(call.arguments[name], call.scope)
    if value is None:
        return None
    if not isinstance(value, ast.Constant):
        return None if isinstance(value, ast.Call | ast.Attribute | ast.Subscript) else False
    return bool(value.value == literal)
