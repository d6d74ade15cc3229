"""Adapters translate names and build objects: what would be behaviour is not in them.

The syntax of every file that defines an adapter, or what adapters share, is searched for what only
an adapter that does something itself would need: loops that train, cuts of data, arithmetic.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from fitspec import adapters

FOLDER = Path(adapters.__file__).parent

#: Methods that train, evaluate or predict; called in a loop they are one of the adapter's own.
WORK = frozenset({
    "backward", "batch_step", "evaluate", "fit", "fit_dataset", "fit_generator", "fit_loop",
    "partial_fit", "predict", "run", "step", "train", "train_on_batch", "train_step",
    "test_on_batch", "evaluate_on_batch", "predict_on_batch", "training_step", "validate",
})  # fmt: skip

#: Functions that make other data of data.
REWORKING = frozenset({
    "argsort", "average", "choice", "concatenate", "cat", "cumsum", "hstack", "mean", "median",
    "permutation", "randint", "randn", "randperm", "repeat", "roll", "sample", "shuffle", "sort",
    "split", "stack", "sum", "take", "tile", "vstack", "where",
})  # fmt: skip

#: (file, function or class, finding) -> why it is no behaviour of the adapter.
EXCEPTIONS = {
    ("keras_style.py", "absolute_error", "arithmetic"): "a probe: a user's loss",
    ("keras_style.py", "absolute_error", "cut"): "a probe: a user's loss",
    ("keras_style.py", "prediction_less_twice_target", "arithmetic"): "a probe: a user's loss",
    ("keras_style.py", "prediction_less_twice_target", "cut"): "a probe: a user's loss",
    ("keras_style.py", "prediction_times_first_target", "arithmetic"): "a probe: a user's loss",
    ("keras_style.py", "prediction_times_first_target", "cut"): "a probe: a user's loss",
    ("keras_style.py", "rows_times_first", "arithmetic"): "a probe: a layer of the vocabulary",
    ("keras_style.py", "KerasStyle._sequential", "cut"): "descriptions of layers, no data",
    ("keras_style.py", "KerasStyle._sequential", "arithmetic"): "joins two lists of layers",
    ("model.py", "Paddle.build_function", "mean"): "a probe: a user's loss, of one number a batch",
    ("r_style.py", "Call.__init__", "cut"): "the parameters of a function, without the first",
    ("torch_style.py", "Concatenate.forward", "cat"): "a layer of the vocabulary",
    ("torch_style.py", "TorchStyle.build_function", "mean"): (
        "a probe: a user's loss, of one number a batch"
    ),
    ("twin.py", "plant", "split"): "the ids of deviations, no data",
    ("torch_style.py", "batch_normalization", "arithmetic"): (
        "a setting: PyTorch's momentum is the share of the new statistics"
    ),
}


def findings(source: str) -> set[tuple[str, str]]:
    """Return what in `source` looks like behaviour: the function it is in, and what it is.

    What it is: ``loop`` around work or over a range, ``while``, ``cut`` (a slice), ``arithmetic``,
    or the name of a function that makes other data of data.
    """
    found: set[tuple[str, str]] = set()

    def visit(node: ast.AST, place: str) -> None:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            place = f"{place}.{node.name}".lstrip(".")
        found.update((place, what) for what in _behaviour(node))
        for child in ast.iter_child_nodes(node):
            # Annotations may be anything: `int | None` is no arithmetic.
            if child is not getattr(node, "annotation", None) and (
                child is not getattr(node, "returns", None)
            ):
                visit(child, place)

    visit(ast.parse(source), "")
    return found


def _behaviour(node: ast.AST) -> list[str]:
    match node:
        case ast.While():
            return ["while"]
        case ast.For() | ast.ListComp() | ast.GeneratorExp() | ast.DictComp() | ast.SetComp():
            return ["loop"] * (_works(node) or _counts(node))
        case ast.Slice():
            return ["cut"]
        case ast.BinOp(left=ast.Constant(value=str()), op=ast.Mod() | ast.Add()):
            return []  # formats or joins a text
        case ast.BinOp(right=ast.Constant(value=str())):
            return []
        case ast.BinOp() | ast.AugAssign():
            return ["arithmetic"]
        case ast.Call():
            name = _name(node.func)
            return [name] if name in REWORKING else []
    return []


def _works(loop: ast.AST) -> bool:
    """Whether a method that trains, evaluates or predicts is called within `loop`."""
    calls = [node for node in ast.walk(loop) if isinstance(node, ast.Call)]
    return any(isinstance(call.func, ast.Attribute) and call.func.attr in WORK for call in calls)


def _counts(loop: ast.AST) -> bool:
    """Whether `loop` runs over a range of numbers, such as those of epochs."""
    over = [loop.iter] if isinstance(loop, ast.For) else []
    over += [item.iter for item in getattr(loop, "generators", [])]
    return any(isinstance(item, ast.Call) and _name(item.func) == "range" for item in over)


def _name(function: ast.expr) -> str:
    return str(getattr(function, "attr", None) or getattr(function, "id", ""))


def _adapter_files() -> list[Path]:
    """Return the files that define a subclass of Adapter, also by way of another such file."""
    bases = {path: _bases(path) for path in FOLDER.rglob("*.py")}
    known, count = {"Adapter"}, 0
    while len(known) > count:
        count = len(known)
        for classes in bases.values():
            known |= {name for name, parents in classes.items() if parents & known}
    return sorted(
        path
        for path, classes in bases.items()
        if any(parents & known for parents in classes.values())
    )


def _bases(path: Path) -> dict[str, set[str]]:
    tree = ast.parse(path.read_text("utf-8"))
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    return {item.name: {_name(base) for base in item.bases} for item in classes}


@pytest.mark.parametrize("path", _adapter_files(), ids=lambda path: path.name)
def test_an_adapter_has_no_behaviour_of_its_own(path: Path) -> None:
    """No adapter loops over work, cuts or reworks data, or calculates."""
    found = {(path.name, *item) for item in findings(path.read_text("utf-8"))}

    assert found - EXCEPTIONS.keys() == set()


def test_every_exception_is_needed() -> None:
    """An exception of something that is no longer there is dropped."""
    found = {
        (path.name, *item)
        for path in _adapter_files()
        for item in findings(path.read_text("utf-8"))
    }

    assert EXCEPTIONS.keys() - found == set()


def test_all_adapters_are_looked_at() -> None:
    """Adapters are found whether they derive from Adapter or from what others share."""
    names = {path.name for path in _adapter_files()}

    assert names >= {"plain.py", "keras3.py", "poutyne.py", "keras_style.py"}
    assert names.isdisjoint({"adapter.py", "streams.py", "worker.py"})


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("for epoch in epochs: net.partial_fit(x, y)", {"loop"}),
        ("[model.predict(part) for part in parts]", {"loop"}),
        ("for epoch in range(epochs): callback(epoch)", {"loop"}),
        ("while not done: engine.turn()", {"while"}),
        ("tail = x[8:]", {"cut"}),
        ("loss = total / batches", {"arithmetic"}),
        ("weights *= class_weights", {"arithmetic"}),
        ("order = np.random.permutation(10)", {"permutation"}),
        ("loss = np.mean(losses)", {"mean"}),
        ("predictions = np.concatenate(batches)", {"concatenate"}),
        ("message = 'no %s' % name", set()),
        ("tensors = [torch.tensor(item) for item in arrays]", set()),
        ("model.fit(x, y, epochs=3)", set()),
        ("value: int | None = None", set()),
    ],
)
def test_behaviour_is_told_from_translation(line: str, what: set[str]) -> None:
    """What the search is for is found, and what adapters rightly do is not."""
    source = f"def call():\n    {line}\n"

    assert {finding for _, finding in findings(source)} == what
