"""What drives TensorFlow.js translates names and builds objects, like the adapters in Python.

Nothing here parses JavaScript: comments, texts and regular expressions are taken out of a file,
and what is left is scanned for the words and signs that only an adapter with behaviour of its own
would need. Code inside of template texts is not seen.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "adapters" / "tfjs"

#: As in Python, what watches from inside (`probes`) and what carries messages is left out.
FILES = ("adapter.mjs", "models.mjs", "names.mjs", "values.mjs", "../scikitjs/adapter.mjs")

#: Methods that train, evaluate or predict; called in a loop they are one of the adapter's own.
WORK = re.compile(
    r"\.(fit|fitDataset|fitLoop|trainOnBatch|evaluate|evaluateDataset|predict|predictOnBatch"
    r"|minimize|applyGradients)\("
)

#: What begins something that is done several times; the first group is what a loop is over.
LOOP = re.compile(r"\bfor\s*(?:await\s*)?\(|\.(?:map|flatMap|forEach|filter|reduce|from)\(")

#: Functions that make other data of data: methods of arrays and tensors, functions of the library.
REWORKING = re.compile(
    r"\.(concat|gather|reduce|reverse|shuffle|slice|sort|splice|split|stack|subarray|tile|unstack)\("
    r"|\btf\.(add|argMax|cumsum|div|max|mean|min|mul|sub|sum|where)\("
)

#: Calculation; not the arrow of a function nor the dots of a spread.
ARITHMETIC = re.compile(r"\+\+|--|[-+*/%]=|(?<![-+*/%=])[-+*/%](?![-+*/%=>])")

#: What is no code: comments, texts, and regular expressions where a value may stand.
NO_CODE = re.compile(
    r"//[^\n]*|/\*.*?\*/"
    r"|\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|`(?:\\.|[^`\\])*`"
    r"|(?<=[(,=:\[!&|?{;])\s*/(?![*/])(?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\\n])+/[a-z]*",
    re.DOTALL,
)

DEFINES = re.compile(r"^(?:export )?(?:async )?(?:function\*?|const|class) (\w+)", re.MULTILINE)

#: (file, function or class, finding) -> why it is no behaviour of the adapter.
EXCEPTIONS = {
    ("models.mjs", "TimesFirst", "mul"): "a layer of the vocabulary",
    ("models.mjs", "TimesFirst", "slice"): "a layer of the vocabulary",
}


def findings(source: str) -> set[tuple[str, str]]:
    """Return what in `source` looks like behaviour: what defines it, and what it is.

    What it is: ``while``, ``loop`` around work or over numbers, ``arithmetic``, or the name of a
    function that makes other data of data.
    """
    code = NO_CODE.sub(" 0 ", source)
    starts = [(match.start(), match[1]) for match in DEFINES.finditer(code)]
    found = set()

    def place(at: int) -> str:
        return next((name for start, name in reversed(starts) if start <= at), "")

    for match in re.finditer(r"\bwhile\b|\bdo\s*\{", code):
        found.add((place(match.start()), "while"))
    for match in LOOP.finditer(code):
        head = _enclosed(code, match.end() - 1)
        body = head if match[0].startswith(".") else _statement(code, match.end() + len(head))
        if ";" in _outermost(head) and not match[0].startswith("."):
            found.add((place(match.start()), "loop"))
        if WORK.search(head + body):
            found.add((place(match.start()), "loop"))
    for match in ARITHMETIC.finditer(code):
        found.add((place(match.start()), "arithmetic"))
    for match in REWORKING.finditer(code):
        found.add((place(match.start()), match[1] or match[2]))
    return found


def _enclosed(code: str, start: int) -> str:
    """Return what the bracket at `start` encloses, to the bracket that closes it."""
    depth = 0
    for end in range(start, len(code)):
        depth += (code[end] in "([{") - (code[end] in ")]}")
        if depth == 0:
            return code[start + 1 : end + 1]
    raise ValueError("a bracket is not closed")


def _statement(code: str, start: int) -> str:
    """Return the statement that begins at `start`: a block, or what ends with a semicolon."""
    rest = code[start:]
    if rest.lstrip().startswith("{"):
        return _enclosed(code, start + rest.index("{"))
    return rest.partition(";")[0]


def _outermost(code: str) -> str:
    """Return `code` without what stands in brackets inside of it."""
    while (inner := re.sub(r"[(\[{][^()\[\]{}]*[)\]}]", "", code)) != code:
        code = inner
    return code


@pytest.mark.parametrize("name", FILES)
def test_an_adapter_has_no_behaviour_of_its_own(name: str) -> None:
    """No file loops over work, cuts or reworks data, or calculates."""
    found = {(name, *item) for item in findings((FOLDER / name).read_text("utf-8"))}

    assert found - EXCEPTIONS.keys() == set()


def test_every_exception_is_needed() -> None:
    """An exception of something that is no longer there is dropped."""
    found = {
        (name, *item) for name in FILES for item in findings((FOLDER / name).read_text("utf-8"))
    }

    assert EXCEPTIONS.keys() - found == set()


def test_all_that_calls_the_library_is_looked_at() -> None:
    """Only the probes, and what loads it, know TensorFlow.js besides the files looked at."""
    others = {
        path.name
        for path in FOLDER.glob("*.mjs")
        if path.name not in FILES and "library.mjs" in path.read_text("utf-8")
    }

    assert others == {"probes.mjs"}


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("for (const batch of batches) await model.trainOnBatch(batch.x, batch.y);", {"loop"}),
        ("for (const part of parts) { results.push(model.predict(part)); }", {"loop"}),
        ("return parts.map((part) => model.predict(part));", {"loop"}),
        ("for (let epoch = 0; epoch < epochs; epoch++) begin(epoch);", {"loop", "arithmetic"}),
        ("while (!done) turn();", {"while"}),
        ("const tail = x.slice(8);", {"slice"}),
        ("const loss = total / batches;", {"arithmetic"}),
        ("weights *= factor;", {"arithmetic"}),
        ("tf.util.shuffle(indices);", {"shuffle"}),
        ("return tf.mean(losses);", {"mean"}),
        ("const both = tf.stack(batches);", {"stack"}),
        ("const name = `no ${method}`; // a - b", set()),
        ('throw new Error("x - y");', set()),
        ("const own = key.replace(/_(\\w)/g, upper);", set()),
        ("const all = {...given, epochs, ...more};", set()),
        ("const tensors = arrays.map((item) => tensor(item));", set()),
        ("return model.fit(x, y, {epochs: 3});", set()),
        ("for (const each of layers) model.add(each);", set()),
    ],
)
def test_behaviour_is_told_from_translation(line: str, what: set[str]) -> None:
    """What the search is for is found, and what adapters rightly do is not."""
    source = f"function call() {{\n  {line}\n}}\n"

    assert {finding for _, finding in findings(source)} == what
