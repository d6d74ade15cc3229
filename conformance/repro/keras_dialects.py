"""What the members of the Keras family spell differently."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fitspec.conformance.worker.session import Identity


@dataclass(frozen=True)
class Dialect:
    """One member of the family.

    Args:
        sequence: its base class of Sequences.
        rate: the argument of SGD that is the learning rate.
        tensor: makes a tensor of the array that is put in the place of ``{}``.
        iterations: the count of updates of the optimizer of a model, in the place of ``{}``.
    """

    sequence: str
    rate: str
    tensor: str
    iterations: str


#: The dialects that an adapter may say it speaks.
DIALECTS = {
    "keras-2": Dialect(
        sequence="keras.utils.Sequence",
        rate="lr",
        tensor="keras.backend.variable({})",
        iterations="int(keras.backend.get_value({}.optimizer.iterations))",
    ),
    "keras-3": Dialect(
        sequence="keras.utils.PyDataset",
        rate="learning_rate",
        tensor="keras.ops.convert_to_tensor({})",
        iterations="int(np.asarray({}.optimizer.iterations))",
    ),
    "tf-keras": Dialect(
        sequence="keras.utils.Sequence",
        rate="learning_rate",
        tensor="tensorflow.constant({})",
        iterations="int({}.optimizer.iterations.numpy())",
    ),
    "reference": Dialect(
        sequence="keras.Sequence",
        rate="learning_rate",
        tensor="keras.autodiff.as_tensor({})",
        iterations="int({}.optimizer.iterations)",
    ),
}


def dialect_of(name: str, identity: Identity) -> Dialect:
    """Return how an implementation is spelled.

    Args:
        name: the implementation's.
        identity: what its worker said of itself.

    Raises:
        ValueError: it speaks none of the dialects, so that nobody knows its own words; or what it
            calls its imports is something else.
    """
    dialect = DIALECTS.get(identity.dialect)
    if dialect is None:
        raise ValueError(
            f"{name}: scripts are written for Keras, tf.keras, tf_keras and the "
            "reference, whose own words are Keras's"
        )
    if not _only_imports(identity.imports):
        # They become a part of a program that people run without the worker around it.
        raise ValueError(f"{name}: its adapter's `imports` are no import statements")
    return dialect


def _only_imports(code: str) -> bool:
    try:
        statements = ast.parse(code).body
    except (SyntaxError, ValueError):
        return False
    return bool(statements) and all(
        isinstance(item, (ast.Import, ast.ImportFrom)) for item in statements
    )
