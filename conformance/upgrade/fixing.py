"""Rewrites that are safe: methods and arguments that have another name on the other side."""

from __future__ import annotations

import ast
import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fitspec.conformance.report.hostile import on_a_line
from fitspec.conformance.upgrade import sources
from fitspec.conformance.upgrade.calls import calls
from fitspec.conformance.upgrade.methods import METHODS
from fitspec.conformance.upgrade.names import Names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fitspec.conformance.upgrade.calls import Call
    from fitspec.conformance.upgrade.findings import Examiner
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
        content: its bytes; in another encoding than UTF-8 it stays as it is.
        examiner: which knows what is gone.
    """
    if source.cells or not _is_plain(content):
        return content
    edits: list[Edit] = []
    text = _Text(content)
    for call in calls(Names(source)):
        clauses = {item.clause for item in examiner.of_call(call) if item.certain}
        if clauses and not clauses & source.ignored(call.node):
            edits += _of_call(call, clauses, text)
    result = content
    for edit in sorted(edits, reverse=True):
        result = result[: edit.start] + edit.text + result[edit.end :]
    try:
        ast.parse(result)
    except (SyntaxError, ValueError):
        return content
    return result


def difference(file: str, before: bytes, after: bytes) -> str:
    """Return a unified diff of a file."""
    name = on_a_line(file)
    rows = difflib.unified_diff(sources.lines(before), sources.lines(after), name, name)
    # A last line may have no end, and no terminal takes the other one for an end.
    ended = (row if row[-1:] in "\r\n" else f"{row}\n{_NO_END}\n" for row in rows)
    return "".join(ended).replace("\r\n", "\n").replace("\r", "\n")


class _Text:
    """The bytes of a file, by line and column."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self._starts = [0]
        for line in content.splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))

    def start(self, node: ast.expr | ast.keyword) -> int:
        return self._starts[node.lineno - 1] + node.col_offset

    def has_method(self, node: ast.Call, name: str) -> bool:
        """Return whether a call begins with what it calls, a method of that name."""
        begins = self.start(node.func) == self.start(node)
        return begins and self.content[: self.end(node.func)].endswith(name.encode())

    def end(self, node: ast.expr | ast.keyword) -> int:
        assert node.end_lineno is not None  # noqa: S101  parsed
        assert node.end_col_offset is not None  # noqa: S101  parsed
        return self._starts[node.end_lineno - 1] + node.end_col_offset


def _of_call(call: Call, clauses: set[str], text: _Text) -> Iterator[Edit]:
    node = call.node
    assert isinstance(node, ast.Call)  # noqa: S101  a call
    if not text.has_method(node, call.method):
        return  # It is called by another name, or by what it is passed to.
    if call.method in _NOW and f"{call.method}.signature.defaults" in clauses:
        yield from _renamed(call, node, text)
    if "fit.kwargs.nb_epoch" in clauses:
        for item in node.keywords:
            if item.arg == "nb_epoch":
                start = text.start(item)
                yield Edit(start, start + len("nb_epoch"), b"epochs")


def _renamed(call: Call, node: ast.Call, text: _Text) -> Iterator[Edit]:
    keywords = [item for item in node.keywords if item.arg is not None]
    by_name = any(item.arg == "generator" for item in keywords)
    if call.open or len(keywords) < len(node.keywords) or not (node.args or by_name):
        return
    named: list[Edit] = []
    for name, value in list(zip(METHODS[call.method], node.args, strict=False))[1:]:
        # An argument may stand in parentheses of its own, which are no part of it.
        start = text.content.rindex(b",", 0, text.start(value)) + 1
        between = text.content[start : text.start(value)]
        if between.strip(b"( \t\r\n"):
            return  # The comma is one of a comment.
        start += len(between) - len(between.lstrip())
        named.append(Edit(start, start, f"{name}=".encode()))
    yield from named
    method = text.end(node.func)
    yield Edit(method - len(call.method), method, _NOW[call.method].encode())
    for item in keywords:
        if item.arg == "generator":
            yield Edit(text.start(item), text.start(item) + len("generator"), b"x")
        elif item.arg in _IDLE and _is(item.value, _IDLE[item.arg]):
            yield _without(item, text)
    if call.method in _QUIET and "verbose" not in call.arguments:
        yield _quiet(node, text)


def _quiet(node: ast.Call, text: _Text) -> Edit:
    """Return an edit that has a call print nothing."""
    before = text.content[: text.end(node) - 1].rstrip()
    added = b" verbose=0," if before.endswith(b",") else b", verbose=0"
    return Edit(len(before), len(before), added)


def _is_plain(content: bytes) -> bool:
    try:
        return not content.decode().startswith("\ufeff")
    except UnicodeDecodeError:
        return False


def _without(item: ast.keyword, text: _Text) -> Edit:
    """Return an edit that takes an argument out, with the comma before it."""
    start, end = text.start(item), text.end(item)
    before = text.content[:start].rstrip()
    return Edit(len(before) - 1 if before.endswith(b",") else start, end, b"")


def _is(node: ast.expr, value: object) -> bool:
    return isinstance(node, ast.Constant) and (node.value, type(node.value)) == (value, type(value))
