"""Rewrites that are safe: methods and arguments that have another name on the other side."""

from __future__ import annotations

import ast
import difflib
import io
import tokenize
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from fitspec.conformance.report.hostile import on_a_line
from fitspec.conformance.upgrade import sources
from fitspec.conformance.upgrade.calls import calls
from fitspec.conformance.upgrade.methods import METHODS
from fitspec.conformance.upgrade.names import Names
from fitspec.conformance.upgrade.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fitspec.conformance.upgrade.calls import Call
    from fitspec.conformance.upgrade.findings import Examiner, Finding
    from fitspec.conformance.upgrade.sources import Source

#: What a method is called where it is gone.
_NOW: Final = {
    "fit_generator": "fit",
    "evaluate_generator": "evaluate",
    "predict_generator": "predict",
}
#: Arguments that say what is done without them as well.
_IDLE: Final = {"workers": 1, "use_multiprocessing": False, "max_queue_size": 10}
#: Methods that print nothing unless told to, unlike what they are called now.
_QUIET: Final = ("evaluate_generator", "predict_generator")
#: Arguments that Keras 2 takes fractions for.
_STEPS: Final = ("steps_per_epoch", "validation_steps", "steps")
#: As every program that reads such a diff knows it.
_NO_END: Final = "\\ No newline at end of file"


@dataclass(frozen=True, order=True)
class Edit:
    """A piece of a file that is replaced.

    Args:
        start, end: the bytes of it.
        text: what comes there.
    """

    start: int
    end: int
    text: bytes


def fixed(source: Source, content: bytes, examiner: Examiner) -> bytes:
    """Return a file with what can be rewritten safely; the same where that is nothing.

    Args:
        source: the file, parsed. A notebook stays as it is.
        content: its bytes.
        examiner: which knows what is gone.
    """
    if source.cells:
        return content
    encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
    try:
        # Columns are counted in UTF-8.
        text = Text(content.decode(encoding).encode())
        after = _edited(source, text, examiner)
        ast.parse(after.decode())
        return after.decode().encode(encoding)
    except (SyntaxError, ValueError):
        return content


def _edited(source: Source, text: Text, examiner: Examiner) -> bytes:
    edits: list[Edit] = []
    for call in calls(Names(source)):
        clauses = {item.clause for item in examiner.of_call(call) if item.certain}
        if clauses and not clauses & source.ignored(call.node):
            edits += _of_call(call, clauses, text)
    return _with(edits, text)


def _with(edits: list[Edit], text: Text) -> bytes:
    """Return a text with edits, of which none is within another one."""
    parts: list[bytes] = []
    done = 0
    for edit in sorted(edits):
        parts += [text.content[done : edit.start], edit.text]
        done = edit.end
    return b"".join([*parts, text.content[done:]])


def by_hand(source: Source, content: bytes, examiner: Examiner) -> dict[Finding, str]:
    """Return what a person has to write where `fixed` leaves what it would rewrite, and why."""
    texts = {
        id(part)
        for each in ast.walk(source.tree)
        if isinstance(each, ast.JoinedStr)
        for part in ast.walk(each)
    }
    if not source.cells and not texts:
        return {}
    encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
    text = Text(content.decode(encoding).encode())
    found: dict[Finding, str] = {}
    for call in calls(Names(source)):
        if source.cells:
            why = "as `--fix` rewrites no notebook"
        elif id(call.node) in texts and not text.has(call.node):
            why = "as Python before 3.12 does not show where the parts of an f-string stand"
        else:
            continue
        for item in examiner.of_call(call):
            if item.certain and (rewritten := _alone(call, item.clause)):
                found[item] = f"`{rewritten}`, {why}"
    return found


def _alone(call: Call, clause: str) -> str:
    """Return a call as it is rewritten for a clause, as if it stood alone; empty if it is not."""
    text = Text(ast.unparse(call.node).encode())
    node = ast.parse(text.content, mode="eval").body
    if not isinstance(node, ast.Call):
        return ""
    after = _with(list(_of_call(replace(call, node=node), {clause}, text)), text)
    return "" if after == text.content else after.decode()


def difference(file: str, before: bytes, after: bytes) -> str:
    """Return a unified diff of a file."""
    name = on_a_line(file)
    rows = difflib.unified_diff(sources.lines(before), sources.lines(after), name, name)
    # A last line may have no end, and no terminal takes the other one for an end.
    ended = (row if row[-1:] in "\r\n" else f"{row}\n{_NO_END}\n" for row in rows)
    return "".join(ended).replace("\r\n", "\n").replace("\r", "\n")


def _of_call(call: Call, clauses: set[str], text: Text) -> Iterator[Edit]:
    node = call.node
    assert isinstance(node, ast.Call)  # noqa: S101  a call
    if not text.has(node):
        return  # It is called by another name, or by what it is passed to.
    if call.method in _NOW and f"{call.method}.signature.defaults" in clauses:
        yield from _renamed(call, node, text)
    if "fit.kwargs.nb_epoch" in clauses:
        yield from (
            _named(item, "epochs", text) for item in node.keywords if item.arg == "nb_epoch"
        )


def _renamed(call: Call, node: ast.Call, text: Text) -> Iterator[Edit]:
    keywords = [item for item in node.keywords if item.arg is not None]
    by_name = any(item.arg == "generator" for item in keywords)
    if call.open or len(keywords) < len(node.keywords) or not (node.args or by_name):
        return
    if any(_is_fraction(call.arguments.get(name)) for name in _STEPS):
        return  # It would be refused.
    method = text.end(node.func)
    yield Edit(method - len(call.method), method, _NOW[call.method].encode())
    for name, value in list(zip(METHODS[call.method], node.args, strict=False))[1:]:
        if _is_idle(name, value):
            yield _without(value, text)
        else:
            before, _ = text.around(value)
            start = text.signs[before + 1].start
            yield Edit(start, start, f"{name}=".encode())
    for item in keywords:
        if item.arg == "generator":
            yield _named(item, "x", text)
        elif item.arg == "nb_epoch" and call.method == "fit_generator":
            yield _named(item, "epochs", text)
        elif _is_idle(item.arg, item.value):
            yield _without(item, text)
    if call.method in _QUIET and "verbose" not in call.arguments:
        yield _quiet(node, text)


def _is_fraction(steps: ast.expr | None) -> bool:
    """Return whether a number of steps is seen to be what a division gives, and so not whole."""
    return isinstance(steps, ast.BinOp) and isinstance(steps.op, ast.Div)


def _named(item: ast.keyword, name: str, text: Text) -> Edit:
    """Return an edit that gives an argument another name."""
    assert item.arg is not None  # noqa: S101  it has one
    start = text.start(item)
    return Edit(start, start + len(item.arg), name.encode())


def _quiet(node: ast.Call, text: Text) -> Edit:
    """Return an edit that has a call print nothing."""
    last = text.signs[text.number(text.end(node)) - 2]
    added = b" verbose=0," if last.string == "," else b", verbose=0"
    return Edit(last.end, last.end, added)


def _without(item: ast.expr | ast.keyword, text: Text) -> Edit:
    """Return an edit that takes an argument out, with the comma before it or after it."""
    before, after = text.around(item)
    comma, last = text.signs[before], text.signs[after - 1]
    first = text.signs[before + 1]
    if comma.string == "," and not text.content[comma.end : first.start].strip(b" \t\r\n\\"):
        return Edit(comma.start, last.end, b"")
    # A comment stands between the comma and the argument, and stays.
    follows = text.signs[after]
    if follows.string != ",":
        return Edit(first.start, last.end, b"")
    start, end = text.line_around(first.start, follows.end)
    alone = text.signs[after + 1].string != ")"
    return Edit(start, end, b"") if alone else Edit(first.start, follows.end, b"")


def _is_idle(name: str | None, node: ast.expr) -> bool:
    """Return whether an argument says what is done without it as well."""
    value = _IDLE.get(name or "")
    is_there = name in _IDLE and isinstance(node, ast.Constant)
    return is_there and (node.value, type(node.value)) == (value, type(value))  # type: ignore[attr-defined]  # a constant
