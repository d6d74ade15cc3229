"""What is true of a program, or of the model of a call, beside what is given to the call."""

from __future__ import annotations

import ast
import sys
from typing import TYPE_CHECKING, Final

from fitspec.conformance.upgrade.asking import asked_for
from fitspec.conformance.upgrade.freezing import Freezing
from fitspec.conformance.upgrade.normalising import application_normalises
from fitspec.conformance.upgrade.optimizers import of_compiling, of_training
from fitspec.conformance.upgrade.outputs import columns_of, gives_any_number, is_softmax_of_two
from fitspec.conformance.upgrade.states import States
from fitspec.conformance.upgrade.targets import other_than_zeros_and_ones
from fitspec.conformance.upgrade.training import Training

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fitspec.conformance.upgrade.models import Seen
    from fitspec.conformance.upgrade.names import Names
    from fitspec.conformance.upgrade.scopes import Scope

#: What else of a program its calls depend on, in words.
FACTS: Final[Mapping[str, str]] = {
    "several_outputs": "the model has several outputs",
    "many_results": "the model is compiled with metrics, or has several outputs",
    "several_columns": "the output has several columns",
    "one_column": "the output has one column",
    "softmax_of_two": "the output is a softmax of two columns",
    "other_targets": "the targets are other numbers than 0 and 1",
    "no_probabilities": "outputs may be any numbers",
    "frozen_layers": "layers are frozen",
    "changed_trainable": "`trainable` is changed after `compile`",
    "no_epochs": "`epochs` is not greater than `initial_epoch`",
    "same_optimizer": "the model was compiled with this optimizer before",
    "shared_optimizer": "another model is trained with the same optimizer",
    "same_layers": "both models have the same layers",
    "usual_rate": "the optimizer is given no learning rate",
    "trained": "the model is trained",
    "acc_read": "`acc` is read",
    "adds_losses": "losses are added",
    "batch_normalization": "a layer normalises batches",
    "stateful_layers": "a layer is stateful",
    "time_steps": "a layer gives time steps",
    "masks": "a layer masks time steps",
}
#: Libraries that many programs use, and that bring no layers.
_OTHERS: Final = frozenset(
    {"keras", "tensorflow", "tf_keras", "numpy", "pandas", "scipy", "sklearn", "matplotlib"}
    | {"seaborn", "PIL", "cv2", "skimage", "imageio", "h5py", "tqdm", "nltk", "IPython", "pylab"}
)


def of_program(names: Names) -> dict[str, bool | None]:
    """Return what is true of a program; None for what may be."""
    made = [
        (path, node)
        for node, scope in names.calls
        if (path := names.keras(node.func, scope)) is not None
    ]
    called = {path.rpartition(".")[2] for path, _ in made}
    applied = {
        name
        for path, _ in made
        if path.startswith("applications.") and (name := path.rpartition(".")[2])[:1].isupper()
    }
    normalises = "BatchNormalization" in called or any(
        application_normalises(path) for path, _ in made
    )
    return {
        "batch_normalization": normalises or (None if _has_more(names) and not applied else False),
        "stateful_layers": _set(made, "stateful"),
        "time_steps": "TimeDistributed" in called or _set(made, "return_sequences"),
        "masks": "Masking" in called or _set(made, "mask_zero"),
        "acc_read": bool(asked_for(names.source.tree) & {"acc", "val_acc"}),
        "adds_losses": "add_loss" in names.by_method,
    }


def _has_more(names: Names) -> bool:
    """Return whether a program has files of its own, from which layers can come as well."""
    first = {each.partition(".")[0] for each in [*names.imports.values(), *names.stars]}
    return bool(first - sys.stdlib_module_names - _OTHERS)


class OfCalls:
    """What is true of the models of the calls of a program.

    Args:
        names: of the program.
    """

    def __init__(self, names: Names) -> None:
        self._names = names
        self._freezing = Freezing(names)
        self._states = States(names)
        self._training = Training(names)

    def of_call(
        self, node: ast.Call, arguments: Mapping[str, ast.expr], scope: Scope, model: Seen
    ) -> dict[str, bool | None]:
        """Return what is true of the model of a call; None for what may be."""
        assert isinstance(node.func, ast.Attribute)  # noqa: S101  a method
        names = self._names
        found = {"several_outputs": _several(model, arguments)}
        stateful = self._states.of(node.func.value, scope, node.lineno)
        if stateful is not None:
            found["stateful_layers"] = stateful
        if node.func.attr != "compile":
            return {
                **found,
                **of_training(node, scope, names),
                "changed_trainable": self._freezing.changed_after_compile(node, scope),
                "no_epochs": _no_epochs(arguments, scope, names),
            }
        columns = columns_of(node.func.value, scope, names, node.lineno)
        return {
            **found,
            "several_columns": None if columns is None else columns > 1,
            "one_column": None if columns is None else columns == 1,
            "softmax_of_two": is_softmax_of_two(node.func.value, scope, names, node.lineno),
            "other_targets": other_than_zeros_and_ones(node, scope, names),
            "no_probabilities": gives_any_number(node.func.value, scope, names, node.lineno),
            "trained": self._training.may_follow(node, scope),
            "frozen_layers": self._freezing.frozen_before(node, scope),
            **of_compiling(node, arguments.get("optimizer"), scope, names),
        }


def _no_epochs(arguments: Mapping[str, ast.expr], scope: Scope, names: Names) -> bool:
    """Return whether a call trains no epoch, as far as its numbers can be seen."""
    given = (arguments.get(name, ast.Constant(1)) for name in ("initial_epoch", "epochs"))
    values = [names.value_of(node, scope) for node in given]
    first, last = (each.value if isinstance(each, ast.Constant) else None for each in values)
    numbers = isinstance(first, int) and isinstance(last, int)
    return "initial_epoch" in arguments and numbers and last <= first  # type: ignore[operator]  # numbers


def _several(model: Seen, arguments: Mapping[str, ast.expr]) -> bool | None:
    """Return whether a model has several outputs: loss weights, or losses by output, hint at it."""
    if model.outputs is not None:
        return model.outputs > 1
    loss = arguments.get("loss")
    hinted = "loss_weights" in arguments or isinstance(loss, ast.List | ast.Dict)
    return None if hinted else False


def _set(made: list[tuple[str, ast.Call]], argument: str) -> bool | None:
    """Return whether a layer is made with an argument that is true; None if it may be."""
    given = [item.value for _, node in made for item in node.keywords if item.arg == argument]
    constant = [item.value for item in given if isinstance(item, ast.Constant)]
    if any(constant):
        return True
    return None if len(constant) < len(given) else False
